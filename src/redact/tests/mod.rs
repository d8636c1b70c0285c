//! No secret survives, wherever it is; and nothing else is touched.

mod fast;
mod notations;
mod places;
mod planted;
mod steps;
mod traffic;

use super::*;
use crate::json::pointer::Pointer;
use crate::model::exchange::*;
use crate::model::passage::*;
use crate::model::testing::ExchangeBuilder;

/// An exchange in which nothing is secret.
fn exchange() -> Exchange {
    ExchangeBuilder::new("POST", "/api/v2/x")
        .body(r#"{"code":"7fb334b0-0e9e-11e4-9191-0800200c9a66","notes":"a token of thanks"}"#)
        .response(
            400,
            [("ININ-Correlation-Id", "7fb334b0-0e9e-11e4-9191-0800200c9a66")],
            r#"{"message":"Validation failed"}"#,
        )
        .build()
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
    let body = masked.exchange().request.body.bytes.clone();
    let body = std::str::from_utf8(&body).unwrap();
    assert!(!body.contains("client-secret") && !body.contains("aWQ6"), "{body}");
    assert_eq!(redactor.mask_text("x client-secret/99").matches("redacted-secret-").count(), 1);
}

#[test]
fn a_name_is_known_however_often_it_is_encoded() {
    for target in [
        "/x?access%5Ftoken=planted-9",
        "/x?%61ccess_token=planted-9",
        "/x?next=%2Fy%3Faccess_token%3Dplanted-9",
        "/x?next=%252Fy%253F%2561ccess%255Ftoken%253Dplanted-9&b=1",
        "/x?a%5Btoken%5D=planted-9",
        "/x?token[]=planted-9&token[1]=planted-9",
    ] {
        let mut exchange = exchange();
        exchange.request.target = target.into();
        let masked = redactor().mask(exchange);
        let masked = masked.exchange().request.target.lossy().into_owned();
        assert!(!masked.contains("planted-9") && masked.contains("redacted-token-"), "{masked}");
    }
}
