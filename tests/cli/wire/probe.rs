//! `record --probe`: after a refusal the API itself is asked, and what it says is evidence.

use std::io::Write;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use wraptap::simulator::seeds::{self, SeededConversation};

use crate::program::wraptap;
use crate::server::Server;
use crate::wire::recorder::{Recorder, answer};
use crate::wire::upstream::{Then, Upstream};

const ID: &str = "c0000000-0000-4000-8000-0000000000aa";

fn simulator() -> Server {
    Server::start(wraptap().args(["simulate", "--test-clock", "--listen", "127.0.0.1:0"]))
}

fn recorder(upstream: &str, more: &[&str]) -> Recorder {
    Recorder::start(&[&["--upstream", upstream], more].concat())
}

fn send(recorder: &Recorder, line: &str, token: &str, body: &str) -> String {
    let answered = recorder.ask(format!(
        "{line} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    ));
    String::from_utf8(answered).unwrap()
}

fn wrap_up(seed: &SeededConversation) -> String {
    format!(
        "POST /api/v2/conversations/calls/{}/participants/{}/communications/{}/wrapup",
        seed.conversation, seed.participant, seed.communication
    )
}

fn code() -> String {
    format!(r#"{{"code":"{}"}}"#, seeds::CODE)
}

/// Returns the report of the refusal that is meant by default.
fn report(folder: tempfile::TempDir) -> (Value, tempfile::TempDir) {
    let program = wraptap().within(folder);
    let (run, folder) =
        program.args(["report", "last-refused", "--format", "json", "-r", "r.ndjson"]).run_and_keep();
    assert_eq!(run.status, 0, "{}", run.stderr);
    let mut report: Value = serde_json::from_str(&run.stdout).unwrap();
    (report["exchanges"][0].take(), folder)
}

fn of_origin<'a>(all: &'a [Value], origin: &str) -> Vec<&'a Value> {
    all.iter().filter(|exchange| exchange["origin"] == origin).collect()
}

#[test]
fn a_wrap_up_that_came_too_early_is_explained_by_what_the_api_says() {
    let simulator = simulator();
    let mut recorder = recorder(&format!("http://{}", simulator.address), &["--probe"]);
    let seed = seeds::CALL_CONNECTED;
    let answered = send(&recorder, &wrap_up(&seed), seeds::TOKEN_USER, &code());
    assert!(answered.starts_with("HTTP/1.1 4"), "{answered}");
    let said = recorder.hear("with this, #1: ");
    assert!(said.contains("state (high confidence)"), "{said}");
    recorder.hear("GET 200 tokens/me");
    let ended = recorder.end();
    assert!(ended.said.contains("GET 200 conversations/...  probe "), "{}", ended.said);
    assert!(ended.said.contains("(3 by probe), 1 refused, 0 failed"), "{}", ended.said);

    let text = std::fs::read_to_string(ended.folder.path().join("r.ndjson")).unwrap();
    assert!(!text.contains(seeds::TOKEN_USER), "the token is in the recording");
    let all: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let probes = of_origin(&all, "probe");
    let asked: Vec<_> = probes.iter().map(|probe| probe["request"]["target"].as_str().unwrap()).collect();
    let conversation = format!("/api/v2/conversations/{}", seed.conversation);
    let codes = format!(
        "/api/v2/conversations/calls/{}/participants/{}/wrapupcodes",
        seed.conversation, seed.participant
    );
    assert_eq!(asked, [&conversation, &codes, "/api/v2/tokens/me"]);
    assert!(probes.iter().all(|probe| probe["request"]["method"] == "GET"));
    assert!(probes.iter().all(|probe| probe["response"]["status"] == 200), "{probes:#?}");

    let (report, _folder) = report(ended.folder);
    let verdict = &report["verdict"];
    assert_eq!((&verdict["cause"], &verdict["confidence"]), (&"state".into(), &"high".into()), "{report:#}");
    let evidence = verdict["evidence"].as_array().unwrap();
    assert!(evidence.iter().any(|evidence| evidence["exchange"] == probes[0]["id"]), "{verdict:#}");
}

#[test]
fn the_forum_s_interaction_is_asked_for_its_state() {
    let simulator = simulator();
    let mut recorder = recorder(&format!("http://{}", simulator.address), &["--probe"]);
    let line = format!("PUT /api/v2/interactions/{}/wrap-up", seeds::INTERACTION_ACTIVE);
    let body = format!(r#"{{"codeId":"{}","durationMs":120000}}"#, seeds::CODE);
    send(&recorder, &line, seeds::TOKEN_USER, &body);
    let said = recorder.hear("with this, #1: ");
    assert!(said.contains("state (high confidence)") && said.contains("`active`"), "{said}");
    let all = recorder.exchanges();
    assert_eq!(of_origin(&all, "probe").len(), 1);
    let (report, _folder) = report(recorder.end().folder);
    assert_eq!(report["verdict"]["cause"], "state", "{report:#}");
}

#[test]
fn without_the_option_nothing_is_asked() {
    let upstream = refusing();
    let recorder = recorder(&upstream.url(), &[]);
    send(&recorder, &format!("PATCH /api/v2/conversations/calls/{ID}"), "secret", "{}");
    recorder.end();
    assert_eq!(upstream.requests().len(), 1);
}

/// Refuses everything.
fn refusing() -> Upstream {
    Upstream::answering(b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}")
}

#[test]
fn only_the_upstream_is_asked_by_get_and_a_refused_probe_is_not_the_refusal_that_is_meant() {
    let (upstream, other) = (refusing(), refusing());
    let mut recorder = recorder(&upstream.url(), &["--probe", "--login-upstream", &other.url()]);
    // a login is no operation on a conversation, and goes elsewhere
    send(&recorder, "POST /oauth/token", "secret", "{}");
    let line = format!("PATCH http://127.0.0.1:{}/api/v2/conversations/calls/{ID}", recorder.port);
    send(&recorder, &line, "secret", "{}");
    recorder.hear("GET 404 tokens/me");
    let ended = recorder.end();
    let asked: Vec<String> =
        upstream.requests().iter().map(|request| String::from_utf8(request.clone()).unwrap()).collect();
    assert_eq!(asked.len(), 3, "{asked:#?}");
    for (request, path) in
        asked[1..].iter().zip([&format!("/api/v2/conversations/{ID}"), "/api/v2/tokens/me"])
    {
        assert!(request.starts_with(&format!("GET {path} HTTP/1.1\r\n")), "{request}");
        assert!(request.contains("authorization: Bearer secret\r\n"), "the caller's own token: {request}");
        assert!(request.ends_with("\r\n\r\n"), "no body: {request}");
    }
    assert_eq!(other.requests().len(), 1);
    let (report, folder) = report(ended.folder);
    assert_eq!(report["id"], 2, "{report:#}");
    let text = std::fs::read_to_string(folder.path().join("r.ndjson")).unwrap();
    assert!(!text.contains("secret"), "the token is in the recording");
}

#[test]
fn an_api_that_asks_to_wait_is_left_alone() {
    let upstream = Upstream::scripted(|stream, request| {
        let status = if request.starts_with(b"POST") { "429 Too Many" } else { "400 Bad" };
        let answer = format!("HTTP/1.1 {status}\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n");
        stream.write_all(answer.as_bytes()).unwrap();
        Then::Keep
    });
    let recorder = recorder(&upstream.url(), &["--probe"]);
    send(&recorder, &format!("POST /api/v2/conversations/calls/{ID}/x"), "secret", "{}");
    send(&recorder, &format!("PATCH /api/v2/conversations/calls/{ID}"), "secret", "{}");
    let ended = recorder.end();
    assert_eq!(upstream.requests().len(), 2, "{}", ended.said);
}

#[test]
fn a_probe_that_fails_is_recorded_and_the_client_has_its_answer_before() {
    let answered = Arc::new(Mutex::new(()));
    let held = Arc::clone(&answered);
    let upstream = Upstream::scripted(move |stream, request| {
        if request.starts_with(b"GET") {
            // not before the client has read its answer
            drop(held.lock().unwrap());
            return Then::Close;
        }
        stream.write_all(b"HTTP/1.1 400 Bad\r\nContent-Length: 2\r\n\r\n{}").unwrap();
        Then::Keep
    });
    let mut recorder = recorder(&upstream.url(), &["--probe"]);
    let guard = answered.lock().unwrap();
    let line = format!("PUT /api/v2/interactions/{ID}");
    let mut stream = recorder.connect();
    let request = format!(
        "{line} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer secret\r\nContent-Length: 2\r\n\r\n{{}}"
    );
    stream.write_all(request.as_bytes()).unwrap();
    assert!(answer(&mut stream).starts_with(b"HTTP/1.1 400"));
    drop(guard);
    recorder.hear("    upstream: ");
    let all = recorder.exchanges();
    let probes = of_origin(&all, "probe");
    assert_eq!(probes.len(), 1, "{all:#?}");
    assert_eq!(probes[0]["error"]["source"], "upstream");
    assert!(probes[0]["response"].is_null(), "{probes:#?}");
}

#[test]
fn the_end_of_the_run_waits_for_no_probe_that_hangs() {
    let upstream = Upstream::scripted(|stream, request| {
        if !request.starts_with(b"GET") {
            stream.write_all(b"HTTP/1.1 400 Bad\r\nContent-Length: 2\r\n\r\n{}").unwrap();
        }
        Then::Keep
    });
    let recorder = recorder(&upstream.url(), &["--probe"]);
    send(&recorder, &format!("PUT /api/v2/interactions/{ID}"), "secret", "{}");
    let began = std::time::Instant::now();
    let ended = recorder.end();
    assert_eq!(ended.status, 0, "{}", ended.said);
    assert!(began.elapsed() < std::time::Duration::from_secs(8), "it waited for the probe's own limit");
    assert!(ended.said.contains("recorded 1 exchange, 1 refused"), "{}", ended.said);
}
