//! What a refusing answer says: the API's ErrorBody, the login's own shape, pages, and nothing at all.
//!
//! Source: the `ErrorBody`, `Detail` and `Limit` models of PyPI PureCloudPlatformClientV2 269.0.0; real bodies quoted
//! on community.genesys.com and developer.genesys.cloud.

use serde_json::Value;

use crate::api::genesys::near;
use crate::json::pointer::Pointer;
use crate::model::coding;
use crate::model::exchange::Response;
use crate::model::refusal::{Detail, Refusal, Shape};

const EXCERPT: usize = 300;

/// Decodes a refusing answer; every answer gives a result, also an empty one.
pub fn decode(response: &Response) -> Refusal {
    let header = response.headers.text("inin-correlation-id").map(str::to_owned);
    let mut refusal = match coding::decoded(&response.headers, &response.body) {
        None => Refusal { shape: Shape::Unreadable, ..Refusal::default() },
        Some(bytes) => match std::str::from_utf8(&bytes) {
            Err(_) => Refusal { shape: Shape::Unreadable, ..Refusal::default() },
            Ok(text) => of_text(text, response.headers.text("content-type").unwrap_or_default()),
        },
    };
    refusal.status = response.status;
    if header.is_some() && refusal.correlation != header {
        refusal.context = refusal.correlation.take();
        refusal.correlation = header;
    }
    refusal
}

/// Sets, for every field that the refusal names, the place of the sent body that it means.
///
/// A field is found by its whole path (`wrapup.code`, `tags[0]`), else by its last word, if only one member has it.
/// A quoted value (`Value [x] is not valid`) is found the same way.
pub fn point_into(refusal: &mut Refusal, sent: &Value) {
    let mut places = Vec::new();
    collect(sent, &Pointer::root(), &mut places);
    for detail in &mut refusal.details {
        detail.sent = detail.field.as_deref().and_then(|field| place_of(field, &places));
    }
    for nested in &mut refusal.nested {
        point_into(nested, sent);
    }
}

/// Returns every field that the refusal or a nested one names, outermost first.
pub fn all_details(refusal: &Refusal) -> Vec<&Detail> {
    refusal.details.iter().chain(refusal.nested.iter().flat_map(all_details)).collect()
}

fn of_text(text: &str, media_type: &str) -> Refusal {
    let trimmed = text.trim_start_matches('\u{feff}').trim();
    if trimmed.is_empty() {
        return Refusal::default();
    }
    if let Ok(body) = serde_json::from_str::<Value>(trimmed) {
        return of_json(&body, &Pointer::root(), trimmed);
    }
    let start: String = trimmed.chars().take(64).flat_map(char::to_lowercase).collect();
    let html =
        media_type.contains("html") || start.starts_with("<!doctype html") || start.starts_with("<html");
    let shape = if html { Shape::Html } else { Shape::Text };
    let message = if html { title(trimmed) } else { None };
    Refusal { shape, message, excerpt: Some(excerpt(trimmed)), ..Refusal::default() }
}

fn of_json(body: &Value, at: &Pointer, text: &str) -> Refusal {
    let word = |key: &str| body[key].as_str().filter(|word| !word.is_empty()).map(str::to_owned);
    if body["error"].is_string() {
        return Refusal {
            shape: Shape::OAuth,
            code: word("error"),
            message: word("error_description").or_else(|| word("description")),
            ..Refusal::default()
        };
    }
    if !["message", "code", "contextId"].iter().any(|key| body[*key].is_string()) {
        return Refusal { shape: Shape::OtherJson, excerpt: Some(excerpt(text)), ..Refusal::default() };
    }
    let params = body["messageParams"].as_object().into_iter().flatten();
    let params: Vec<(String, String)> = params.map(|(key, value)| (key.clone(), plain(value))).collect();
    let mut details: Vec<Detail> = Vec::new();
    for (place, detail) in body["details"].as_array().into_iter().flatten().enumerate() {
        let word = |key: &str| detail[key].as_str().filter(|word| !word.is_empty()).map(str::to_owned);
        details.push(Detail {
            code: word("errorCode"),
            field: word("fieldName"),
            entity: entity(detail),
            place: at.member("details").element(place),
            sent: None,
        });
    }
    for (key, value) in &params {
        if ["property", "field", "fieldName", "propertyName"].contains(&key.as_str()) {
            let place = at.member("messageParams").member(key);
            details.push(Detail { field: Some(value.clone()), place, ..Detail::default() });
        }
    }
    if details.iter().all(|detail| detail.field.is_none()) {
        let message = word("message").unwrap_or_default();
        details.extend(named_in(&message).map(|field| Detail {
            field: Some(field),
            place: at.member("message"),
            ..Detail::default()
        }));
    }
    let nested = body["errors"].as_array().into_iter().flatten().enumerate();
    let nested = nested.map(|(place, error)| of_json(error, &at.member("errors").element(place), ""));
    let limit = &body["limit"];
    Refusal {
        status: body["status"].as_u64().and_then(|status| u16::try_from(status).ok()).unwrap_or_default(),
        shape: Shape::ErrorBody,
        message: word("message").or_else(|| word("messageWithParams")),
        code: word("code"),
        params,
        entity: entity(body),
        details,
        nested: nested.filter(|nested| nested.shape == Shape::ErrorBody).collect(),
        limit: limit["key"]
            .as_str()
            .map(|key| format!("{}/{key} = {}", plain(&limit["namespace"]), plain(&limit["value"]))),
        correlation: word("contextId"),
        context: None,
        excerpt: None,
    }
}

