//! `wraptap baseline`: what may become known good, what may not, and how reviewed differences get in.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use wraptap::baselines::embedded;
use wraptap::simulator::seeds;

use crate::program::{Run, wraptap};
use crate::server::Server;

const PATH: &str = "recordings/baselines/post-things.json";
const THINGS: [&str; 2] = ["--operation", "POST /api/v2/things/{id}"];

fn added(payload: &str) -> (Run, tempfile::TempDir) {
    wraptap().file("body.json", payload).args(["baseline", "add", "body.json"]).args(THINGS).run_and_keep()
}

fn file(folder: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(folder.join(PATH)).unwrap()).unwrap()
}

/// A recording with a request that was answered with this status.
fn recorded(status: u16, body: &str) -> (Run, tempfile::TempDir) {
    let har = json!({"log": {"entries": [{
        "startedDateTime": "2026-11-20T08:30:15Z",
        "request": {
            "method": "POST", "url": "http://h/api/v2/things/12", "httpVersion": "HTTP/1.1",
            "headers": [{"name": "Host", "value": "h"}, {"name": "Content-Type", "value": "text/json"}],
            "postData": {"text": body},
        },
        "response": {"status": status, "httpVersion": "HTTP/1.1", "headers": []},
    }]}});
    wraptap().file("in.har", har.to_string()).args(["import", "in.har", "-w", "r.ndjson"]).run_and_keep()
}

#[test]
fn the_simulator_accepts_every_embedded_baseline() {
    let server = Server::start(wraptap().args(["simulate", "--listen", "127.0.0.1:0", "--fresh"]));
    let token = format!("Authorization: Bearer {}", seeds::TOKEN_USER);
    for baseline in embedded::all() {
        let mut digit = 0;
        let path: Vec<String> = baseline
            .operation
            .template
            .split('/')
            .map(|step| {
                digit += 1;
                let id = format!("{digit:08}-0e9e-41e4-9191-0800200c9a66");
                if step.starts_with('{') { id } else { step.to_owned() }
            })
            .collect();
        let line = format!("{} {}", baseline.operation.method, path.join("/"));
        let answer = server.send(&line, &[&token, "Content-Type: application/json"], &baseline.body);
        assert!(matches!(answer.status(), 202 | 204), "{}: {}\n{}", baseline.name, answer.head, answer.body);
    }
}

#[test]
fn a_file_becomes_a_baseline_letter_by_letter_and_is_listed_and_shown() {
    let (run, folder) = added("{\n  \"n\": 1.0,\n  \"n\": 1e0\n}\n");
    assert_eq!(run.stdout, format!("added {PATH} for POST /api/v2/things/{{id}}\n"), "{}", run.stderr);
    let text = fs::read_to_string(folder.path().join(PATH)).unwrap();
    assert!(text.contains("  \"body\": {\n    \"n\": 1.0,\n    \"n\": 1e0\n  }\n"), "{text}");
    assert_eq!(file(folder.path())["provenance"], "manual");
    let (run, folder) = wraptap().within(folder).args(["baseline", "show", "post-things"]).run_and_keep();
    assert!(run.stdout.ends_with("\n\n{\n  \"n\": 1.0,\n  \"n\": 1e0\n}\n"), "{}", run.stdout);
    let (run, folder) =
        wraptap().within(folder).args(["baseline", "list", "--format", "json"]).run_and_keep();
    let listed: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(listed["baselines"][0]["name"], "post-things");
    assert_eq!(listed["baselines"][1]["built_in"], true);
    let (run, folder) = wraptap().within(folder).args(["baseline", "remove", "post-things"]).run_and_keep();
    assert_eq!((run.status, folder.path().join(PATH).exists()), (0, false), "{}", run.stderr);
    let run = wraptap().within(folder).args(["baseline", "remove", "post-things"]).run();
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("hint: list what there is with `wraptap baseline list`"), "{}", run.stderr);
}

#[test]
fn a_curl_command_and_an_accepted_exchange_say_their_operation_themselves() {
    let command = "curl http://h/api/v2/things/12 --json '{\"a\": 1}'";
    let (run, folder) = wraptap().args(["baseline", "add", command]).run_and_keep();
    assert_eq!(run.status, 0, "{}", run.stderr);
    let written = file(folder.path());
    assert_eq!(written["operation"], "POST /api/v2/things/{id}");
    assert_eq!((&written["provenance"], &written["body"]), (&json!("manual"), &json!({"a": 1})));

    let (_, folder) = recorded(202, "{\"a\":1}");
    let (run, folder) =
        wraptap().within(folder).args(["baseline", "add", "1", "-r", "r.ndjson"]).run_and_keep();
    assert_eq!(run.status, 0, "{}", run.stderr);
    let written = file(folder.path());
    assert_eq!(written["provenance"], "accepted");
    assert_eq!(written["source"], "r.ndjson#1, answered with 202");
    assert_eq!(written["content_type"], "text/json");
}

#[test]
fn what_cannot_be_known_good_is_refused_with_line_and_column_and_writes_nothing() {
    for (payload, said) in [
        ("{\"a\": 1,\n \"b\": x}", "body.json: line 2, column 7: not JSON: `x`"),
        ("not json", "body.json: line 1, column 1: not JSON"),
        (" \n", "body.json has no body"),
        ("{\"t\": \"redacted-token-0123456789ab\"}", "has a masked value in its body (`redacted-token-"),
        ("curl http://h/api -d \"{\\\"a\\\": \\\"$CODE\\\"}\"", "has `$CODE` in its body"),
        ("curl http://h/api", "has no body"),
        ("curl http://h/api -d a=b", "not JSON"),
    ] {
        let (run, folder) = added(payload);
        assert_eq!(run.status, 2, "{payload}: {}", run.stderr);
        assert!(run.stderr.contains(said), "{said}: {}", run.stderr);
        assert!(!folder.path().join("recordings/baselines").exists(), "{payload}");
    }
}

