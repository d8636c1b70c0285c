//! The diagnosis against the simulator: the same recording that a user would have, in each order of events.

use wraptap::api;
use wraptap::diagnose::context::Question;
use wraptap::diagnose::examine;
use wraptap::diff::{self, Options};
use wraptap::model::diagnosis::Diagnosis;
use wraptap::model::exchange::{Body, Exchange, ExchangeId, Headers, Origin, Request, Response};
use wraptap::model::known_good::KnownGood;
use wraptap::model::timestamp::Timestamp;
use wraptap::model::verdict::{Cause, Confidence};
use wraptap::simulator::Settings;
use wraptap::simulator::dispatch;
use wraptap::simulator::seeds::{self, SeededConversation};
use wraptap::simulator::state::SimulatorState;

/// A simulator with a clock of its own, and everything that was asked of it.
struct Bench {
    simulator: SimulatorState,
    now: u64,
    token: &'static str,
    asked: Vec<Exchange>,
}

impl Bench {
    fn new() -> Self {
        let now = seeds::TEST_CLOCK_START;
        let simulator = SimulatorState::new(Settings::default(), now);
        Self { simulator, now, token: seeds::TOKEN_USER, asked: Vec::new() }
    }

    fn with_token(mut self, token: &'static str) -> Self {
        self.token = token;
        self
    }

    /// Lets time go by.
    fn wait(&mut self, ms: u64) {
        self.now += ms;
    }

    /// Asks, records, and returns the status.
    fn ask(&mut self, line: &str, body: &str) -> u16 {
        let (method, target) = line.split_once(' ').unwrap();
        let authorization = format!("Bearer {}", self.token);
        let request = Request::of(
            method,
            target,
            Headers::of([("Authorization", &authorization), ("Content-Type", "application/json")]),
            Body::whole(body.as_bytes().to_vec()),
        );
        let answer = dispatch::respond(&mut self.simulator, self.now, &request);
        let mut headers =
            Headers::of([("x-wraptap-simulator", answer.rule.name), ("Content-Type", "application/json")]);
        for (name, value) in &answer.headers {
            headers.0.extend(Headers::of([(name, value)]).0);
        }
        self.asked.push(Exchange {
            run: "bench".to_owned(),
            started_at: Timestamp(i64::try_from(self.now * 1_000).unwrap()),
            upstream: "http://127.0.0.1:1".to_owned(),
            response: Some(Response::of(
                answer.status,
                "",
                headers,
                Body::whole(answer.body.map(|body| body.to_string()).unwrap_or_default()),
            )),
            ..Exchange::of(ExchangeId::new(self.asked.len() as u64 + 1).unwrap(), Origin::Live, request)
        });
        self.now += 10;
        answer.status
    }

    /// Diagnoses one exchange, compared with the one that is named good.
    fn diagnose(&self, number: usize, good: Option<usize>) -> Diagnosis {
        let subject = &self.asked[number - 1];
        let good = good.map(|number| KnownGood::of_exchange(&self.asked[number - 1]));
        let findings = good.as_ref().map(|good| {
            diff::bodies(good.body.as_bytes(), &subject.request.body.bytes, &Options::default()).findings
        });
        examine(Question {
            subject,
            history: &self.asked,
            findings: &findings.unwrap_or_default(),
            good: good.as_ref(),
            api: api::assumed(),
        })
    }

    #[track_caller]
    fn judged(&self, number: usize, good: Option<usize>, cause: Cause, confidence: Confidence) -> String {
        let verdict = self.diagnose(number, good).verdict.unwrap();
        assert_eq!((verdict.cause, verdict.confidence), (cause, confidence), "{verdict:#?}");
        verdict.statement
    }
}

fn wrap_up(id: &str) -> String {
    format!("PUT /api/v2/interactions/{id}/wrap-up")
}

fn interaction(id: &str) -> String {
    format!("GET /api/v2/interactions/{id}")
}

