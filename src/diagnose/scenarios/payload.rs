//! Bodies that are the reason: against the model, against what was accepted, on the wrong operation.

use super::*;
use crate::model::finding::Class;

fn kinds(diagnosis: &Diagnosis) -> Vec<Class> {
    diagnosis.faults.iter().map(|check| check.class).collect()
}

fn mended(diagnosis: &Diagnosis) -> Value {
    serde_json::from_str(diagnosis.remedy.body.as_ref().unwrap()).unwrap()
}

/// One body, sent where it does not fit: kinds of the checks, cause, and what it is mended to (`-`: it cannot
/// be).
#[track_caller]
fn check(line: &str, body: &str, kind: Class, cause: Cause, mends_to: &str) -> Diagnosis {
    let diagnosis = Tape::default().refused(line, body).judge(1);
    assert_eq!(kinds(&diagnosis).first(), Some(&kind), "{body}: {:#?}", diagnosis.faults);
    let verdict = diagnosis.verdict.as_ref().unwrap();
    assert_eq!(verdict.cause, cause, "{body}: {verdict:#?}");
    let mended =
        diagnosis.remedy.body.as_ref().map(|body| serde_json::from_str::<Value>(body).unwrap().to_string());
    assert_eq!(mended.as_deref().unwrap_or("-"), mends_to, "{body}");
    diagnosis
}

