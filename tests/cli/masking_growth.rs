//! Masking a body of twice the size takes about twice the time, whatever is in it.

use std::time::{Duration, Instant};

use wraptap::json::pointer::Pointer;
use wraptap::model::exchange::{Body, Exchange, ExchangeId, Header, Headers, Origin, Request};
use wraptap::redact::{Redactor, Rules};

fn exchange() -> Exchange {
    let request = Request::of("POST", "/api/v2/x", Headers::of([("Host", "localhost")]), Body::default());
    Exchange::of(ExchangeId::new(1).unwrap(), Origin::Live, request)
}

fn redactor() -> Redactor {
    Redactor::new([9; 32], Rules::default())
}

/// Bodies that once took time or memory by the square of their size.
fn hostile(kib: usize) -> Vec<(&'static str, Vec<u8>)> {
    let size = kib << 10;
    let fill = |unit: &str| unit.repeat(size / unit.len());
    let numbered = |unit: fn(usize) -> String| {
        let mut text = String::new();
        (0..)
            .take_while(|number| {
                text += &unit(*number);
                text.len() < size
            })
            .count();
        text
    };
    let texts = vec![
        ("encoded name", fill("%5f") + "token=abcdefgh1"),
        ("encoded names", fill("token%5f")),
        ("names without end", fill("token")),
        ("names and colons", fill("token:")),
        ("names in parts of a form", fill("name=\"token\"")),
        ("elements without end", fill("password>")),
        ("web tokens without end", fill("eyJ")),
        ("web tokens and dots", fill("eyJeyJeyJeyJeyJeyJeyJeyJ.a")),
        ("basic credentials", fill("asic%20")),
        ("bearers", fill("bearer ")),
        ("codes of logins", fill("?code=") + "state="),
        ("nested encoding", format!("%{}5ftoken=abcdefgh1", fill("25"))),
        ("open arrays", fill("[") + r#""tok\u0065n","token":"abcdefgh1""#),
        ("open objects", fill(r#"{"a":"#) + r#""\u0074oken":"abcdefgh1""#),
        ("escaped names", fill(r"\u0074oken")),
        ("lists", fill(r#""secret":["a","#)),
        ("private keys", fill("-----BEGIN PRIVATE KEY-----\n-----EN")),
        ("many secrets", numbered(|number| format!("a{number}_token=s{number}ecret&"))),
        ("secrets alike", numbered(|number| format!("token={}&", "ab".repeat(8 + number % 500)))),
        ("a secret that repeats itself", fill("%74oken=")),
        ("one long secret", format!("token={}&{}", "x".repeat(4000) + "1", fill("x"))),
    ];
    texts.into_iter().map(|(name, text)| (name, text.into_bytes())).collect()
}

fn time(body: &[u8], place: fn(&mut Exchange, &[u8])) -> Duration {
    let mut exchange = exchange();
    place(&mut exchange, body);
    let redactor = redactor();
    let began = Instant::now();
    redactor.mask(exchange);
    began.elapsed()
}

/// Bodies of an eighth and of the whole: linear work takes eight times as long, quadratic work sixty-four times.
fn check(kib: usize, place: fn(&mut Exchange, &[u8])) {
    for ((name, small), (_, large)) in hostile(kib / 8).into_iter().zip(hostile(kib)) {
        let allowed = |small: Duration| small * 24 + Duration::from_millis(200);
        // other programs may run beside the test
        let calm = (0..3).any(|_| time(&large, place) <= allowed(time(&small, place)));
        assert!(calm, "{name}");
    }
}

#[test]
fn bodies_are_masked_in_linear_time() {
    check(128, |exchange, body| exchange.request.body = Body::whole(body.to_vec()));
}

#[test]
fn targets_header_values_and_names_are_masked_in_linear_time() {
    check(32, |exchange, text| exchange.request.target = [b"/x?", text].concat().into());
    check(32, |exchange, text| {
        exchange.request.headers.0.push(Header { name: text.into(), value: text.into() });
    });
}

#[test]
fn rules_of_the_user_find_their_places_at_any_depth() {
    let depth = 50_000;
    let body = r#"{"a":"#.repeat(depth) + r#"{"email":"x@y.z"}"# + &"}".repeat(depth);
    let mut exchange = exchange();
    exchange.request.body = Body::whole(body);
    let rules = Rules {
        pointers: vec![Pointer::parse("/a/email").unwrap()],
        keys: vec!["email".to_owned()],
        ..Rules::default()
    };
    let masked = Redactor::new([9; 32], rules).mask(exchange);
    let bytes = &masked.exchange().request.body.bytes;
    assert!(memchr::memmem::find(bytes, b"x@y.z").is_none());
}
