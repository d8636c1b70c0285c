//! Findings that come from the bytes, ahead of every comparison: no body, no JSON, too large or too deep.

use crate::json::document::Document;
use crate::json::fault::{Fault, FaultKind};
use crate::json::node::Span;
use crate::json::pointer::Pointer;
use crate::model::authority::Authority;
use crate::model::finding::{BodySide, Class, Finding, Severity, Shown, TextFault};

/// What the bytes of two bodies say, and whether there is anything to compare.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SyntaxCheck {
    pub(crate) findings: Vec<Finding>,
    pub(crate) comparable: bool,
}

pub(crate) fn check(good: &Document, candidate: &Document) -> SyntaxCheck {
    let mut findings = Vec::new();
    if candidate.is_blank() && !good.is_blank() {
        findings.push(no_body());
        invalid(good, BodySide::Good, candidate, &mut findings);
        return SyntaxCheck { findings, comparable: false };
    }
    if good.is_blank() && candidate.is_blank() {
        let mut both = candidate.faults().iter().take(1).map(|f| of_fault(candidate, f, BodySide::Candidate));
        findings.extend(both.next().map(|finding| Finding { good_path: Some(Pointer::root()), ..finding }));
        return SyntaxCheck { findings, comparable: false };
    }
    let same = good.text() == candidate.text();
    invalid(candidate, BodySide::Candidate, good, &mut findings);
    if same {
        // one text given twice has its faults once
        for finding in &mut findings {
            finding.good_path.clone_from(&finding.candidate_path);
        }
    } else {
        invalid(good, BodySide::Good, candidate, &mut findings);
    }
    if let Some(limit) = candidate.beyond().or(good.beyond()) {
        findings.push(beyond(limit.name()));
    }
    let comparable = good.root().is_some() && candidate.root().is_some();
    SyntaxCheck { findings, comparable }
}

fn no_body() -> Finding {
    Finding {
        good_path: Some(Pointer::root()),
        message: "the request has no body; the known-good request has one".to_owned(),
        ..Finding::new(Class::EmptyBody, Authority::Bytes)
    }
}

fn beyond(limit: &str) -> Finding {
    Finding {
        good_path: Some(Pointer::root()),
        candidate_path: Some(Pointer::root()),
        message: format!("the bodies were not compared: one of them is beyond {limit}"),
        limit: Some(limit.to_owned()),
        ..Finding::new(Class::NotCompared, Authority::Bytes)
    }
}

fn invalid(doc: &Document, side: BodySide, other: &Document, findings: &mut Vec<Finding>) {
    for fault in doc.faults() {
        let harmless = fault.kind != FaultKind::Syntax;
        if !(harmless && other.faults().iter().any(|same| same.kind == fault.kind)) {
            findings.push(of_fault(doc, fault, side));
        }
    }
}

/// Returns the finding of one place where a text is not JSON, at the innermost value that was reached.
pub(crate) fn of_fault(doc: &Document, fault: &Fault, side: BodySide) -> Finding {
    let (line, column) = doc.position(fault.offset);
    let place = fault.node.map_or_else(Pointer::root, |node| doc.pointer(node));
    let severity = if fault.kind == FaultKind::Syntax { Severity::Error } else { Severity::Info };
    let (good_path, candidate_path, which) = match side {
        BodySide::Good => (Some(place), None, "the good body"),
        BodySide::Candidate => (None, Some(place), "the body"),
    };
    let message = match fault.kind {
        FaultKind::Syntax => format!(
            "{which} is not JSON at line {line}, column {column}: expected {}, found {}",
            fault.expected, fault.found
        ),
        FaultKind::ByteOrderMark => format!("{which} starts with a byte order mark"),
        FaultKind::LoneSurrogate => {
            format!("{which} has half a surrogate pair at line {line}, column {column}")
        }
    };
    let help = match fault.kind {
        FaultKind::Syntax => "build the body with a JSON library instead of putting text together",
        FaultKind::ByteOrderMark => "write the body as UTF-8 without a byte order mark",
        FaultKind::LoneSurrogate => "cut texts between characters, not between UTF-16 units",
    };
    let end = doc.text()[fault.offset.min(doc.text().len())..].chars().next().map_or(0, char::len_utf8);
    let span = Span { start: fault.offset, end: fault.offset + end };
    Finding {
        good_path,
        candidate_path,
        sent: Some(Shown { kind: "text", text: fault.found.trim_matches('`').to_owned(), span: Some(span) }),
        expected: Some(Shown { kind: "text", text: fault.expected.to_owned(), span: None }),
        message,
        help: help.to_owned(),
        fault: Some(TextFault {
            side,
            line,
            column,
            offset: fault.offset,
            expected: fault.expected.to_owned(),
        }),
        severity,
        ..Finding::new(Class::InvalidJson, Authority::Bytes)
    }
}
