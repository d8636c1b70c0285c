//! Permission, credentials, and requests that were addressed wrongly.

use serde_json::json;

use super::*;
use crate::model::finding::Class;

#[test]
fn a_forbidden_call_names_the_permission_the_grant_type_and_the_scopes() {
    let answer = r#"{"status":403,"code":"not.authorized","message":"Access to Conversation x is forbidden.","messageParams":{"type":"Conversation"}}"#;
    let info = json!({"OAuthClient": {"authorizedGrantType": "CLIENT-CREDENTIALS"}, "authorizedScope": ["routing:readonly"]});
    let tape =
        Tape::default().read("/api/v2/tokens/me", &info).ask(&post("calls"), &code_body(), 403, answer);
    let verdict = tape.verdict(2);
    is(&verdict, Cause::Permission, Confidence::High);
    let said: Vec<&str> = verdict.evidence.iter().map(|evidence| evidence.statement.as_str()).collect();
    assert!(said.contains(&"the operation needs conversation:participant:wrapup"), "{said:#?}");
    assert!(said.contains(&"the token is a client's and has no user"), "{said:#?}");
    assert!(said.contains(&"none of the token's scopes is for `conversations`"), "{said:#?}");
}

#[test]
fn a_forbidden_call_does_not_blame_the_payload() {
    let tape = Tape::default()
        .ask(
            &post("calls"),
            r#"{"code":"x","notes":null}"#,
            403,
            r#"{"message":"m","code":"missing.permissions"}"#,
        )
        .finding(Class::NullField, Severity::Error, "/notes");
    let verdict = tape.verdict(1);
    is(&verdict, Cause::Permission, Confidence::High);
    assert!(
        verdict
            .contrary
            .iter()
            .any(|line| line.statement == "payload differences: 1, probably not the cause")
    );
}

