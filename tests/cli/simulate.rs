//! `wraptap simulate`, as a user and a client see it.

use std::net::TcpListener;

use wraptap::simulator::{rules, seeds};

use crate::program::wraptap;
use crate::server::Server;

const JSON: &str = "Content-Type: application/json";
const MARK: &str = "x-wraptap-simulator";

fn simulator(args: &[&str]) -> Server {
    Server::start(wraptap().args(["simulate", "--listen", "127.0.0.1:0"]).args(args))
}

fn bearer(token: &str) -> String {
    format!("Authorization: Bearer {token}")
}

#[test]
fn a_login_and_a_wrap_up_go_through_in_the_api_s_framing() {
    let server = simulator(&[]);
    let basic = "Authorization: Basic YTpi";
    let form = "Content-Type: application/x-www-form-urlencoded";
    let login = server.send("POST /oauth/token", &[basic, form], "grant_type=client_credentials");
    assert_eq!(login.status(), 200);
    let token = login.json()["access_token"].as_str().unwrap().to_owned();
    let seed = seeds::CALL_PENDING;
    let line = format!(
        "POST //api/v2/conversations/calls/{}/participants/{}/communications/{}/wrapup",
        seed.conversation, seed.participant, seed.communication
    );
    let body = format!(r#"{{"code":"{}","tags":[]}}"#, seeds::CODE);
    let accepted = server.send(&line, &[&bearer(&token), JSON], &body);
    assert_eq!((accepted.status(), accepted.body.as_str()), (202, ""));
    assert_eq!(accepted.header("content-length"), Some("0"));
    assert_eq!(accepted.header(MARK), Some("wrapup_empty_tags (assumption)"));
    let again = server.send(&line, &[&bearer(&token), JSON], &body);
    assert_eq!(again.status(), 400);
    let error = again.json();
    assert_eq!(error["code"], "conversation.error.participant.no.active.conversations");
    assert_eq!(error["contextId"].as_str(), again.header("ININ-Correlation-Id"));
    assert_eq!(again.header("inin-ratelimit-count"), Some("2"));
    assert_eq!(again.header("retry-after"), None);
}

#[test]
fn the_forum_s_refusal_says_validation_failed_and_nothing_more() {
    let server = simulator(&[]);
    let line = format!("PUT /api/v2/interactions/{}/wrap-up", seeds::INTERACTION_CLOSED);
    let body = format!(r#"{{"codeId":"{}","durationMs":120000}}"#, seeds::CODE);
    let token = bearer(seeds::TOKEN_USER);
    let accepted = server.send(&line, &[&token, JSON], &body);
    assert_eq!((accepted.status(), accepted.body.as_str()), (204, ""));
    let refused = server.send(&line, &[&token, JSON], &body.replace("120000", "\"120000\""));
    let mut error = refused.json();
    error["contextId"] = "".into();
    assert_eq!(
        error.to_string(),
        r#"{"message":"Validation failed","code":"constraint.validation","status":400,"contextId":"","details":[],"errors":[]}"#
    );
    assert_eq!(refused.header(MARK), Some("interaction_member_type (forum claim)"));
}

#[test]
fn a_chunked_request_is_read_like_any_other() {
    let server = simulator(&["--fresh"]);
    let head = format!(
        "PUT /api/v2/interactions/{}/wrap-up HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{}\r\n{JSON}\r\nTransfer-Encoding: chunked\r\n\r\n",
        seeds::INTERACTION_ACTIVE,
        bearer("any")
    );
    let (one, two) = (format!(r#"{{"codeId":"{}","#, seeds::CODE), r#""durationMs":1}"#);
    let body = format!("{:x}\r\n{one}\r\n{:x}\r\n{two}\r\n0\r\n\r\n", one.len(), two.len());
    assert_eq!(server.raw(format!("{head}{body}").as_bytes()).status(), 204);
}

#[test]
fn a_body_above_the_limit_is_answered_and_not_reset() {
    let server = simulator(&[]);
    let answer = server.send("POST /api/v2/tokens/me", &[], &" ".repeat((4 << 20) + 1));
    assert_eq!(answer.status(), 413);
    assert_eq!(answer.header(MARK), Some("body_limit (assumption)"));
}

#[test]
fn a_page_of_another_host_is_refused() {
    let server = simulator(&[]);
    let answer =
        server.raw(b"GET /_simulator/state HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n");
    assert_eq!((answer.status(), answer.header(MARK)), (403, Some("loopback_host (assumption)")));
}

#[test]
fn what_is_not_http_gets_a_400_and_no_hang() {
    let server = simulator(&[]);
    let answer = server.raw(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n");
    assert_eq!(answer.status(), 400);
}

#[test]
fn the_rate_limit_tells_when_to_come_again() {
    let server = simulator(&["--rate-limit", "1", "--test-clock"]);
    let me = || server.send("GET /api/v2/tokens/me", &[&bearer(seeds::TOKEN_APP)], "");
    assert_eq!(me().status(), 200);
    let refused = me();
    assert_eq!((refused.status(), refused.header("retry-after")), (429, Some("60")));
    assert_eq!(refused.json()["code"], "too.many.requests.retry.after");
    assert_eq!(server.send("POST /_simulator/advance", &[], r#"{"ms":60000}"#).status(), 200);
    assert_eq!(me().status(), 200);
}

#[test]
fn settling_takes_two_seconds_of_the_test_clock() {
    let server = simulator(&["--test-clock"]);
    let line = format!("PUT /api/v2/interactions/{}/wrap-up", seeds::INTERACTION_SETTLING);
    let body = format!(r#"{{"codeId":"{}","durationMs":1}}"#, seeds::CODE);
    let put = || server.send(&line, &[&bearer(seeds::TOKEN_USER), JSON], &body).status();
    assert_eq!(put(), 400);
    let now = server.send("POST /_simulator/advance", &[], r#"{"ms":2000}"#).json();
    assert_eq!(now["now"], "2026-11-20T08:30:02.000Z");
    assert_eq!(put(), 204);
}

#[test]
fn real_time_cannot_be_moved() {
    let server = simulator(&[]);
    let answer = server.send("POST /_simulator/advance", &[], r#"{"ms":1}"#);
    assert_eq!(answer.status(), 400);
    assert!(answer.json()["message"].as_str().unwrap().contains("--test-clock"));
}

#[cfg(unix)]
#[test]
fn ctrl_c_and_sigterm_end_it_with_0() {
    for signal in ["INT", "TERM"] {
        let run = simulator(&[]).end(signal);
        assert_eq!((run.status, run.stdout.as_str()), (0, ""));
        assert!(run.stderr.starts_with("listening on http://127.0.0.1:"), "{}", run.stderr);
    }
}

#[test]
fn a_taken_port_is_named_with_the_way_out() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let run = wraptap().args(["simulate", "--listen", &address]).run();
    assert_eq!(run.status, 3);
    assert!(run.stderr.contains(&format!("cannot listen on {address}")), "{}", run.stderr);
    assert!(run.stderr.contains("hint: use any free port: `wraptap simulate --listen 127.0.0.1:0`"));
}

#[test]
fn only_loopback_addresses_are_listened_on() {
    let run = wraptap().args(["simulate", "--listen", "0.0.0.0:0"]).run();
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("0.0.0.0:0 is not"), "{}", run.stderr);
}

#[test]
fn options_that_contradict_each_other_are_refused() {
    for args in
        [["--fresh", "--test-clock"], ["--rules", "--seeds"], ["--rate-limit", "0"], ["--listen", "x"]]
    {
        assert_eq!(wraptap().args(["simulate"]).args(args).run().status, 2, "{args:?}");
    }
}

#[test]
fn the_rules_are_printed_with_what_they_rest_on() {
    let json = wraptap().args(["simulate", "--rules", "--format", "json"]).run();
    let document: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!((json.status, &document["schema_version"]), (0, &1.into()));
    let list = document["rules"].as_array().unwrap();
    assert_eq!(list.len(), rules::all().count());
    let null = list.iter().find(|rule| rule["name"] == "wrapup_null_member").unwrap();
    assert_eq!((&null["basis"], &null["vocabulary"]), (&"assumption".into(), &"sdk".into()));
    let text = wraptap().args(["simulate", "--rules"]).run().stdout;
    assert!(
        text.contains("interaction_state_settled (forum claim; forum)\n  PUT /interactions/{id}/wrap-up")
    );
    assert_eq!(text.matches("\n  source: ").count(), list.len());
}

#[test]
fn the_seeds_are_printed_as_they_are_exported() {
    let text = wraptap().args(["simulate", "--seeds"]).run().stdout;
    for id in [seeds::CODE, seeds::INTERACTION_SETTLING, seeds::TOKEN_USER, seeds::CLIENT_THROTTLED] {
        assert!(text.contains(id), "{id}");
    }
    let json = wraptap().args(["simulate", "--seeds", "--format", "json"]).run().stdout;
    let document: serde_json::Value = serde_json::from_str(&json).unwrap();
    let seeds = document["seeds"].as_array().unwrap();
    assert_eq!(seeds.len(), text.lines().filter(|line| line.starts_with("  ")).count());
}
