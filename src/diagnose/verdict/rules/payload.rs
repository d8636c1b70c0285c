//! The body: how it differs from a known-good one, and what the published model says of it.

use crate::diagnose::context::DiagnosisContext;
use crate::diagnose::evidence::accepted;
use crate::diagnose::verdict::indication::{Indication, Rank, at, known, seen};
use crate::model::finding::{Class, Finding, Severity};
use crate::model::known_good::KnownGoodOrigin;
use crate::model::verdict::{Cause, Confidence, Evidence};

pub(crate) fn evaluate(context: &DiagnosisContext<'_>) -> Vec<Indication> {
    if !matches!(context.status(), Some(400 | 409 | 415 | 422)) {
        return Vec::new();
    }
    // what was accepted with the same body elsewhere is no fault of the body
    if accepted::same_body_elsewhere(context).is_some() || !accepted::same_request(context).is_empty() {
        return Vec::new();
    }
    let checks: Vec<&Finding> =
        context.faults.iter().filter(|check| check.class.cause() == Cause::Payload).collect();
    let blamed = |finding: &&Finding| finding.severity != Severity::Info && !context.is_optional(finding);
    let findings: Vec<&Finding> = context.question.findings.iter().filter(blamed).collect();
    let accepted = if findings.is_empty() { Vec::new() } else { accepted::bodies(context) };
    let has_it = |finding: &Finding| {
        let own = context.body.json()?;
        accepted
            .iter()
            .find(|(_, other)| accepted::shares_fault(finding, own, other))
            .map(|(other, _)| *other)
    };
    let mut excused = Vec::new();
    let mut guilty = Vec::new();
    for finding in findings {
        match has_it(finding) {
            Some(other) => {
                excused.push(seen(format!("this was accepted as well: {}", finding.message), other.id));
            }
            None => guilty.push(finding),
        }
    }
    let worst =
        guilty.iter().map(|finding| finding.severity).chain(checks.iter().map(|check| check.severity)).min();
    let Some(worst) = worst else { return Vec::new() };
    let unreadable = checks.iter().any(|check| unreadable(check.class))
        || guilty.iter().any(|finding| unreadable_class(finding.class));
    let proven = context.question.good.is_some_and(|good| {
        matches!(good.origin, KnownGoodOrigin::Exchange(_)) || good.because.starts_with("accepted")
    });
    let modelled = checks.iter().any(|check| check.severity == Severity::Error);
    let confidence = match (worst, proven && !guilty.is_empty(), modelled) {
        (Severity::Error, true, _) => Confidence::High,
        (Severity::Error, false, true) if unreadable || !guilty.is_empty() => Confidence::High,
        (Severity::Error, false, _) => Confidence::Medium,
        (_, true, _) => Confidence::Medium,
        _ => Confidence::Low,
    };
    let rank = match worst {
        _ if unreadable => Rank::Said,
        Severity::Error => Rank::Suspected,
        _ => Rank::Hint,
    };
    let mut found = Indication::new(Cause::Payload, rank, confidence, statement(context, &guilty, &checks));
    found.evidence.extend(guilty.iter().map(|finding| difference(context, finding)));
    // what the comparison shows at a place, the model need not say again
    let told = |check: &&&Finding| {
        let place = check.candidate_path.as_ref().filter(|place| !place.as_str().is_empty());
        let same = |finding: &&&Finding| finding.candidate_path.as_ref() == place;
        place.is_none() || guilty.iter().filter(same).all(|finding| finding.class == Class::ExtraField)
    };
    let more: Vec<&&Finding> = checks.iter().filter(told).collect();
    found.evidence.extend(more.iter().map(|check| fault(context, check)));
    if let Some(good) = context.question.good.filter(|_| !guilty.is_empty()) {
        let mut evidence = known(format!("compared with {}", good.label), good.because.clone());
        if let KnownGoodOrigin::Exchange(id) = good.origin {
            evidence.exchange = Some(id);
        }
        found.evidence.push(evidence);
    }
    found.contrary = excused;
    found.next = guilty
        .iter()
        .map(|finding| finding.help.clone())
        .chain(more.iter().map(|check| check.help.clone()))
        .collect();
    found.next.truncate(5);
    found.next.push(format!("prove it: `wraptap replay {} --fixed`", context.subject().id.get()));
    vec![found]
}

/// What no server can read, whatever it checks.
fn unreadable(kind: Class) -> bool {
    matches!(kind, Class::InvalidJson | Class::DoubleEncoded | Class::Moved | Class::ContentTypeMismatch)
}

fn unreadable_class(class: Class) -> bool {
    matches!(class, Class::InvalidJson | Class::EmptyBody | Class::ContentTypeMismatch)
}

fn statement(context: &DiagnosisContext<'_>, guilty: &[&Finding], checks: &[&Finding]) -> String {
    let count = guilty.len();
    let first = guilty
        .iter()
        .find(|finding| finding.severity == Severity::Error)
        .or(guilty.first())
        .map(|finding| finding.message.clone());
    let check = checks.first().map(|check| check.message.clone());
    // that a member is one more says less than what the model says of it
    let told = |finding: &Finding| {
        let fault = checks.iter().find(|check| check.candidate_path == finding.candidate_path);
        fault.filter(|_| finding.class == Class::ExtraField).map(|check| check.message.clone())
    };
    if let [only] = guilty
        && let Some(fault) = told(only)
    {
        return fault;
    }
    match (first, check, context.question.good) {
        (Some(first), _, Some(good)) if count > 1 => {
            format!("the body differs from {} in {count} places, first: {first}", good.label)
        }
        (Some(first), _, Some(good)) => format!("the body differs from {}: {first}", good.label),
        (Some(first), _, None) => first,
        (None, Some(check), _) if checks.len() > 1 => {
            format!("the body does not fit its model in {} places, first: {check}", checks.len())
        }
        (None, check, _) => check.unwrap_or_default(),
    }
}

fn difference(context: &DiagnosisContext<'_>, finding: &Finding) -> Evidence {
    let quote = finding.sent.as_ref().map(|sent| sent.text.clone());
    Evidence {
        statement: format!("{}: {}", finding.class.name(), finding.message),
        exchange: Some(context.subject().id),
        pointer: finding.candidate_path.clone(),
        quote,
        source: None,
    }
}

fn fault(context: &DiagnosisContext<'_>, check: &Finding) -> Evidence {
    let mut evidence = match &check.candidate_path {
        Some(pointer) => at(check.message.clone(), context.subject().id, pointer.clone(), check.sent_text()),
        None => seen(check.message.clone(), context.subject().id),
    };
    evidence.source = check.source.clone();
    evidence
}
