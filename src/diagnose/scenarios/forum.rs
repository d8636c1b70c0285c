//! The forum's vocabulary: against a real server, and against the simulator in each order of events.

use serde_json::json;

use super::*;

fn interaction(state: &str) -> Value {
    json!({"id": C, "state": state, "mediaType": "voice", "division": {"id": "home"}})
}

fn path() -> String {
    format!("/api/v2/interactions/{C}")
}

fn wrap_up() -> String {
    format!("PUT /api/v2/interactions/{C}/wrap-up")
}

fn good() -> String {
    format!(r#"{{"codeId":"{CODE}","durationMs":120000}}"#)
}

fn codes() -> String {
    format!(r#"{{"wrapupCodes":[{{"id":"{CODE}","data":[{{"name":"Duration","value":"120"}}]}}]}}"#)
}

#[test]
fn the_first_thread_s_request_is_not_public_and_becomes_another_body_there() {
    let tape = Tape::default().ask(
        &format!("PUT {}", path()),
        &codes(),
        404,
        r#"{"message":"m","code":"not.found"}"#,
    );
    let diagnosis = tape.judge(1);
    is(diagnosis.verdict.as_ref().unwrap(), Cause::Endpoint, Confidence::High);
    assert_eq!(diagnosis.public, Some(false));
    assert!(diagnosis.nearest[0].ends_with("/communications/{communicationId}/wrapup"));
    assert!(
        diagnosis.nearest[1]
            .ends_with("PATCH /api/v2/conversations/calls/{conversationId}/participants/{participantId}")
    );
    let remedy = diagnosis.remedy;
    assert_eq!(remedy.operation.as_ref(), diagnosis.nearest.first());
    let body: Value = serde_json::from_str(&remedy.body.unwrap()).unwrap();
    assert_eq!(body, json!({"code": CODE, "durationSeconds": 120}));
}

#[test]
fn the_second_thread_s_request_leads_with_the_endpoint_also_under_400() {
    let tape = Tape::default().refused(&wrap_up(), &good());
    let diagnosis = tape.judge(1);
    let verdict = diagnosis.verdict.unwrap();
    is(&verdict, Cause::Endpoint, Confidence::Medium);
    assert!(verdict.statement.contains("is not an operation of the public API"));
    assert!(
        verdict.next[0].starts_with("send it to `POST /api/v2/conversations/calls/"),
        "{:?}",
        verdict.next
    );
    assert!(verdict.next[1].starts_with("`wraptap operation 'POST /api/v2/conversations/calls/"));
    let body: Value = serde_json::from_str(&diagnosis.remedy.body.unwrap()).unwrap();
    assert_eq!(body, json!({"code": CODE, "durationSeconds": 120}));
    assert_eq!(diagnosis.remedy.client[0].after, "durationSeconds = round(elapsedMs / 1000)");
}

#[test]
fn a_server_that_accepts_the_operation_has_it() {
    let other = "PUT /api/v2/interactions/f0000000-0000-4000-8000-000000000009/wrap-up";
    let tape = Tape::default()
        .accepted(other, &good())
        .refused(&wrap_up(), r#"{"codeId":"x","durationMs":null}"#)
        .finding(Class::NullField, Severity::Error, "/durationMs")
        .against(1);
    let verdict = tape.verdict(2);
    is(&verdict, Cause::Payload, Confidence::Medium);
    assert_eq!(others(&verdict), [Cause::Endpoint]);
}

#[test]
fn before_closing_it_is_the_state() {
    let tape = Tape::default().read(&path(), &interaction("active")).refused(&wrap_up(), &good()).simulated();
    let verdict = tape.verdict(2);
    is(&verdict, Cause::State, Confidence::High);
    assert!(verdict.statement.contains("`active`"), "{}", verdict.statement);
    assert_eq!(others(&verdict), [Cause::Endpoint]);
}

#[test]
fn during_settling_the_state_reads_as_wanted_and_the_same_bytes_are_accepted_later() {
    let tape = Tape::default()
        .read(&path(), &interaction("WRAPUP"))
        .read(&path(), &interaction("closed"))
        .refused(&wrap_up(), &good())
        .simulated()
        .accepted(&wrap_up(), &good())
        .simulated()
        .after_ms(1_200);
    let verdict = tape.verdict(3);
    is(&verdict, Cause::State, Confidence::High);
    assert_eq!(
        verdict.statement,
        "it had not settled yet: the interaction read `closed`, and the same bytes were accepted 1.2 s later"
    );
    assert!(shown_by(&verdict).contains(&4));
}

#[test]
fn during_settling_without_a_later_success_it_is_only_likely() {
    let tape = Tape::default()
        .read(&path(), &interaction("WRAPUP"))
        .read(&path(), &interaction("closed"))
        .refused(&wrap_up(), &good())
        .simulated();
    let verdict = tape.verdict(3);
    is(&verdict, Cause::State, Confidence::Medium);
    assert!(verdict.statement.starts_with("it may not have settled"), "{}", verdict.statement);
}

#[test]
fn long_after_closing_a_faulty_payload_is_the_payload() {
    let other = "PUT /api/v2/interactions/f0000000-0000-4000-8000-000000000009/wrap-up";
    let mut tape = Tape::default()
        .accepted(other, &good())
        .read(&path(), &interaction("closed"))
        .refused(&wrap_up(), r#"{"codeId":null,"durationMs":1}"#)
        .simulated()
        .finding(Class::NullField, Severity::Error, "/codeId")
        .against(1);
    tape.last().started_at = Timestamp(START + 600_000_000);
    let verdict = tape.verdict(3);
    is(&verdict, Cause::Payload, Confidence::Medium);
    assert!(!others(&verdict).contains(&Cause::State));
}

#[test]
fn wrapping_up_after_closing_is_too_late_for_the_operations_of_the_wrapup_state() {
    let line = format!("POST {}/wrapup", path());
    let tape = Tape::default().read(&path(), &interaction("closed")).refused(&line, &good()).simulated();
    let verdict = tape.verdict(2);
    is(&verdict, Cause::State, Confidence::High);
    assert!(verdict.statement.contains("`closed` already"), "{}", verdict.statement);
}

#[test]
fn a_faulty_payload_while_it_is_active_is_two_causes() {
    let other = "PUT /api/v2/interactions/f0000000-0000-4000-8000-000000000009/wrap-up";
    let tape = Tape::default()
        .accepted(other, &good())
        .read(&path(), &interaction("active"))
        .refused(&wrap_up(), r#"{"codeId":"x","durationMs":null}"#)
        .simulated()
        .finding(Class::NullField, Severity::Error, "/durationMs")
        .against(1);
    let verdict = tape.verdict(3);
    assert_eq!(verdict.cause, Cause::Payload);
    assert!(others(&verdict).contains(&Cause::State), "{verdict:#?}");
}

#[test]
fn a_code_of_another_media_type_or_division_is_shown_by_the_list() {
    let list = |more: Value| {
        let mut code = json!({"id": CODE, "name": "Sale"});
        for (key, value) in more.as_object().unwrap() {
            code[key] = value.clone();
        }
        json!({"entities": [code], "total": 1})
    };
    for (more, words) in
        [(json!({"division": {"id": "elsewhere"}}), "division"), (json!({"mediaTypes": ["email"]}), "email")]
    {
        let tape = Tape::default()
            .read("/api/v2/routing/wrapupcodes", &list(more))
            .read(&path(), &interaction("closed"))
            .refused(&wrap_up(), &good())
            .simulated();
        let verdict = tape.verdict(3);
        is(&verdict, Cause::Payload, Confidence::High);
        assert!(verdict.statement.contains(words), "{}", verdict.statement);
        assert_eq!(shown_by(&verdict), [1, 2, 3]);
    }
}
