//! The rules as cases: for each rule a request that is accepted and its neighbour that is refused.
//!
//! A rule without a case fails [`every_rule_has_a_case`]; a case whose refusal does not come from its rule,
//! or whose accepted half is refused, fails too. So a rule that stops working is noticed.

mod common;
mod forum;
mod sdk;
mod sdk_bodies;
mod walks;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::model::exchange::{Body, Header, Headers, Request};
use crate::simulator::dispatch::respond;
use crate::simulator::ids::Millis;
use crate::simulator::response::SimulatedResponse;
use crate::simulator::rule::Rule;
use crate::simulator::rules;
use crate::simulator::seeds;
use crate::simulator::state::{Settings, SimulatorState};

/// A rule with a pair of requests; one of the two responses names the rule.
struct RuleCase {
    rule: &'static Rule,
    accepted: CaseRequest,
    refused: CaseRequest,
    /// The refusal: status and `code` (or, of a login, `error`).
    with: (u16, &'static str),
}

/// A request, what went before it, and the settings.
#[derive(Clone)]
struct CaseRequest {
    method: &'static str,
    target: String,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    settings: Settings,
    before: Vec<Self>,
    /// When it is sent, counted from the start of the simulator.
    after: Millis,
}

fn ask(method: &'static str, target: impl Into<String>) -> CaseRequest {
    CaseRequest {
        method,
        target: target.into(),
        headers: vec![
            ("host", "127.0.0.1:8081".to_owned()),
            ("authorization", format!("Bearer {}", seeds::TOKEN_USER)),
        ],
        body: Vec::new(),
        settings: Settings::default(),
        before: Vec::new(),
        after: 0,
    }
}

impl CaseRequest {
    fn json(self, body: &str) -> Self {
        self.header("content-type", "application/json").bytes(body.as_bytes())
    }

    fn bytes(mut self, body: &[u8]) -> Self {
        self.body = body.to_vec();
        self
    }

    /// Sets a header; an empty value removes it.
    fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        if !value.is_empty() {
            self.headers.push((name, value.to_owned()));
        }
        self
    }

    fn token(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    fn basic(self, client: &str, secret: &str) -> Self {
        self.header("authorization", &format!("Basic {}", STANDARD.encode(format!("{client}:{secret}"))))
    }

    fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    fn before(mut self, earlier: Self) -> Self {
        self.before.push(earlier);
        self
    }

    fn after(mut self, after: Millis) -> Self {
        self.after = after;
        self
    }

    fn request(&self) -> Request {
        let header = |(name, value): &(&'static str, String)| Header {
            name: (*name).into(),
            value: value.as_str().into(),
        };
        Request::of(
            self.method,
            self.target.as_str(),
            Headers(self.headers.iter().map(header).collect()),
            Body::whole(self.body.clone()),
        )
    }

    /// Sends it to a new simulator, after the requests that come before it.
    fn response(&self) -> SimulatedResponse {
        let start = seeds::TEST_CLOCK_START;
        let mut state = SimulatorState::new(self.settings, start);
        for earlier in &self.before {
            respond(&mut state, start + earlier.after, &earlier.request());
        }
        respond(&mut state, start + self.after, &self.request())
    }
}

/// Returns a case whose error is only `Validation failed`.
fn invalid(rule: &'static Rule, accepted: &CaseRequest, refused: CaseRequest) -> RuleCase {
    RuleCase { rule, accepted: accepted.clone(), refused, with: (400, "constraint.validation") }
}

/// Returns a case whose error is a `bad.request`.
fn bad_request(rule: &'static Rule, accepted: &CaseRequest, refused: CaseRequest) -> RuleCase {
    RuleCase { rule, accepted: accepted.clone(), refused, with: (400, "bad.request") }
}

fn check(case: &RuleCase) {
    let name = case.rule.name;
    let accepted = case.accepted.response();
    assert!(
        (200..300).contains(&accepted.status),
        "{name}: {:?} was refused by {}",
        case.accepted.target,
        accepted.rule.name
    );
    let refused = case.refused.response();
    let body = refused.body.clone().unwrap_or_default();
    let code = body["code"].as_str().or(body["error"].as_str()).unwrap_or_default();
    let shown = String::from_utf8_lossy(&case.refused.body);
    assert_eq!(
        (refused.status, code),
        case.with,
        "{name}: {:?} {shown}: {}",
        case.refused.target,
        refused.rule.name
    );
    assert!(
        accepted.rule == case.rule || refused.rule == case.rule,
        "{name}: {shown}: answered by {} and {}",
        accepted.rule.name,
        refused.rule.name
    );
}

fn every_case() -> Vec<RuleCase> {
    [common::cases(), forum::cases(), sdk::cases()].into_iter().flatten().collect()
}

#[test]
fn every_case_is_accepted_and_refused_as_its_rule_says() {
    every_case().iter().for_each(check);
}

#[test]
fn every_rule_has_a_case() {
    let cases = every_case();
    let without: Vec<_> = rules::all()
        .filter(|rule| !cases.iter().any(|case| case.rule == *rule))
        .map(|rule| rule.name)
        .collect();
    assert!(without.is_empty(), "rules without a case: {without:?}");
}

#[test]
fn every_response_is_marked_and_carries_the_headers_of_the_api() {
    for case in every_case() {
        for response in [case.accepted.response(), case.refused.response()] {
            let header = |name: &str| {
                let mut values = response.headers.iter().filter(|(known, _)| *known == name);
                let first = values.next().map(|(_, value)| value.clone());
                assert!(values.next().is_none(), "{name} occurs twice");
                first.unwrap_or_default()
            };
            assert_eq!(header("x-wraptap-simulator"), response.rule.header_value());
            for name in ["inin-ratelimit-count", "inin-ratelimit-allowed", "inin-ratelimit-reset"] {
                assert!(header(name).parse::<u64>().is_ok(), "{name}");
            }
            if let Some(context) = response.body.as_ref().and_then(|body| body["contextId"].as_str()) {
                assert_eq!(header("inin-correlation-id"), context);
            }
        }
    }
}
