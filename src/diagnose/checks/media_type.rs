//! Does the request say that its body is JSON?

use crate::diagnose::context::DiagnosisContext;
use crate::model::authority::Authority;
use crate::model::case::Sent;
use crate::model::finding::{Class, Finding, Shown};

pub(crate) fn check(context: &DiagnosisContext<'_>) -> Vec<Finding> {
    let bare = matches!(context.body, Sent::Empty | Sent::Unknown);
    let wants_body = context.entry.is_some_and(|entry| entry.body.is_some());
    if !context.is_public_api() || bare || !wants_body {
        return Vec::new();
    }
    let sent = context.subject().request.headers.text("content-type");
    let essence = sent.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if essence == "application/json" {
        return Vec::new();
    }
    let message = match sent {
        Some(sent) => format!("the request says its body is `{sent}`"),
        None => "the request does not say what its body is".to_owned(),
    };
    let code = context.api().refusal_code("unsupported.media.type");
    vec![Finding {
        sent: sent.map(str::to_owned).map(Shown::words),
        expected: Some(Shown::words("application/json".to_owned())),
        message,
        help: "send `Content-Type: application/json`".to_owned(),
        source: Some(code.map_or(context.catalogue().source, |row| row.source).to_owned()),
        ..Finding::new(Class::ContentTypeMismatch, Authority::Description)
    }]
}
