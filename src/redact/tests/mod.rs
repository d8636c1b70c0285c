//! No secret survives, wherever it stands; and nothing else is touched.

mod places;
mod planted;

use super::*;
use crate::model::exchange::*;
use crate::model::passage::*;
use crate::model::timestamp::Timestamp;

/// An exchange in which nothing is secret.
fn exchange() -> Exchange {
    Exchange {
        run: "0".into(),
        id: ExchangeId::new(1).unwrap(),
        started_at: Timestamp(0),
        timings: Timings::default(),
        recorder: "0.1.0".into(),
        sdk: None,
        connection: None,
        upstream: "https://api.mypurecloud.de".into(),
        origin: Origin::Live,
        attempt_of: None,
        request: Request {
            method: "POST".into(),
            target: "/api/v2/x".into(),
            version: "HTTP/1.1".into(),
            headers: Headers::of([("Content-Type", "application/json")]),
            body: Body::whole(
                r#"{"code":"7fb334b0-0e9e-11e4-9191-0800200c9a66","notes":"a token of thanks"}"#,
            ),
            trailers: Headers::default(),
            head: None,
        },
        interim: Vec::new(),
        response: Some(Response {
            version: "HTTP/1.1".into(),
            status: 400,
            reason: "Bad Request".into(),
            headers: Headers::of([("ININ-Correlation-Id", "7fb334b0-0e9e-11e4-9191-0800200c9a66")]),
            body: Body::whole(r#"{"message":"Validation failed"}"#),
            trailers: Headers::default(),
            head: None,
        }),
        error: None,
        tunnel: None,
        changed: Vec::new(),
        redactions: Vec::new(),
    }
}

fn redactor() -> Redactor {
    Redactor::new([9; 32], Rules::default())
}

#[test]
fn what_is_not_secret_is_not_touched() {
    let clean = exchange();
    assert_eq!(redactor().mask(clean.clone()).exchange(), &clean);
}

#[test]
fn masking_twice_changes_nothing() {
    let mut exchange = exchange();
    exchange.request.headers = Headers::of([
        ("Authorization", "Bearer abcdefgh12345678"),
        ("Cookie", "a=b; c=d"),
        ("X-Api-Key", "k"),
    ]);
    exchange.request.body = Body::whole("grant_type=password&password=p&username=u");
    let once = redactor().mask(exchange);
    let twice = Redactor::new([8; 32], Rules::default()).mask(once.exchange().clone());
    assert_eq!(once, twice);
}

#[test]
fn a_secret_is_known_wherever_it_turns_up_later() {
    let redactor = redactor();
    let mut first = exchange();
    first.request.headers = Headers::of([("Authorization", "Basic aWQ6Y2xpZW50LXNlY3JldC85OQ==")]);
    redactor.mask(first);
    let mut second = exchange();
    second.request.body = Body::whole("seen: client-secret%2F99 and aWQ6Y2xpZW50LXNlY3JldC85OQ==");
    let masked = redactor.mask(second);
    let body = masked.exchange().request.body.octets.clone();
    let body = std::str::from_utf8(&body).unwrap();
    assert!(!body.contains("client-secret") && !body.contains("aWQ6"), "{body}");
    assert_eq!(redactor.mask_text("x client-secret/99").matches("redacted-secret-").count(), 1);
}
