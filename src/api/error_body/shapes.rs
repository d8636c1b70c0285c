//! The JSON shapes of refusals, by the names that their members have.

use serde_json::{Map, Value};

use crate::api::error_body::sentence;
use crate::json::pointer::Pointer;
use crate::model::refusal::{Complaint, Detail, Refusal, Shape};

/// Where the sentence is, most telling first.
const MESSAGE: &[&str] = &[
    "message",
    "errorMessage",
    "error_message",
    "detail",
    "messageWithParams",
    "userMessage",
    "description",
    "reason",
    "msg",
    "defaultMessage",
    "title",
];

/// Where the machine's word is.
const CODE: &[&str] = &["code", "errorCode", "error_code", "errorType", "type"];

/// Where a field is named. `loc`, `source.pointer` and the maps are read apart.
const FIELD: &[&str] = &[
    "fieldName",
    "field",
    "path",
    "pointer",
    "propertyPath",
    "propertyName",
    "property",
    "parameter",
    "param",
    "target",
    "name",
];

/// Lists or maps of what is wrong, one entry a field.
const LISTS: &[&str] = &[
    "details",
    "detail",
    "errors",
    "fieldErrors",
    "field_errors",
    "validationErrors",
    "validation_errors",
    "violations",
    "invalidFields",
    "invalid-params",
    "invalidParams",
    "invalid_params",
];

/// Entries of one list that are read; an answer with more of them repeats itself.
const MOST: usize = 64;

/// `messageParams` that name a field.
const PARAMS: &[&str] = &["property", "field", "fieldName", "propertyName"];

/// Reads a JSON refusal; `None` if nothing in it says what went wrong.
pub(super) fn read(body: &Value, at: &Pointer) -> Option<Refusal> {
    match body {
        Value::Array(elements) if elements.iter().any(Value::is_object) => {
            let nested = elements.iter().enumerate();
            let mut refusals = nested.filter_map(|(place, element)| read(element, &at.element(place)));
            let mut first = refusals.next()?;
            first.nested.extend(refusals);
            Some(first)
        }
        Value::Object(members) => match &body["error"] {
            Value::Object(_) => read(&body["error"], &at.member("error")),
            Value::String(_) if is_login(members) => Some(login(body)),
            _ => error_body(members, at),
        },
        _ => None,
    }
}

/// The login's shape, RFC 6749, 5.2: `error` is the code. Spring writes `error`, too, beside `status` and
/// `path`.
fn is_login(members: &Map<String, Value>) -> bool {
    !["message", "status", "errors", "details", "timestamp"].iter().any(|key| members.contains_key(*key))
}

fn login(body: &Value) -> Refusal {
    Refusal {
        shape: Shape::OAuth,
        code: word(body, "error"),
        message: word(body, "error_description").or_else(|| word(body, "description")),
        ..Refusal::default()
    }
}

fn error_body(members: &Map<String, Value>, at: &Pointer) -> Option<Refusal> {
    let body = Value::Object(members.clone());
    let params = body["messageParams"].as_object().into_iter().flatten();
    let params: Vec<(String, String)> = params.map(|(key, value)| (key.clone(), plain(value))).collect();
    let mut refusal = Refusal {
        status: body["status"].as_u64().and_then(|status| u16::try_from(status).ok()).unwrap_or_default(),
        shape: Shape::ErrorBody,
        message: first(&body, MESSAGE),
        code: first(&body, CODE).filter(|code| !code.contains("://") && code != "about:blank"),
        entity: entity(&body),
        limit: limit(&body),
        correlation: word(&body, "contextId").or_else(|| word(&body, "correlationId")),
        ..Refusal::default()
    };
    if refusal.message.is_none() {
        // Spring's reason phrase is better than nothing
        refusal.message = word(&body, "error");
    }
    refusal.details.extend(named_beside(&body, at));
    for key in LISTS {
        read_list(&mut refusal, &body[*key], &at.member(key));
    }
    for (key, value) in params.iter().filter(|(key, _)| PARAMS.contains(&key.as_str())) {
        let place = at.member("messageParams").member(key);
        refusal.details.push(Detail { field: Some(value.clone()), place, ..Detail::default() });
    }
    refusal.params = params;
    read_sentences(&mut refusal, at);
    let says = refusal.message.is_some() || refusal.code.is_some() || refusal.correlation.is_some();
    (says || !refusal.details.is_empty() || !refusal.nested.is_empty()).then_some(refusal)
}

/// A field that is named beside the sentence. A path of the request, as frameworks add it, is none.
fn named_beside(body: &Value, at: &Pointer) -> Option<Detail> {
    let named = |key: &&str| !matches!(*key, "name" | "target") && body[*key].is_string();
    let key = FIELD.iter().find(|key| named(key))?;
    let field = word(body, key).filter(|field| !field.contains("/api/") && !field.contains("://"))?;
    Some(Detail { field: Some(field), place: at.member(key), ..Detail::default() })
}

