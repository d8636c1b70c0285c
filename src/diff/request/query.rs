//! Query parameters, by name: their order and their spelling in percents do not matter.

use percent_encoding::percent_decode_str;

use crate::diff::request::head_finding::{SentAndExpected, head_finding, is_secret_name};
use crate::model::finding::{Class, Finding, Severity};
use crate::model::operation::is_id;

/// Compares two queries (without their `?`).
pub(super) fn compare(good: Option<&str>, candidate: Option<&str>) -> Vec<Finding> {
    let (good, candidate) = (parameters(good), parameters(candidate));
    let mut findings = Vec::new();
    let mut renamed = Vec::new();
    for (name, expected) in &good {
        match candidate.iter().find(|(other, _)| other == name) {
            Some((_, sent)) if sent == expected => {}
            Some((_, sent)) => findings.push(changed(name, sent, expected)),
            None => {
                let twin = candidate.iter().find(|(other, value)| {
                    folded(other) == folded(name)
                        && value == expected
                        && good.iter().all(|(known, _)| known != other)
                });
                match twin {
                    Some((other, sent)) => {
                        renamed.push(other.clone());
                        findings.push(finding(
                            Severity::Warning,
                            Some((other, sent)),
                            Some((name, expected)),
                            format!("the query parameter `{name}` is sent as `{other}`"),
                            format!("write `{name}`, letter for letter"),
                        ));
                    }
                    None => findings.push(finding(
                        Severity::Warning,
                        None,
                        Some((name, expected)),
                        format!("the query parameter `{name}` is missing"),
                        format!("pass `{name}`"),
                    )),
                }
            }
        }
    }
    for (name, sent) in &candidate {
        let known = good.iter().any(|(other, _)| other == name) || renamed.contains(name);
        if !known {
            findings.push(finding(
                Severity::Warning,
                Some((name, sent)),
                None,
                format!("the query parameter `{name}` is not in the known-good request"),
                format!("leave `{name}` out"),
            ));
        }
    }
    findings
}

/// The values of a query under their names, in the order in which the names come first.
pub(super) type Parameters = Vec<(String, Vec<String>)>;

/// Decodes a query or a form.
pub(super) fn parameters(query: Option<&str>) -> Parameters {
    let mut parameters: Parameters = Vec::new();
    for pair in query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decoded(name), decoded(value));
        match parameters.iter_mut().find(|(known, _)| *known == name) {
            Some((_, values)) => values.push(value),
            None => parameters.push((name, vec![value])),
        }
    }
    parameters
}

fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// Another id, number or time under the same name is another request, not another kind of request.
fn changed(name: &str, sent: &[String], expected: &[String]) -> Finding {
    let alike = sent.len() == expected.len()
        && sent.iter().zip(expected).all(|(sent, expected)| {
            let both = |shape: fn(&str) -> bool| shape(sent) && shape(expected);
            both(is_id) || both(is_number) || both(is_time)
        });
    let severity = if alike || is_secret_name(name) { Severity::Info } else { Severity::Warning };
    finding(
        severity,
        Some((name, sent)),
        Some((name, expected)),
        format!("the query parameter `{name}` has another value"),
        format!("check that `{name}` is meant to be this"),
    )
}

fn is_number(text: &str) -> bool {
    text.parse::<f64>().is_ok() && text.starts_with(|c: char| c.is_ascii_digit() || c == '-')
}

fn is_time(text: &str) -> bool {
    let date = text.as_bytes().get(..10);
    date.is_some_and(|date| {
        date.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
    })
}

fn folded(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-')).flat_map(char::to_lowercase).collect()
}

fn finding(
    severity: Severity,
    sent: Option<(&str, &[String])>,
    expected: Option<(&str, &[String])>,
    message: String,
    help: String,
) -> Finding {
    let shown = |(name, values): (&str, &[String])| {
        let value = if is_secret_name(name) { "…".to_owned() } else { values.join(&format!("&{name}=")) };
        ("query", format!("{name}={value}"))
    };
    let values = SentAndExpected { sent: sent.map(shown), expected: expected.map(shown) };
    head_finding(Class::QueryMismatch, severity, values, message, help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(good: &str, candidate: &str) -> Vec<String> {
        let line = |finding: Finding| format!("{}: {}", finding.severity.name(), finding.message);
        compare(Some(good), Some(candidate)).into_iter().map(line).collect()
    }

    #[test]
    fn order_and_percent_spelling_are_no_difference() {
        assert!(found("a=x%2Cy&b=1+2", "b=1%202&a=x,y").is_empty());
        assert!(compare(None, Some("")).is_empty());
    }

    #[test]
    fn missing_extra_renamed_and_changed_parameters_are_distinguished() {
        assert_eq!(found("a=1", ""), ["warning: the query parameter `a` is missing"]);
        assert_eq!(found("", "a"), ["warning: the query parameter `a` is not in the known-good request"]);
        assert_eq!(
            found("pageSize=5", "page_size=5"),
            ["warning: the query parameter `pageSize` is sent as `page_size`"]
        );
        assert_eq!(
            found("provisional=true", "provisional=false"),
            ["warning: the query parameter `provisional` has another value"]
        );
        assert_eq!(found("page=1", "page=2"), ["info: the query parameter `page` has another value"]);
        assert_eq!(found("id=x&id=y", "id=x"), ["warning: the query parameter `id` has another value"]);
    }

    #[test]
    fn a_token_is_not_quoted() {
        let findings = compare(None, Some("access_token=sesame"));
        assert_eq!(findings[0].sent.as_ref().unwrap().text, "access_token=…");
    }
}
