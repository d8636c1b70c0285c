//! Form bodies (`application/x-www-form-urlencoded`), as logins have them: compared by parameter.

use crate::diff::request::head_finding::is_secret_name;
use crate::diff::request::query::parameters;
use crate::json::pointer::Pointer;
use crate::model::authority::Authority;
use crate::model::finding::{Class, Finding, Severity, Shown};

/// Compares two forms; a parameter is a member of the body, so its finding has a pointer.
pub(super) fn compare(good: &[u8], candidate: &[u8]) -> Vec<Finding> {
    let (good_text, candidate_text) = (String::from_utf8_lossy(good), String::from_utf8_lossy(candidate));
    let (good, candidate) = (parameters(Some(good_text.trim())), parameters(Some(candidate_text.trim())));
    let mut findings = Vec::new();
    for (name, expected) in &good {
        match candidate.iter().find(|(other, _)| other == name) {
            Some((_, sent)) if sent == expected || is_secret_name(name) => {}
            Some((_, sent)) => findings.push(finding(Class::ValueChanged, name, Some(sent), Some(expected))),
            None => findings.push(finding(Class::MissingField, name, None, Some(expected))),
        }
    }
    for (name, sent) in &candidate {
        if good.iter().all(|(other, _)| other != name) {
            findings.push(finding(Class::ExtraField, name, Some(sent), None));
        }
    }
    findings
}

fn finding(class: Class, name: &str, sent: Option<&Vec<String>>, expected: Option<&Vec<String>>) -> Finding {
    let (severity, message, help) = match class {
        Class::MissingField => (
            Severity::Error,
            format!("the form has no `{name}`; the known-good one has"),
            format!("send `{name}`"),
        ),
        Class::ExtraField => (
            Severity::Warning,
            format!("the form has `{name}`; the known-good one does not"),
            format!("leave `{name}` out"),
        ),
        // `grant_type` and the like are words: a choice, as in a JSON body.
        _ => (
            if sent.into_iter().flatten().all(|text| is_word(text)) {
                Severity::Warning
            } else {
                Severity::Info
            },
            format!("`{name}` has another value than in the known-good form"),
            format!("check that `{name}` is meant to be this"),
        ),
    };
    let pointer = Pointer::root().member(name);
    let shown = |values: &Vec<String>| {
        let value = if is_secret_name(name) { "…".to_owned() } else { values.join(&format!("&{name}=")) };
        Shown { kind: "text", text: format!("{name}={value}"), span: None }
    };
    Finding {
        severity,
        good_path: expected.map(|_| pointer.clone()),
        candidate_path: sent.map(|_| pointer),
        sent: sent.map(shown),
        expected: expected.map(shown),
        message,
        help,
        ..Finding::new(class, Authority::Accepted)
    }
}

fn is_word(text: &str) -> bool {
    text.len() <= 40
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_compared_and_secrets_are_not_quoted() {
        let findings = compare(b"grant_type=client_credentials&client_secret=a", b"grant_type=password&x=1");
        let lines: Vec<String> = findings
            .iter()
            .map(|finding| format!("{} {}", finding.severity.name(), finding.message))
            .collect();
        assert_eq!(
            lines,
            [
                "warning `grant_type` has another value than in the known-good form",
                "error the form has no `client_secret`; the known-good one has",
                "warning the form has `x`; the known-good one does not",
            ]
        );
        assert_eq!(findings[1].expected.as_ref().unwrap().text, "client_secret=…");
    }
}
