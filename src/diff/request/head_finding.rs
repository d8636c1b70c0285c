//! Findings about the request around its body.

use crate::model::authority::Authority;
use crate::model::finding::{Class, Finding, Severity, Shown};

/// A part of the request on both sides: what kind of part it is, and its text.
pub(super) struct SentAndExpected {
    pub(super) sent: Option<(&'static str, String)>,
    pub(super) expected: Option<(&'static str, String)>,
}

/// Returns a finding about the request around its body.
pub(super) fn head_finding(
    class: Class,
    severity: Severity,
    values: SentAndExpected,
    message: String,
    help: impl Into<String>,
) -> Finding {
    let shown = |(kind, text)| Shown { kind, text, span: None };
    Finding {
        severity,
        sent: values.sent.map(shown),
        expected: values.expected.map(shown),
        message,
        help: help.into(),
        ..Finding::new(class, Authority::Accepted)
    }
}

/// Returns whether a parameter or header of this name carries a secret; its value is then not quoted.
pub(super) fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [
        "authorization",
        "cookie",
        "token",
        "secret",
        "password",
        "api-key",
        "apikey",
        "api_key",
        "assertion",
        "signature",
    ]
    .iter()
    .any(|word| name.contains(word))
}
