//! One recording for each cause that a refusal can have, and for what looks like one and is none: what a user reads in
//! the report of it.

use serde_json::{Value, json};
use wraptap::model::exchange::{Body, Exchange, Headers};
use wraptap::model::passage::{Failure, FailureSource};
use wraptap::model::timestamp::Timestamp;

use crate::program::wraptap;
use crate::recordings::{exchange, recording};

const C: &str = "c0000000-0000-4000-8000-000000000001";
const P: &str = "a0000000-0000-4000-8000-000000000002";
const M: &str = "b0000000-0000-4000-8000-000000000003";
const CODE: &str = r#"{"code":"7fb334b0-0e9e-11e4-9191-0800200c9a66"}"#;
const WITH_NULL: &str = r#"{"code":"7fb334b0-0e9e-11e4-9191-0800200c9a66","notes":null}"#;
const BAD: &str =
    r#"{"message":"Validation failed","code":"bad.request","status":400,"details":[],"errors":[]}"#;

/// A recording in the making, one exchange a second.
#[derive(Default)]
struct Tape(Vec<Exchange>);

impl Tape {
    fn ask(mut self, line: &str, body: &str, status: u16, answer: &str) -> Self {
        let (method, target) = line.split_once(' ').unwrap();
        let mut asked = exchange(method, target, status);
        asked.started_at =
            Timestamp(1_795_163_400_000_000 + i64::try_from(self.0.len()).unwrap() * 1_000_000);
        asked.request.headers =
            Headers::of([("Authorization", "Bearer t-0123456789ab"), ("Content-Type", "application/json")]);
        asked.request.body = Body::whole(body.to_owned());
        let said = asked.response.as_mut().unwrap();
        said.body = Body::whole(answer.to_owned());
        if answer.starts_with('<') {
            said.headers = Headers::of([("Content-Type", "text/html")]);
        }
        self.0.push(asked);
        self
    }

    fn accepted(self, body: &str) -> Self {
        self.ask(&post(), body, 202, "")
    }

    fn refused(self, body: &str) -> Self {
        self.ask(&post(), body, 400, BAD)
    }

    /// The agent's communication as the conversation shows it.
    fn conversation(self, state: &str, work: &str) -> Self {
        let answer = json!({"id": C, "participants": [{
            "id": P, "purpose": "agent", "wrapupRequired": true,
            "calls": [{"id": M, "state": state, "afterCallWork": {"state": work}}],
        }]});
        self.ask(&format!("GET /api/v2/conversations/{C}"), "", 200, &answer.to_string())
    }

    /// The report of one exchange.
    fn report(self, number: usize) -> Value {
        let arguments = ["report", &number.to_string(), "--format", "json", "-r", "r.ndjson"];
        let run = wraptap().file("r.ndjson", recording(self.0)).args(arguments).run();
        assert_eq!(run.status, 0, "{}", run.stderr);
        serde_json::from_str::<Value>(&run.stdout).unwrap()["exchanges"][0].clone()
    }

    /// Cause and confidence of the verdict on the last exchange, and the causes that are not ruled out.
    fn judged(self) -> String {
        let last = self.0.len();
        let verdict = self.report(last)["verdict"].clone();
        let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
        let others: Vec<String> = verdict["other_causes"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|other| text(&other["cause"]))
            .collect();
        format!("{} {} [{}]", text(&verdict["cause"]), text(&verdict["confidence"]), others.join(" "))
    }
}

fn post() -> String {
    format!("POST /api/v2/conversations/calls/{C}/participants/{P}/communications/{M}/wrapup")
}

fn error(code: &str, status: u16) -> String {
    json!({"message": "no", "code": code, "status": status, "details": [], "errors": []}).to_string()
}

