//! `wraptap mock`: a client is answered from a recording, and told what is not in it.

use serde_json::Value;
use wraptap::journal::{Journal, JournalOptions};
use wraptap::model::exchange::{Exchange, Header, Headers};

use crate::program::wraptap;
use crate::server::{Answer, Server};
use crate::traffic::{CODE, INTERACTION, Recording, answered, exchange, wrap_up};

const JSON: &str = "Content-Type: application/json";
const OTHER: &str = "cd000000-0000-4000-8000-000000000008";

fn mock(recording: &Recording, args: &[&str]) -> Server {
    Server::start(wraptap().args(["mock", "--listen", "0"]).args([&recording.path]).args(args))
}

fn good() -> String {
    format!(r#"{{"codeId":"{CODE}","durationMs":120000}}"#)
}

fn put(server: &Server, id: &str, body: &str) -> Answer {
    server.send(&format!("PUT /api/v2/interactions/{id}/wrap-up"), &["Authorization: Bearer any", JSON], body)
}

/// The JSON of an answer that tells its length.
fn document(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap()
}

#[test]
fn a_recorded_request_gets_its_recorded_answer_whatever_its_notation_and_credentials() {
    let recording = Recording::of([wrap_up(&good(), 204), wrap_up(r#"{"codeId":null}"#, 400)]);
    let server = mock(&recording, &[]);
    let accepted = put(&server, INTERACTION, &format!(r#"{{ "durationMs": 1.2e5, "codeId": "{CODE}" }}"#));
    assert_eq!((accepted.status(), accepted.body.as_str()), (204, ""));
    assert_eq!(accepted.header("x-wraptap-mock"), Some("#1"));
    assert_eq!(accepted.header("inin-correlation-id"), Some("c"));
    let refused = put(&server, INTERACTION, r#"{"codeId":null}"#);
    assert!(refused.head.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{}", refused.head);
    assert_eq!(refused.json()["code"], "constraint.validation");
}

#[test]
fn repeats_come_in_recorded_order_and_the_last_sticks_for_each_id_anew() {
    let path = format!("/api/v2/interactions/{INTERACTION}");
    let state = |state: &str| {
        answered("GET", &path, "", 200, &format!(r#"{{"id":"{INTERACTION}","state":"{state}"}}"#))
    };
    let server = mock(&Recording::of([state("active"), state("WRAPUP"), state("closed")]), &[]);
    let read = |id: &str| server.send(&format!("GET //api/v2/interactions/{id}"), &[], "").json();
    let states: Vec<Value> = (0..4).map(|_| read(INTERACTION)["state"].clone()).collect();
    assert_eq!(states, ["active", "WRAPUP", "closed", "closed"]);
    let other = read(OTHER);
    assert_eq!((other["id"].as_str(), other["state"].as_str()), (Some(OTHER), Some("active")));
}

#[test]
fn a_login_is_let_in_with_a_fresh_token_even_if_none_was_recorded() {
    let login = answered(
        "POST",
        "/oauth/token",
        "grant_type=client_credentials",
        200,
        r#"{"access_token":"very-secret-token-0123456789","token_type":"bearer","expires_in":86399}"#,
    );
    let recorded = Recording::of([login, wrap_up(&good(), 204)]);
    for recording in [recorded, Recording::of([wrap_up(&good(), 204)])] {
        let server = mock(&recording, &[]);
        let token = || {
            let form = "Content-Type: application/x-www-form-urlencoded";
            let answer =
                server.send("POST /login/oauth/token", &["Authorization: Basic eDp5", form], "grant_type=x");
            assert_eq!(answer.status(), 200);
            let body =
                if answer.header("transfer-encoding").is_some() { answer.json() } else { document(&answer) };
            assert_eq!(body["token_type"], "bearer");
            body["access_token"].as_str().unwrap().to_owned()
        };
        let (one, two) = (token(), token());
        assert!(one.starts_with("wraptap-mock-") && one != two, "{one} {two}");
    }
}

#[test]
fn a_miss_names_the_nearest_recorded_requests_and_what_differs() {
    let recording = Recording::of([
        wrap_up(&good(), 204),
        exchange("GET", "/api/v2/routing/wrapupcodes?pageSize=25", "", 200),
        exchange("DELETE", "/elsewhere", "", 204),
        exchange("POST", "/api/v2/interactions", "{}", 201),
    ]);
    let server = mock(&recording, &[]);
    let miss =
        put(&server, INTERACTION, &format!(r#"{{"codeId":"{CODE}","durationMs":"120000","notes":null}}"#));
    assert_eq!((miss.status(), miss.header("x-wraptap-error")), (404, Some("not_recorded")));
    let error = document(&miss);
    assert_eq!((&error["code"], &error["status"]), (&"wraptap.mock.not_recorded".into(), &404.into()));
    assert_eq!(error["errors"].as_array().unwrap().len(), 3);
    let nearest = error["errors"][0]["message"].as_str().unwrap();
    assert!(
        nearest.starts_with(&format!("#1 PUT /api/v2/interactions/{INTERACTION}/wrap-up -> 204: body: ")),
        "{nearest}"
    );
    assert!(nearest.contains("`/durationMs`") && nearest.contains("`/notes`"), "{nearest}");
    let query = server.send("GET /api/v2/routing/wrapupcodes?pageSize=100", &[], "");
    let message = document(&query)["message"].as_str().unwrap().to_owned();
    assert!(message.contains("query pageSize=100, recorded query pageSize=25"), "{message}");
    let method = server.send(&format!("POST /api/v2/interactions/{INTERACTION}/wrapup"), &[JSON], &good());
    let nearest = document(&method)["errors"][0]["message"].as_str().unwrap().to_owned();
    assert!(nearest.contains("method POST, recorded PUT; path "), "{nearest}");
    let run = server.end("INT");
    assert_eq!(run.status, 0);
    assert!(
        run.stderr.contains("404 GET /api/v2/routing/wrapupcodes  wraptap mock: nothing recorded answers"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_broken_body_is_a_miss_that_says_where_it_breaks() {
    let server = mock(&Recording::of([wrap_up(&good(), 204)]), &[]);
    let error = document(&put(&server, INTERACTION, "{\"codeId\":"));
    let nearest = error["errors"][0]["message"].as_str().unwrap();
    assert!(nearest.contains("JSON"), "{nearest}");
    let path = document(&server.send("GET /nowhere/at/all", &[], ""));
    assert!(path["message"].as_str().unwrap().contains("nothing recorded answers GET /nowhere/at/all"));
}

#[test]
fn another_recording_s_ids_are_taken_and_answered_with() {
    let location = |id: &str| format!("/api/v2/interactions/{id}");
    let mut created = wrap_up(&format!(r#"{{"interaction":"{INTERACTION}","codeId":"{CODE}"}}"#), 202);
    created.response.as_mut().unwrap().headers =
        Headers::of([("Location", &location(INTERACTION)), ("X-Other", "1")]);
    let server = mock(&Recording::of([created]), &[]);
    let answer = put(&server, OTHER, &format!(r#"{{"interaction":"{OTHER}","codeId":"{CODE}"}}"#));
    assert_eq!((answer.status(), answer.header("location")), (202, Some(location(OTHER).as_str())));
    assert_eq!(answer.header("x-wraptap-mock"), Some("#1 with other ids"));
    let another = put(&server, OTHER, &format!(r#"{{"interaction":"{OTHER}","codeId":"{OTHER}x"}}"#));
    assert_eq!(another.status(), 404);
}

#[test]
fn strict_refuses_a_null_by_its_pointer_and_takes_what_has_no_error() {
    let server = mock(&Recording::of([wrap_up(&good(), 204)]), &["--strict"]);
    let refused =
        put(&server, INTERACTION, &format!(r#"{{"codeId":"{CODE}","durationMs":120000,"notes":null}}"#));
    assert_eq!((refused.status(), refused.header("x-wraptap-error")), (400, Some("strict")));
    let error = document(&refused);
    assert_eq!(error["errors"][0]["code"], "wraptap.mock.null_field");
    assert_eq!(error["errors"][0]["details"][0]["fieldName"], "/notes");
    assert!(error["message"].as_str().unwrap().contains("exchange #1"), "{error}");
    let broken = document(&put(&server, INTERACTION, "{"));
    assert_eq!(broken["errors"][0]["code"], "wraptap.mock.invalid_json");
    let other_value = put(&server, OTHER, &format!(r#"{{"codeId":"{CODE}","durationMs":90000}}"#));
    assert_eq!(
        (other_value.status(), other_value.header("x-wraptap-mock")),
        (204, Some("#1 with another body"))
    );
}

#[test]
fn a_page_of_another_host_is_refused() {
    let server = mock(&Recording::of([wrap_up(&good(), 204)]), &[]);
    let answer = server.raw(b"GET /x HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n");
    assert_eq!((answer.status(), answer.header("x-wraptap-error")), (421, Some("foreign_host")));
}

#[test]
fn foreign_lines_are_passed_over_and_a_recording_without_answers_is_refused() {
    let mut text = Recording::of([wrap_up(&good(), 204)]).text();
    text.insert_str(0, "\u{1b}[2J not json\n{\"v\":99}\n");
    text.push_str("{\"v\":1,\"run\":");
    let server = mock(&Recording::foreign(&text), &[]);
    assert_eq!(put(&server, INTERACTION, &good()).status(), 204);
    let said = server.end("TERM").stderr;
    assert!(said.contains("1 exchange of") && said.contains("3 lines that are not exchanges"), "{said}");
    let run = wraptap().args(["mock", "--listen", "0"]).args([&Recording::foreign("x\n").path]).run();
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("has no exchange that can be served"), "{}", run.stderr);
    let run = wraptap().args(["mock", "nowhere.ndjson"]).run();
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("cannot open the recording nowhere.ndjson"), "{}", run.stderr);
    let run = wraptap().args(["mock", "x", "--listen", "0.0.0.0:0"]).args(["-q"]).run();
    assert_eq!(run.status, 2);
}

#[test]
fn a_hostile_recording_is_served_as_data() {
    let mut hostile = wrap_up(&good(), 200);
    let response = hostile.response.as_mut().unwrap();
    response.reason = "OK\r\nX-Evil: 1".into();
    for (name, value) in [
        ("X-Evil", "1\r\nX-Worse: 2".to_owned()),
        ("X Evil", "1".to_owned()),
        ("Location", "http://evil.example/\u{1b}[2J".to_owned()),
        ("X-Big", "x".repeat(10 << 20)),
        ("Content-Length", "999".to_owned()),
    ] {
        response.headers.0.push(Header { name: name.into(), value: value.into() });
    }
    let mut absolute = exchange("GET", "http://evil.example/secret", "", 200);
    absolute.upstream = "http://evil.example".into();
    let server = mock(&Recording::of([hostile, absolute]), &[]);
    let answer = put(&server, INTERACTION, &good());
    assert_eq!((answer.status(), answer.header("x-evil"), answer.header("x-worse")), (200, None, None));
    assert_eq!(server.send("GET /secret", &[], "").status(), 200);
    assert_eq!(server.send("GET /other", &[], "").status(), 404);
}

#[test]
fn latency_is_the_recorded_one_on_request() {
    let mut slow = wrap_up(&good(), 204);
    (slow.timings.request_read, slow.timings.response_head) = (Some(50_000), Some(350_000));
    let recording = Recording::of([slow]);
    let took = |args: &[&str]| {
        let server = mock(&recording, args);
        let before = std::time::Instant::now();
        assert_eq!(put(&server, INTERACTION, &good()).status(), 204);
        before.elapsed()
    };
    assert!(took(&["--latency"]) >= std::time::Duration::from_millis(300));
}

#[test]
fn a_long_recording_is_served_from_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.ndjson");
    let journal = Journal::open(&path, JournalOptions::default()).unwrap();
    for number in 0..2000 {
        let body = format!(r#"{{"codeId":"{CODE}","durationMs":{number}}}"#);
        let one = wrap_up(&body, if number % 2 == 0 { 204 } else { 400 });
        journal.record(Exchange { id: journal.next_id(), ..one }).unwrap();
    }
    drop(journal);
    let server = Server::start(wraptap().args(["mock", "--listen", "0"]).args([&path]));
    for number in [0, 1, 999, 1998] {
        let body = format!(r#"{{"codeId":"{CODE}","durationMs":{number}}}"#);
        let answer = put(&server, INTERACTION, &body);
        assert_eq!(answer.header("x-wraptap-mock"), Some(format!("#{}", number + 1).as_str()));
    }
    assert_eq!(put(&server, INTERACTION, "{}").status(), 404);
}
