//! `show`: exchanges completely, raw, and references to nothing.

use bytes::Bytes;
use wraptap::model::exchange::{Body, ExchangeId, Headers};

use crate::recordings::{exchange, recording, three, with, without_tags};

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
