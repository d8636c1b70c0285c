//! What a payload is compared with, by whose word a difference is an error, and which values go into a correction.

use serde_json::Value;
use wraptap::model::exchange::{Body, Exchange, Headers};

use crate::program::{Program, Run, wraptap};
use crate::recordings::{exchange, recording};

const OWN: &str = "/api/v2/own/7fb334b0-0e9e-11e4-9191-0800200c9a66/thing";
const WRAPUP: &str = "/api/v2/conversations/calls/3d2b7a10-0000-4000-8000-000000000001/participants/\
                      3d2b7a10-0000-4000-8000-000000000002/communications/3d2b7a10-0000-4000-8000-000000000003/wrapup";

fn sent(target: &str, body: &str, status: u16) -> Exchange {
    let mut exchange = exchange("POST", target, status);
    exchange.request.headers =
        Headers::of([("Authorization", "Bearer simulator-user"), ("Content-Type", "application/json")]);
    exchange.request.body = Body::whole(body.to_owned());
    exchange
}

fn recorded(exchanges: impl IntoIterator<Item = Exchange>) -> Program {
    wraptap().file("recordings/r.ndjson", recording(exchanges))
}

/// A baseline of the user's for `POST /api/v2/own/{id}/thing`.
fn baseline(members: &str) -> String {
    format!(
        r#"{{"wraptap_baseline":1,"operation":"POST /api/v2/own/{{id}}/thing","provenance":"manual",
        "source":"the team","date":"2026-11-20",{members}}}"#
    )
}

fn document(run: &Run) -> Value {
    let document = serde_json::from_str(&run.stdout);
    assert!(document.is_ok(), "{}{}", run.stdout, run.stderr);
    document.unwrap()
}

/// `severity class` of each finding.
fn findings(document: &Value) -> Vec<String> {
    let findings = document["findings"].as_array().unwrap();
    let text = |finding: &Value, member: &str| finding[member].as_str().unwrap().to_owned();
    findings.iter().map(|finding| text(finding, "severity") + " " + &text(finding, "class")).collect()
}

