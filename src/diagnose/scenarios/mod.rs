//! Recordings made up for one cause each, and what the diagnosis makes of them.

mod access;
mod anything;
mod authorities;
mod complaints;
mod forum;
mod other_api;
mod pages;
mod payload;
mod state;
mod transport;

use serde_json::Value;

use crate::api;
use crate::diagnose::context::Question;
use crate::diagnose::{examine, pairing};
use crate::json::pointer::Pointer;
use crate::model::authority::Authority;
use crate::model::diagnosis::Diagnosis;
use crate::model::exchange::{Exchange, ExchangeId, Headers, Origin, Timings};
use crate::model::finding::{Class, Finding, Severity};
use crate::model::known_good::KnownGood;
use crate::model::passage::{Failure, FailureSource};
use crate::model::testing::ExchangeBuilder;
use crate::model::timestamp::Timestamp;
use crate::model::verdict::{Cause, Confidence, Verdict};

const C: &str = "c0000000-0000-4000-8000-000000000001";
const P: &str = "a0000000-0000-4000-8000-000000000002";
const M: &str = "b0000000-0000-4000-8000-000000000003";
const USER: &str = "d0000000-0000-4000-8000-000000000004";
const CODE: &str = "7fb334b0-0e9e-11e4-9191-0800200c9a66";

/// 2026-11-20T08:30:00Z in microseconds.
const START: i64 = 1_795_163_400_000_000;

/// A recording in the making: each exchange is one second after the one before, unless a test says otherwise.
#[derive(Default)]
struct Tape {
    exchanges: Vec<Exchange>,
    findings: Vec<Finding>,
    good: Option<u64>,
}

impl Tape {
    /// Adds an exchange: a bearer token, JSON both ways.
    fn ask(mut self, line: &str, body: &str, status: u16, answer: &str) -> Self {
        let (method, target) = line.split_once(' ').unwrap();
        let number = self.exchanges.len() as u64 + 1;
        let built = ExchangeBuilder::new(method, target)
            .headers([("Authorization", "Bearer redacted-bearer-aa11"), ("Content-Type", "application/json")])
            .id(number)
            .body(body)
            .response(
                status,
                [("Content-Type", "application/json"), ("ININ-Correlation-Id", "corr-1")],
                answer,
            )
            .build();
        self.exchanges.push(Exchange {
            started_at: Timestamp(START + number as i64 * 1_000_000),
            timings: Timings { total: 20_000, ..Timings::default() },
            ..built
        });
        self
    }

    /// A JSON document that was read.
    fn read(self, target: &str, document: &Value) -> Self {
        self.ask(&format!("GET {target}"), "", 200, &document.to_string())
    }

