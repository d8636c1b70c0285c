//! A refusal in a few lines, for those who watch a terminal: the findings, or what the status speaks of.

use crate::diff::comparison::Comparison;
use crate::model::diagnosis::Diagnosis;
use crate::model::exchange::Exchange;
use crate::model::finding::{Finding, Severity};
use crate::model::known_good::Pairing;
use crate::model::verdict::{Cause, Verdict};
use crate::report::safe;
use crate::report::style::{TextRole, TextStyle};

/// Findings shown under one refusal; the rest is counted.
const MOST: usize = 6;

/// Returns indented lines for what stands behind a refusal, or nothing for an exchange that was not refused.
///
/// First the verdict. Under 400, 409, 415 and 422 then the findings against the known-good payload, but only their
/// number if the verdict does not blame it; under any other refusal one line that says what that status speaks of,
/// because a payload that differs is then probably not the cause.
pub fn refusal(
    exchange: &Exchange,
    pairing: &Pairing,
    comparison: Option<&Comparison>,
    diagnosis: &Diagnosis,
    style: &TextStyle,
) -> String {
    let Some(status) = exchange.status().filter(|status| *status >= 400) else { return String::new() };
    let verdict = verdict(diagnosis, style).map(|verdict| format!("    {verdict}\n"));
    let blame = diagnosis.verdict.as_ref().map_or(Blame::Payload, blame);
    verdict.unwrap_or_default() + &behind(status, pairing, comparison, blame, style)
}

/// Returns the verdict in one line without an end: cause, confidence, and what is said of it.
pub fn verdict(diagnosis: &Diagnosis, style: &TextStyle) -> Option<String> {
    let verdict = diagnosis.verdict.as_ref()?;
    let cause = verdict.cause.name().replace('_', " ");
    let cause = format!("{cause} ({} confidence):", verdict.confidence.name());
    Some(format!("{} {}", style.paint(TextRole::Strong, &cause), safe::line(&verdict.statement)))
}

/// What a verdict holds against a payload that differs.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Blame {
    /// It is the cause, or may be; so it may where the body is right and went to the wrong operation.
    Payload,
    /// Something else is.
    Other,
}

fn blame(verdict: &Verdict) -> Blame {
    let second = || verdict.other_causes.iter().any(|other| other.cause == Cause::Payload);
    if matches!(verdict.cause, Cause::Payload | Cause::Endpoint) || second() {
        Blame::Payload
    } else {
        Blame::Other
    }
}

/// Returns the findings, or what the status speaks of.
fn behind(
    status: u16,
    pairing: &Pairing,
    comparison: Option<&Comparison>,
    blame: Blame,
    style: &TextStyle,
) -> String {
    let findings = comparison.map_or(&[][..], |comparison| &comparison.findings);
    let differing = findings.iter().filter(|finding| finding.severity != Severity::Info).count();
    if !speaks_of_payload(status) {
        let rest = match differing {
            0 => String::new(),
            n => format!("; payload differences: {n}, probably not the cause"),
        };
        return format!("    {}{rest}\n", meaning(status));
    }
    if blame == Blame::Other && differing > 0 {
        return format!("    payload differences: {differing}, probably not the cause\n");
    }
    let Some(good) = &pairing.chosen else {
        return format!("    not compared: {}\n", safe::line(&pairing.reason));
    };
    let mut out = format!(
        "    {} {}, {}\n",
        style.paint(TextRole::Faint, "known-good:"),
        safe::line(&good.label),
        safe::line(&pairing.reason)
    );
    if differing == 0 {
        out.push_str("    the payload does not differ from it: look at state, ids and permissions\n");
    }
    for finding in findings.iter().filter(|finding| finding.severity != Severity::Info).take(MOST) {
        out.push_str(&line(finding, style));
    }
    if differing > MOST {
        out.push_str(&format!("    … and {} more\n", differing - MOST));
    }
    out
}

/// Returns whether findings in the payload are shown as the cause of this status.
pub fn speaks_of_payload(status: u16) -> bool {
    matches!(status, 400 | 409 | 415 | 422)
}

/// Returns what a refusing status speaks of, in one sentence.
pub fn meaning(status: u16) -> &'static str {
    match status {
        401 => "401 speaks of credentials: no token, an expired one, or one of another region",
        403 => "403 speaks of permissions: the caller is known, but may not do this",
        404 => "404 speaks of the address: no such path, or nothing of this id",
        405 => "405 speaks of the method: the path exists, but not for this method",
        408 | 504 => "the server or the way to it took too long",
        413 => "413 speaks of size: the body is larger than the server takes",
        429 => "429 speaks of the rate: too many requests, wait as Retry-After says",
        500..=599 => "a status of 500 or more speaks of the server or the way to it",
        _ => "this status does not speak of the payload",
    }
}

fn line(finding: &Finding, style: &TextStyle) -> String {
    let head = format!("{}[{}]", finding.severity.name(), finding.class.name());
    format!(
        "    {}: {}\n      {} {}\n",
        style.paint(TextRole::Severity(finding.severity), &head),
        safe::line(&finding.message),
        style.paint(TextRole::Faint, "help:"),
        safe::line(&finding.help)
    )
}
