//! Not a way in: who may use the proxy, and where it goes.

use std::io::Read;

use crate::wire::recorder::Recorder;
use crate::wire::upstream::Upstream;

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

fn ask(recorder: &Recorder, target: &str, lines: &str) -> String {
    String::from_utf8(recorder.ask(format!("GET {target} HTTP/1.1\r\n{lines}\r\n"))).unwrap()
}

#[test]
fn foreign_names_origins_and_targets_are_refused_with_a_hint_and_recorded() {
    let upstream = Upstream::answering(OK);
    let canary = Upstream::answering(OK);
    let recorder = Recorder::to(&upstream.url());
    let elsewhere = format!("http://127.0.0.1:{}/x", canary.port);
    for (target, lines, status, hint) in [
        ("/", "Host: evil.com\r\n", "421", "--allow-host"),
        ("/", "Host: localhost\r\nOrigin: https://evil.com\r\n", "403", "--allow-origin"),
        ("/", "Host: localhost\r\nOrigin: null\r\n", "403", "--allow-origin"),
        ("/", "Host: localhost\r\nSec-Fetch-Site: cross-site\r\n", "403", "--allow-origin"),
        (elsewhere.as_str(), "Host: localhost\r\n", "421", "not an upstream"),
        ("/", "", "400", "no Host"),
        ("/", "Host: localhost\r\nHost: localhost\r\n", "400", "more than one Host"),
    ] {
        let came = ask(&recorder, target, lines);
        assert!(came.starts_with(&format!("HTTP/1.1 {status} ")) && came.contains(hint), "{lines}: {came}");
    }
    let connect =
        String::from_utf8(recorder.ask("CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n"))
            .unwrap();
    assert!(connect.starts_with("HTTP/1.1 403 ") && connect.contains("base URL or gateway"), "{connect}");
    assert_eq!(recorder.exchanges().len(), 8);
    assert!(upstream.requests().is_empty() && canary.requests().is_empty());
}

#[test]
fn names_and_origins_can_be_allowed() {
    let upstream = Upstream::answering(OK);
    let recorder = Recorder::start(&[
        "--upstream",
        &upstream.url(),
        "--allow-host",
        "wraptap.internal",
        "--allow-origin",
        "https://app.internal",
    ]);
    assert!(
        ask(&recorder, "/", "Host: wraptap.internal:99\r\nOrigin: https://app.internal\r\n").ends_with("ok")
    );
    assert!(
        ask(&recorder, "/", "Host: localhost\r\nOrigin: https://other.internal\r\n")
            .starts_with("HTTP/1.1 403")
    );
}

#[test]
fn a_tls_client_hears_at_once_that_it_is_wrong_here() {
    let upstream = Upstream::answering(OK);
    let mut recorder = Recorder::to(&upstream.url());
    let mut stream = recorder.connect();
    std::io::Write::write_all(&mut stream, b"\x16\x03\x01\x00\xfa\x01\x00\x00\xf6\x03\x03").unwrap();
    let mut alert = Vec::new();
    stream.read_to_end(&mut alert).unwrap();
    assert_eq!(alert, b"\x15\x03\x01\x00\x02\x02\x46");
    let line = recorder.hear("spoke TLS");
    assert!(line.contains("protocol: 'http'"), "{line}");
}

#[test]
fn values_never_become_head_lines_and_recorded_escapes_are_shown_not_obeyed() {
    let upstream = Upstream::answering(b"HTTP/1.1 200 OK\r\nX-Esc: \xc2\x9b31m\r\nContent-Length: 0\r\n\r\n");
    let mut recorder = Recorder::to(&upstream.url());
    recorder
        .ask("GET /a%0d%0aX-Injected:%20y?\u{9b}31m HTTP/1.1\r\nHost: localhost\r\nX-A: \u{9b}2J\r\n\r\n");
    assert!(
        upstream.requests()[0].starts_with("GET /a%0d%0aX-Injected:%20y?\u{9b}31m HTTP/1.1\r\n".as_bytes())
    );
    let line = recorder.hear("#1");
    assert!(!line.contains(char::is_control), "{line:?}");
    assert_eq!(recorder.only()["response"]["headers"][0][1], "\u{9b}31m");
}