    /// A refusal in the API's shape, with the code that says nothing.
    fn refused(self, line: &str, body: &str) -> Self {
        self.ask(line, body, 400, r#"{"message":"Validation failed","code":"constraint.validation","status":400,"details":[],"errors":[]}"#)
    }

    fn accepted(self, line: &str, body: &str) -> Self {
        self.ask(line, body, 202, "")
    }

    /// Moves the last exchange by this number of milliseconds after the one before.
    fn after_ms(mut self, ms: i64) -> Self {
        let count = self.exchanges.len();
        let before = self.exchanges[count - 2].started_at.0;
        self.exchanges[count - 1].started_at = Timestamp(before + ms * 1_000);
        self
    }

    fn request_header(mut self, name: &str, value: &str) -> Self {
        let headers = &mut self.last().request.headers;
        headers.0.retain(|header| !header.name.eq_ignore_case(name));
        if !value.is_empty() {
            headers.0.extend(Headers::of([(name, value)]).0);
        }
        let last = self.last();
        last.sdk = api::assumed().client_of(&last.request.headers);
        self
    }

    fn answer_header(mut self, name: &str, value: &str) -> Self {
        let headers = &mut self.last().response.as_mut().unwrap().headers;
        headers.0.retain(|header| !header.name.eq_ignore_case(name));
        if !value.is_empty() {
            headers.0.extend(Headers::of([(name, value)]).0);
        }
        self
    }

    fn simulated(self) -> Self {
        self.answer_header("x-wraptap-simulator", "interaction_null_member")
    }

    fn broken(mut self, source: FailureSource, message: &str, seconds: u64) -> Self {
        let last = self.last();
        last.response = None;
        last.error = Some(Failure { source, message: message.to_owned() });
        last.timings.total = seconds * 1_000_000;
        self
    }

    /// A difference of the judged exchange from its known-good one.
    fn finding(mut self, class: Class, severity: Severity, candidate: &str) -> Self {
        self.findings.push(Finding {
            severity,
            candidate_path: Some(Pointer::parse(candidate).unwrap()),
            message: format!("`{candidate}` is not as it should be"),
            help: "mend it".to_owned(),
            ..Finding::new(class, Authority::Accepted)
        });
        self
    }

    /// The exchange that the findings were made against.
    fn against(mut self, number: u64) -> Self {
        self.good = Some(number);
        self
    }

    fn last(&mut self) -> &mut Exchange {
        self.exchanges.last_mut().unwrap()
    }

    fn judge(&self, number: usize) -> Diagnosis {
        let good = self.good.map(|number| KnownGood::of_exchange(&self.exchanges[number as usize - 1]));
        examine(Question {
            subject: &self.exchanges[number - 1],
            history: &self.exchanges,
            findings: &self.findings,
            good: good.as_ref(),
            api: api::assumed(),
        })
    }

    fn verdict(&self, number: usize) -> Verdict {
        self.judge(number).verdict.unwrap()
    }
}

/// Holds cause and confidence, and that every statement has something behind it.
#[track_caller]
fn is(verdict: &Verdict, cause: Cause, confidence: Confidence) {
    assert_eq!((verdict.cause, verdict.confidence), (cause, confidence), "{verdict:#?}");
    assert!(!verdict.evidence.is_empty() || confidence == Confidence::Low, "{verdict:#?}");
    for evidence in verdict.evidence.iter().chain(&verdict.contrary) {
        assert!(
            evidence.exchange.is_some()
                || evidence.source.is_some()
                || evidence.statement.starts_with("payload differences"),
            "{evidence:?}"
        );
        assert!(!evidence.statement.ends_with('.'), "{evidence:?}");
    }
}

fn others(verdict: &Verdict) -> Vec<Cause> {
    verdict.other_causes.iter().map(|other| other.cause).collect()
}

/// The exchanges that the evidence names.
fn shown_by(verdict: &Verdict) -> Vec<u64> {
    let mut ids: Vec<u64> =
        verdict.evidence.iter().filter_map(|evidence| evidence.exchange).map(ExchangeId::get).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn post(media: &str) -> String {
    format!("POST /api/v2/conversations/{media}/{C}/participants/{P}/communications/{M}/wrapup")
}

fn patch() -> String {
    format!("PATCH /api/v2/conversations/calls/{C}/participants/{P}")
}

fn code_body() -> String {
    format!(r#"{{"code":"{CODE}"}}"#)
}

/// A conversation with a customer and an agent, whose communication is in this state.
fn conversation(state: &str, work: &str) -> Value {
    serde_json::json!({
        "id": C,
        "participants": [
            {"id": "e0000000-0000-4000-8000-000000000005", "purpose": "customer"},
            {"id": P, "userId": USER, "purpose": "agent", "wrapupRequired": true,
             "calls": [{"id": M, "state": state, "afterCallWork": {"state": work}}]},
        ],
        "divisions": [{"division": {"id": "home"}}],
    })
}

fn conversation_path() -> String {
    format!("/api/v2/conversations/{C}")
}

#[test]
fn an_accepted_exchange_has_no_verdict_but_is_checked() {
    let tape = Tape::default().accepted(&post("calls"), r#"{"code":"x","durationSeconds":"120"}"#);
    let diagnosis = tape.judge(1);
    assert_eq!(diagnosis.verdict, None);
    assert_eq!(diagnosis.refusal, None);
    assert_eq!(diagnosis.faults.len(), 1);
    assert_eq!(diagnosis.operation, pairing::operation_of(&tape.exchanges[0].request));
}

#[test]
fn what_cannot_matter_is_distinguished_from_what_can() {
    let tape = Tape::default()
        .refused(&post("calls"), &code_body())
        .read(&conversation_path(), &conversation("connected", "unknown"))
        .read("/api/v2/tokens/me", &Value::Null)
        .read("/api/v2/routing/wrapupcodes", &Value::Null)
        .ask("POST /oauth/token", "grant_type=client_credentials", 200, "{}")
        .read("/api/v2/routing/queues", &Value::Null)
        .ask("PUT /api/v2/outbound/settings", "{}", 200, "{}");
    let matters: Vec<bool> =
        tape.exchanges[1..].iter().map(|other| crate::diagnose::matters(&tape.exchanges[0], other)).collect();
    assert_eq!(matters, [true, true, true, true, false, false]);
}
