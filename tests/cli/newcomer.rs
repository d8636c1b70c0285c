//! The mistakes of a new user, each after an accepted wrap-up by hand: the verdict, and the corrected body.

use serde_json::{Value, json};
use wraptap::model::exchange::{Body, Exchange, Headers};

use crate::program::wraptap;
use crate::recordings::{exchange, recording};

const WRAPUP: &str = "/api/v2/conversations/calls/3d2b7a10-0000-4000-8000-000000000001/participants/\
                      3d2b7a10-0000-4000-8000-000000000002/communications/3d2b7a10-0000-4000-8000-000000000003/wrapup";
const CODE: &str = "7fb334b0-0e9e-11e4-9191-0800200c9a66";

fn sent(body: &Value, status: u16) -> Exchange {
    let mut exchange = exchange("POST", WRAPUP, status);
    exchange.request.headers = Headers::of([("Content-Type", "application/json")]);
    exchange.request.body = Body::whole(body.to_string());
    let says = json!({
        "message": "The request could not be understood by the server due to malformed syntax.",
        "code": "bad.request", "status": 400, "contextId": "c", "details": [], "errors": []
    });
    if let Some(response) = exchange.response.as_mut().filter(|response| response.status == 400) {
        response.body = Body::whole(says.to_string());
    }
    exchange
}

/// What a report, `diff --fix` and `replay --fixed` say of a refused body: cause, statement and the three corrected
/// bodies, which have to be one.
fn judged(body: Value) -> (String, String, Value) {
    let good = json!({"code": CODE, "durationSeconds": 30});
    let text = recording([sent(&good, 202), sent(&body, 400)]);
    let run = |args: &[&str]| wraptap().file("recordings/r.ndjson", &text).args(args).run();
    let report: Value = serde_json::from_str(&run(&["report", "2", "--format", "json"]).stdout).unwrap();
    let exchange = &report["exchanges"][0];
    let reported = exchange["fix"]["body"].as_str().map(|body| serde_json::from_str(body).unwrap());
    let reported: Value = reported.unwrap_or_default();
    let fixed = run(&["diff", "2", "--fix"]);
    let printed: Value = serde_json::from_str(&fixed.stdout).unwrap_or_default();
    assert_eq!(printed, reported, "{body}: {}", fixed.stderr);
    let replayed = run(&["replay", "2", "--fixed", "--dry-run"]);
    assert_eq!(replayed.status, if reported.is_null() { 2 } else { 0 }, "{body}: {}", replayed.stderr);
    assert!(reported.is_null() || replayed.stdout.contains(fixed.stdout.trim()), "{}", replayed.stdout);
    let text = |member: &str| exchange["verdict"][member].as_str().unwrap().to_owned();
    (format!("{} {}", text("cause"), text("confidence")), exchange["verdict"].to_string(), reported)
}

#[test]
fn what_the_description_knows_is_named_and_corrected_and_nothing_else_is_blamed() {
    let with = |member: &str, value: Value| {
        let mut body = json!({"code": CODE, "durationSeconds": 60});
        body[member] = value;
        body
    };
    let cases = [
        (with("tags", json!("vip")), "payload high", "`/tags`", with("tags", json!(["vip"]))),
        (
            with("provisional", json!("false")),
            "payload high",
            "`/provisional`",
            with("provisional", json!(false)),
        ),
        (
            with("endTime", json!(1_795_000_000_000_u64)),
            "payload high",
            "`/endTime`",
            with("endTime", json!("2026-11-18T11:06:40.000Z")),
        ),
        (
            with("code", json!(CODE.to_uppercase() + " ")),
            "payload medium",
            "`/code`",
            with("code", json!(CODE.to_uppercase())),
        ),
    ];
    for (body, verdict, place, corrected) in cases {
        let (said, words, fix) = judged(body.clone());
        assert_eq!((said.as_str(), &fix), (verdict, &corrected), "{body}: {words}");
        assert!(words.contains(place), "{body}: {words}");
    }
}

#[test]
fn a_code_that_no_accepted_request_used_is_open_and_never_replaced() {
    for code in ["Resolved", "11111111-0e9e-11e4-9191-0800200c9a66"] {
        let (said, words, fix) = judged(json!({"code": code, "durationSeconds": 60}));
        assert_eq!((said.as_str(), fix), ("unknown low", Value::Null), "{words}");
        assert!(words.contains("wrapupcodes"), "the read that shows the codes: {words}");
        assert!(!words.contains(CODE), "{words}");
    }
}
