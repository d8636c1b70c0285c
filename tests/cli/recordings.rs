//! What a recording's reader sees: `list`, `show`, and what they say about recordings that are not as they should be.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use bytes::Bytes;
use wraptap::journal::{Journal, JournalOptions};
use wraptap::model::exchange::{
    Body, Connection, Exchange, ExchangeId, Headers, Origin, Request, Response, Sdk, Timings,
};
use wraptap::model::passage::{Failure, FailureSource};
use wraptap::model::timestamp::Timestamp;

use crate::program::{Program, wraptap};

/// A plain exchange that a test changes where it matters.
pub(crate) fn exchange(method: &str, target: &str, status: u16) -> Exchange {
    Exchange {
        started_at: Timestamp::parse("2026-11-20T08:30:15.123456Z").unwrap(),
        timings: Timings { total: 134_500, ..Timings::default() },
        recorder: "0.1.0".into(),
        sdk: Some(Sdk { name: "python".into(), version: None, marks: Vec::new() }),
        connection: Some(Connection { id: 1, client: "127.0.0.1:5".into(), request: 1, tls: None }),
        upstream: "https://api.mypurecloud.de".into(),
        response: Some(Response::of(
            status,
            "Whatever",
            Headers::of([("Content-Type", "application/json")]),
            Body::whole(r#"{"message":"Validation failed"}"#),
        )),
        ..Exchange::of(
            ExchangeId::new(1).unwrap(),
            Origin::Live,
            Request::of(
                method,
                target,
                Headers::of([("Host", "localhost"), ("X-Odd", "1"), ("x-odd", "2")]),
                Body::whole(r#"{"code":"c","n":1.0}"#),
            ),
        )
    }
}

/// The text of a recording with these exchanges, numbered from 1.
pub(crate) fn recording(exchanges: impl IntoIterator<Item = Exchange>) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.ndjson");
    let journal = Journal::open(&path, JournalOptions::default()).unwrap();
    for exchange in exchanges {
        journal.record(Exchange { id: journal.next_id(), ..exchange }).unwrap();
    }
    std::fs::read_to_string(path).unwrap()
}

/// Tags differ from run to run.
fn without_tags(text: &str) -> String {
    let mut pieces = text.split("redacted-");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (kind, rest) = piece.split_once('-').unwrap();
        out.push_str(&format!("redacted-{kind}-TAG{}", &rest[12..]));
    }
    out
}

fn three() -> String {
    recording([
        exchange("GET", "/api/v2/users/me?expand=x", 200),
        exchange("PATCH", "/api/v2/conversations/calls/1/wrapup", 400),
        exchange("POST", "/oauth/token", 200),
    ])
}

fn with(recording: &str) -> Program {
    wraptap().file("recordings/r.ndjson", recording)
}

