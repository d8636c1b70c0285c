//! The JSON document of a comparison, version 1. Members are added, never changed.
//!
//! The wire has structs of its own, so that the model can change without the document doing so.

use serde::Serialize;

use crate::model::finding::{BodySide, Finding, Shown};
use crate::report::comparison::{BodyIndexes, ComparisonView};
use crate::report::line_index::LineIndex;

/// Renders the document, ending with a line feed. BodyIndexes are JSON strings, so that no escape reaches a
/// terminal.
pub fn render(picture: &ComparisonView<'_>) -> String {
    let (comparison, texts) = (picture.comparison, picture.texts());
    let document = ComparisonDocument {
        schema_version: 1,
        result: comparison.outcome.name(),
        findings: comparison.findings.iter().map(|finding| FindingDocument::new(finding, &texts)).collect(),
        hidden: comparison.hidden,
        candidate: picture.candidate.title,
        good: picture.good.title,
        expectation: picture.expectation,
        notes: picture.notes,
    };
    let mut text = ascii_controls(&serde_json::to_string_pretty(&document).unwrap_or_default());
    text.push('\n');
    text
}

/// Returns findings as the document has them, for documents that hold findings among other things.
pub(crate) fn findings<'a>(
    findings: impl Iterator<Item = &'a Finding>,
    candidate: &[u8],
    good: &[u8],
) -> serde_json::Value {
    let texts = BodyIndexes { good: LineIndex::new(good), candidate: LineIndex::new(candidate) };
    let wires: Vec<FindingDocument<'_>> =
        findings.map(|finding| FindingDocument::new(finding, &texts)).collect();
    serde_json::to_value(wires).unwrap_or_default()
}

#[derive(Serialize)]
struct ComparisonDocument<'a> {
    schema_version: u32,
    result: &'static str,
    findings: Vec<FindingDocument<'a>>,
    hidden: usize,
    candidate: &'a str,
    good: &'a str,
    expectation: &'a str,
    notes: &'a [String],
}

/// A finding; `line`, `column` and `offset` are in the candidate's raw body unless `side` says `good`.
#[derive(Serialize)]
struct FindingDocument<'a> {
    class: &'static str,
    severity: &'static str,
    authority: &'static str,
    good_path: Option<&'a str>,
    candidate_path: Option<&'a str>,
    message: &'a str,
    help: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sent: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sent_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    side: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    good_line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    good_column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exchange: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
}

impl<'a> FindingDocument<'a> {
    fn new(finding: &'a Finding, texts: &BodyIndexes<'_>) -> Self {
        let start =
            |shown: &Option<Shown>| shown.as_ref().and_then(|shown| shown.span).map(|span| span.start);
        let sent_at = start(&finding.sent).map(|at| (at, texts.candidate.place(at)));
        let good_at = start(&finding.expected).map(|at| texts.good.place(at));
        let fault = finding.fault.as_ref();
        let expected = finding.expected.as_ref();
        Self {
            class: finding.class.name(),
            severity: finding.severity.name(),
            authority: finding.authority.name(),
            good_path: finding.good_path.as_ref().map(|path| path.as_str()),
            candidate_path: finding.candidate_path.as_ref().map(|path| path.as_str()),
            message: &finding.message,
            help: &finding.help,
            sent: finding.sent.as_ref().map(|shown| shown.text.as_str()),
            sent_type: finding.sent.as_ref().map(|shown| shown.kind),
            expected: fault
                .map(|fault| fault.expected.as_str())
                .or(expected.map(|shown| shown.text.as_str())),
            expected_type: expected.filter(|_| fault.is_none()).map(|shown| shown.kind),
            side: fault.map(|fault| match fault.side {
                BodySide::Good => "good",
                BodySide::Candidate => "candidate",
            }),
            line: fault.map(|fault| fault.line).or(sent_at.map(|(_, place)| place.line)),
            column: fault.map(|fault| fault.column).or(sent_at.map(|(_, place)| place.column)),
            offset: fault.map(|fault| fault.offset).or(sent_at.map(|(at, _)| at)),
            good_line: good_at.map(|place| place.line),
            good_column: good_at.map(|place| place.column),
            limit: finding.limit.as_deref(),
            exchange: finding.exchange.map(|id| id.get()),
            source: finding.source.as_deref(),
        }
    }
}

/// serde_json leaves DEL and the C1 controls as they are; terminals obey the latter.
pub(crate) fn ascii_controls(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match c as u32 {
            code @ 0x7f..=0x9f => out.push_str(&format!("\\u{code:04x}")),
            _ => out.push(c),
        }
    }
    out
}
