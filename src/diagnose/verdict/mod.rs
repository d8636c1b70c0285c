//! One verdict on one refused exchange: every rule says what it sees, the strongest leads, the others are
//! listed.
//!
//! To add a rule: a file in `rules/` with `pub(crate) fn evaluate(&DiagnosisContext) -> Vec<Indication>`, and
//! a line in `rules::LAST`.

mod notes;
mod rules;
mod unknown;

use std::collections::BTreeSet;

use crate::diagnose::context::DiagnosisContext;
use crate::model::finding::{Finding, Severity};
use crate::model::indication::{Indication, Rank, seen as seen_in};
use crate::model::verdict::{Cause, Confidence, Evidence, OtherCause, Verdict};

/// Returns the verdict, or `None` if the exchange was neither refused nor broken.
pub(crate) fn judge(context: &DiagnosisContext<'_>) -> Option<Verdict> {
    let broken = context.subject().response.is_none() || context.subject().error.is_some();
    if !broken && context.status().is_none_or(|status| status < 400) {
        return None;
    }
    let mut seen = rules::evaluate(context);
    weigh_states(context, &mut seen);
    // stable: among equals the order of the list of rules decides
    seen.sort_by_key(|indication| (indication.rank, std::cmp::Reverse(indication.confidence)));
    if seen.is_empty() {
        seen.push(unknown::evaluate(context));
    }
    let lead = seen.remove(0);
    let rivals: Vec<&Indication> = seen.iter().filter(|other| other.cause != lead.cause).collect();
    let agreeing = seen.iter().filter(|other| other.cause == lead.cause);
    let mut verdict = Verdict {
        cause: lead.cause,
        confidence: confidence(&lead, &rivals),
        statement: lead.statement.clone(),
        evidence: lead.evidence.clone(),
        contrary: lead.contrary.clone(),
        other_causes: Vec::new(),
        next: lead.next.clone(),
    };
    for other in agreeing {
        verdict.evidence.extend(other.evidence.iter().cloned());
        verdict.contrary.extend(other.contrary.iter().cloned());
        verdict.next.extend(other.next.iter().cloned());
    }
    for rival in &rivals {
        if verdict.other_causes.iter().all(|known| known.cause != rival.cause) {
            verdict.other_causes.push(OtherCause { cause: rival.cause, statement: rival.statement.clone() });
            verdict.next.extend(rival.next.iter().cloned());
        }
    }
    verdict.contrary.extend(uninvolved_findings(context, verdict.cause, &rivals));
    let excused = context.faults.iter().filter(|fault| fault.severity == Severity::Info);
    let excused = excused.filter_map(|fault| Some(seen_in(fault.message.clone(), fault.exchange?)));
    verdict.contrary.extend(excused.take(MOST_EXCUSED));
    let quoted = notes::unquoted(context, &verdict);
    verdict.evidence.extend(quoted);
    verdict.evidence.extend(notes::collect(context));
    unique(&mut verdict);
    Some(verdict)
}

/// Lets a state that the API does not name give way where the body is at fault as well; one that no read
/// shows, also where the answer's own words speak of the syntax.
fn weigh_states(context: &DiagnosisContext<'_>, seen: &mut [Indication]) {
    let fault = context.payload_fault().map(|fault| format!("the body has a fault of its own: {fault}"));
    let syntax = context
        .message()
        .filter(|message| message.contains("malformed syntax"))
        .map(|_| "the answer speaks of malformed syntax, not of a state".to_owned());
    for found in seen.iter_mut().filter(|found| found.cause == Cause::State) {
        let against = match found.rank {
            Rank::Shown => fault.as_ref(),
            Rank::Suspected => fault.as_ref().or(syntax.as_ref()),
            _ => None,
        };
        let Some(against) = against else { continue };
        if fault.is_some() {
            found.rank = Rank::Hint;
        }
        found.confidence = found.confidence.min(Confidence::Medium);
        found.contrary.push(seen_in(against.clone(), context.subject().id));
    }
}

/// The lead's own confidence, one step less where a rival of the same rank or a strong one is beside it.
fn confidence(lead: &Indication, rivals: &[&Indication]) -> Confidence {
    let strong = |rival: &&&Indication| {
        rival.confidence == Confidence::High && rival.rank <= Rank::Suspected && lead.rank >= Rank::Endpoint
    };
    let rivalled = lead.rank != Rank::Proven && rivals.iter().any(|rival| strong(&rival));
    let opposed = !lead.contrary.is_empty();
    if lead.confidence == Confidence::High && (rivalled || opposed) {
        Confidence::Medium
    } else {
        lead.confidence
    }
}

/// Findings are named as the cause only where the payload is blamed; elsewhere one line counts them.
fn uninvolved_findings(
    context: &DiagnosisContext<'_>,
    cause: Cause,
    rivals: &[&Indication],
) -> Option<Evidence> {
    let wrong = |fault: &&Finding| fault.severity != Severity::Info && fault.class.cause() == Cause::Payload;
    let findings = context.faults.iter().filter(wrong).count();
    let blamed = cause == Cause::Payload || rivals.iter().any(|rival| rival.cause == Cause::Payload);
    (findings > 0 && !blamed).then(|| Evidence {
        statement: format!("payload differences: {findings}, probably not the cause"),
        ..Evidence::default()
    })
}

/// Excused faults that are named beside a verdict.
const MOST_EXCUSED: usize = 20;

/// Says nothing twice.
fn unique(verdict: &mut Verdict) {
    let mut said = BTreeSet::new();
    verdict.next.retain(|line| said.insert(line.clone()));
    for list in [&mut verdict.evidence, &mut verdict.contrary] {
        let mut known: Vec<Evidence> = Vec::new();
        list.retain(|evidence| {
            let fresh = !known.contains(evidence);
            known.push(evidence.clone());
            fresh
        });
    }
}
