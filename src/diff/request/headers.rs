//! The other headers: those that can matter, credentials by presence and scheme, and transport noise.

use crate::diff::request::head_finding::{SentAndExpected, head_finding, is_secret_name};
use crate::model::exchange::Headers;
use crate::model::finding::{Class, Finding, Severity};
use crate::model::operation::is_id;

/// Headers about the transport or the client, not about what is asked for. A name that ends with `-` is a
/// prefix.
const TRANSPORT: &[&str] = &[
    "accept-charset",
    "accept-encoding",
    "baggage",
    "cache-control",
    "connection",
    "content-length",
    "date",
    "dnt",
    "expect",
    "forwarded",
    "from",
    "host",
    "inin-correlation-id",
    "keep-alive",
    "origin",
    "postman-token",
    "pragma",
    "priority",
    "proxy-connection",
    "purecloud-sdk",
    "referer",
    "sec-",
    "te",
    "traceparent",
    "tracestate",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "upgrade-insecure-requests",
    "user-agent",
    "via",
    "x-amzn-trace-id",
    "x-b3-",
    "x-correlation-id",
    "x-forwarded-",
    "x-request-id",
    "x-requested-with",
];

/// Compares all headers but `Content-Type` and `Accept`, by name. Case of names and order of different names
/// do not matter; several lines of one name are one list.
pub(super) fn compare(good: &Headers, candidate: &Headers) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in names(good) {
        let expected = value(good, &name);
        let sent = names(candidate).contains(&name).then(|| value(candidate, &name));
        if sent.as_ref() != Some(&expected) {
            findings.extend(one(&written(good, &name), sent, Some(expected)));
        }
    }
    for name in names(candidate) {
        if !names(good).contains(&name) {
            findings.extend(one(&written(candidate, &name), Some(value(candidate, &name)), None));
        }
    }
    findings
}

/// Returns the names in lower case, each once, in wire order.
fn names(headers: &Headers) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for header in headers.iter() {
        let name = header.name.lossy().to_ascii_lowercase();
        if name != "content-type" && name != "accept" && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn value(headers: &Headers, name: &str) -> String {
    headers.all(name).map(|value| value.lossy().trim().to_owned()).collect::<Vec<_>>().join(", ")
}

/// Returns the name as it was written on the wire.
fn written(headers: &Headers, name: &str) -> String {
    let header = headers.iter().find(|header| header.name.eq_ignore_case(name));
    header.map_or_else(|| name.to_owned(), |header| header.name.lossy().into_owned())
}

fn one(name: &str, sent: Option<String>, expected: Option<String>) -> Option<Finding> {
    let lower = name.to_ascii_lowercase();
    if lower == "content-length" && sent.is_some() && expected.is_some() {
        // It follows the body, which is compared itself.
        return None;
    }
    let secret = is_secret_name(&lower);
    let quoted = |text: &str| match secret {
        true => scheme(text).map_or_else(|| "…".to_owned(), |scheme| format!("{scheme} …")),
        false => text.to_owned(),
    };
    if secret && sent.is_some() && sent.as_deref().map(scheme) == expected.as_deref().map(scheme) {
        return None;
    }
    let severity = severity(&lower, sent.as_deref(), expected.as_deref());
    let (message, help) = match (&sent, &expected) {
        (None, Some(_)) => {
            (format!("there is no {name}; the known-good request has one"), format!("send {name}"))
        }
        (Some(_), None) => (
            format!("{name} is not in the known-good request"),
            format!("leave {name} out if the request is still refused"),
        ),
        _ => (
            format!("{name} has another value than in the known-good request"),
            format!("send {name} as known good"),
        ),
    };
    let help = if severity == Severity::Info { "nothing to do".to_owned() } else { help };
    let shown = |text: Option<String>| text.map(|text| ("header", format!("{name}: {}", quoted(&text))));
    let values = SentAndExpected { sent: shown(sent), expected: shown(expected) };
    Some(head_finding(Class::HeaderMismatch, severity, values, message, help))
}

fn severity(lower: &str, sent: Option<&str>, expected: Option<&str>) -> Severity {
    let transport =
        TRANSPORT.iter().any(|known| *known == lower || known.ends_with('-') && lower.starts_with(known));
    let another_id =
        matches!((sent, expected), (Some(sent), Some(expected)) if is_id(sent) && is_id(expected));
    // Credentials or a cookie that the known-good request did without do no harm.
    let unasked = expected.is_none() && is_secret_name(lower);
    let language = lower == "accept-language" || lower == "cookie";
    if transport || another_id || unasked || language { Severity::Info } else { Severity::Warning }
}

/// Returns the scheme of credentials: the first of two words.
fn scheme(text: &str) -> Option<String> {
    let (scheme, rest) = text.trim().split_once(' ')?;
    let plain = scheme.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    (plain && !rest.trim().is_empty()).then(|| scheme.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<const A: usize, const B: usize>(
        good: [(&str, &str); A],
        candidate: [(&str, &str); B],
    ) -> Vec<String> {
        let line = |finding: Finding| {
            let text = |shown: &Option<crate::model::finding::Shown>| {
                shown.as_ref().map_or_else(|| "-".to_owned(), |shown| shown.text.clone())
            };
            format!("{} {} / {}", finding.severity.name(), text(&finding.sent), text(&finding.expected))
        };
        compare(&Headers::of(good), &Headers::of(candidate)).into_iter().map(line).collect()
    }

    #[test]
    fn case_and_order_of_names_are_no_difference() {
        assert!(found([("X-A", "1"), ("X-B", "2")], [("x-b", "2"), ("x-a", "1")]).is_empty());
    }

    #[test]
    fn headers_that_can_matter_are_warnings() {
        assert_eq!(found([("If-Match", "\"1\"")], []), ["warning - / If-Match: \"1\""]);
        assert_eq!(found([], [("X-Tenant", "a")]), ["warning X-Tenant: a / -"]);
        assert_eq!(found([("X-A", "1"), ("x-a", "2")], [("X-A", "1")]), ["warning X-A: 1 / X-A: 1, 2"]);
    }

    #[test]
    fn transport_noise_is_info() {
        assert_eq!(
            found(
                [("Host", "a"), ("User-Agent", "curl/8"), ("Content-Length", "3")],
                [("host", "b"), ("Sec-Fetch-Site", "none"), ("content-length", "4")]
            ),
            ["info Host: b / Host: a", "info - / User-Agent: curl/8", "info Sec-Fetch-Site: none / -"]
        );
    }

    #[test]
    fn of_credentials_only_presence_and_scheme_count() {
        assert!(found([("Authorization", "Bearer one")], [("authorization", "Bearer two")]).is_empty());
        assert_eq!(found([("Authorization", "Bearer one")], []), ["warning - / Authorization: Bearer …"]);
        assert_eq!(
            found([("Authorization", "Bearer one")], [("Authorization", "Basic two")]),
            ["warning Authorization: Basic … / Authorization: Bearer …"]
        );
        assert_eq!(found([], [("X-Api-Key", "sesame")]), ["info X-Api-Key: … / -"]);
    }
}