/// One entry of a list, or of a map from a field to its sentences. Entries of `errors` with a sentence or a
/// code are refusals of their own.
fn read_list(refusal: &mut Refusal, list: &Value, at: &Pointer) {
    match list {
        Value::Array(elements) => {
            for (place, element) in elements.iter().enumerate().take(MOST) {
                let place = at.element(place);
                match element {
                    Value::String(sentence) => {
                        refusal.nested.push(Refusal {
                            shape: Shape::ErrorBody,
                            message: Some(sentence.clone()),
                            details: sentence::fields(sentence, &place),
                            ..Refusal::default()
                        });
                    }
                    Value::Object(members) if at.last().is_some_and(|key| key == "errors") => {
                        refusal.nested.extend(nested(members, &place));
                    }
                    Value::Object(_) => refusal.details.push(detail(element, &place)),
                    _ => {}
                }
            }
        }
        Value::Object(members) if FIELD.iter().any(|key| members.get(*key).is_some_and(Value::is_string)) => {
            refusal.details.push(detail(list, at));
        }
        Value::Object(members) => {
            for (field, value) in members.iter().take(MOST) {
                let sentences: Vec<&str> = match value {
                    Value::String(sentence) => vec![sentence.as_str()],
                    Value::Array(elements) => elements.iter().filter_map(Value::as_str).collect(),
                    Value::Object(_) => value["message"].as_str().into_iter().collect(),
                    _ => Vec::new(),
                };
                for sentence in sentences {
                    refusal.details.push(described(
                        Detail { field: Some(field.clone()), place: at.member(field), ..Detail::default() },
                        sentence,
                    ));
                }
            }
        }
        _ => {}
    }
}

/// A refusal inside a refusal: its own sentence, and the field that it is about.
fn nested(members: &Map<String, Value>, at: &Pointer) -> Option<Refusal> {
    let mut refusal = error_body(members, at)?;
    let own = detail(&Value::Object(members.clone()), at);
    if own.field.is_some() {
        // what the sentence names is named better beside it
        refusal.details.retain(|detail| detail.place != at.member("message"));
        if refusal.details.iter().all(|detail| detail.field.is_none()) {
            refusal.details.clear();
        }
        if !refusal.details.iter().any(|detail| detail.field == own.field) {
            refusal.details.push(own);
        }
    }
    Some(refusal)
}

fn detail(entry: &Value, at: &Pointer) -> Detail {
    let pointer = || entry["source"]["pointer"].as_str().map(str::to_owned);
    let steps = || {
        let steps = entry["loc"].as_array()?.iter().map(plain);
        let steps: Vec<String> = steps.skip_while(|step| step == "body").collect();
        (!steps.is_empty()).then(|| steps.join("."))
    };
    let detail = Detail {
        code: first(entry, &["errorCode", "code", "error_code", "type"]),
        field: first(entry, FIELD).or_else(pointer).or_else(steps),
        entity: entity(entry),
        place: at.clone(),
        ..Detail::default()
    };
    let sentence = first(entry, MESSAGE).or_else(|| word(entry, "error"));
    match sentence {
        Some(sentence) => described(detail, &sentence),
        None => detail,
    }
}

/// Adds what a sentence says of the field that is named already.
fn described(detail: Detail, sentence: &str) -> Detail {
    Detail {
        message: Some(sentence.to_owned()),
        complaint: sentence::complaint(sentence),
        allowed: sentence::allowed(sentence),
        ..detail
    }
}

/// Looks for fields in the sentence where nothing else names one, and else for what it says of the one that
/// is named.
fn read_sentences(refusal: &mut Refusal, at: &Pointer) {
    let Some(sentence) = refusal.message.clone() else { return };
    let named = refusal.details.iter().filter(|detail| detail.field.is_some()).count();
    match named {
        0 => refusal.details.extend(sentence::fields(&sentence, &at.member("message"))),
        1 => {
            for detail in refusal.details.iter_mut().filter(|detail| detail.field.is_some()) {
                if detail.message.is_none() && detail.complaint == Complaint::Invalid {
                    detail.complaint = sentence::complaint(&sentence);
                    detail.allowed = sentence::allowed(&sentence);
                }
            }
        }
        _ => {}
    }
}

fn limit(body: &Value) -> Option<String> {
    let limit = &body["limit"];
    let key = limit["key"].as_str()?;
    Some(format!("{}/{key} = {}", plain(&limit["namespace"]), plain(&limit["value"])))
}

fn entity(body: &Value) -> Option<String> {
    let words = ["entityName", "entityId"].iter().filter_map(|key| word(body, key));
    let words: Vec<String> = words.collect();
    (!words.is_empty()).then(|| words.join(" "))
}

fn first(body: &Value, keys: &[&str]) -> Option<String> {
    keys.iter().find_map(|key| word(body, key))
}

fn word(body: &Value, key: &str) -> Option<String> {
    body[key].as_str().map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned)
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
