//! `wraptap matrix`: what a user sees.

use wraptap::model::exchange::{Body, Exchange, Headers, Origin, Sdk};

use crate::program::{Program, wraptap};
use crate::recordings::{exchange, recording};

const PATH: &str = "/api/v2/conversations/calls/c0000000-0000-4000-8000-000000000001/participants/a0000000-0000-4000-8000-000000000001";

fn sent(sdk: &str, version: Option<&str>, status: u16, body: &str) -> Exchange {
    let mut exchange = exchange("PATCH", PATH, status);
    exchange.sdk = Some(Sdk { name: sdk.to_owned(), version: version.map(str::to_owned), marks: Vec::new() });
    exchange.request.headers = Headers::of([("Content-Type", "application/json")]);
    exchange.request.body = Body::whole(body.to_owned());
    exchange
}

fn three() -> String {
    recording([
        sent("curl", Some("8.14.1"), 202, r#"{"wrapup":{"code":"x","durationSeconds":120,"tags":["a"]}}"#),
        sent("java", None, 202, r#"{"wrapup":{"code":"old","tags":[]}}"#),
        sent("java", None, 202, r#"{"wrapup":{"code":"x","durationSeconds":120,"tags":[]}}"#),
        sent(
            "python",
            Some("269.0.0"),
            400,
            r#"{"wrapup": {"code": "x", "duration_seconds": "120", "tags": null, "notes": ""}}"#,
        ),
    ])
}

fn matrix(args: &[&str]) -> Program {
    wraptap().file("r.ndjson", three()).args(["matrix", "r.ndjson"]).args(args)
}

#[test]
fn clients_stand_side_by_side_and_what_differs_in_shape_is_marked() {
    let run = matrix(&[]).run();
    assert_eq!((run.status, &*run.stderr), (0, ""));
    insta::assert_snapshot!(run.stdout, @r#"
    PATCH /api/v2/conversations/calls/{conversationId}/participants/{participantId}
                               curl 8.14.1   java          python 269.0.0
                               #1 202        #3 202        #4 400
      /wrapup/code             "x"           "x"           "x"
    ! /wrapup/durationSeconds  120 (number)  120 (number)  duration_seconds: "120" (string)
    ! /wrapup/tags             […]           []            null
    ! /wrapup/tags/0           "a"           absent        absent
    ! /wrapup/notes            absent        absent        ""
    ! 4 places of another shape (absent, null, empty, type, key); ~ 0 places with another value
    "#);
}

#[test]
fn a_narrow_terminal_gets_one_block_a_field() {
    let run = matrix(&[]).env("COLUMNS", "44").run();
    assert!(run.stdout.lines().all(|line| line.chars().count() <= 110), "{}", run.stdout);
    assert!(run.stdout.contains("\n! /wrapup/tags\n    curl 8.14.1 #1 202"), "{}", run.stdout);
}

#[test]
fn json_has_a_state_for_every_cell() {
    let run = matrix(&["--format", "json"]).run();
    let document: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(document["schema_version"], 1);
    let matrix = &document["matrices"][0];
    assert_eq!(matrix["columns"].as_array().unwrap().len(), 3);
    assert_eq!(matrix["columns"][1]["exchange"], 3, "the newest request of a client stands for it");
    let row = |place: &str| {
        let row =
            matrix["rows"].as_array().unwrap().iter().find(|row| row["place"] == place).unwrap().clone();
        let states: Vec<String> = row["cells"]
            .as_array()
            .unwrap()
            .iter()
            .map(|cell| cell["state"].as_str().unwrap().to_owned())
            .collect();
        (row["agreement"].as_str().unwrap().to_owned(), states.join(" "), row)
    };
    assert_eq!(row("/wrapup/code").0, "same");
    assert_eq!(row("/wrapup/tags").1, "array empty_array null");
    assert_eq!(row("/wrapup/notes").1, "absent absent empty_string");
    let (agreement, states, duration) = row("/wrapup/durationSeconds");
    assert_eq!((&*agreement, &*states), ("shape", "number number string"));
    assert_eq!(duration["cells"][2]["key"], "duration_seconds");
}

#[test]
fn markdown_and_html_hold_the_same_words_and_nothing_recorded_becomes_markup() {
    let hostile = recording([
        sent("curl", None, 202, r#"{"a":"<script>|`x`"}"#),
        sent("java", None, 202, r#"{"a":null}"#),
    ]);
    let render = |format: &str| {
        wraptap().file("r.ndjson", &hostile).args(["matrix", "r.ndjson", "--format", format]).run().stdout
    };
    let markdown = render("markdown");
    assert!(markdown.contains("| ! | `/a` | ``\"<script>\\|`x`\"`` | `null` |"), "{markdown}");
    let html = render("html");
    assert!(
        html.starts_with("<!doctype html>") && html.contains("&lt;script&gt;") && !html.contains("<script"),
        "{html}"
    );
    assert!(html.contains("<tr class=\"shape\"><th scope=\"row\">! /a</th>"), "{html}");
}

#[test]
fn two_recordings_of_one_client_are_two_columns() {
    let file = |body: &str| recording([sent("java", None, 202, body)]);
    let run = wraptap()
        .file("before.ndjson", file(r#"{"a":[]}"#))
        .file("after.ndjson", file(r#"{"a":null}"#))
        .args(["matrix", "before.ndjson", "after.ndjson"])
        .run();
    assert!(run.stdout.contains("before.ndjson") && run.stdout.contains("after.ndjson"), "{}", run.stdout);
    assert!(run.stdout.contains("! /a  []"), "{}", run.stdout);
}

#[test]
fn bodies_that_are_no_objects_have_a_row_of_their_own() {
    let file = recording([
        sent("curl", None, 202, r#"{"a":1}"#),
        sent("javascript", None, 400, ""),
        sent("python", None, 400, "null"),
        sent("java", None, 400, "7fb334b0-x"),
    ]);
    let run = wraptap().file("r.ndjson", file).args(["matrix", "r.ndjson"]).run();
    let body = run.stdout.lines().find(|line| line.starts_with("! (body)")).unwrap();
    assert_eq!(
        body.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect::<Vec<_>>(),
        ["! (body)", "{…}", "absent", "null", "7fb334b0-x"]
    );
    assert!(
        run.stdout.contains("#2 400, empty body") && run.stdout.contains("#4 400, not JSON"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_single_client_is_said_to_be_alone_and_is_shown_when_asked_for() {
    let mut probe = sent("java", None, 200, "{}");
    probe.origin = Origin::Replay;
    let file = recording([sent("curl", None, 202, r#"{"a":1}"#), probe]);
    let run = wraptap().file("r.ndjson", &file).args(["matrix", "r.ndjson"]).run();
    assert_eq!((run.status, &*run.stdout), (0, ""));
    let operation = "PATCH /api/v2/conversations/calls/{conversationId}/participants/{participantId}";
    assert!(
        run.stderr.contains(&format!("hint: wraptap matrix --operation '{operation}'")),
        "{}",
        run.stderr
    );
    let asked = wraptap()
        .file("r.ndjson", &file)
        .args(["matrix", "r.ndjson", "--operation", &format!("PATCH {PATH}")])
        .run();
    assert!(asked.stdout.starts_with(operation), "{}", asked.stdout);
}

#[test]
fn what_is_not_recorded_and_what_is_no_operation_are_input_errors() {
    let run = matrix(&["--operation", "POST /api/v2/routing/wrapupcodes"]).run();
    assert_eq!(run.status, 2);
    assert!(
        run.stderr.contains("the recording has no request of `POST /api/v2/routing/wrapupcodes` with a body"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("hint: wraptap matrix --operation 'PATCH "), "{}", run.stderr);
    assert_eq!(matrix(&["--operation", "wrapup"]).run().status, 2);
    let missing = wraptap().args(["matrix", "none.ndjson"]).run();
    assert_eq!(missing.status, 2);
    assert!(missing.stderr.contains("cannot open"), "{}", missing.stderr);
}

#[test]
fn a_har_in_the_place_of_a_recording_is_refused_with_the_command_that_makes_one_of_it() {
    for har in ["\u{feff}{\n  \"log\": {\n    \"entries\": []\n  }\n}\n", "{\"log\":{\"entries\":[]}}"] {
        for args in [
            ["list", "x.har"],
            ["check", "x.har"],
            ["show", "x.har#1"],
            ["matrix", "x.har"],
            ["mock", "x.har"],
        ] {
            let run = wraptap().file("x.har", har).args(args).run();
            let said = "error: x.har is a HAR, not a recording\n  hint: import it: `wraptap import x.har`\n";
            assert_eq!((run.status, run.stderr.as_str()), (2, said), "{args:?}");
        }
    }
}
