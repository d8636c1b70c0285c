//! `--where`: the same query in every command that takes one, and queries that cannot be read.

use wraptap::model::exchange::Body;

use crate::program::wraptap;
use crate::recordings::{exchange, recording, three, with};

fn ids(program: &[&str], text: &str) -> Vec<u64> {
    let run = with(text).args(["list", "--format", "json"]).args(program).run();
    let id = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["id"].as_u64().unwrap();
    run.stdout.lines().map(id).collect()
}

#[test]
fn a_query_and_the_short_forms_all_have_to_hold() {
    let ids = |args: &[&str]| ids(args, &three());
    assert_eq!(ids(&["--where", "status:2xx method:get,post"]), [1, 3]);
    assert_eq!(ids(&["--where", "-op:token -is:refused"]), [1]);
    assert_eq!(ids(&["--where", "wrapup 400"]), [2]);
    assert_eq!(ids(&["--where", "sdk:python id:2-3", "--refused"]), [2]);
    assert_eq!(ids(&["--where", "body:validation header:x-odd:2"]), [1, 2, 3]);
    assert_eq!(ids(&["--where", "id:2 -cause:rate_limit"]), [2]);
    assert_eq!(ids(&["--where", "cause:rate_limit"]), [] as [u64; 0]);
    assert_eq!(ids(&["--status", "404", "--status", "2xx"]), [] as [u64; 0], "both have to hold");
}

#[test]
fn every_command_takes_the_same_query() {
    let run = with(&three()).args(["export", "--where", "op:wrapup"]).run();
    assert!(run.stdout.contains("calls/1/wrapup") && !run.stdout.contains("oauth"), "{}", run.stdout);
    let run = with(&three()).args(["report", "--where", "status:400", "--format", "json"]).run();
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["exchanges"].as_array().unwrap().len(), 1);
    assert_eq!(report["exchanges"][0]["id"], 2);
    let run = with(&three())
        .args(["replay", "--where", "method:patch", "--to", "http://127.0.0.1:9", "--dry-run"])
        .run();
    assert!(
        run.stdout.contains("PATCH http://127.0.0.1:9/api/v2/conversations/calls/1/wrapup"),
        "{}",
        run.stdout
    );
    let checked = |query: &str| {
        let run = with(&three()).args(["check", "--format", "json", "--where", query]).run();
        run.stdout
    };
    assert_ne!(checked("op:wrapup"), checked("op:nothing"));
}

#[test]
fn a_query_that_cannot_be_read_says_where_and_what_was_meant() {
    let run = with(&three()).args(["list", "--where", "method:post stauts:4xx"]).run();
    insta::assert_snapshot!(run.stderr, @r#"
    error: unknown key `stauts`, at character 13 of the query
      hint: did you mean `status:4xx`?
    "#);
    assert_eq!(run.status, 2);
    let run = with(&three()).args(["list", "--status", "4x"]).run();
    assert!(run.stderr.contains("give a status such as `404`"), "{}", run.stderr);
    let run = with(&three()).args(["export", "1", "--where", "id:2"]).run();
    assert_eq!(run.status, 2, "{}", run.stderr);
}

#[test]
fn no_match_says_so() {
    let run = with(&three()).args(["report", "--where", "op:nowhere"]).run();
    insta::assert_snapshot!(run.stderr, @r#"
    error: no exchange of recordings/r.ndjson matches `op:nowhere`
      hint: list what there is with `wraptap list recordings/r.ndjson`
    "#);
    assert_eq!(run.status, 2);
}

#[test]
fn bodies_are_searched_decoded_and_masked() {
    let mut compressed = exchange("POST", "/a", 400);
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut encoder, br#"{"notes":"lorem ipsum"}"#).unwrap();
    compressed
        .request
        .headers
        .0
        .push(wraptap::model::exchange::Header { name: "Content-Encoding".into(), value: "gzip".into() });
    compressed.request.body = Body::whole(encoder.finish().unwrap());
    let text = recording([compressed, exchange("POST", "/b", 200)]);
    assert_eq!(ids(&["--where", "body:\"lorem ipsum\""], &text), [1]);
    assert_eq!(ids(&["--where", "-lorem"], &text), [2]);
    // a recording of another program holds a secret in plain
    let foreign = r#"{"v":1,"id":7,"started_at":"2026-11-20T08:30:15Z","request":{"method":"GET","target":"/c","headers":[["Authorization","Bearer s3cr3t-s3cr3t-s3cr3t"]],"body":"","body_bytes":0}}"#;
    let run = wraptap().file("f.ndjson", foreign).args(["list", "f.ndjson", "--where", "s3cr3t"]).run();
    assert_eq!(run.stdout, "");
    let run = wraptap()
        .file("f.ndjson", foreign)
        .args(["list", "f.ndjson", "--where", "header:authorization:redacted"])
        .run();
    assert_eq!(run.stdout.lines().count(), 1, "{}", run.stderr);
}
