//! What each client repeats by itself is linked; what a program repeats later, or another client sends, is
//! not.

use super::*;
use crate::model::exchange::*;
use crate::model::passage::*;
use crate::model::testing::ExchangeBuilder;
use crate::model::timestamp::Timestamp;

const SECOND: i64 = 1_000_000;

/// A request that begins at a second and ends half a second later.
fn sent(id: u64, second: i64, status: u16, answer: Headers) -> Exchange {
    Exchange {
        started_at: Timestamp(second * SECOND),
        timings: Timings { total: 500_000, ..Timings::default() },
        connection: Some(Connection { id, client: format!("127.0.0.1:{id}"), request: 1, tls: None }),
        response: Some(Response::of(status, "", answer, Body::default())),
        ..ExchangeBuilder::new("POST", "/api/v2/x/wrapup")
            .id(id)
            .headers([("User-Agent", "a"), ("Authorization", "Bearer one")])
            .body("{}")
            .build()
    }
}

fn links(exchanges: &[Exchange]) -> Vec<u64> {
    let mut attempts = RetryLinker::default();
    exchanges.iter().map(|exchange| attempts.link(exchange).map_or(0, ExchangeId::get)).collect()
}

fn later(seconds: &str) -> Headers {
    Headers::of([("Retry-After", seconds)])
}

#[test]
fn repetitions_after_retry_after_are_attempts_of_the_first() {
    let all = [
        sent(1, 0, 429, later("2")),
        sent(2, 3, 429, later("2")),
        sent(3, 6, 202, Headers::default()),
        sent(4, 7, 202, Headers::default()),
    ];
    assert_eq!(links(&all), [0, 1, 1, 0]);
}

#[test]
fn what_comes_too_late_or_without_retry_after_is_a_call_of_its_own() {
    assert_eq!(links(&[sent(1, 0, 429, later("2")), sent(2, 9, 202, Headers::default())]), [0, 0]);
    assert_eq!(links(&[sent(1, 0, 429, Headers::default()), sent(2, 1, 202, Headers::default())]), [0, 0]);
    assert_eq!(links(&[sent(1, 0, 400, later("1")), sent(2, 1, 202, Headers::default())]), [0, 0]);
    let mut java = sent(1, 0, 502, Headers::default());
    java.sdk = Some(Sdk { name: "java".into(), version: None, marks: Vec::new() });
    assert_eq!(links(&[java, sent(2, 4, 202, Headers::default())]), [0, 1]);
}

#[test]
fn another_request_or_client_is_no_attempt() {
    type Other = fn(&mut Exchange);
    let others: [Other; 6] = [
        |e| e.request.method = "PUT".into(),
        |e| e.request.target = "/other".into(),
        |e| e.request.body = Body::whole("[]"),
        |e| e.request.headers = Headers::of([("User-Agent", "b")]),
        |e| e.connection = Some(Connection { id: 1, client: "10.0.0.9:1".into(), request: 1, tls: None }),
        |e| e.origin = Origin::Replay,
    ];
    for other in others {
        let mut second = sent(2, 1, 202, Headers::default());
        other(&mut second);
        assert_eq!(links(&[sent(1, 0, 503, later("1")), second]), [0, 0]);
    }
}

#[test]
fn what_is_sent_again_after_a_reset_is_an_attempt() {
    let mut reset = sent(1, 0, 200, Headers::default());
    reset.response = None;
    reset.error = Some(Failure { source: FailureSource::Upstream, message: "reset".into() });
    assert_eq!(links(&[reset.clone(), sent(2, 1, 202, Headers::default())]), [0, 1]);
    assert_eq!(links(&[reset.clone(), sent(2, 9, 202, Headers::default())]), [0, 0]);
    // wraptap's own 502 is an answer, after which no client repeats by itself.
    let mut answered = sent(1, 0, 502, Headers::of([("x-wraptap-error", "connect")]));
    answered.error = reset.error;
    assert_eq!(links(&[answered, sent(2, 1, 202, Headers::default())]), [0, 0]);
}

#[test]
fn after_a_401_only_another_token_and_a_login_make_an_attempt() {
    let refused = sent(1, 0, 401, Headers::default());
    let mut login = sent(2, 1, 200, Headers::default());
    login.request.target = "/oauth/token".into();
    let mut again = sent(3, 2, 202, Headers::default());
    let same_token = again.clone();
    again.request.headers = Headers::of([("User-Agent", "a"), ("Authorization", "Bearer two")]);
    assert_eq!(links(&[refused.clone(), login.clone(), again.clone()]), [0, 0, 1]);
    assert_eq!(links(&[refused.clone(), again]), [0, 0]);
    assert_eq!(links(&[refused, login, same_token]), [0, 0, 0]);
}

#[test]
fn two_parallel_calls_keep_their_own_attempts() {
    let all = [
        sent(1, 0, 429, later("1")),
        sent(2, 0, 429, later("1")),
        sent(3, 2, 202, Headers::default()),
        sent(4, 2, 202, Headers::default()),
    ];
    assert_eq!(links(&all), [0, 0, 1, 2]);
}

#[test]
fn what_can_no_longer_be_repeated_is_forgotten() {
    let mut attempts = RetryLinker::default();
    attempts.link(&sent(1, 0, 429, later("1")));
    attempts.link(&sent(2, 500, 202, Headers::default()));
    assert_eq!(attempts.waiting.len(), 1, "an exchange that takes long may come late");
    attempts.link(&sent(3, 700, 202, Headers::default()));
    assert!(attempts.waiting.is_empty());
}

#[test]
fn memory_is_bounded() {
    let mut attempts = RetryLinker::default();
    for id in 1..2000 {
        attempts.link(&sent(id, 0, 429, later("100")));
    }
    assert_eq!(attempts.waiting.len(), MOST);
}
