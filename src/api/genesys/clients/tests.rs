//! The lines of habits, by the faults that call for them.

use serde_json::{Value, json};

use crate::api;
use crate::api::client::fault::Fault;
use crate::api::client::lines::lines;
use crate::api::genesys::catalogue::embedded;
use crate::json::pointer::Pointer;
use crate::model::finding::Class;

fn habits(sdk: Option<&str>, body: Value, faults: &[(Class, &str)]) -> Vec<(&'static str, String)> {
    let places: Vec<Pointer> = faults.iter().map(|(_, at)| Pointer::parse(at).unwrap()).collect();
    let faults: Vec<Fault<'_>> = faults
        .iter()
        .zip(&places)
        .map(|((class, _), at)| Fault { class: *class, at: Some(at), says: "`/code` `NaN`" })
        .collect();
    lines(api::assumed(), sdk, None, Some(&body), &faults)
        .into_iter()
        .map(|line| (line.habit, line.after))
        .collect()
}

const NULL: Class = Class::NullField;
const EXTRA: Class = Class::ExtraField;
const TYPE: Class = Class::TypeMismatch;

#[test]
fn the_body_distinguishes_to_dict_from_a_plain_dict() {
    let to_dict = habits(
        Some("python"),
        json!({"code": "x", "duration_seconds": null}),
        &[(NULL, "/duration_seconds")],
    );
    assert!(to_dict[0].1.ends_with("body=wrapup)"), "{to_dict:?}");
    let dict = habits(Some("python"), json!({"code": "x", "notes": null}), &[(NULL, "/notes")]);
    assert!(dict[0].1.starts_with("body = {") && dict.len() == 1, "{dict:?}");
}

#[test]
fn java_s_empty_lists_lead_to_the_switch_where_they_are_the_difference() {
    let body = json!({"code": "x", "tags": [], "more": 1});
    let found = habits(Some("java"), body.clone(), &[(EXTRA, "/tags")]);
    assert!(found[0].1.starts_with("ApiClient.LEGACY_EMPTY_LIST = false"), "{found:?}");
    assert!(habits(Some("java"), body, &[(EXTRA, "/more")]).is_empty());
}

#[test]
fn an_empty_javascript_body_is_a_payload_in_the_place_of_opts() {
    let missing = [Fault { class: Class::EmptyBody, at: None, says: "" }];
    let entry = |path| embedded().operation_of("PATCH", path);
    let optional = entry("/api/v2/conversations/messages/c/participants/p");
    let found = lines(api::assumed(), Some("javascript"), optional, None, &missing);
    assert_eq!(
        found[0].after,
        "api.patchConversationsMessageParticipant(conversationId, participantId, { body: payload })"
    );
    let positional = entry("/api/v2/conversations/c/participants/p");
    assert!(lines(api::assumed(), Some("javascript"), positional, None, &missing).is_empty());
}

#[test]
fn a_value_of_another_type_gets_the_line_that_its_own_look_calls_for() {
    let lines = |value: Value| habits(Some("javascript"), json!({ "a": value }), &[(TYPE, "/a")]);
    assert!(lines(json!("120"))[0].1.contains("Number("));
    assert!(lines(json!(120.5))[0].1.contains("Math.round("));
    assert!(lines(json!({"id": "x"}))[0].1.contains(".id"));
    assert!(lines(json!("vip"))[0].1.contains("[tag]"));
    assert!(lines(json!(1_795_163_415_123_i64))[0].1.contains("new Date"));
    assert!(lines(json!(true)).is_empty());
}

#[test]
fn seconds_are_named_to_every_client_and_an_unknown_client_gets_no_language() {
    let unknown = Class::RenamedKey;
    let found = habits(None, json!({"codeId": "x", "durationMs": 120_000}), &[(unknown, "/durationMs")]);
    assert_eq!(
        found.iter().map(|(_, after)| after).collect::<Vec<_>>(),
        ["durationSeconds = round(elapsedMs / 1000)"]
    );
    assert!(habits(Some("curl"), json!({"a": null}), &[(NULL, "/a")]).is_empty());
}