#[test]
fn a_list_has_a_line_for_each_exchange() {
    let run = with(&three()).args(["list"]).run();
    insta::assert_snapshot!(run.stdout, @r#"
         1  11-20 08:30:15  GET    200   134 ms  python      /api/v2/users/me?expand=x
         2  11-20 08:30:15  PATCH  400   134 ms  python      /api/v2/conversations/calls/1/wrapup
         3  11-20 08:30:15  POST   200   134 ms  python      /oauth/token
    "#);
    assert_eq!((run.status, &*run.stderr), (0, ""));
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
fn an_exchange_is_shown_in_full() {
    let mut odd = exchange("PATCH", "/api/v2/x?access_token=very-secret-1", 400);
    odd.request.headers =
        Headers::of([("Authorization", "Bearer very-secret-1"), ("X-\u{1b}[2J", "a\u{7}b")]);
    odd.attempt_of = ExchangeId::new(1);
    let run = with(&recording([exchange("GET", "/", 200), odd])).args(["show", "2"]).run();
    insta::assert_snapshot!(without_tags(&run.stdout), @r#"
    #2 PATCH /api/v2/x -> 400
      2026-11-20T08:30:15.123456Z, took 134 ms
      python, 127.0.0.1:5 (request 1 of connection 1), to https://api.mypurecloud.de
      the client's hidden retry of #1: one call, several attempts

    > PATCH /api/v2/x?access_token=redacted-token-TAG HTTP/1.1
    Authorization: Bearer redacted-bearer-TAG
    X-\x1b[2J: a\x07b

    {
      "code": "c",
      "n": 1.0
    }

    < HTTP/1.1 400 Whatever
    Content-Type: application/json

    {
      "message": "Validation failed"
    }

    masked
      request.headers.Authorization (bearer)
      request.target/access_token (token)
    "#);
}

#[test]
fn raw_is_the_bytes_of_the_wire() {
    let run = with(&three()).args(["show", "2", "--raw", "--only", "request"]).run();
    assert_eq!(
        run.stdout,
        "PATCH /api/v2/conversations/calls/1/wrapup HTTP/1.1\r\nHost: localhost\r\nX-Odd: 1\r\nx-odd: 2\r\n\r\n\
         {\"code\":\"c\",\"n\":1.0}"
    );
}

#[test]
fn a_body_that_unpacks_to_a_bomb_is_shown_cut() {
    let mut coder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut coder, &vec![b'x'; 5 << 20]).unwrap();
    let mut packed = exchange("GET", "/", 200);
    let response = packed.response.as_mut().unwrap();
    response.headers = Headers::of([("Content-Encoding", "gzip")]);
    response.body = Body::whole(coder.finish().unwrap());
    let run = with(&recording([packed])).args(["show", "1"]).run();
    assert!(run.stdout.len() < (1 << 20) + 2000, "{}", run.stdout.len());
    assert!(run.stdout.ends_with("(shown cut: only the first 1024 KiB)\n"), "{}", &run.stdout[1 << 20..]);
}

#[test]
fn bodies_that_are_no_json_are_shown_as_what_they_are() {
    let bodies: [&[u8]; 4] =
        [b"", b"plain\x1b[31m text\nsecond", b"caf\xe9 au lait, s'il vous pla\xeet", b"\x00\x01\x02\xff"];
    for (body, shown) in
        bodies.iter().zip(["", "plain\\x1b[31m text\nsecond\n", "caf\\xe9 au lait", "00 01 02 ff"])
    {
        let mut odd = exchange("POST", "/", 200);
        odd.request.body = Body::whole(Bytes::from_static(body));
        let run = with(&recording([odd])).args(["show"]).run();
        assert!(run.stdout.contains(shown), "{}", run.stdout);
        assert!(!run.stdout.contains('\u{1b}'), "{}", run.stdout);
    }
}

#[test]
fn a_reference_to_nothing_says_what_there_is() {
    let run = with(&three()).args(["show", "7"]).run();
    insta::assert_snapshot!(run.stderr, @r#"
    error: there is no exchange #7 in recordings/r.ndjson: it has 1-3
      hint: list what there is with `wraptap list recordings/r.ndjson`
    "#);
    assert_eq!((run.status, &*run.stdout), (2, ""));
    let calm = recording([exchange("GET", "/", 200)]);
    let run = with(&calm).args(["show", "last-refused"]).run();
    assert!(run.stderr.contains("no exchange that was refused"), "{}", run.stderr);
    let run = with(&calm).args(["show", "x"]).run();
    assert!(run.stderr.contains("`x` names no exchange"), "{}", run.stderr);
    assert_eq!(run.status, 2);
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
        run.stdout.contains("---") && run.stdout.ends_with("/x  upstream: connection refused\n"),
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
fn a_foreign_recording_is_cleaned_into_a_copy() {
    // As an older recorder might have left it: the echo stands before the line that gives the secret away.
    let clean = recording([exchange("GET", "/echo/planted-4711-xyz", 200), exchange("GET", "/", 200)]);
    let dirty = clean.replace(r#"["X-Odd","1"]"#, r#"["Authorization","Bearer planted-4711-xyz"]"#);
    let dirty = dirty.lines().rev().collect::<Vec<_>>().join("\n") + "\n{\"v\":1,\"request";
    let run = wraptap().file("old.ndjson", &dirty).args(["redact", "old.ndjson"]).run();
    assert!(!run.stdout.contains("4711"), "{}", run.stdout);
    assert_eq!(run.stdout.lines().count(), 2);
    insta::assert_snapshot!(run.stderr, @r#"
    warning: old.ndjson:3: torn: the line stops in the middle of an exchange (left out)
    2 exchanges, 3 places masked in 2 of them, 1 line left out
    "#);
}

#[test]
fn a_copy_never_replaces_a_file() {
    let args = ["redact", "old.ndjson", "-o", "old.ndjson"];
    let run = wraptap().file("old.ndjson", three()).args(args).run();
    assert!(run.stderr.starts_with("error: cannot create old.ndjson\n"), "{}", run.stderr);
    assert_eq!(run.status, 2);
}

#[test]
fn a_recording_with_secrets_is_not_shown_with_them() {
    let dirty = three().replace(r#"["X-Odd","1"]"#, r#"["Authorization","Bearer planted-4711-xyz"]"#);
    let dirty = dirty.replace("expand=x", "access_token=planted-4711-xyz");
    for args in [
        &["show", "1-3"][..],
        &["show", "1-3", "--raw"],
        &["show", "1-3", "--format", "json"],
        &["list"],
        &["list", "--format", "json"],
    ] {
        let run = with(&dirty).args(args).run();
        assert!(run.stdout.contains("redacted-") && !run.stdout.contains("4711"), "{args:?}: {}", run.stdout);
    }
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
