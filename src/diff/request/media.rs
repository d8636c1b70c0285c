//! The media type of the body, and what the client accepts.

use crate::diff::request::head_finding::{SentAndExpected, head_finding};
use crate::model::exchange::Request;
use crate::model::finding::{Class, Finding, Severity};

/// Returns whether a request says that its body is a form.
pub(super) fn is_form(request: &Request) -> bool {
    request
        .headers
        .text("content-type")
        .is_some_and(|text| Media::parse(text).essence == "application/x-www-form-urlencoded")
}

/// Compares `Content-Type` and `Accept`.
pub(super) fn compare(good: &Request, candidate: &Request) -> Vec<Finding> {
    [content_type(good, candidate), accept(good, candidate)].into_iter().flatten().collect()
}

fn content_type(good: &Request, candidate: &Request) -> Option<Finding> {
    let (expected, sent) = (value(good, "content-type"), value(candidate, "content-type"));
    let bodies = !good.body.is_empty() || !candidate.body.is_empty();
    let shown = |text: Option<&String>| text.map(|text| ("header", format!("Content-Type: {text}")));
    let report = |class, severity, message: String, help: String| {
        let values = SentAndExpected { sent: shown(sent.as_ref()), expected: shown(expected.as_ref()) };
        Some(head_finding(class, severity, values, message, help))
    };
    match (&expected, &sent) {
        (None, None) => None,
        (Some(expected), None) if bodies => report(
            Class::ContentTypeMismatch,
            Severity::Error,
            format!("there is no Content-Type; the known-good request says {expected}"),
            format!("send `Content-Type: {expected}`"),
        ),
        (Some(_), None) => report(
            Class::HeaderMismatch,
            Severity::Info,
            "there is no Content-Type, and no body that needs one".to_owned(),
            "nothing to do".to_owned(),
        ),
        (None, Some(sent)) => report(
            Class::HeaderMismatch,
            Severity::Info,
            format!("Content-Type is {sent}; the known-good request does not have one"),
            "nothing to do if the operation takes this type".to_owned(),
        ),
        (Some(good_text), Some(text)) => {
            let (left, right) = (Media::parse(good_text), Media::parse(text));
            if good_text == text {
                None
            } else if left == right || !bodies {
                report(
                    Class::HeaderMismatch,
                    Severity::Info,
                    format!("Content-Type is written {text}, which means the same as {good_text}"),
                    "nothing to do".to_owned(),
                )
            } else if left.essence == right.essence {
                report(
                    Class::ContentTypeMismatch,
                    Severity::Error,
                    format!("the charset is {}; the known-good request has {}", right.charset, left.charset),
                    format!("encode the body as {} and say so", left.charset),
                )
            } else {
                report(
                    Class::ContentTypeMismatch,
                    Severity::Error,
                    format!(
                        "the body is sent as {}; the known-good request says {}",
                        right.essence, left.essence
                    ),
                    format!("send `Content-Type: {good_text}`"),
                )
            }
        }
    }
}

fn accept(good: &Request, candidate: &Request) -> Option<Finding> {
    let (expected, sent) = (value(good, "accept"), value(candidate, "accept"));
    if expected == sent {
        return None;
    }
    let wanted = accepted(expected.as_deref());
    let covered = accepted(sent.as_deref()).iter().any(|range| wanted.iter().any(|want| covers(range, want)));
    let shown = |text: &Option<String>| text.as_ref().map(|text| ("header", format!("Accept: {text}")));
    let written = |text: &Option<String>| text.clone().unwrap_or_else(|| "absent".to_owned());
    let message =
        format!("Accept is {}; in the known-good request it is {}", written(&sent), written(&expected));
    let (severity, help) = if covered {
        (Severity::Info, "nothing to do: it accepts what the known-good request accepts".to_owned())
    } else {
        (Severity::Warning, format!("send `Accept: {}`", expected.as_deref().unwrap_or("application/json")))
    };
    let values = SentAndExpected { sent: shown(&sent), expected: shown(&expected) };
    Some(head_finding(Class::HeaderMismatch, severity, values, message, help))
}

