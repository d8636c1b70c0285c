use serde_json::json;

use super::{decode, point_into};
use crate::model::exchange::{Body, Headers, Response};
use crate::model::refusal::{Complaint, Detail, Refusal, Shape};

fn answer(status: u16, headers: Headers, body: &str) -> Response {
    Response::of(status, "", headers, Body::whole(body.as_bytes().to_vec()))
}

fn decoded(body: &str) -> Refusal {
    decode(&answer(400, Headers::default(), body))
}

#[test]
fn the_api_s_shape_is_read_in_full() {
    let body = json!({"message": "m", "code": "invalid.value", "status": 400, "messageParams": {"id": 7},
        "contextId": "c-1", "details": [{"errorCode": "e", "fieldName": "durationSeconds", "entityName": "Wrapup"}],
        "errors": [{"message": "inner", "code": "x", "details": [{"fieldName": "tags[0]"}]}],
        "limit": {"key": "k", "namespace": "n", "value": 3}});
    let mut refusal = decoded(&body.to_string());
    point_into(&mut refusal, &json!({"wrapup": {"durationSeconds": "x", "tags": ["t"]}}), &|_| false);
    assert_eq!((refusal.shape, refusal.code.as_deref()), (Shape::ErrorBody, Some("invalid.value")));
    assert_eq!(refusal.params, [("id".to_owned(), "7".to_owned())]);
    assert_eq!(refusal.limit.as_deref(), Some("n/k = 3"));
    assert_eq!(refusal.correlation.as_deref(), Some("c-1"));
    let places: Vec<&str> =
        refusal.all_details().iter().map(|detail| detail.sent.as_ref().unwrap().as_str()).collect();
    assert_eq!(places, ["/wrapup/durationSeconds", "/wrapup/tags/0"]);
    assert_eq!(refusal.all_details()[1].place.as_str(), "/errors/0/details/0");
}

#[test]
fn a_field_that_only_the_message_names_is_found() {
    let message = "Value [codeId] is not a valid property for object [WrapupInput]";
    let mut refusal = decoded(&json!({"message": message, "code": "invalid.property"}).to_string());
    point_into(&mut refusal, &json!({"codeId": "x"}), &|_| false);
    assert_eq!(refusal.details[0].sent.as_ref().unwrap().as_str(), "/codeId");
    assert_eq!(refusal.details[0].place.as_str(), "/message");
}