/// Returns the field that one of the documented sentences names.
///
/// Source: the messages of `invalid.property` ("Value [%s] is not a valid property for object [%s]"), `invalid.value`
/// ("Value [%s] is not valid for field type [%s]…") and the parser's own "Unrecognized field \"x\"" and "field x".
fn named_in(message: &str) -> Option<String> {
    let between = |open: &str, close: char| {
        let (_, rest) = message.split_once(open)?;
        rest.split(close).next().filter(|name| !name.is_empty() && name.len() <= 100).map(str::to_owned)
    };
    if message.contains("is not a valid property") || message.contains("is not valid for field type") {
        return between("Value [", ']');
    }
    ["nrecognized field \"", "property \"", "field \""]
        .iter()
        .find_map(|open| between(open, '"'))
        .or_else(|| ["property '", "field '"].iter().find_map(|open| between(open, '\'')))
}

fn entity(body: &Value) -> Option<String> {
    let words: Vec<&str> = ["entityName", "entityId"]
        .iter()
        .filter_map(|key| body[*key].as_str())
        .filter(|word| !word.is_empty())
        .collect();
    (!words.is_empty()).then(|| words.join(" "))
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn title(page: &str) -> Option<String> {
    let lower = page.to_ascii_lowercase();
    let start = lower.find("<title>")? + "<title>".len();
    let end = start + lower[start..].find('<')?;
    Some(page[start..end].split_whitespace().collect::<Vec<_>>().join(" ")).filter(|title| !title.is_empty())
}

fn excerpt(text: &str) -> String {
    let mut cut: String = text.chars().take(EXCERPT).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}

/// Every member of a body: place, key and, for scalars, the value as text.
fn collect(value: &Value, at: &Pointer, places: &mut Vec<(Pointer, String)>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(key, inner)| {
            let place = at.member(key);
            collect(inner, &place, places);
            places.push((place, plain(inner)));
        }),
        Value::Array(elements) => elements.iter().enumerate().for_each(|(index, inner)| {
            let place = at.element(index);
            collect(inner, &place, places);
            places.push((place, plain(inner)));
        }),
        _ => {}
    }
}

fn place_of(field: &str, places: &[(Pointer, String)]) -> Option<Pointer> {
    let steps: Vec<String> = field
        .trim_start_matches(['$', '.', '/'])
        .split(['.', '[', ']', '/'])
        .filter(|step| !step.is_empty())
        .map(str::to_owned)
        .collect();
    let same = |a: &str, b: &str| near::distance(a, b) == 0;
    let ends_so = |place: &Pointer, wanted: &[String]| {
        let own: Vec<String> = place.steps().collect();
        own.len() >= wanted.len() && own.iter().rev().zip(wanted.iter().rev()).all(|(a, b)| same(a, b))
    };
    let only = |wanted: &[String]| {
        let mut found = places.iter().filter(|(place, _)| !wanted.is_empty() && ends_so(place, wanted));
        let first = found.next()?;
        let exact = places.iter().find(|(place, _)| place.steps().eq(wanted.iter().cloned()));
        exact.or_else(|| found.next().is_none().then_some(first)).map(|(place, _)| place.clone())
    };
    only(&steps).or_else(|| only(&steps[steps.len().saturating_sub(1)..])).or_else(|| {
        let mut found = places.iter().filter(|(_, value)| value == field);
        let first = found.next()?;
        found.next().is_none().then(|| first.0.clone())
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::exchange::{Body, Headers};

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
        point_into(&mut refusal, &json!({"wrapup": {"durationSeconds": "x", "tags": ["t"]}}));
        assert_eq!((refusal.shape, refusal.code.as_deref()), (Shape::ErrorBody, Some("invalid.value")));
        assert_eq!(refusal.params, [("id".to_owned(), "7".to_owned())]);
        assert_eq!(refusal.limit.as_deref(), Some("n/k = 3"));
        assert_eq!(refusal.correlation.as_deref(), Some("c-1"));
        let places: Vec<&str> =
            all_details(&refusal).iter().map(|detail| detail.sent.as_ref().unwrap().as_str()).collect();
        assert_eq!(places, ["/wrapup/durationSeconds", "/wrapup/tags/0"]);
        assert_eq!(all_details(&refusal)[1].place.as_str(), "/errors/0/details/0");
    }

    #[test]
    fn a_field_that_only_the_message_names_is_found() {
        let message = "Value [codeId] is not a valid property for object [WrapupInput]";
        let mut refusal = decoded(&json!({"message": message, "code": "invalid.property"}).to_string());
        point_into(&mut refusal, &json!({"codeId": "x"}));
        assert_eq!(refusal.details[0].sent.as_ref().unwrap().as_str(), "/codeId");
        assert_eq!(refusal.details[0].place.as_str(), "/message");
    }

    #[test]
    fn a_field_that_two_members_could_mean_is_not_guessed() {
        let mut refusal = decoded(r#"{"message":"m","details":[{"fieldName":"id"}]}"#);
        point_into(&mut refusal, &json!({"a": {"id": 1}, "b": {"id": 2}}));
        assert_eq!(refusal.details[0].sent, None);
    }

    #[test]
    fn the_login_s_shape_pages_and_emptiness_are_told_apart() {
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
}
