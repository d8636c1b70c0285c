//! The work of masking grows with the text, whatever is in it: counted, since the clock of a busy machine
//! says nothing.

use super::*;
use crate::redact::steps;

/// What hostile bodies are made of.
const UNITS: &[&str] = &[
    "abcdefgh",
    "token",
    "token: ",
    "token%5f",
    "%74oken=",
    "%74oken=a&",
    "\\u0074oken",
    "&#116;oken",
    "_key",
    "eyJ",
    "eyJaaaaaaaa.",
    "aaaaaaaaaaaaaaaaaaaaaaaaaa.",
    "AAAAAAAAAAAAAAAAAAAAAAAA/",
    "cGFzc3dvcmQ9YWJjZGVmZ2g= ",
    "-----BEGIN PRIVATE KEY-----\n-----EN",
    "bearer aaaaaaa",
    "Basic aaaaaaa",
    "code=&state=",
    "password>",
    "<token>",
    "<token a=\"b\" ",
    "<a name=\"token\" value=x ",
    "<a name=\"token\">",
    ">token</a>",
    "name=\"token\"",
    "; name=token\r\n",
    "\"secret\":[\"a\",",
    "\"secret\":{\"value\":",
    "{\"name\":\"token\",\"b\":\"x\",\"c\":1,\"d\":",
    "\"value\":1,\"k\":\"token\",",
    "\"a\":\"token\",",
    "token=\"",
    "token=\\\"",
    "token=\"\\\\\\\"",
    "%22token%22:%22",
    "&token=;;;;;;;;",
    "&token=,,,,a",
    "\nX-Api-Key: \"a",
    "authorization=a ",
    "://a:",
    "t\0o\0k\0e\0n\0",
    "[{\"to\\u006ben\":",
];

fn steps_of(unit: &str, bytes: usize) -> u64 {
    let mut exchange = exchange();
    exchange.request.body = Body::whole(unit.repeat(bytes / unit.len()));
    steps::take();
    redactor().mask(exchange);
    steps::take()
}

#[test]
fn twice_the_body_is_at_most_two_and_a_half_times_the_steps() {
    for unit in UNITS {
        let [half, whole] = [8 << 10, 16 << 10].map(|bytes| steps_of(unit, bytes));
        assert!(whole * 2 <= half * 5 + 20_000, "{unit:?}: {half}, then {whole}");
        assert!(whole <= 300 * (16 << 10), "{unit:?}: {whole}");
    }
}