#[test]
fn an_app_s_token_where_a_user_s_is_needed() {
    let tape = Tape::default()
        .ask(
            "POST /oauth/token",
            "grant_type=client_credentials",
            200,
            r#"{"access_token":"redacted-token-aa11","expires_in":86399}"#,
        )
        .ask(
            &patch(),
            &format!(r#"{{"wrapup":{}}}"#, code_body()),
            400,
            r#"{"message":"m","code":"not.a.user"}"#,
        );
    let verdict = tape.verdict(2);
    is(&verdict, Cause::Permission, Confidence::High);
    assert!(verdict.next[0].starts_with("log in as a user"), "{verdict:#?}");
    assert!(shown_by(&verdict).contains(&1), "{verdict:#?}");
}

#[test]
fn members_too_many_are_named_where_the_patch_is_forbidden() {
    let body = r#"{"wrapup":{"code":"x"},"recording":true,"wrapupSkipped":true}"#;
    let tape = Tape::default().ask(&patch(), body, 403, r#"{"message":"m","code":"not.authorized"}"#);
    let verdict = tape.verdict(1);
    is(&verdict, Cause::Permission, Confidence::High);
    assert!(verdict.next[0].starts_with("send only the member"), "{verdict:#?}");
}

#[test]
fn an_expired_token_is_distinguished_from_a_missing_one() {
    let tape = Tape::default().accepted(&post("emails"), &code_body()).ask(
        &post("calls"),
        &code_body(),
        401,
        r#"{"message":"m","code":"credentials.expired"}"#,
    );
    let verdict = tape.verdict(2);
    is(&verdict, Cause::Credentials, Confidence::High);
    assert!(
        verdict.evidence.iter().any(|line| line.statement.contains("has expired or was revoked")),
        "{verdict:#?}"
    );
    let missing =
        Tape::default().ask(&post("calls"), &code_body(), 401, "").request_header("Authorization", "");
    assert_eq!(missing.verdict(1).statement, "no token was sent");
}

#[test]
fn a_failed_login_is_read_in_its_own_shape() {
    let tape = Tape::default()
        .ask(
            "POST /oauth/token",
            "grant_type=client_credentials",
            401,
            r#"{"error":"invalid_client","description":"d"}"#,
        )
        .request_header("Content-Type", "application/x-www-form-urlencoded");
    let verdict = tape.verdict(1);
    is(&verdict, Cause::Credentials, Confidence::High);
    assert!(verdict.statement.contains("client id or secret"), "{}", verdict.statement);
    assert!(tape.judge(1).faults.is_empty());
}

#[test]
fn swapped_ids_are_shown_by_the_conversation_that_was_read() {
    let swapped = post("calls").replace(P, "TMP").replace(M, P).replace("TMP", M);
    let tape = Tape::default().read(&conversation_path(), &conversation("disconnected", "pending")).ask(
        &swapped,
        &code_body(),
        404,
        r#"{"message":"m","code":"not.found"}"#,
    );
    let diagnosis = tape.judge(2);
    assert_eq!(diagnosis.faults.iter().map(|check| check.class).collect::<Vec<_>>(), [Class::SwappedIds; 2]);
    let verdict = diagnosis.verdict.unwrap();
    is(&verdict, Cause::Endpoint, Confidence::High);
    assert_eq!(verdict.statement, format!("the participantId in the path is the communication `{M}`"));
    assert!(shown_by(&verdict).contains(&1));
    assert_eq!(verdict.next[0], format!("pass `{P}` as the participantId: the agent's"));
    assert_eq!(verdict.next[1], format!("pass `{M}` as the communicationId: the agent's"));
}

#[test]
fn a_user_s_id_in_the_place_of_the_participant_s_and_another_media_type() {
    let read = |tape: Tape| tape.read(&conversation_path(), &conversation("disconnected", "pending"));
    let user = read(Tape::default()).refused(&post("calls").replace(P, USER), &code_body());
    assert_eq!(user.verdict(2).statement, format!("the participantId in the path is the user `{USER}`"));
    let emails = read(Tape::default()).refused(&post("emails"), &code_body());
    let verdict = emails.verdict(2);
    assert_eq!(verdict.statement, "the communication is one of `calls`, and the path says `emails`");
    is(&verdict, Cause::Endpoint, Confidence::High);
}

#[test]
fn what_a_program_leaves_in_a_path_is_seen() {
    for (id, shown) in [("undefined", "undefined"), ("{participantId}", "{participantId}"), ("", "")] {
        let tape = Tape::default().ask(&post("calls").replace(P, id), &code_body(), 404, "");
        let diagnosis = tape.judge(1);
        assert_eq!(diagnosis.faults[0].class, Class::MissingId, "{:#?}", diagnosis.faults);
        assert_eq!(diagnosis.faults[0].sent_text(), shown);
        assert_eq!(diagnosis.verdict.unwrap().cause, Cause::Endpoint);
    }
}

#[test]
fn another_method_names_the_ones_that_there_are() {
    let tape = Tape::default().ask(&patch().replace("PATCH", "PUT"), "{}", 405, "");
    let verdict = tape.verdict(1);
    is(&verdict, Cause::Endpoint, Confidence::High);
    assert!(verdict.statement.contains("is public under PATCH only, not under PUT"), "{}", verdict.statement);
}

#[test]
fn a_path_of_another_api_is_not_held_against_the_catalogue() {
    let mut tape = Tape::default().ask("PUT /v1/things/7", r#"{"a":1}"#, 404, "");
    tape.last().upstream = "http://127.0.0.1:9".to_owned();
    let diagnosis = tape.judge(1);
    assert_eq!((diagnosis.public, diagnosis.faults.len()), (None, 0));
    is(diagnosis.verdict.as_ref().unwrap(), Cause::Endpoint, Confidence::Low);
}

#[test]
fn another_vendor_s_path_under_api_v2_is_not_held_against_the_catalogue() {
    let mut tape = Tape::default().ask("PUT /api/v2/tickets/7.json", r#"{"a":1}"#, 400, "");
    tape.last().upstream = "https://example.com".to_owned();
    assert_eq!(tape.judge(1).public, None);
    tape.last().request.target = "/api/v2/conversations/x/y/z".into();
    let verdict = tape.verdict(1);
    is(&verdict, Cause::Endpoint, Confidence::Medium);
    assert!(
        verdict
            .contrary
            .iter()
            .any(|line| line.statement.starts_with("`https://example.com` is not a host of Genesys Cloud"))
    );
}
