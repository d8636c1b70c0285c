//! An exchange in a few lines for the terminal: why it was refused and what to write instead, or what
//! is odd about a request that was accepted.

use crate::diff::comparison::Comparison;
use crate::model::authority::Authority;
use crate::model::diagnosis::Diagnosis;
use crate::model::exchange::Exchange;
use crate::model::finding::{Class, Severity};
use crate::model::known_good::{KnownGoodOrigin, Pairing};
use crate::model::verdict::{Cause, Verdict};
use crate::report::safe;
use crate::report::style::{TextRole, TextStyle};

/// Warnings shown under one accepted request; the rest is counted.
const MAX_WARNINGS: usize = 4;

/// Returns indented lines that explain a refusal, or nothing for an exchange that was not refused.
///
/// First the verdict and the line to write instead. Under 400, 409, 415 and 422 then what it was compared
/// with, or only the number of differences if the verdict does not blame the payload; under any other refusal
/// one line with the meaning of the status, because a payload that differs is then probably not the cause.
pub fn refusal(
    exchange: &Exchange,
    pairing: &Pairing,
    comparison: Option<&Comparison>,
    diagnosis: &Diagnosis,
    style: &TextStyle,
) -> String {
    let Some(status) = exchange.status().filter(|status| *status >= 400) else { return String::new() };
    let mut lines: Vec<String> = verdict(diagnosis, style).into_iter().collect();
    lines.extend(instead(diagnosis));
    let findings = comparison.map_or(&[][..], |comparison| &comparison.findings);
    let differing = findings.iter().filter(|finding| finding.severity != Severity::Info).count();
    let is_blamed = diagnosis.verdict.as_ref().is_none_or(blames_payload);
    if !is_about_payload(status) {
        lines.push(match differing {
            0 => meaning(status).to_owned(),
            n => format!("{}; payload differences: {n}, probably not the cause", meaning(status)),
        });
    } else if !is_blamed && differing > 0 {
        lines.push(format!("payload differences: {differing}, probably not the cause"));
    } else {
        lines.extend(compared(pairing, diagnosis, style));
    }
    lines.iter().map(|line| format!("    {line}\n")).collect()
}

/// Returns the verdict in one line without a line end: cause, confidence, statement.
pub fn verdict(diagnosis: &Diagnosis, style: &TextStyle) -> Option<String> {
    let verdict = diagnosis.verdict.as_ref()?;
    let cause = verdict.cause.name().replace('_', " ");
    let cause = format!("{cause} ({} confidence):", verdict.confidence.name());
    Some(format!("{} {}", style.paint(TextRole::Strong, &cause), safe::line(&verdict.statement)))
}

/// Returns the likeliest line to change in the client's program, in one line without a line end.
pub fn instead(diagnosis: &Diagnosis) -> Option<String> {
    diagnosis.verdict.as_ref().filter(|verdict| blames_payload(verdict))?;
    let line = diagnosis.remedy.client.first()?;
    Some(format!("instead of `{}` write `{}`", safe::line(&line.before), safe::line(&line.after)))
}

/// Returns indented lines for what is odd about a request that was accepted: members that the API's
/// description does not know, so that the API may ignore them.
pub fn acceptance(exchange: &Exchange, diagnosis: &Diagnosis, style: &TextStyle) -> String {
    let is_unknown = |class: Class| matches!(class, Class::ExtraField | Class::RenamedKey);
    let unknown = diagnosis.faults.iter().filter(|fault| {
        is_unknown(fault.class) && fault.authority == Authority::Description && exchange.is_accepted()
    });
    let places: Vec<String> = unknown
        .filter_map(|fault| fault.candidate_path.as_ref())
        .map(|place| format!("`{}`", safe::line(place.as_str())))
        .collect();
    if places.is_empty() {
        return String::new();
    }
    let more = places.len().saturating_sub(MAX_WARNINGS);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let places = places.iter().take(MAX_WARNINGS).cloned().collect::<Vec<_>>().join(", ");
    let warning = style.paint(TextRole::Severity(Severity::Warning), "warning:");
    format!(
        "    {warning} accepted, but the API's description does not know {places}{more}: it may ignore that\n"
    )
}

/// Returns whether the payload is the cause or may be; so it may where a right body went to the wrong
/// operation.
fn blames_payload(verdict: &Verdict) -> bool {
    let second = || verdict.other_causes.iter().any(|other| other.cause == Cause::Payload);
    matches!(verdict.cause, Cause::Payload | Cause::Endpoint) || second()
}

/// Returns what the payload was compared with, or why with nothing, unless the API's description is enough.
fn compared(pairing: &Pairing, diagnosis: &Diagnosis, style: &TextStyle) -> Option<String> {
    match &pairing.chosen {
        // an example shows a shape, and is not known to be good
        Some(good) if good.origin == KnownGoodOrigin::Embedded => None,
        Some(good) => Some(format!(
            "{} {}, {}",
            style.paint(TextRole::Faint, "known-good:"),
            safe::line(&good.label),
            safe::line(&pairing.reason)
        )),
        None if diagnosis.public == Some(true) => None,
        None => Some(format!("not compared: {}", safe::line(&pairing.reason))),
    }
}

/// Returns whether findings in the payload are shown as the cause of this status.
pub fn is_about_payload(status: u16) -> bool {
    matches!(status, 400 | 409 | 415 | 422)
}

/// Returns the meaning of a refusing status, in one sentence.
pub fn meaning(status: u16) -> &'static str {
    match status {
        401 => {
            "401 means that the credentials are not accepted: no token, an expired one, or one of another region"
        }
        403 => "403 means that a permission is missing: the caller is known, but may not do this",
        404 => "404 means that the path, or an id in it, does not exist",
        405 => "405 means that the path exists, but not for this method",
        408 | 504 => "the server or the network took too long",
        413 => "413 means that the body is larger than the server accepts",
        429 => "429 means that there were too many requests: wait as long as Retry-After says",
        500..=599 => "a status of 500 or more means a failure of the server or of the network",
        _ => "this status is not about the payload",
    }
}