#[test]
fn the_body_is_held_against_the_model() {
    let post = post("calls");
    let payload = |body, kind, mended| check(&post, body, kind, Cause::Payload, mended);
    payload(r#"{"codeId":"x"}"#, Class::RenamedKey, r#"{"code":"x"}"#);
    payload(
        r#"{"code":"x","durationMs":120000}"#,
        Class::RenamedKey,
        r#"{"code":"x","durationSeconds":120}"#,
    );
    payload(r#"{"code":"x","duration_seconds":5}"#, Class::RenamedKey, r#"{"code":"x","durationSeconds":5}"#);
    payload(
        r#"{"code":"x","durationSeconds":"120"}"#,
        Class::TypeMismatch,
        r#"{"code":"x","durationSeconds":120}"#,
    );
    payload(
        r#"{"code":"x","durationSeconds":120.0}"#,
        Class::FormatMismatch,
        r#"{"code":"x","durationSeconds":120}"#,
    );
    payload(r#"{"code":"x","durationSeconds":120.5}"#, Class::TypeMismatch, "-");
    payload(
        r#"{"code":"x","endTime":"Fri, 20 Nov 2026 08:30:15 GMT"}"#,
        Class::FormatMismatch,
        r#"{"code":"x","endTime":"2026-11-20T08:30:15.000Z"}"#,
    );
    payload(r#"{"code":"x","endTime":"2026-11-20T08:30:15"}"#, Class::FormatMismatch, "-");
    payload(
        r#"{"code":"x","provisional":"true"}"#,
        Class::TypeMismatch,
        r#"{"code":"x","provisional":true}"#,
    );
    payload(r#"{"code":"x","tags":"a"}"#, Class::UnwrappedFromArray, r#"{"code":"x","tags":["a"]}"#);
    payload(r#"{"code":["x"]}"#, Class::WrappedInArray, r#"{"code":"x"}"#);
    payload(r#"{"code":{"id":"x"}}"#, Class::TypeMismatch, r#"{"code":"x"}"#);
    payload(r#"{"code":"x","notes":null}"#, Class::NullField, r#"{"code":"x"}"#);
    payload(r#"{"code":"x","endTime":""}"#, Class::FormatMismatch, "-");
    payload(
        r#"{"code":"x","endTime":"2026-11-20T08:30:15.123456+00:00"}"#,
        Class::FormatMismatch,
        r#"{"code":"x","endTime":"2026-11-20T08:30:15.123Z"}"#,
    );
    payload(r#""{\"code\":\"x\"}""#, Class::DoubleEncoded, r#"{"code":"x"}"#);
    payload("7fb334b0", Class::InvalidJson, "-");
    payload("null", Class::EmptyBody, "-");
    payload(r#"{"body":{"code":"x"}}"#, Class::Moved, r#"{"code":"x"}"#);
    check(
        "POST /api/v2/routing/wrapupcodes",
        r#"{"description":"d"}"#,
        Class::MissingField,
        Cause::Payload,
        "-",
    );
}

#[test]
fn the_right_body_on_the_wrong_operation_is_the_endpoint_unless_it_only_lacks_its_wrapping() {
    let wrapped = check(
        &post("calls"),
        r#"{"wrapup":{"code":"x"}}"#,
        Class::WrongOperation,
        Cause::Endpoint,
        r#"{"code":"x"}"#,
    );
    assert!(
        wrapped.faults[0]
            .message
            .contains("PATCH /api/v2/conversations/calls/{conversationId}/participants/{participantId}")
    );
    let bare = check(&patch(), r#"{"code":"x"}"#, Class::Moved, Cause::Payload, r#"{"wrapup":{"code":"x"}}"#);
    assert!(
        bare.faults[0].message.contains("POST /api/v2/conversations/calls/"),
        "{}",
        bare.faults[0].message
    );
    let attributes = format!("{}/attributes", patch());
    check(
        &attributes,
        r#"{"attributes":{"wrapup":{"code":"x"}}}"#,
        Class::WrongOperation,
        Cause::Endpoint,
        r#"{"wrapup":{"code":"x"}}"#,
    );
    let communication = format!("{}/communications/{M}", patch());
    check(
        &communication,
        r#"{"wrapup":{"code":"x"}}"#,
        Class::WrongOperation,
        Cause::Endpoint,
        r#"{"code":"x"}"#,
    );
}

#[test]
fn inside_a_wrapping_too_many_the_body_is_still_held_against_its_model() {
    let diagnosis =
        Tape::default().refused(&post("calls"), r#"{"wrapup":{"codeId":"x","notes":"n"}}"#).judge(1);
    assert_eq!(kinds(&diagnosis), [Class::WrongOperation, Class::RenamedKey]);
    assert_eq!(mended(&diagnosis).to_string(), r#"{"code":"x","notes":"n"}"#);
}

#[test]
fn the_patch_s_actions_and_contradictions_are_named() {
    let body = r#"{"wrapup":{"code":"x"},"wrapupSkipped":true,"muted":false,"state":"disconnected"}"#;
    let diagnosis = Tape::default().refused(&patch(), body).judge(1);
    assert_eq!(kinds(&diagnosis), [Class::Contradiction, Class::ActionField, Class::ActionField]);
    assert_eq!(mended(&diagnosis).to_string(), r#"{"wrapup":{"code":"x"}}"#);
    let alone = Tape::default().refused(&patch(), r#"{"state":"disconnected"}"#).judge(1);
    assert!(alone.faults.is_empty(), "{:#?}", alone.faults);
}

#[test]
fn words_that_are_not_enumerated_and_what_sdks_put_in_for_them() {
    check(&patch(), r#"{"state":"outdated_sdk_version"}"#, Class::SwallowedEnum, Cause::Payload, "-");
    check(
        &patch(),
        r#"{"state":"disconected"}"#,
        Class::UnknownWord,
        Cause::Payload,
        r#"{"state":"disconnected"}"#,
    );
    check(
        "POST /api/v2/analytics/conversations/details/query",
        r#"{"interval":"x","order":"ASC"}"#,
        Class::FormatMismatch,
        Cause::Payload,
        r#"{"interval":"x","order":"asc"}"#,
    );
}

#[test]
fn an_sdk_s_habit_is_named_in_its_own_language() {
    let line = |agent: &str, body: &str| {
        let tape = Tape::default().refused(&post("calls"), body).request_header("User-Agent", agent);
        tape.judge(1).remedy.client.into_iter().next().map(|line| line.after)
    };
    let to_dict = r#"{"code":"x","duration_seconds":5,"end_time":null}"#;
    assert!(line("PureCloud SDK/python", to_dict).unwrap().ends_with("body=wrapup)"));
    assert!(line("axios/1.21.1", "").unwrap().contains("{ body: payload }"));
    assert!(line("PureCloud SDK/python", r#""{\"code\":1}""#).unwrap().contains("body=payload"));
    assert_eq!(line("curl/8.14.1", to_dict), None);
}

#[test]
fn the_output_of_to_dict_is_recognized_inside_wrapup() {
    let body = r#"{"wrapup":{"code":"x","name":null,"notes":null,"tags":null,"duration_seconds":5}}"#;
    let verdict = Tape::default().refused(&patch(), body).verdict(1);
    assert!(verdict.statement.contains("`to_dict()`"), "{verdict:#?}");
}

#[test]
fn a_replay_is_proposed_only_if_there_is_a_body_to_send() {
    for (body, is_proposed) in [("null", false), ("[]", false), (r#"{"wrapup":{"code":7}}"#, true)] {
        let diagnosis = Tape::default().refused(&patch(), body).judge(1);
        let next = diagnosis.verdict.unwrap().next;
        assert_eq!(next.iter().any(|line| line.contains("--fixed")), is_proposed, "{body}: {next:#?}");
        assert_eq!(diagnosis.remedy.body.is_some(), is_proposed, "{body}");
    }
}

#[test]
fn a_null_that_the_description_does_not_allow_is_the_payload() {
    let tape = Tape::default()
        .accepted(&post("calls"), &code_body())
        .refused(&post("calls"), r#"{"code":"x","notes":null}"#)
        .finding(Class::NullField, Severity::Error, "/notes")
        .against(1);
    let verdict = tape.verdict(2);
    is(&verdict, Cause::Payload, Confidence::Medium);
    assert_eq!(shown_by(&verdict), [2]);
    assert!(verdict.next.iter().any(|line| line == "prove it: `wraptap replay 2 --fixed`"));
}

#[test]
fn a_difference_that_was_accepted_as_well_is_not_blamed() {
    let tape = Tape::default()
        .accepted(&post("calls"), r#"{"code":"y","notes":null}"#)
        .refused(&post("calls"), r#"{"code":"x","notes":null,"tags":[]}"#)
        .finding(Class::NullField, Severity::Error, "/notes")
        .finding(Class::ExtraField, Severity::Warning, "/tags");
    let verdict = tape.verdict(2);
    assert!(verdict.contrary.iter().any(|line| line.exchange == ExchangeId::new(1)), "{verdict:#?}");
    assert!(verdict.evidence.iter().all(|line| !line.statement.starts_with("null_field")), "{verdict:#?}");
    assert_ne!(verdict.confidence, Confidence::High);
}

#[test]
fn a_field_that_the_answer_names_is_found_in_the_body() {
    let answer = r#"{"message":"m","code":"bad.request","details":[{"errorCode":"invalid","fieldName":"durationSeconds"}]}"#;
    let tape = Tape::default().ask(&post("calls"), r#"{"code":"x","durationSeconds":-1}"#, 400, answer);
    let verdict = tape.verdict(1);
    is(&verdict, Cause::Payload, Confidence::High);
    assert_eq!(verdict.statement, "the API names `/durationSeconds`: m");
}

#[test]
fn a_code_that_no_list_has_is_the_payload_and_a_part_of_a_list_proves_nothing() {
    let list =
        |total: u64| serde_json::json!({"entities": [{"id": "other", "name": "Sale"}], "total": total});
    let whole =
        Tape::default().read("/api/v2/routing/wrapupcodes", &list(1)).refused(&post("calls"), &code_body());
    let verdict = whole.verdict(2);
    is(&verdict, Cause::Payload, Confidence::High);
    assert!(verdict.next[0].contains("other (Sale)"));
    let part =
        Tape::default().read("/api/v2/routing/wrapupcodes", &list(60)).refused(&post("calls"), &code_body());
    is(&part.verdict(2), Cause::Unknown, Confidence::Low);
    let named = Tape::default()
        .read("/api/v2/routing/wrapupcodes", &list(60))
        .refused(&post("calls"), r#"{"code":"sale"}"#);
    assert_eq!(named.verdict(2).statement, "`/code` is the name of a wrap-up code, not its id");
}

#[test]
fn another_media_type_of_the_request_is_the_reason_where_the_same_bytes_passed() {
    let tape = Tape::default()
        .ask(&post("calls"), &code_body(), 415, "{}")
        .request_header("Content-Type", "text/plain")
        .accepted(&post("calls"), &code_body());
    let verdict = tape.verdict(1);
    is(&verdict, Cause::Payload, Confidence::High);
    assert!(verdict.statement.contains("`text/plain`"), "{}", verdict.statement);
}

#[test]
fn nothing_wrong_is_said_to_be_unknown_and_not_made_up() {
    let verdict = Tape::default().refused(&post("calls"), &code_body()).verdict(1);
    is(&verdict, Cause::Unknown, Confidence::Low);
    assert!(verdict.next[0].starts_with("record GET /api/v2/conversations/"), "{verdict:#?}");
    assert!(
        verdict
            .next
            .iter()
            .any(|line| line.starts_with("record GET …/participants/{participantId}/wrapupcodes"))
    );
    assert!(verdict.next.iter().any(|line| line.contains("corr-1")), "{verdict:#?}");
}

#[test]
fn a_unit_slip_is_blamed_also_where_the_good_request_has_a_number_there() {
    let tape = Tape::default()
        .accepted(&post("calls"), r#"{"code":"x","notes":"n","durationSeconds":120}"#)
        .refused(&post("calls"), r#"{"code":"x","notes":null,"durationSeconds":120000}"#)
        .finding(Class::NullField, Severity::Error, "/notes")
        .finding(Class::UnitMismatch, Severity::Error, "/durationSeconds")
        .against(1);
    let verdict = tape.verdict(2);
    is(&verdict, Cause::Payload, Confidence::Medium);
    assert_eq!(verdict.contrary, []);
    let about_notes = verdict
        .evidence
        .iter()
        .filter(|line| line.pointer.as_ref().is_some_and(|at| at.as_str() == "/notes"));
    assert_eq!(about_notes.count(), 1, "one place is reported once");
}

/// Compares with an accepted body of the same operation, as a user's recording would, and returns what is
/// mended.
fn mended_by(good: &str, sent: &str) -> (String, Vec<String>) {
    let mut tape = Tape::default().accepted(&post("calls"), good).refused(&post("calls"), sent).against(1);
    tape.findings =
        crate::diff::bodies(good.as_bytes(), sent.as_bytes(), &crate::diff::Options::default()).findings;
    let remedy = tape.judge(2).remedy;
    let body = remedy.body.map(|body| serde_json::from_str::<Value>(&body).unwrap().to_string());
    (body.unwrap_or_else(|| "-".to_owned()), remedy.open)
}

#[test]
fn a_body_is_mended_by_its_differences_from_the_good_one_and_keeps_its_own_values() {
    let good =
        r#"{"code":"g","notes":"n","durationSeconds":120,"endTime":"2026-11-20T08:30:15.123Z","tags":["a"]}"#;
    let cases = [
        (
            r#"{"code":"own","notes":"m","durationSeconds":120000}"#,
            r#"{"code":"own","notes":"m","durationSeconds":120}"#,
        ),
        (r#"{"code":"own","durationSeconds":"95"}"#, r#"{"code":"own","durationSeconds":95}"#),
        (
            r#"{"code":"own","duration_seconds":95,"tags":[]}"#,
            r#"{"code":"own","durationSeconds":95,"tags":[]}"#,
        ),
        (r#"[{"code":"own","notes":"m"}]"#, r#"{"code":"own","notes":"m"}"#),
        (r#""{\"code\":\"own\",\"notes\":\"m\"}""#, r#"{"code":"own","notes":"m"}"#),
        (
            r#"{"code":"own","endTime":"2026-11-21T09:30:15.123456+01:00"}"#,
            r#"{"code":"own","endTime":"2026-11-21T08:30:15.123Z"}"#,
        ),
        (r#"{"codeId":"own","durationMs":95000}"#, r#"{"code":"own","durationSeconds":95}"#),
        (
            r#"{"code":"own","endTime":1795249815123}"#,
            r#"{"code":"own","endTime":"2026-11-21T08:30:15.123Z"}"#,
        ),
        (
            r#"{"code":"own","endTime":"Sat, 21 Nov 2026 08:30:15 GMT"}"#,
            r#"{"code":"own","endTime":"2026-11-21T08:30:15.000Z"}"#,
        ),
        (r#"{"wrapup":{"code":"own","notes":"m"}}"#, r#"{"code":"own","notes":"m"}"#),
        (r#"{"code":"own","notes":null}"#, r#"{"code":"own"}"#),
    ];
    for (sent, wanted) in cases {
        assert_eq!(mended_by(good, sent).0, wanted, "{sent}");
        let left = crate::diff::bodies(good.as_bytes(), wanted.as_bytes(), &crate::diff::Options::default())
            .findings;
        let faults = left.iter().filter(|finding| finding.severity == Severity::Error);
        assert!(
            faults.clone().all(|finding| matches!(finding.class, Class::MissingField | Class::EmptyValue)),
            "{left:#?}"
        );
    }
}

#[test]
fn what_cannot_be_mended_is_left_to_be_filled_in_by_its_name() {
    let good = r#"{"code":"g","endTime":"2026-11-20T08:30:15.123Z"}"#;
    for (sent, named) in [
        (
            r#"{"endTime":"2026-11-20T08:30:15.123Z"}"#,
            "`/code` is required and missing; set it: `--set /code=TEXT`",
        ),
        ("{}", "`/code` is required and missing; set it: `--set /code=TEXT`"),
        ("null", "the body is the four bytes `null`; pass the payload; the program passed nothing"),
        (
            r#"{"code":"x","endTime":"2026-11-20T08:30:15"}"#,
            "`/endTime` is not written as yyyy-MM-ddTHH:mm:ss.SSSZ; write a date-time in UTC as yyyy-MM-ddTHH:mm:ss.SSSZ, or leave it out",
        ),
    ] {
        let (body, open) = mended_by(good, sent);
        assert_eq!(body, "-", "{sent}");
        assert!(open.iter().any(|line| line == named), "{sent}: {open:?}");
    }
}

#[test]
fn a_user_need_not_fill_in_what_another_accepted_request_went_without() {
    let (good, sent) = (r#"{"code":"g","notes":"n"}"#, r#"{"codeId":"x"}"#);
    let mut tape = Tape::default()
        .accepted(&post("calls"), r#"{"code":"h"}"#)
        .accepted(&post("calls"), good)
        .refused(&post("calls"), sent)
        .against(2);
    tape.findings =
        crate::diff::bodies(good.as_bytes(), sent.as_bytes(), &crate::diff::Options::default()).findings;
    let remedy = tape.judge(3).remedy;
    assert_eq!(remedy.open, Vec::<String>::new());
    assert!(remedy.body.unwrap().contains("\"code\":\"x\""));
}

#[test]
fn what_the_model_says_of_a_member_is_said_rather_than_that_it_is_one_more() {
    let verdict = Tape::default()
        .accepted(&post("calls"), r#"{"code":"x"}"#)
        .refused(&post("calls"), r#"{"code":"x","durationSeconds":"120"}"#)
        .finding(Class::ExtraField, Severity::Warning, "/durationSeconds")
        .against(1)
        .verdict(2);
    is(&verdict, Cause::Payload, Confidence::High);
    assert_eq!(verdict.statement, "`/durationSeconds` is a string where an integer belongs");
}