#[test]
fn every_cause_is_told_by_its_recording() {
    let forum = "PUT /api/v2/interactions/3f2c9d1a-1111-4222-8333-abcdefabcdef/wrap-up";
    let login = r#"{"error":"invalid_client","description":"client not found","error_description":"client not found"}"#;
    let limited = error("too.many.requests.retry.after", 429);
    let tape = Tape::default;
    for (name, recording, judged) in [
        ("payload", tape().accepted(CODE).refused(WITH_NULL), "payload medium []"),
        (
            "endpoint",
            tape().ask(forum, r#"{"codeId":"x","durationMs":1}"#, 404, &error("not.found", 404)),
            "endpoint high []",
        ),
        ("state, too early", tape().conversation("connected", "unknown").refused(CODE), "state high []"),
        ("state, too late", tape().conversation("disconnected", "complete").refused(CODE), "state high []"),
        (
            "permission",
            tape().ask(&post(), CODE, 403, &error("missing.permissions", 403)),
            "permission high []",
        ),
        (
            "credentials",
            tape().ask(&post(), CODE, 401, &error("bad.credentials", 401)),
            "credentials high []",
        ),
        ("a failed login", tape().ask("POST /oauth/token", "", 400, login), "credentials high []"),
        ("rate limit", tape().ask(&post(), CODE, 429, &limited), "rate_limit high []"),
        ("upstream", tape().ask(&post(), CODE, 503, &error("service.unavailable", 503)), "upstream high []"),
        (
            "a page of something in between",
            tape().ask(&post(), CODE, 502, "<html>Bad gateway</html>"),
            "upstream high []",
        ),
        ("unknown", tape().refused(CODE), "unknown low []"),
    ] {
        assert_eq!(recording.judged(), judged, "{name}");
    }
}

#[test]
fn an_upstream_that_never_answered_is_the_upstream() {
    let mut tape = Tape::default().refused(CODE);
    tape.0[0].response = None;
    tape.0[0].error = Some(Failure { source: FailureSource::Upstream, message: "connection refused".into() });
    assert_eq!(tape.judged(), "upstream high []");
}

#[test]
fn a_payload_that_differs_is_not_the_cause_where_its_own_bytes_were_accepted_later() {
    let report = Tape::default().accepted(CODE).refused(WITH_NULL).accepted(WITH_NULL).report(2);
    assert_eq!(
        (&report["verdict"]["cause"], &report["verdict"]["confidence"]),
        (&json!("state"), &json!("high")),
        "{report:#}"
    );
    assert!(!report["verdict"]["other_causes"].to_string().contains("payload"), "{report:#}");
}

#[test]
fn a_payload_that_differs_is_not_the_cause_of_a_missing_permission() {
    let tape =
        Tape::default().accepted(CODE).ask(&post(), WITH_NULL, 403, &error("missing.permissions", 403));
    let verdict = tape.report(2)["verdict"].clone();
    assert_eq!(verdict["cause"], "permission");
    assert!(
        verdict["contrary"].to_string().contains("payload differences: 1, probably not the cause"),
        "{verdict:#}"
    );
}

#[test]
fn two_causes_at_once_are_both_named() {
    let tape = Tape::default().accepted(CODE).conversation("connected", "unknown").refused(WITH_NULL);
    assert_eq!(tape.judged(), "payload medium [state]");
}

#[test]
fn what_was_accepted_has_no_verdict_however_much_it_differs() {
    let report = Tape::default().accepted(CODE).accepted(WITH_NULL).report(2);
    assert_eq!((&report["verdict"], &report["findings"][0]["class"]), (&Value::Null, &json!("null_field")));
}

#[test]
fn a_payload_like_an_accepted_one_is_not_blamed() {
    assert_eq!(Tape::default().accepted(CODE).refused(CODE).judged().split(' ').next(), Some("state"));
    let elsewhere = post().replace(C, "c0000000-0000-4000-8000-000000000009");
    let tape = Tape::default().ask(&elsewhere, CODE, 202, "").refused(CODE);
    assert!(!tape.judged().contains("payload"));
}