#[test]
fn a_refused_exchange_is_no_baseline_unless_the_user_says_what_it_rests_on() {
    let (_, folder) = recorded(400, "{\"a\":1}");
    let (run, folder) =
        wraptap().within(folder).args(["baseline", "add", "1", "-r", "r.ndjson"]).run_and_keep();
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("was not accepted: the answer was 400"), "{}", run.stderr);
    let again = wraptap().within(folder).args([
        "baseline",
        "add",
        "1",
        "-r",
        "r.ndjson",
        "--provenance",
        "documented",
    ]);
    assert_eq!(again.run().status, 0);
}

#[test]
fn names_operations_dates_and_places_that_are_none_are_refused() {
    for (args, said) in [
        (&["--operation", "things"][..], "`things` is not an operation"),
        (&[], "the operation of the payload is not known"),
        (&["--operation", "POST /x", "--name", "../x"], "`../x` is not a name for a baseline"),
        (&["--operation", "POST /x", "--date", "20.11.2026"], "`20.11.2026` is not a date"),
        (&["--operation", "POST /x", "--ignore", "x"], "is not a JSON Pointer"),
    ] {
        let run = wraptap().file("b.json", "{}").args(["baseline", "add", "b.json"]).args(args).run();
        assert_eq!(run.status, 2, "{said}");
        assert!(run.stderr.contains(said), "{said}: {}", run.stderr);
    }
}

#[test]
fn a_baseline_is_replaced_only_by_force() {
    let (_, folder) = added("{\"a\":1}");
    fs::write(folder.path().join("body.json"), "{\"a\":2}").unwrap();
    let add = |folder| wraptap().within(folder).args(["baseline", "add", "body.json"]).args(THINGS);
    let (run, folder) = add(folder).run_and_keep();
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains(&format!("{PATH} exists already")), "{}", run.stderr);
    assert_eq!(file(folder.path())["body"]["a"], 1);
    let (run, folder) = add(folder).args(["--force"]).run_and_keep();
    assert_eq!((run.status, &file(folder.path())["body"]["a"]), (0, &json!(2)), "{}", run.stderr);
}

#[test]
fn reviewed_differences_are_taken_over_one_by_one_and_the_rest_keeps_its_letters() {
    let (_, folder) = recorded(202, "{\"code\":\"c\",\"durationSeconds\":3,\"notes\":null}");
    let good = "{\n  \"code\": \"c\",\n  \"duration\": 3.0\n}";
    fs::write(folder.path().join("body.json"), good).unwrap();
    let (run, folder) =
        wraptap().within(folder).args(["baseline", "add", "body.json"]).args(THINGS).run_and_keep();
    assert_eq!(run.status, 0, "{}", run.stderr);

    let accept = |folder, places: &[&str]| {
        wraptap()
            .within(folder)
            .args(["baseline", "accept", "1", "-r", "r.ndjson"])
            .args(places)
            .run_and_keep()
    };
    let (run, folder) = accept(folder, &[]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(
        run.stdout.contains("error[renamed_key]") && run.stdout.contains("error[null_field]"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("copy one with `wraptap baseline accept 1 /"), "{}", run.stdout);
    assert_eq!(file(folder.path())["provenance"], "manual");

    let (run, folder) = accept(folder, &["/nowhere"]);
    assert_eq!(run.status, 2);
    assert!(
        run.stderr.contains("there is no difference at `/nowhere`; there is one at `/"),
        "{}",
        run.stderr
    );

    let (run, folder) = accept(folder, &["/durationSeconds"]);
    assert_eq!(run.stdout, format!("changed {PATH}; remaining differences: 1\n"), "{}", run.stderr);
    let text = fs::read_to_string(folder.path().join(PATH)).unwrap();
    assert!(text.contains("  \"body\": {\n    \"code\": \"c\",\n    \"durationSeconds\": 3\n  }"), "{text}");
    assert_eq!(file(folder.path())["source"], "reviewed: r.ndjson#1, answered with 202");

    let (run, folder) = accept(folder, &["--all"]);
    assert_eq!(run.stdout, format!("changed {PATH}; remaining differences: 0\n"), "{}", run.stderr);
    let (run, folder) = accept(folder, &["--all"]);
    assert_eq!(run.stdout, "nothing changed in post-things\n");
    let (run, _) = accept(folder, &["/durationSeconds"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("does not differ from the baseline post-things\n"), "{}", run.stderr);
}

#[test]
fn a_broken_file_in_the_folder_is_named_and_hides_no_other() {
    let (_, folder) = added("{}");
    fs::write(folder.path().join("recordings/baselines/broken.json"), "{\n").unwrap();
    let (run, folder) = wraptap().within(folder).args(["baseline", "list"]).run_and_keep();
    assert_eq!(run.status, 0);
    assert!(
        run.stdout.contains("post-things") && run.stderr.contains("broken.json is not a baseline: line 2"),
        "{run:?}"
    );
    let run = wraptap().within(folder).args(["baseline", "show", "broken"]).run();
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("hint: correct the file"), "{}", run.stderr);
}
