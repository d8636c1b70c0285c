//! Conversations that were not ready, done already, or never to be wrapped up.

use super::*;

#[test]
fn a_connected_call_is_too_early() {
    let tape = Tape::default()
        .read(&conversation_path(), &conversation("connected", "unknown"))
        .refused(&post("calls"), &code_body());
    let verdict = tape.verdict(2);
    is(&verdict, Cause::State, Confidence::High);
    assert_eq!(verdict.evidence[0].pointer.as_ref().unwrap().as_str(), "/participants/1/calls/0/state");
    assert_eq!(verdict.evidence[0].quote.as_deref(), Some("\"connected\""));
    assert!(verdict.next[0].starts_with("disconnect the agent's participant first"));
}

#[test]
fn a_payload_that_only_differs_is_no_cause_where_the_state_is_shown() {
    let tape = Tape::default()
        .read(&conversation_path(), &conversation("connected", "unknown"))
        .refused(&post("calls"), &format!(r#"{{"code":"{CODE}","tags":[]}}"#))
        .finding(Class::ExtraField, Severity::Warning, "/tags");
    let verdict = tape.verdict(2);
    is(&verdict, Cause::State, Confidence::High);
    assert_eq!(others(&verdict), []);
}

#[test]
fn a_payload_that_differs_is_not_blamed_once_its_own_bytes_were_accepted() {
    let body = format!(r#"{{"code":"{CODE}","notes":null}}"#);
    let tape = Tape::default().refused(&post("calls"), &body).accepted(&post("calls"), &body).finding(
        Class::NullField,
        Severity::Error,
        "/notes",
    );
    let verdict = tape.verdict(1);
    is(&verdict, Cause::State, Confidence::High);
    assert_eq!(others(&verdict), []);
    assert!(verdict.contrary.iter().any(|line| line.statement.ends_with("an accepted request had the same")));
}

#[test]
fn what_had_been_accepted_before_was_done_already() {
    let tape = Tape::default().accepted(&post("calls"), &code_body()).refused(&post("calls"), &code_body());
    let verdict = tape.verdict(2);
    is(&verdict, Cause::State, Confidence::High);
    assert!(verdict.statement.starts_with("it was done already"), "{}", verdict.statement);
}

#[test]
fn complete_after_call_work_is_too_late_and_a_customer_has_none() {
    let done = conversation("disconnected", "complete");
    let tape = Tape::default().read(&conversation_path(), &done).refused(&post("calls"), &code_body());
    assert!(tape.verdict(2).statement.starts_with("the wrap-up was done already"));
    let customer = post("calls").replace(P, "e0000000-0000-4000-8000-000000000005");
    let tape = Tape::default().read(&conversation_path(), &done).refused(&customer, &code_body());
    let verdict = tape.verdict(2);
    is(&verdict, Cause::State, Confidence::High);
    assert!(verdict.statement.contains("`customer`"), "{}", verdict.statement);
}

#[test]
fn a_read_of_long_before_makes_no_certainty() {
    let mut tape = Tape::default()
        .read(&conversation_path(), &conversation("connected", "unknown"))
        .refused(&post("calls"), &code_body());
    tape.last().started_at = Timestamp(START + 900_000_000);
    is(&tape.verdict(2), Cause::State, Confidence::Medium);
}

#[test]
fn a_read_of_after_the_refusal_counts_as_well() {
    let tape = Tape::default()
        .refused(&patch(), &format!(r#"{{"wrapup":{}}}"#, code_body()))
        .read(&conversation_path(), &conversation("connected", "unknown"));
    is(&tape.verdict(1), Cause::State, Confidence::High);
}

#[test]
fn a_state_that_was_right_is_not_blamed() {
    let tape = Tape::default()
        .read(&conversation_path(), &conversation("disconnected", "pending"))
        .refused(&post("calls"), &code_body());
    let verdict = tape.verdict(2);
    is(&verdict, Cause::Unknown, Confidence::Low);
    assert_eq!(others(&verdict), []);
}

#[test]
fn the_documented_code_of_a_state_is_believed() {
    let answer = r#"{"message":"The call is already disconnected.","code":"conversation.error.call.disconnected","status":400}"#;
    let tape = Tape::default().ask(&patch(), r#"{"state":"disconnected"}"#, 400, answer);
    is(&tape.verdict(1), Cause::State, Confidence::High);
}

#[test]
fn the_same_body_accepted_for_another_conversation_clears_the_payload() {
    let other = post("calls").replace(C, "c0000000-0000-4000-8000-00000000000f");
    let tape = Tape::default().accepted(&other, &code_body()).refused(&post("calls"), &code_body()).finding(
        Class::MissingField,
        Severity::Error,
        "/notes",
    );
    let verdict = tape.verdict(2);
    is(&verdict, Cause::State, Confidence::Medium);
    assert_eq!(others(&verdict), []);
}

#[test]
fn a_conflict_without_anything_else_is_the_state_at_low_confidence() {
    let tape = Tape::default().ask("PUT /api/v2/routing/wrapupcodes/7", r#"{"name":"n"}"#, 409, "{}");
    is(&tape.verdict(1), Cause::State, Confidence::Low);
}
