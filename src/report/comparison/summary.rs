//! The texts that all renderings of a comparison share: what was sent, what was expected, the result.

use crate::diff::comparison::Comparison;
use crate::json::pointer::Pointer;
use crate::model::authority::Authority;
use crate::model::finding::{BodySide, Class, Finding, Outcome, Severity, Shown};
use crate::report::safe;

/// One side of a finding: the text on one line, and its JSON type where the text does not show it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct FindingPart {
    /// The excerpt, safe to print, with the key in front where there is one.
    pub(super) text: String,
    /// `string`, `number`, …; `None` for `null`, for what is absent and for what is not a JSON value.
    pub(super) kind: Option<&'static str>,
    /// The value is absent: `text` is a phrase, not a quotation.
    pub(super) absent: bool,
}

/// Returns what the candidate sent.
pub(super) fn sent(finding: &Finding) -> FindingPart {
    if finding.class == Class::EmptyBody {
        return phrase("no body");
    }
    part(finding, finding.sent.as_ref(), finding.candidate_path.as_ref(), BodySide::Candidate)
}

/// Returns what was expected of it.
pub(super) fn expected(finding: &Finding) -> FindingPart {
    if let (Some(fault), BodySide::Candidate) = (&finding.fault, side(finding)) {
        return phrase(&fault.expected);
    }
    part(finding, finding.expected.as_ref(), finding.good_path.as_ref(), BodySide::Good)
}

/// Returns on whose word a finding is an error, with its label.
pub(super) fn basis(finding: &Finding, expectation: &str) -> (&'static str, String) {
    let source = || finding.source.clone().filter(|source| !source.is_empty());
    match finding.authority {
        Authority::Answer => ("says:", "the answer".to_owned()),
        Authority::Proof => match finding.exchange {
            Some(id) => ("proof:", format!("exchange {id}")),
            None => ("proof:", "the recording".to_owned()),
        },
        Authority::Description => ("rule:", source().unwrap_or_else(|| "the API's description".to_owned())),
        Authority::Bytes | Authority::Accepted | Authority::Example => ("baseline:", expectation.to_owned()),
    }
}

/// Returns the side on which a finding is shown.
pub(super) fn side(finding: &Finding) -> BodySide {
    finding.fault.as_ref().map_or(BodySide::Candidate, |fault| fault.side)
}

/// Returns `2 errors, 1 warning`, or `no findings`.
pub(super) fn counts(findings: &[Finding]) -> String {
    let of = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let some = |count: usize, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        n => Some(format!("{n} {many}")),
    };
    let parts = [
        some(of(Severity::Error), "error", "errors"),
        some(of(Severity::Warning), "warning", "warnings"),
        some(of(Severity::Info), "info", "info"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "no findings".to_owned() } else { parts.join(", ") }
}

/// Returns the last line: the result, and how many findings there are and are hidden.
pub(super) fn summary(comparison: &Comparison) -> String {
    let result = comparison.outcome.name();
    let found = match (comparison.outcome, comparison.findings.is_empty()) {
        (Outcome::Unknown, true) => "nothing could be compared".to_owned(),
        _ => counts(&comparison.findings),
    };
    let hidden = match comparison.hidden {
        0 => String::new(),
        1 => "; 1 finding hidden at ignored places".to_owned(),
        n => format!("; {n} findings hidden at ignored places"),
    };
    format!("{result}: {found}{hidden}")
}

/// Findings that are shown one by one; `--format json` lists all.
pub(super) const MOST_LISTED: usize = 200;

/// Returns the line that counts the findings beyond those, or `None` if there are none.
pub(super) fn beyond(findings: &[Finding]) -> Option<String> {
    let more = findings.len().checked_sub(MOST_LISTED).filter(|more| *more > 0)?;
    Some(format!("{more} more are not shown (--format json lists them)"))
}

/// Returns whether a finding is transport noise around a request, which is summed up and not listed.
pub(super) fn is_noise(finding: &Finding) -> bool {
    finding.severity == Severity::Info && finding.class == Class::HeaderMismatch
}

/// Returns one line for all findings of transport noise, or `None` if there is none.
pub(super) fn noise(findings: &[Finding]) -> Option<String> {
    let names: Vec<String> = findings
        .iter()
        .filter(|finding| is_noise(finding))
        .filter_map(|finding| finding.sent.as_ref().or(finding.expected.as_ref()))
        .map(|shown| safe::line(shown.text.split(':').next().unwrap_or_default()).into_owned())
        .collect();
    let headers = if names.len() == 1 { "header that does" } else { "headers that do" };
    (!names.is_empty()).then(|| format!("{} {headers} not matter here: {}", names.len(), names.join(", ")))
}

fn part(finding: &Finding, shown: Option<&Shown>, path: Option<&Pointer>, own: BodySide) -> FindingPart {
    let Some(shown) = shown else {
        let body = finding.good_path.is_some() || finding.candidate_path.is_some();
        let broken = finding.fault.as_ref().is_some_and(|fault| fault.side == own);
        return phrase(match (broken, body) {
            (true, _) => "text that is not JSON",
            (false, true) => "field absent",
            (false, false) => "absent",
        });
    };
    let kind =
        ["boolean", "number", "string", "array", "object"].into_iter().find(|kind| *kind == shown.kind);
    let json = kind.is_some() || shown.kind == "null";
    let text = safe::line(&one_line(&shown.text)).into_owned();
    let key = path.filter(|_| json).and_then(Pointer::last);
    let text = match key {
        // An element's step is its index, which is useless before a value.
        Some(key) if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_digit()) => {
            let quoted = serde_json::Value::String(key).to_string();
            if text.starts_with(&format!("{quoted}:")) {
                text
            } else {
                format!("{}: {text}", safe::line(&quoted))
            }
        }
        _ => text,
    };
    FindingPart { text, kind, absent: false }
}

fn phrase(text: &str) -> FindingPart {
    FindingPart { text: safe::line(text).into_owned(), kind: None, absent: true }
}

/// Joins the lines of a formatted container: white space outside strings becomes one blank.
fn one_line(text: &str) -> String {
    if !text.contains(['\n', '\r']) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let (mut inside, mut escaped) = (false, false);
    for c in text.chars() {
        if !inside && matches!(c, '\n' | '\r' | '\t' | ' ') {
            if !out.ends_with(' ') {
                out.push(' ');
            }
            continue;
        }
        match c {
            _ if escaped => escaped = false,
            '\\' if inside => escaped = true,
            '"' => inside = !inside,
            _ => {}
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formatted_value_becomes_one_line_and_its_strings_stay() {
        assert_eq!(one_line("{\n  \"a\":\t\"x  \\\" y\"\n}"), "{ \"a\": \"x  \\\" y\" }");
    }

    #[test]
    fn plurals_and_hidden_findings_are_counted() {
        let comparison =
            |hidden| Comparison { hidden, ..crate::diff::bodies(b"1", b"1", &Default::default()) };
        assert_eq!(summary(&comparison(0)), "pass: no findings");
        assert_eq!(summary(&comparison(1)), "pass: no findings; 1 finding hidden at ignored places");
        assert_eq!(summary(&comparison(2)), "pass: no findings; 2 findings hidden at ignored places");
    }
}