fn forum_body() -> String {
    format!(r#"{{"codeId":"{}","durationMs":120000}}"#, seeds::CODE)
}

fn post(seed: &SeededConversation) -> String {
    format!(
        "POST /api/v2/conversations/calls/{}/participants/{}/communications/{}/wrapup",
        seed.conversation, seed.participant, seed.communication
    )
}

fn conversation(seed: &SeededConversation) -> String {
    format!("GET /api/v2/conversations/{}", seed.conversation)
}

fn code(id: &str) -> String {
    format!(r#"{{"code":"{id}"}}"#)
}

#[test]
fn the_forum_s_wrap_up_before_at_during_and_after_closing() {
    let mut bench = Bench::new();
    let id = seeds::INTERACTION_MOVING;
    // before: active
    assert_eq!(bench.ask(&interaction(id), ""), 200);
    assert_eq!(bench.ask(&wrap_up(id), &forum_body()), 400);
    // at the end of the call: WRAPUP
    bench.wait(2_000);
    assert_eq!(bench.ask(&interaction(id), ""), 200);
    assert_eq!(bench.ask(&wrap_up(id), &forum_body()), 400);
    // closed, and settling
    bench.wait(2_000);
    assert_eq!(bench.ask(&interaction(id), ""), 200);
    assert_eq!(bench.ask(&wrap_up(id), &forum_body()), 400);
    let (before, at, settling) = (2, 4, 6);
    let early = bench.judged(before, None, Cause::State, Confidence::High);
    assert!(early.contains("`active`"), "{early}");
    let early = bench.judged(at, None, Cause::State, Confidence::High);
    assert!(early.contains("`WRAPUP`"), "{early}");
    let unsettled = bench.judged(settling, None, Cause::State, Confidence::Medium);
    assert!(unsettled.starts_with("it may not have settled"), "{unsettled}");
    // after: the same bytes prove it for all three
    bench.wait(2_000);
    assert_eq!(bench.ask(&wrap_up(id), &forum_body()), 204);
    assert!(bench.judged(before, None, Cause::State, Confidence::High).contains("came too early"));
    assert!(
        bench.judged(settling, None, Cause::State, Confidence::High).starts_with("it had not settled yet")
    );
    assert_eq!(bench.diagnose(7, None).verdict, None);
}

#[test]
fn a_faulty_payload_of_the_forum_s_after_settling_is_the_payload() {
    let mut bench = Bench::new();
    let id = seeds::INTERACTION_CLOSED;
    assert_eq!(bench.ask(&wrap_up(id), &forum_body()), 204);
    assert_eq!(bench.ask(&interaction(id), ""), 200);
    let faulty = [
        forum_body().replace("120000", "\"120000\""),
        forum_body().replace("120000", "null"),
        forum_body().replace("codeId", "code_id"),
        format!("[{}]", forum_body()),
        serde_json::json!(forum_body()).to_string(),
        String::new(),
    ];
    // a shape that contradicts what was accepted is likely; bytes that no server can read leave no doubt
    let expected = [
        Confidence::Medium,
        Confidence::Medium,
        Confidence::Medium,
        Confidence::Medium,
        Confidence::High,
        Confidence::High,
    ];
    for ((number, body), confidence) in (3..).zip(&faulty).zip(expected) {
        assert_eq!(bench.ask(&wrap_up(id), body), 400, "{body}");
        bench.judged(number, Some(1), Cause::Payload, confidence);
    }
}

#[test]
fn a_faulty_payload_while_the_interaction_is_active_has_two_causes() {
    let mut bench = Bench::new();
    assert_eq!(bench.ask(&wrap_up(seeds::INTERACTION_CLOSED), &forum_body()), 204);
    assert_eq!(bench.ask(&interaction(seeds::INTERACTION_ACTIVE), ""), 200);
    assert_eq!(bench.ask(&wrap_up(seeds::INTERACTION_ACTIVE), &forum_body().replace("120000", "null")), 400);
    let verdict = bench.diagnose(3, Some(1)).verdict.unwrap();
    let mut causes: Vec<Cause> = verdict.other_causes.iter().map(|other| other.cause).collect();
    causes.insert(0, verdict.cause);
    assert_eq!(causes[..2], [Cause::Payload, Cause::State]);
    assert_eq!(verdict.confidence, Confidence::Medium);
}

#[test]
fn the_sdk_s_wrap_up_before_during_and_after() {
    let mut bench = Bench::new();
    let (connected, pending) = (seeds::CALL_CONNECTED, seeds::CALL_PENDING);
    assert_eq!(bench.ask(&conversation(&connected), ""), 200);
    assert_eq!(bench.ask(&post(&connected), &code(seeds::CODE)), 400);
    assert!(bench.judged(2, None, Cause::State, Confidence::High).contains("`connected`"));
    assert_eq!(bench.ask(&post(&pending), &code(seeds::CODE)), 202);
    bench.wait(5_000);
    assert_eq!(bench.ask(&post(&pending), &code(seeds::CODE)), 400);
    assert!(bench.judged(4, None, Cause::State, Confidence::High).starts_with("it was done already"));
    let complete = seeds::CALL_COMPLETE;
    assert_eq!(bench.ask(&conversation(&complete), ""), 200);
    assert_eq!(bench.ask(&post(&complete), &code(seeds::CODE)), 400);
    assert!(bench.judged(6, None, Cause::State, Confidence::High).len() > 20);
}

#[test]
fn what_the_sdks_do_to_a_body_is_the_payload() {
    // two faults at once leave open which one was refused
    let bodies = [
        (r#"{"code":"x","duration_seconds":5,"name":null}"#, Confidence::Medium),
        (r#""{\"code\":\"x\"}""#, Confidence::High),
        (r#"{"body":{"code":"x"}}"#, Confidence::High),
        (r#"{"code":"x","durationSeconds":"120"}"#, Confidence::High),
        ("7fb334b0", Confidence::High),
        ("null", Confidence::High),
    ];
    for (body, confidence) in bodies {
        let mut bench = Bench::new();
        let good = code(seeds::CODE);
        assert_eq!(bench.ask(&post(&seeds::CALL_PENDING), &good), 202);
        let body = body
            .replace("\"x\"", &format!("\"{}\"", seeds::CODE))
            .replace("\\\"x\\\"", &format!("\\\"{}\\\"", seeds::CODE));
        let other = seeds::CALLS_PENDING[0];
        assert_eq!(bench.ask(&conversation(&other), ""), 200);
        assert_eq!(bench.ask(&post(&other), &body), 400, "{body}");
        bench.judged(3, Some(1), Cause::Payload, confidence);
    }
}

#[test]
fn the_body_of_the_other_way_is_the_endpoint() {
    let mut bench = Bench::new();
    let wrapped = format!(r#"{{"wrapup":{}}}"#, code(seeds::CODE));
    assert_eq!(bench.ask(&post(&seeds::CALL_PENDING), &wrapped), 400);
    bench.judged(1, None, Cause::Endpoint, Confidence::High);
}

#[test]
fn a_code_that_is_not_in_the_participant_s_list_is_the_payload() {
    for wrong in [seeds::CODE_UNKNOWN, seeds::CODE_OTHER_DIVISION, seeds::CODE_EMAIL_ONLY] {
        let mut bench = Bench::new();
        let seed = seeds::CALL_PENDING;
        let list = format!(
            "GET /api/v2/conversations/calls/{}/participants/{}/wrapupcodes",
            seed.conversation, seed.participant
        );
        assert_eq!(bench.ask(&list, ""), 200);
        assert_eq!(bench.ask(&conversation(&seed), ""), 200);
        assert_eq!(bench.ask(&post(&seed), &code(wrong)), 400);
        let statement = bench.judged(3, None, Cause::Payload, Confidence::High);
        assert!(statement.contains("is not one of this participant"), "{statement}");
    }
}

#[test]
fn callers_who_may_not_or_are_not_known() {
    let me = "GET /api/v2/tokens/me";
    let line = post(&seeds::CALL_PENDING);
    let mut limited = Bench::new().with_token(seeds::TOKEN_LIMITED);
    assert_eq!(limited.ask(me, ""), 200);
    assert_eq!(limited.ask(&line, &code(seeds::CODE)), 403);
    limited.judged(2, None, Cause::Permission, Confidence::High);
    let mut expired = Bench::new().with_token(seeds::TOKEN_EXPIRED);
    assert_eq!(expired.ask(&line, &code(seeds::CODE)), 401);
    expired.judged(1, None, Cause::Credentials, Confidence::High);
    let mut throttled = Bench::new().with_token(seeds::TOKEN_THROTTLED);
    assert_eq!(throttled.ask(&line, &code(seeds::CODE)), 429);
    throttled.judged(1, None, Cause::RateLimit, Confidence::High);
    let mut app = Bench::new().with_token(seeds::TOKEN_APP);
    let patch = format!(
        "PATCH /api/v2/conversations/calls/{}/participants/{}",
        seeds::CALL_PENDING.conversation,
        seeds::CALL_PENDING.participant
    );
    assert_eq!(app.ask(me, ""), 200);
    assert_eq!(app.ask(&patch, &format!(r#"{{"wrapup":{}}}"#, code(seeds::CODE))), 400);
    app.judged(2, None, Cause::Permission, Confidence::High);
}

#[test]
fn swapped_ids_are_seen_in_the_conversation_that_was_read() {
    let mut bench = Bench::new();
    let seed = seeds::CALL_PENDING;
    let line = format!(
        "POST /api/v2/conversations/calls/{}/participants/{}/communications/{}/wrapup",
        seed.conversation, seed.communication, seed.participant
    );
    assert_eq!(bench.ask(&conversation(&seed), ""), 200);
    let status = bench.ask(&line, &code(seeds::CODE));
    assert!(matches!(status, 400 | 404), "{status}");
    bench.judged(2, None, Cause::Endpoint, Confidence::High);
}

#[test]
fn nothing_wrong_is_not_explained_away() {
    let mut bench = Bench::new();
    assert_eq!(bench.ask(&post(&seeds::CALL_PENDING), &code(seeds::CODE)), 202);
    let diagnosis = bench.diagnose(1, None);
    assert_eq!((diagnosis.verdict, diagnosis.faults.len()), (None, 0));
}