#[test]
fn a_field_that_two_members_could_mean_is_not_guessed() {
    let mut refusal = decoded(r#"{"message":"m","details":[{"fieldName":"id"}]}"#);
    point_into(&mut refusal, &json!({"a": {"id": 1}, "b": {"id": 2}}), &|_| false);
    assert_eq!(refusal.details[0].sent, None);
}

#[test]
fn the_login_s_shape_pages_and_emptiness_are_kept_apart() {
    let oauth = decoded(r#"{"error":"invalid_client","description":"d","error_description":"d"}"#);
    assert_eq!((oauth.shape, oauth.code.as_deref()), (Shape::OAuth, Some("invalid_client")));
    let page = decoded("<HTML><head><title>403  Forbidden</title></head></html>");
    assert_eq!((page.shape, page.message.as_deref()), (Shape::Html, Some("403 Forbidden")));
    assert_eq!(decoded(" \n").shape, Shape::Empty);
    assert_eq!(decoded("upstream connect error").shape, Shape::Text);
    assert_eq!(decoded("[1]").shape, Shape::OtherJson);
    let broken = answer(400, Headers::of([("Content-Encoding", "gzip")]), "no gzip");
    assert_eq!(decode(&broken).shape, Shape::Unreadable);
}

#[test]
fn the_correlation_id_of_the_header_leads_and_another_context_is_kept() {
    let headers = Headers::of([("ININ-Correlation-Id", "h")]);
    let refusal = decode(&answer(400, headers.clone(), r#"{"message":"m","contextId":"b"}"#));
    assert_eq!((refusal.correlation.as_deref(), refusal.context.as_deref()), (Some("h"), Some("b")));
    let same = decode(&answer(400, headers, r#"{"message":"m","contextId":"h"}"#));
    assert_eq!((same.correlation.as_deref(), same.context), (Some("h"), None));
}

/// The fields that a refusal names, each with its place in the sent body, if that is clear.
fn named(answer: &str, sent: serde_json::Value, model: &[&str]) -> Vec<(String, Option<String>)> {
    let mut refusal = decoded(answer);
    point_into(&mut refusal, &sent, &|field| model.contains(&field));
    let place = |detail: &&Detail| detail.sent.as_ref().map(|place| place.as_str().to_owned());
    refusal.all_details().iter().filter_map(|detail| Some((detail.field.clone()?, place(detail)))).collect()
}

fn at(field: &str, place: &str) -> Vec<(String, Option<String>)> {
    vec![(field.to_owned(), Some(place.to_owned()).filter(|place| !place.is_empty()))]
}

#[test]
fn a_field_is_found_in_every_shape_that_apis_use() {
    let sent = json!({"members": [{"id": "x"}], "start": {"time": 1}});
    for answer in [
        json!({"message": "m", "errors": [{"code": "c", "message": "no user", "path": "members[0].id"}]}),
        json!({"errors": [{"path": "members[0].id"}]}),
        json!({"message": "m", "details": {"field": "members[0].id", "error": "no uuid"}}),
        json!({"type": "about:blank", "title": "t", "status": 400, "invalid-params": [{"name": "members[0].id", "reason": "r"}]}),
        json!({"errors": [{"title": "t", "source": {"pointer": "/members/0/id"}}]}),
        json!({"detail": [{"loc": ["body", "members", 0, "id"], "msg": "no uuid", "type": "value_error"}]}),
        json!({"error": {"code": "BadRequest", "message": "m", "details": [{"target": "members[0].id", "message": "m"}]}}),
        json!({"errors": {"members[0].id": ["is no uuid"]}}),
        json!({"timestamp": "t", "status": 400, "error": "Bad Request", "path": "/api/v2/x", "fieldErrors": [{"field": "members[0].id", "defaultMessage": "m"}]}),
    ] {
        let found = named(&answer.to_string(), sent.clone(), &[]);
        assert_eq!(found.len(), 1, "{answer}: {found:?}");
        assert_eq!(found[0].1.as_deref(), Some("/members/0/id"), "{answer}");
    }
}

#[test]
fn a_sentence_names_fields_in_quotes_and_by_its_course() {
    let sent = json!({"name": "x", "flow": {"outcome": null}, "items": [{"count": "a"}]});
    for (sentence, expected) in [
        ("Field 'name' contains a blank", at("name", "/name")),
        ("name must not be null", at("name", "/name")),
        ("The name field is required.", at("name", "/name")),
        ("Invalid value for outcome", at("outcome", "/flow/outcome")),
        ("Unrecognized field \"name\" (class X), not marked as ignorable", at("name", "/name")),
        (
            "Cannot deserialize value (through reference chain: com.x.Y[\"items\"]->java.util.ArrayList[0]->com.x.Z[\"count\"])",
            at("items[0].count", "/items/0/count"),
        ),
        ("Missing required fields: columnNames", at("columnNames", "")),
        ("The participant address is malformed.", Vec::new()),
        ("The request could not be understood by the server due to malformed syntax.", Vec::new()),
    ] {
        let answer = json!({"message": sentence, "code": "c"}).to_string();
        assert_eq!(named(&answer, sent.clone(), &["columnNames"]), expected, "{sentence}");
    }
}

#[test]
fn allowed_words_are_read_and_the_place_is_the_one_of_the_value_and_type() {
    let sentence =
        "Value [] is not valid for field type [Mode]. Allowable values are: AgentFirst, CustomerFirst";
    let mut refusal = decoded(&json!({"message": sentence, "code": "invalid.value"}).to_string());
    point_into(&mut refusal, &json!({"description": "", "callback": {"mode": ""}}), &|_| false);
    assert_eq!(refusal.details[0].sent.as_ref().unwrap().as_str(), "/callback/mode");
    assert_eq!(refusal.details[0].allowed, ["AgentFirst", "CustomerFirst"]);
    let bracketed = "not one of the values accepted for Enum class: [A, B]";
    let refusal = decoded(&json!({"errors": [{"field": "x", "message": bracketed}]}).to_string());
    assert_eq!(refusal.all_details()[0].allowed, ["A", "B"]);
}

#[test]
fn what_is_wrong_is_read_from_the_sentence() {
    for (sentence, complaint) in [
        ("must not be null", Complaint::Empty),
        ("is required", Complaint::Missing),
        ("is not a valid attribute for this type", Complaint::Unknown),
        ("is odd", Complaint::Invalid),
    ] {
        let refusal = decoded(&json!({"errors": [{"field": "x", "message": sentence}]}).to_string());
        assert_eq!(refusal.all_details()[0].complaint, complaint, "{sentence}");
    }
}

#[test]
fn states_permissions_and_empty_words_are_kept_apart() {
    use super::{is_generic, permissions, state};
    assert!(state("Cannot directly change the campaign status from <STOPPING> to <OFF>"));
    assert!(state("You are not a connected participant on the call"));
    assert!(!state("The request could not be understood by the server due to malformed syntax."));
    assert!(is_generic("The request could not be understood by the server due to malformed syntax."));
    assert!(is_generic("Invalid value") && !is_generic("The participant address is malformed."));
    let sentence = "You must have at least one of: [routing:queue:edit, routing:queue:add]";
    assert_eq!(permissions(sentence), ["routing:queue:edit", "routing:queue:add"]);
    assert_eq!(permissions("Token missing required scope: report:execute"), ["report:execute"]);
    assert!(permissions("at 12:30:15 the ratio was 1:2").is_empty());
}
