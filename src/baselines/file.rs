//! The text of a baseline file: a JSON object with the operation, the provenance, and the payload.
//!
//! ```json
//! {
//!   "wraptap_baseline": 1,
//!   "operation": "POST /api/v2/things/{id}",
//!   "provenance": "accepted",
//!   "source": "recordings/2026-11-20.ndjson#12, answered with 202",
//!   "date": "2026-11-20",
//!   "content_type": "application/json",
//!   "ignore": ["/code"],
//!   "exact": true,
//!   "body": {"code": "7fb334b0-0e9e-11e4-9191-0800200c9a66"}
//! }
//! ```
//!
//! `body` is kept letter by letter, number spelling and white space included; only the two blanks in front of
//! each further line, by which it is indented in the file, are not part of it. A payload that cannot be
//! written there unchanged (white space around it) is written as a string under `body_text` instead.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::json::pointer::{Pointer, PointerError};
use crate::model::baseline::{Baseline, Provenance};
use crate::model::operation::Operation;

/// The version that is written; readers take every version up to it.
pub const VERSION: u32 = 1;

/// A text that is no baseline file.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// Not JSON, or not the members above.
    #[error("line {}, column {}: not a baseline file", source.line(), source.column())]
    Json {
        /// What the parser said.
        source: serde_json::Error,
    },
    /// Written by a later wraptap.
    #[error("baseline format {found} is newer than this wraptap, which reads up to {VERSION}")]
    VersionMember {
        /// The version in the file.
        found: u32,
    },
    /// An operation that is not `METHOD /path`.
    #[error(transparent)]
    Operation(#[from] OperationParseError),
    /// A provenance that wraptap does not know.
    #[error(
        "`{0}` is not a provenance: use one of accepted, documented, sdk_model, manual, forum_claim, assumption"
    )]
    Provenance(String),
    /// A date that is none.
    #[error("`{0}` is not a date of the form YYYY-MM-DD")]
    Date(String),
    /// An `ignore` that is no pointer.
    #[error(transparent)]
    Ignore(#[from] PointerError),
    /// Both or none of `body` and `body_text`.
    #[error("a baseline has either `body` or `body_text`")]
    Body,
}

/// A text that names no operation.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is not an operation: give a method and a path, such as `POST /api/v2/things/{{id}}`")]
pub struct OperationParseError(pub String);

/// The members of a file, in the order in which they are written.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct BaselineMembers<'a> {
    wraptap_baseline: u32,
    operation: String,
    provenance: String,
    source: String,
    date: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    content_type: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    ignore: Vec<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    exact: bool,
    #[serde(default, skip_serializing_if = "Option::is_none", borrow, deserialize_with = "present")]
    body: Option<&'a RawValue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body_text: Option<String>,
}

/// Reads a member that is there, also if it is `null`, which is a payload like any other.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

/// Reads the text of a baseline file; `name` is the stem of the file's name.
///
/// # Errors
/// The text is not JSON, lacks a member, has an unknown one, or a member has a value that is none of its
/// kind.
pub fn parse(name: &str, text: &str) -> Result<Baseline, FormatError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let members: BaselineMembers<'_> = match serde_json::from_str(text) {
        Ok(members) => members,
        Err(source) => return Err(newer(text).unwrap_or(FormatError::Json { source })),
    };
    if members.wraptap_baseline > VERSION {
        return Err(FormatError::VersionMember { found: members.wraptap_baseline });
    }
    let provenance =
        Provenance::from_name(&members.provenance).ok_or(FormatError::Provenance(members.provenance))?;
    let body = match (members.body, members.body_text) {
        (Some(raw), None) => unindented(raw.get()),
        (None, Some(text)) => text,
        _ => return Err(FormatError::Body),
    };
    Ok(Baseline {
        name: name.to_owned(),
        operation: operation(&members.operation)?,
        provenance,
        source: members.source,
        date: checked_date(members.date)?,
        content_type: members.content_type,
        body,
        ignore: members.ignore.iter().map(|text| Pointer::parse(text)).collect::<Result<_, _>>()?,
        exact: members.exact,
    })
}

/// Returns the text of the file for a baseline, with a line's end behind it.
pub fn render(baseline: &Baseline) -> String {
    // leading or trailing white space and what is not JSON cannot be the value of a member unchanged
    let indented = indented(&baseline.body);
    let raw = serde_json::from_str::<&RawValue>(&indented)
        .ok()
        .filter(|raw| raw.get() == indented && unindented(&indented) == baseline.body);
    let members = BaselineMembers {
        wraptap_baseline: VERSION,
        operation: baseline.operation.to_string(),
        provenance: baseline.provenance.name().to_owned(),
        source: baseline.source.clone(),
        date: baseline.date.clone(),
        content_type: baseline.content_type.clone(),
        ignore: baseline.ignore.iter().map(|pointer| pointer.as_str().to_owned()).collect(),
        exact: baseline.exact,
        body: raw,
        body_text: raw.is_none().then(|| baseline.body.clone()),
    };
    // a struct of strings and raw JSON always serialises
    let mut text = serde_json::to_string_pretty(&members).unwrap_or_default();
    text.push('\n');
    text
}

