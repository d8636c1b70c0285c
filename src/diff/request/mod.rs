//! Whole requests compared: method, path, query and headers here, one file each; then the body.
//!
//! What the head says comes without pointers, with `sent` and `expected`. Secrets are never quoted: of
//! credentials only the scheme and their presence take part.

mod form;
mod head_finding;
mod headers;
mod media;
mod path;
mod query;

use std::borrow::Cow;

use crate::diff::Options;
use crate::diff::comparison::Comparison;
use crate::diff::request::head_finding::{SentAndExpected, head_finding};
use crate::model::coding;
use crate::model::exchange::Request;
use crate::model::finding::{Class, Finding, Outcome, Severity};

/// Compares two whole requests: everything around the body, then the bodies, in one list.
///
/// Order: what makes the body unreadable first, then errors (method, path, media type, body from the root
/// down), then warnings, then info. Ids in paths are another conversation, not a difference; their position
/// is one. Two requests without a body are equal there.
///
/// A severity that hangs on the method takes the candidate's, unless `options` names one.
pub fn compare(good: &Request, candidate: &Request, options: &Options) -> Comparison {
    let options = Options {
        method: options.method.clone().or_else(|| Some(candidate.method_text())),
        ..options.clone()
    };
    let mut findings = head(good, candidate, &options);
    let mut comparison = body(good, candidate, &options);
    findings.append(&mut comparison.findings);
    findings.sort_by_key(rank);
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        comparison.outcome = Outcome::Fail;
    }
    comparison.findings = findings;
    comparison
}

/// Compares method, path, query and headers only.
pub fn head(good: &Request, candidate: &Request, options: &Options) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(method(good, candidate));
    findings.extend(path::compare(&good.path(), &candidate.path(), &options.operations));
    findings.extend(query::compare(good.query().as_deref(), candidate.query().as_deref()));
    findings.extend(media::compare(good, candidate));
    findings.extend(headers::compare(&good.headers, &candidate.headers));
    findings
}

fn body(good: &Request, candidate: &Request, options: &Options) -> Comparison {
    let (left, right) = (bytes(good), bytes(candidate));
    if left.is_empty() && right.is_empty() || media::is_form(good) && media::is_form(candidate) {
        let mut comparison = crate::diff::bodies(b"{}", b"{}", options);
        comparison.findings = form::compare(&left, &right);
        return comparison;
    }
    crate::diff::bodies(&left, &right, options)
}

/// Returns the body with its content codings undone; one that cannot be is compared as it is.
fn bytes(request: &Request) -> Cow<'_, [u8]> {
    coding::decoded(&request.headers, &request.body).unwrap_or(Cow::Borrowed(&request.body.bytes))
}

fn method(good: &Request, candidate: &Request) -> Option<Finding> {
    let (expected, sent) = (good.method_text(), candidate.method_text());
    (expected != sent).then(|| {
        let help = if expected.eq_ignore_ascii_case(&sent) {
            format!("write the method in upper case: {expected}")
        } else {
            format!("send it as {expected}")
        };
        head_finding(
            Class::MethodMismatch,
            Severity::Error,
            SentAndExpected {
                sent: Some(("method", sent.clone())),
                expected: Some(("method", expected.clone())),
            },
            format!("the method is {sent}; the known-good request has {expected}"),
            help,
        )
    })
}

/// Unreadable bodies, then by severity; the sort is stable and keeps the order inside.
fn rank(finding: &Finding) -> (bool, Severity) {
    let unreadable =
        matches!(finding.class, Class::InvalidJson | Class::EmptyBody) && finding.severity == Severity::Error;
    (!unreadable, finding.severity)
}
