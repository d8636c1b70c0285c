//! `wraptap diff REF` without GOOD: which known-good payload is taken, what is said about it, what is learnt.

use wraptap::model::exchange::{Body, Exchange, Headers};

use crate::program::{Program, Run, wraptap};
use crate::recordings::{exchange, recording};

const WRAPUP: &str = "/api/v2/conversations/calls/3d2b7a10-0000-4000-8000-000000000001/participants/\
                      3d2b7a10-0000-4000-8000-000000000002/communications/3d2b7a10-0000-4000-8000-000000000003/wrapup";

fn wrapup(status: u16, body: &str) -> Exchange {
    posted(WRAPUP, status, body)
}

fn posted(target: &str, status: u16, body: &str) -> Exchange {
    let mut exchange = exchange("POST", target, status);
    exchange.request.headers = Headers::of([("Content-Type", "application/json")]);
    exchange.request.body = Body::whole(body.to_owned());
    exchange
}

fn recorded(exchanges: impl IntoIterator<Item = Exchange>) -> Program {
    wraptap().file("recordings/r.ndjson", recording(exchanges))
}

fn diffed(exchanges: impl IntoIterator<Item = Exchange>, args: &[&str]) -> Run {
    recorded(exchanges).args(["diff"]).args(args).run()
}

#[test]
fn the_accepted_request_of_the_same_operation_is_taken_and_named() {
    let run = diffed(
        [wrapup(202, r#"{"code":"a","notes":"n"}"#), wrapup(400, r#"{"code":null,"notes":"n"}"#)],
        &["last-refused"],
    );
    assert_eq!((run.status, run.stderr.as_str()), (1, ""));
    insta::assert_snapshot!(run.stdout, @r#"
    payload (medium confidence): `/code` is null, which the API's description does not allow
    instead of `body = {"code": code, "notes": None}` write `body = {"code": code}  # or a model: WrapupInput(), which leaves out what is not set`

    error[null_field]: `/code` is null, which the API's description does not allow
      --> #2  POST conversations/calls/.../wrapup  -> 400
       |
     1 | {"code":null,"notes":"n"}
       |  ^^^^^^^^^^^ null
       = sent:     "code": null
       = expected: string
       = rule:     npm purecloud-platform-client-v2 262.0.0, PyPI PureCloudPlatformClientV2 269.0.0
       = help:     leave it out of the body
       = docs:     wraptap rules null_field

    note: compared with exchange #1: the accepted request of this operation in the recording, 100 % of
          the keys in common

    fail: 1 error
    "#);
}

#[test]
fn an_own_baseline_comes_first_and_its_ignored_places_are_hidden() {
    let baseline = r#"{"wraptap_baseline":1,"operation":"POST /api/v2/conversations/calls/{a}/participants/{b}/communications/{c}/wrapup",
        "provenance":"manual","source":"the team","date":"2026-11-20","ignore":["/notes"],"body":{"code":"a","notes":"n"}}"#;
    let run = recorded([wrapup(202, r#"{"code":"a"}"#), wrapup(400, r#"{"code":"b"}"#)])
        .file("recordings/baselines/mine.json", baseline)
        .args(["diff", "2"])
        .run();
    assert_eq!(run.status, 0, "{}", run.stdout);
    assert!(run.stdout.contains("note: compared with baseline `mine`: your only baseline"), "{}", run.stdout);
    assert!(run.stdout.contains("1 finding hidden"), "{}", run.stdout);
}

#[test]
fn what_is_built_in_serves_a_first_run() {
    let run = diffed([wrapup(400, r#"{"code":["x"]}"#)], &["last", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(document["good"], "embedded baseline `post-calls-wrapup`");
    assert!(document["notes"][1].as_str().unwrap().contains("built in"), "{}", run.stdout);
    assert!(
        document["notes"][0].as_str().unwrap().starts_with("payload (high confidence): "),
        "{}",
        run.stdout
    );
    let classes =
        document["findings"].as_array().unwrap().iter().map(|finding| finding["class"].as_str().unwrap());
    assert!(classes.into_iter().any(|class| class == "wrapped_in_array"), "{}", run.stdout);
    assert_eq!(
        document["findings"].as_array().unwrap().iter().filter(|f| f["severity"] == "error").count(),
        1
    );
}

#[test]
fn an_answer_that_speaks_of_something_else_than_the_payload_is_told() {
    let said = |status: u16, words: &str| {
        let run = diffed([wrapup(status, r#"{"code":["a"]}"#)], &["last"]);
        let text = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(run.status == 1 && text.contains(words), "{status}: {}", run.stdout);
    };
    said(401, "another region; what differs is probably not the cause");
    let run = diffed([wrapup(400, r#"{"code":["a"]}"#)], &["last"]);
    assert!(!run.stdout.contains("not the cause") && !run.stdout.contains("as it is"), "{}", run.stdout);
}

#[test]
fn none_is_an_answer_with_a_way_on() {
    let mut foreign = posted("/own/thing", 400, "{}");
    foreign.upstream = "https://api.example.com".into();
    let run = diffed([foreign], &["1"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    insta::assert_snapshot!(run.stderr, @r#"
    error: there is nothing to compare with: no known-good payload of POST /own/thing: no baseline, and no accepted request in this recording
      hint: name one: `wraptap diff 1 GOOD`
      hint: keep one: `wraptap baseline add FILE --operation 'POST /own/thing'`
    "#);
}

#[test]
fn values_that_differ_between_accepted_requests_are_learnt_and_said() {
    let body = |provisional: bool, code: &str| format!(r#"{{"code":"{code}","provisional":{provisional}}}"#);
    let run = diffed(
        [wrapup(202, &body(true, "7a")), wrapup(202, &body(false, "8b")), wrapup(400, &body(true, "9c"))],
        &["3"],
    );
    assert_eq!(run.status, 0);
    insta::assert_snapshot!(run.stdout, @r#"
    unknown (low confidence): the answer is 400 and says only: Validation failed; nothing
    recorded shows a reason

    note: compared with exchange #2: the accepted request of this operation in the recording, 100 % of
          the keys in common
    note: not reported, because accepted requests (#1, #2) differ there as well: `/code`, `/provisional`

    pass: no findings
    "#);
}

#[test]
fn transport_noise_is_one_line() {
    let mut refused = wrapup(400, r#"{"code":"a"}"#);
    refused.request.headers =
        Headers::of([("Content-Type", "application/json"), ("User-Agent", "x"), ("Accept-Encoding", "gzip")]);
    let run = diffed([wrapup(202, r#"{"code":"a"}"#), refused], &["2", "1"]);
    assert_eq!(run.status, 0);
    assert!(
        run.stdout.contains("info: 2 headers that do not matter here: User-Agent, Accept-Encoding\n"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_range_and_a_missing_exchange_are_refused() {
    let two = || [wrapup(202, "{}"), wrapup(202, "{}")];
    let run = diffed(two(), &["1-2", "{}"]);
    assert_eq!(run.status, 2);
    assert!(
        run.stderr.starts_with("error: 1-2 names 2 exchanges, but a comparison takes one on each side\n"),
        "{}",
        run.stderr
    );
    assert_eq!(diffed(two(), &["7", "{}"]).status, 2);
}
