//! Is the body there, is it JSON, and is it encoded once?

use serde_json::Value;

use crate::api::genesys::catalogue::body_model::Kind;
use crate::diagnose::context::{DiagnosisContext, Sent};
use crate::json::pointer::Pointer;
use crate::model::authority::Authority;
use crate::model::body_change::BodyChange;
use crate::model::finding::{Class, Finding, Severity, Shown};

pub(crate) fn check(context: &DiagnosisContext<'_>) -> Vec<Finding> {
    if !context.is_public_api() || matches!(context.method.as_str(), "GET" | "HEAD" | "DELETE" | "OPTIONS") {
        return Vec::new();
    }
    fault(context).into_iter().collect()
}

fn fault(context: &DiagnosisContext<'_>) -> Option<Finding> {
    let body = context.entry.and_then(|entry| entry.body);
    let wants_text = body.is_some_and(|body| matches!(body.kind, Kind::String | Kind::Any));
    // an operation that nobody knows may well take none
    let wants_body = body.is_some();
    let check = |kind, sent: &str, message: String, help: &str| Finding {
        candidate_path: Some(Pointer::root()),
        sent: Some(Shown::words(sent.chars().take(80).collect::<String>())),
        expected: body.map(|body| body.kind.to_string()).map(Shown::words),
        message,
        help: help.to_owned(),
        source: Some(context.question.catalogue.source.to_owned()),
        ..Finding::new(kind, Authority::Description)
    };
    match &context.body {
        Sent::Empty if wants_body => {
            let mut check =
                check(Class::EmptyBody, "", "the body is empty".to_owned(), "send the payload as the body");
            // `body=None` may be meant where the SDKs do not insist
            if body.is_some_and(|body| !body.required) {
                check.severity = Severity::Warning;
            }
            Some(check)
        }
        Sent::Json(Value::Null) if wants_body => Some(check(
            Class::EmptyBody,
            "null",
            "the body is the four bytes `null`".to_owned(),
            "pass the payload; the program passed nothing",
        )),
        Sent::NotJson { error, text } => Some(check(
            Class::InvalidJson,
            text,
            format!("the body is not JSON: {error}"),
            "send JSON: pass an object and let one encoder write it",
        )),
        Sent::Json(Value::String(text)) if !wants_text => {
            let inner = serde_json::from_str::<Value>(text)
                .ok()
                .filter(|inner| inner.is_object() || inner.is_array());
            Some(match inner {
                Some(inner) => Finding {
                    edits: vec![BodyChange::Set(Pointer::root(), inner.to_string())],
                    ..check(
                        Class::DoubleEncoded,
                        text,
                        "the body is a JSON string that holds JSON: it was encoded twice".to_owned(),
                        "pass the object itself, not its JSON text",
                    )
                },
                None => check(
                    Class::TypeMismatch,
                    text,
                    "the body is a bare string where an object belongs".to_owned(),
                    "wrap the value in the object that the operation takes",
                ),
            })
        }
        _ => None,
    }
}