/// Puts two blanks in front of every line but the first; JSON has line ends between values only, never
/// inside.
fn indented(body: &str) -> String {
    let lines = body.split('\n').enumerate();
    let lines = lines.map(|(at, line)| match at {
        0 => line.to_owned(),
        _ if line.is_empty() => String::new(),
        _ => format!("  {line}"),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Takes them away again, if every line has them; a file that was written by hand may not.
fn unindented(raw: &str) -> String {
    if !raw.split('\n').skip(1).all(|line| line.is_empty() || line.starts_with("  ")) {
        return raw.to_owned();
    }
    let lines = raw.split('\n').enumerate();
    let lines = lines.map(|(at, line)| if at == 0 { line } else { line.strip_prefix("  ").unwrap_or(line) });
    lines.collect::<Vec<_>>().join("\n")
}

/// Reads `METHOD /path`, where the path may have `{placeholders}`.
///
/// # Errors
/// The text is not a word and a path that starts with `/`.
pub fn operation(text: &str) -> Result<Operation, OperationParseError> {
    let error = || OperationParseError(text.to_owned());
    let (method, template) = text.trim().split_once(char::is_whitespace).ok_or_else(error)?;
    let template = template.trim();
    let shaped = method.bytes().all(|byte| byte.is_ascii_alphabetic())
        && template.starts_with('/')
        && !template.contains(|c: char| c.is_whitespace() || c == '?');
    if !shaped {
        return Err(error());
    }
    Ok(Operation { method: method.to_ascii_uppercase(), template: template.to_owned() })
}

/// Returns the text, if it is a date of the form `YYYY-MM-DD`.
///
/// # Errors
/// It is not.
pub fn checked_date(text: String) -> Result<String, FormatError> {
    let is_date = text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok();
    if is_date { Ok(text) } else { Err(FormatError::Date(text)) }
}

/// A later format may have members that this one does not know: then the version is the better reason.
fn newer(text: &str) -> Option<FormatError> {
    #[derive(Deserialize)]
    struct VersionMember {
        wraptap_baseline: u32,
    }
    let version: VersionMember = serde_json::from_str(text).ok()?;
    let found = version.wraptap_baseline;
    (found > VERSION).then_some(FormatError::VersionMember { found })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn baseline(body: &str) -> Baseline {
        Baseline {
            name: "x".to_owned(),
            operation: operation("post /a/{id}").unwrap(),
            provenance: Provenance::Manual,
            source: "a test".to_owned(),
            date: "2026-11-20".to_owned(),
            content_type: Some("application/json".to_owned()),
            body: body.to_owned(),
            ignore: vec![Pointer::root().member("a/b")],
            exact: true,
        }
    }

    #[test]
    fn a_body_comes_back_letter_by_letter() {
        for body in [
            "{\"n\": 1.0, \"big\":123456789012345678901234567890,\"n\":1e0}",
            "{\n  \"notes\": \"\\u00fc\\/ü \\ud800\"\n}",
            " {\"blanks\":\"around\"}\n",
            "{\n\n  \"a\": [\n1\n]\r\n \t}",
            "{\n    \"deep\": 1\n  }",
            "[]",
            "null",
            "",
        ] {
            let written = render(&baseline(body));
            assert_eq!(parse("x", &written).unwrap(), baseline(body), "{written}");
        }
    }

    #[test]
    fn a_body_over_several_lines_is_indented_in_the_file_only() {
        let written = render(&baseline("{\n  \"a\": 1\n}"));
        assert!(written.ends_with("  \"body\": {\n    \"a\": 1\n  }\n}\n"), "{written}");
        let by_hand = written.replace("    \"a\": 1\n  }", "\"a\": 1}");
        assert_eq!(parse("x", &by_hand).unwrap().body, "{\n\"a\": 1}");
    }

    #[test]
    fn what_is_no_baseline_is_refused_with_its_reason() {
        let good = render(&baseline("{}"));
        for (from, to, said) in [
            ("\"wraptap_baseline\": 1", "\"wraptap_baseline\": 2", "newer than this wraptap"),
            ("POST /a", "POST a", "is not an operation"),
            ("manual", "rumour", "is not a provenance"),
            ("2026-11-20", "2026-13-01", "is not a date"),
            ("\"/a~1b\"", "\"a\"", "is not a JSON Pointer"),
            ("\"body\": {}", "\"body\": {", "not a baseline file"),
            ("\"source\"", "\"sauce\"", "not a baseline file"),
        ] {
            assert!(good.contains(from), "{from}");
            let error = parse("x", &good.replace(from, to)).unwrap_err().to_string();
            assert!(error.contains(said), "{to}: {error}");
        }
    }

    #[test]
    fn a_later_format_with_other_members_is_named_as_such() {
        let error = parse("x", "{\"wraptap_baseline\": 7, \"payload\": {}}").unwrap_err();
        assert!(matches!(error, FormatError::VersionMember { found: 7 }));
    }
}
