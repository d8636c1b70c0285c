//! `list`: filters, bad lines, several recordings, `--follow`, and a recording that is missing.

use crate::program::wraptap;
use crate::recordings::{exchange, recording, three, with};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use wraptap::model::exchange::{Body, ExchangeId, Header, Sdk};
use wraptap::model::passage::{Failure, FailureSource};

/// An accepted, a refused and a failed request, a login, and a hidden retry.
fn mixed() -> String {
    const CALL: &str = "/api/v2/conversations/calls/c0000000-0000-4000-8000-000000000001";
    let wrapup = format!(
        "{CALL}/participants/c0000000-0000-4000-8000-000000000002/communications/c0000000-0000-4000-8000-000000000003/wrapup"
    );
    let mut refused = exchange("POST", &wrapup, 400);
    refused.request.body = Body::whole(r#"{"code":"c0000000-0000-4000-8000-000000000004","notes":null}"#);
    refused.sdk = refused.sdk.map(|sdk| Sdk { name: "javascript".into(), ..sdk });
    if let Some(response) = &mut refused.response {
        response.body =
            Body::whole(r#"{"message":"notes must not be null","code":"bad.request","status":400}"#);
        response.headers.0.push(Header { name: "ININ-Correlation-Id".into(), value: "c0ffee".into() });
    }
    let mut failed = exchange("GET", CALL, 200);
    failed.response = None;
    failed.error = Some(Failure { source: FailureSource::Upstream, message: "connection refused".into() });
    let mut retry = exchange("POST", &wrapup, 204);
    retry.attempt_of = ExchangeId::new(2);
    recording([exchange("POST", "/oauth/token", 200), refused, failed, retry])
}

#[test]
fn a_list_fits_the_terminal_and_says_the_cause_in_words() {
    let at = |columns: &str| {
        let run = with(&mixed()).env("COLUMNS", columns).args(["list"]).run();
        assert_eq!((run.status, &*run.stderr), (0, ""));
        let width = columns.parse().unwrap();
        assert!(run.stdout.lines().all(|line| line.chars().count() <= width), "{}", run.stdout);
        run.stdout
    };
    insta::assert_snapshot!(at("80"), @r#"
    1 200 POST   /oauth/token                           python       20 B  134 ms
    2 400 POST   calls/.../wrapup /notes must have a v… javascript   60 B  134 ms
    3 --- GET    calls/...        upstream: connection… python       20 B  134 ms
    4 204 POST   calls/.../wrapup retry of #2           python       20 B  134 ms
    "#);
    insta::assert_snapshot!(at("200"), @r#"
    1 11-20 08:30:15 200 POST   /oauth/token                                                                                      python       20 B  134 ms /oauth/token
    2 11-20 08:30:15 400 POST   conversations/calls/.../wrapup           /notes must have a value                                 javascript   60 B  134 ms /api/v2/conversations/calls/c0000000-0000…
    3 11-20 08:30:15 --- GET    conversations/calls/...                  upstream: connection refused                             python       20 B  134 ms /api/v2/conversations/calls/c0000000-0000…
    4 11-20 08:30:15 204 POST   conversations/calls/.../wrapup           retry of #2                                              python       20 B  134 ms /api/v2/conversations/calls/c0000000-0000…
    "#);
    assert_eq!(at("62").lines().count(), 4);
}

#[test]
fn a_line_for_programs_has_the_cause_and_the_correlation_id() {
    let run = with(&mixed()).args(["list", "--format", "json", "--refused"]).run();
    insta::assert_snapshot!(run.stdout, @r#"
    {"schema_version":1,"id":2,"started_at":"2026-11-20T08:30:15.123456Z","duration_us":134500,"method":"POST","target":"/api/v2/conversations/calls/c0000000-0000-4000-8000-000000000001/participants/c0000000-0000-4000-8000-000000000002/communications/c0000000-0000-4000-8000-000000000003/wrapup","operation":"POST /api/v2/conversations/calls/{conversationId}/participants/{participantId}/communications/{communicationId}/wrapup","status":400,"sdk":"javascript","origin":"live","attempt_of":null,"request_bytes":60,"response_bytes":70,"error_source":null,"error_message":null,"cause":"payload","confidence":"high","cause_text":"/notes must have a value","finding_classes":["null_field","missing_field","value_changed","content_type_mismatch"],"correlation_id":"c0ffee"}
    "#);
}

#[test]
fn filters_choose_and_say_when_nothing_is_left() {
    let ids = |args: &[&str]| {
        let run = with(&three()).args(["list", "--format", "json"]).args(args).run();
        let id =
            |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["id"].as_u64().unwrap();
        (run.stdout.lines().map(id).collect::<Vec<_>>(), run.stderr)
    };
    assert_eq!(ids(&[]).0, [1, 2, 3]);
    assert_eq!(ids(&["--refused"]).0, [2]);
    assert_eq!(ids(&["--status", "2xx,400"]).0, [1, 2, 3]);
    assert_eq!(ids(&["--method", "get,post"]).0, [1, 3]);
    assert_eq!(ids(&["--path", "*/wrapup"]).0, [2]);
    assert_eq!(ids(&["--path", "/api/v2/users/me"]).0, [1]);
    assert_eq!(ids(&["--since", "2026-11-20T08:30:15Z"]).0, [1, 2, 3]);
    let (none, said) = ids(&["--since", "2026-11-20T08:30:16Z"]);
    assert_eq!((none.len(), &*said), (0, "none of the 3 exchanges matches the filter\n"));
}

#[test]
fn bad_lines_are_named_by_number_and_the_rest_is_read() {
    let text = three();
    let mut lines: Vec<&str> = text.lines().collect();
    lines.insert(1, "not json");
    lines.insert(3, r#"{"v":2,"id":9}"#);
    let torn = &lines[4][..200].to_owned();
    lines[4] = torn;
    let run = with(&lines.join("\n")).args(["list", "--format", "json"]).run();
    assert_eq!(run.stdout.lines().count(), 2);
    insta::assert_snapshot!(run.stderr, @r#"
    warning: recordings/r.ndjson:2: not a wraptap exchange: expected ident at column 2 (skipped)
    warning: recordings/r.ndjson:4: written by a newer wraptap (format 2; this one reads up to 1) (skipped)
    warning: recordings/r.ndjson:5: torn: the line stops in the middle of an exchange (skipped)
    "#);
    assert_eq!(run.status, 0);
}

#[test]
fn without_a_recording_the_next_step_is_told() {
    let run = wraptap().args(["list"]).run();
    insta::assert_snapshot!(run.stderr, @r#"
    error: there is no recording in ./recordings
      hint: create one with `wraptap record --region mypurecloud.de`, or `wraptap demo`
      hint: name one with `--recording FILE`
    "#);
    assert_eq!(run.status, 2);
    let run = wraptap().file("wraptap-demo/demo-1.ndjson", "").args(["list"]).run();
    assert!(run.stderr.contains("with `--recording wraptap-demo/demo-1.ndjson`\n"), "{}", run.stderr);
    let run = wraptap().args(["list", "nowhere.ndjson"]).run();
    assert!(
        run.stderr.starts_with("error: cannot open the recording nowhere.ndjson\n  caused by:"),
        "{}",
        run.stderr
    );
    assert_eq!(run.status, 2);
}

#[test]
fn an_exchange_that_failed_is_listed_with_the_reason() {
    let mut broken = exchange("POST", "/x", 200);
    broken.response = None;
    broken.error = Some(Failure { source: FailureSource::Upstream, message: "connection refused".into() });
    let run = with(&recording([broken])).args(["list"]).run();
    assert!(
        run.stdout.contains(" --- POST ") && run.stdout.contains(" upstream: connection ref"),
        "{}",
        run.stdout
    );
}

#[test]
fn several_recordings_are_listed_one_after_the_other() {
    let run = wraptap()
        .file("a.ndjson", three())
        .file("b.ndjson", three())
        .args(["list", "a.ndjson", "b.ndjson"])
        .run();
    assert_eq!(run.stdout.lines().filter(|line| line.ends_with(".ndjson:")).count(), 2);
    assert_eq!(run.stdout.lines().count(), 9);
}

#[test]
fn a_reader_that_goes_away_ends_the_list_quietly() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.ndjson");
    std::fs::write(&path, three().repeat(20_000)).unwrap();
    let mut child = program(&path, &[]);
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(line.ends_with("expand=x\n"), "{line}");
    assert_eq!((output.status.code(), &*String::from_utf8_lossy(&output.stderr)), (Some(0), ""));
}

#[test]
fn a_followed_list_goes_on_with_what_is_recorded_line_by_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.ndjson");
    let text = three();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    std::fs::write(&path, lines[0]).unwrap();
    let mut child = program(&path, &["--follow"]);
    let mut shown = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert!(shown.next().unwrap().contains("GET"));
    let mut file = std::fs::File::options().append(true).open(&path).unwrap();
    // A line that comes in two halves is one line.
    let (first, second) = lines[1].split_at(300);
    file.write_all(first.as_bytes()).unwrap();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| shown.next().unwrap());
        file.write_all(second.as_bytes()).unwrap();
        assert!(waiting.join().unwrap().contains("PATCH"));
    });
    file.write_all(lines[2].as_bytes()).unwrap();
    assert!(shown.next().unwrap().contains("/oauth/token"));
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Starts a list with its output in pipes.
fn program(path: &std::path::Path, args: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_wraptap"))
        .arg("list")
        .arg(path)
        .args(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}