fn value(request: &Request, name: &str) -> Option<String> {
    let values: Vec<String> =
        request.headers.all(name).map(|value| value.lossy().trim().to_owned()).collect();
    (!values.is_empty()).then(|| values.join(", "))
}

/// A media type with the one parameter that says how to read the body.
#[derive(Debug, Eq, PartialEq)]
struct Media {
    essence: String,
    charset: String,
}

impl Media {
    /// JSON is UTF-8 by definition (RFC 8259, 8.1), so for it a missing charset is that one.
    fn parse(text: &str) -> Self {
        let mut parts = text.split(';');
        let essence = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        let charset = parts.find_map(|part| {
            let (name, value) = part.split_once('=')?;
            let value = value.trim().trim_matches('"').to_ascii_lowercase();
            name.trim()
                .eq_ignore_ascii_case("charset")
                .then(|| if value == "utf8" { "utf-8".to_owned() } else { value })
        });
        let json = essence == "application/json" || essence.ends_with("+json");
        let default = if json { "utf-8" } else { "not given" };
        Self { charset: charset.unwrap_or_else(|| default.to_owned()), essence }
    }
}

/// Returns the media ranges of an `Accept`; without one, everything. Ranges of weight 0 are left out.
fn accepted(text: Option<&str>) -> Vec<String> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return vec!["*/*".to_owned()] };
    text.split(',')
        .filter(|range| {
            !range
                .split(';')
                .skip(1)
                .any(|part| matches!(part.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
        })
        .map(|range| range.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
        .collect()
}

/// Returns whether a media range includes another one; every range includes `*/*`, which asks for nothing.
fn covers(range: &str, want: &str) -> bool {
    range == "*/*" || want == "*/*" || range == want || {
        let whole = |text: &str| text.strip_suffix("/*").map(str::to_owned);
        let kind = |text: &str| text.split('/').next().unwrap_or_default().to_owned();
        whole(range).is_some_and(|own| own == kind(want))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::exchange::{Body, Headers};

    fn request(name: &str, value: Option<&str>) -> Request {
        Request::of(
            "POST",
            "/",
            value.map_or_else(Headers::default, |value| Headers::of([(name, value)])),
            Body::whole("{}"),
        )
    }

    fn found(name: &str, good: Option<&str>, candidate: Option<&str>) -> Option<(&'static str, Severity)> {
        let findings = compare(&request(name, good), &request(name, candidate));
        assert!(findings.len() <= 1);
        findings.first().map(|finding| (finding.class.name(), finding.severity))
    }

    #[test]
    fn another_media_type_or_charset_is_an_error() {
        let json = Some("application/json");
        let error = Some(("content_type_mismatch", Severity::Error));
        assert_eq!(found("Content-Type", json, Some("text/plain")), error);
        assert_eq!(found("Content-Type", json, None), error);
        assert_eq!(found("Content-Type", json, Some("application/json; charset=iso-8859-1")), error);
    }

    #[test]
    fn another_spelling_of_the_same_type_is_info() {
        let info = Some(("header_mismatch", Severity::Info));
        assert_eq!(
            found("content-type", Some("application/json"), Some("application/json; charset=utf-8")),
            info
        );
        assert_eq!(
            found("Content-Type", Some("application/json"), Some("Application/JSON;charset=\"UTF8\"")),
            info
        );
        assert_eq!(found("content-type", Some("application/json"), Some("application/json")), None);
    }

    #[test]
    fn accepting_more_is_info_and_accepting_something_else_a_warning() {
        let good = Some("application/json");
        for wider in [Some("*/*"), Some("application/*;q=0.8"), Some("text/plain, application/json"), None] {
            assert_eq!(found("Accept", good, wider), Some(("header_mismatch", Severity::Info)), "{wider:?}");
        }
        for other in [Some("text/html"), Some("application/json;q=0, text/html"), Some("text/*")] {
            assert_eq!(
                found("Accept", good, other),
                Some(("header_mismatch", Severity::Warning)),
                "{other:?}"
            );
        }
    }
}
