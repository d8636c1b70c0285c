//! By what right something is blamed: the answer's plain words, the bytes, the times that were recorded, the
//! accepted request's own text.

use super::*;
use crate::model::remedy::Remedy;

fn remedy_body(remedy: &Remedy) -> Option<&str> {
    remedy.body.as_deref()
}

#[test]
fn a_plain_text_that_names_a_sent_member_is_about_the_payload_and_any_other_text_is_not() {
    let body = format!(r#"{{"code":"{CODE}","durationSeconds":60}}"#);
    let said = |text: &str| {
        Tape::default()
            .ask(&post("calls"), &body, 400, text)
            .answer_header("Content-Type", "text/plain")
            .answer_header("ININ-Correlation-Id", "")
            .verdict(1)
    };
    for text in ["durationSeconds must be less than 30", "Invalid value for 'code'"] {
        let verdict = said(text);
        assert_eq!(verdict.cause, Cause::Payload, "{text}: {verdict:#?}");
        assert!(verdict.statement.contains(text), "{}", verdict.statement);
    }
    assert_eq!(said("Access denied, error code 15").cause, Cause::Upstream);
}

#[test]
fn a_body_that_was_not_recorded_whole_is_not_judged_and_not_proposed_to_be_sent_again() {
    let mut tape = Tape::default().refused(&post("calls"), r#"{"code":"x","notes":"aaa"#);
    tape.last().request.body.cut = true;
    let diagnosis = tape.judge(1);
    assert!(diagnosis.faults.is_empty(), "{:#?}", diagnosis.faults);
    let verdict = diagnosis.verdict.unwrap();
    assert_eq!(verdict.cause, Cause::Unknown);
    assert!(verdict.next[0].contains("--body-limit"), "{:?}", verdict.next);
    assert!(verdict.next.iter().all(|line| !line.contains("replay")), "{:?}", verdict.next);
}

#[test]
fn a_repeated_member_is_excused_only_by_an_accepted_text_that_repeats_it_too() {
    let twice = format!(r#"{{"code":"{CODE}","notes":"n","code":"{CODE}"}}"#);
    let once = Tape::default().accepted(&post("calls"), &code_body()).refused(&post("calls"), &twice);
    assert_eq!(once.judge(2).faults[0].severity, Severity::Error);
    assert_eq!(once.verdict(2).cause, Cause::Payload);
    let accepted = format!(r#"{{"code":"x","code":"{CODE}"}}"#);
    let both = Tape::default().accepted(&post("calls"), &accepted).refused(&post("calls"), &twice);
    let diagnosis = both.judge(2);
    assert_eq!(diagnosis.faults[0].severity, Severity::Info);
    assert_eq!(remedy_body(&diagnosis.remedy), None);
}

#[test]
fn a_duration_that_is_the_milliseconds_between_two_recorded_times_is_proved() {
    let read = serde_json::json!({"id": C, "participants": [{"id": P, "purpose": "agent", "calls": [{"id": M,
        "afterCallWork": {"startTime": "2026-11-20T08:00:00.000Z", "endTime": "2026-11-20T08:00:12.345Z"}}]}]});
    let sent = |seconds: u32| format!(r#"{{"code":"{CODE}","durationSeconds":{seconds}}}"#);
    let tape = |seconds| {
        Tape::default().read(&conversation_path(), &read).refused(&post("calls"), &sent(seconds)).judge(2)
    };
    let proved = tape(12_345);
    assert_eq!((proved.faults[0].class, proved.faults[0].authority), (Class::UnitMismatch, Authority::Proof));
    assert_eq!(remedy_body(&proved.remedy), Some(sent(12).as_str()));
    let verdict = proved.verdict.unwrap();
    is(&verdict, Cause::Payload, Confidence::High);
    assert!(verdict.statement.contains("/participants/0/calls/0/afterCallWork/startTime"));
    assert!(tape(12_346).faults.is_empty());
}

#[test]
fn a_nan_is_one_fault_at_its_own_place() {
    let diagnosis = Tape::default()
        .refused(&post("calls"), &format!(r#"{{"code":"{CODE}","durationSeconds":NaN}}"#))
        .judge(1);
    let faults: Vec<_> = diagnosis
        .faults
        .iter()
        .map(|fault| (fault.class, fault.candidate_path.as_ref().unwrap().as_str()))
        .collect();
    assert_eq!(faults, [(Class::InvalidJson, "/durationSeconds")]);
    assert_eq!(remedy_body(&diagnosis.remedy), Some(code_body().as_str()));
}

#[test]
fn a_version_that_the_answer_speaks_of_is_not_left_out_and_an_echoed_one_is_named() {
    let queue = format!("/api/v2/routing/queues/{C}");
    let body = r#"{"name":"Sales","version":7}"#;
    let read = serde_json::json!({"id": C, "name": "Sales", "version": 7});
    let echoed = Tape::default().read(&queue, &read).refused(&format!("PUT {queue}"), body).verdict(2);
    assert!(echoed.statement.starts_with("the body is what was read, sent back"), "{}", echoed.statement);
    let conflict = r#"{"message":"version mismatch","code":"conflict","status":409}"#;
    let old = r#"{"name":"Sales","version":6}"#;
    let tape = Tape::default().read(&queue, &read).ask(&format!("PUT {queue}"), old, 409, conflict);
    let diagnosis = tape.judge(2);
    assert_eq!(remedy_body(&diagnosis.remedy), None);
    is(&diagnosis.verdict.unwrap(), Cause::State, Confidence::High);
}

#[test]
fn what_is_missing_is_offered_at_its_place_in_the_corrected_body() {
    let path = format!("POST /api/v2/outbound/contactlists/{C}/contacts");
    let diagnosis = Tape::default().refused(&path, r#"{"contacts":[{"data":{}}]}"#).judge(1);
    let places: Vec<&str> = diagnosis.remedy.offers.iter().map(|offer| offer.place.as_str()).collect();
    assert_eq!(places, ["/0/contactListId"]);
    let verdict = diagnosis.verdict.unwrap();
    assert!(
        verdict.next.iter().any(|line| line.contains("--set /0/contactListId=TEXT")),
        "{:?}",
        verdict.next
    );
}

#[test]
fn advice_names_its_place_and_lists_few_names() {
    let body = r#"{"name":"a","xyz":3,"skillEvaluationMethod":"none"}"#;
    let verdict = Tape::default().refused("POST /api/v2/routing/queues", body).verdict(1);
    for line in verdict.next.iter().filter(|line| !line.starts_with("prove it")) {
        assert!(line.contains("`/"), "{line}");
        assert!(line.len() < 300, "{line}");
    }
}