#[test]
fn an_exact_baseline_makes_extra_members_errors_in_diff_and_check() {
    let body = r#"{"code":"code 2","notes":"n"}"#;
    let run = |exact: &[&str]| {
        let (added, folder) = recorded([sent(OWN, r#"{"code":"code 1"}"#, 200), sent(OWN, body, 400)])
            .args(["baseline", "add", "1", "--name", "mine"])
            .args(exact)
            .run_and_keep();
        assert_eq!(added.status, 0, "{}", added.stderr);
        let (check, folder) = wraptap().within(folder).args(["check"]).run_and_keep();
        let (diff, folder) =
            wraptap().within(folder).args(["diff", "2", "mine", "--format", "json"]).run_and_keep();
        let show = wraptap().within(folder).args(["baseline", "show", "mine"]).run();
        (check, findings(&document(&diff)), show.stdout)
    };
    let (check, found, show) = run(&[]);
    assert_eq!(check.status, 0, "{}", check.stdout);
    assert!(check.stdout.contains("warning[extra_field]: `/notes`"), "{}", check.stdout);
    assert_eq!(found, ["warning extra_field", "info value_changed"]);
    assert!(!show.contains("are errors"), "{show}");
    let (check, found, show) = run(&["--exact"]);
    assert_eq!(check.status, 1, "{}", check.stdout);
    assert!(check.stdout.contains("error[extra_field]: `/notes`"), "{}", check.stdout);
    assert_eq!(found, ["error extra_field", "info value_changed"]);
    assert!(show.contains("members that it does not have are errors"), "{show}");
}

#[test]
fn the_name_of_a_baseline_is_a_known_good_one_unless_there_is_a_file_of_that_name() {
    let named = wraptap()
        .file("recordings/baselines/mine.json", baseline(r#""body":{"code":"a"}"#))
        .args(["diff", "{\"code\":1}", "mine", "--format", "json"])
        .run();
    assert_eq!(document(&named)["good"], "baseline `mine`", "{}", named.stdout);
    assert_eq!(findings(&document(&named)), ["error type_mismatch"]);
    let file = wraptap()
        .file("recordings/baselines/mine.json", baseline(r#""body":{"code":"a"}"#))
        .file("mine", "{\"code\":2}")
        .args(["diff", "{\"code\":1}", "mine", "--format", "json"])
        .run();
    assert_eq!(document(&file)["good"], "mine", "{}", file.stdout);
    let broken =
        wraptap().file("recordings/baselines/mine.json", "{").args(["diff", "{\"code\":1}", "mine"]).run();
    assert_eq!(broken.status, 2);
    assert!(broken.stderr.contains("mine.json is not a baseline"), "{}", broken.stderr);
}

#[test]
fn a_ticket_is_compared_with_the_payload_that_the_user_names() {
    let report = |good: &[&str]| {
        let run = recorded([
            sent(OWN, r#"{"code":"c","more":true}"#, 200),
            sent(OWN, r#"{"code":"b","notes":null}"#, 400),
        ])
        .file("good.json", r#"{"code":"a","notes":"n"}"#)
        .file("recordings/baselines/mine.json", baseline(r#""body":{"code":"a","kind":"x"}"#))
        .args(["report", "2", "--format", "json"])
        .args(good)
        .run();
        document(&run)["exchanges"][0]["known_good"]["label"].as_str().unwrap().to_owned()
    };
    assert_eq!(report(&[]), "baseline `mine`");
    assert_eq!(report(&["--good", "good.json"]), "good.json");
    assert_eq!(report(&["--good", "1"]), "exchange #1");
    assert_eq!(report(&["--good", "post-calls-wrapup"]), "embedded baseline `post-calls-wrapup`");
    assert_eq!(report(&["--good", "curl -d '{\"code\":\"a\"}' http://h/"]), "the curl command");
}

#[test]
fn what_the_candidate_lacks_is_offered_and_taken_only_on_demand() {
    let fix = |args: &[&str]| {
        wraptap()
            .args(["diff", r#"{"duration_seconds":"95","extra":1}"#])
            .args([r#"{"durationSeconds":120,"notes":"it's","tags":["a"]}"#, "--fix"])
            .args(args)
            .run()
    };
    let plain = fix(&[]);
    assert_eq!(plain.stdout, "{\n  \"durationSeconds\": 95\n}\n", "{}", plain.stderr);
    assert_eq!(
        plain.stderr,
        "the candidate lacks what the known-good body has; --fill takes it, or give it:\n  \
         --set '/notes=it'\\''s'\n  --set '/tags:=[\"a\"]'\n"
    );
    let set = fix(&["--set", "/notes=own", "--set", "/tags:=[]"]);
    assert_eq!(set.stderr, "");
    let body: Value = serde_json::from_str(&set.stdout).unwrap();
    assert_eq!(body.to_string(), r#"{"durationSeconds":95,"notes":"own","tags":[]}"#);
    let filled = fix(&["--fill"]);
    assert_eq!(filled.stderr, "taken from the known-good body: `/notes`, `/tags`\n");
    let body: Value = serde_json::from_str(&filled.stdout).unwrap();
    assert_eq!(body.to_string(), r#"{"durationSeconds":95,"notes":"it's","tags":["a"]}"#);
}

#[test]
fn a_correction_never_leaves_an_empty_object_of_a_body_with_members() {
    let run = wraptap().args(["diff", r#"{"code":null}"#, r#"{"code":"a"}"#, "--fix"]).run();
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("hint: --set /code=a"), "{}", run.stderr);
}

#[test]
fn fill_and_set_need_what_they_are_for() {
    for args in [&["--fill"][..], &["--set", "/a=b"], &["--fix", "--fill"]] {
        let run = wraptap().args(["diff", "{}"]).args(args).run();
        assert_eq!(run.status, 2, "{args:?}");
        assert!(run.stderr.contains("required"), "{}", run.stderr);
    }
    let run = wraptap().args(["diff", r#"{"code":1}"#, "post-calls-wrapup", "--fix", "--fill"]).run();
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("its values are invented"), "{}", run.stderr);
}

#[test]
fn isolate_takes_the_accepted_request_or_a_baseline_and_never_an_example() {
    let code = wraptap::simulator::seeds::CODE;
    let good = format!(r#"{{"code":"{code}","durationSeconds":120}}"#);
    let bad = format!(r#"{{"code":"{code}","durationSeconds":"120"}}"#);
    let run = recorded([sent(WRAPUP, &good, 202), sent(WRAPUP, &bad, 400)]).args(["isolate", "2"]).run();
    assert_eq!(run.status, 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stderr.contains("compared with exchange #1"), "{}", run.stderr);
    assert!(run.stdout.contains("isolated: the one difference"), "{}", run.stdout);

    let alone = || recorded([sent(WRAPUP, &bad, 400)]);
    let run = alone().args(["isolate", "1"]).run();
    assert_eq!(run.status, 2, "{}", run.stdout);
    assert!(run.stderr.contains("there is nothing to compare with"), "{}", run.stderr);
    let run = alone().args(["isolate", "1", "post-calls-wrapup"]).run();
    assert_eq!(run.status, 2, "{}", run.stdout);
    assert!(run.stderr.contains("isolate never sends them"), "{}", run.stderr);
    let own = format!(
        r#"{{"wraptap_baseline":1,"operation":"POST {WRAPUP}","provenance":"manual","source":"the team",
        "date":"2026-11-20","body":{good}}}"#
    );
    let run = alone().file("recordings/baselines/mine.json", &own).args(["isolate", "1", "mine"]).run();
    assert_eq!(run.status, 0, "{}{}", run.stdout, run.stderr);
    let run = alone().file("recordings/baselines/mine.json", &own).args(["isolate", "1"]).run();
    assert!(run.stderr.contains("compared with baseline `mine`"), "{}", run.stderr);
}

#[test]
fn a_difference_that_only_a_refused_request_had_is_not_taken_over() {
    let accept = |exchanges: Vec<Exchange>, place: &str| {
        recorded(exchanges)
            .file("recordings/baselines/mine.json", baseline(r#""body":{"code":"a","kind":"x"}"#))
            .args(["baseline", "accept", "1", place])
            .run()
    };
    let refused = || sent(OWN, r#"{"code":5,"more":true,"kind":"x"}"#, 400);
    let run = accept(vec![refused()], "/code");
    assert_eq!(run.status, 2, "{}", run.stdout);
    assert!(run.stderr.contains("was not accepted: the answer was 400"), "{}", run.stderr);
    let shown = sent(OWN, r#"{"code":"b","more":false,"kind":"x"}"#, 200);
    let run = accept(vec![refused(), shown.clone()], "/more");
    assert_eq!(run.status, 0, "{}", run.stderr);
    let run = accept(vec![refused(), shown], "/code");
    assert_eq!(run.status, 2, "{}", run.stdout);
}
