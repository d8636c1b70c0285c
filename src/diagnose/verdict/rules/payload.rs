//! The body: what is wrong with it by the bytes, the API's description, or what was accepted.

use crate::diagnose::context::DiagnosisContext;
use crate::diagnose::description::restored::Reading;
use crate::diagnose::evidence::accepted;
use crate::diagnose::mistakes;
use crate::diagnose::remedy;
use crate::model::authority::Authority;
use crate::model::finding::{Class, Finding, Severity};
use crate::model::indication::{Indication, Rank, at, known, seen};
use crate::model::known_good::KnownGoodOrigin;
use crate::model::verdict::{Cause, Confidence, Evidence};

/// Faults that are quoted as evidence; the findings list them all.
const MOST_EVIDENCE: usize = 20;

/// Faults whose advice is among the next steps.
const MOST_ADVICE: usize = 5;

pub(crate) fn evaluate(context: &DiagnosisContext<'_>) -> Vec<Indication> {
    if !matches!(context.status(), Some(400 | 409 | 415 | 422)) {
        return Vec::new();
    }
    // what was accepted with the same body elsewhere is no fault of the body
    if accepted::same_body_elsewhere(context).is_some() || !accepted::same_request(context).is_empty() {
        return Vec::new();
    }
    let about_payload = |fault: &&Finding| fault.class.cause() == Cause::Payload;
    let (excused, faults): (Vec<&Finding>, Vec<&Finding>) =
        context.faults.iter().filter(about_payload).partition(|fault| fault.severity == Severity::Info);
    let Some(worst) = faults.iter().map(|fault| fault.severity).min() else { return Vec::new() };
    let mistake = mistakes::recognize(context, &faults);
    let readable = !faults.iter().any(|fault| is_unreadable(fault));
    let rank = match worst {
        _ if !readable => Rank::Said,
        Severity::Error => Rank::Suspected,
        _ => Rank::Hint,
    };
    let statement = match &mistake {
        Some(mistake) => mistake.sentence.clone(),
        None => statement(&faults),
    };
    let confidence = confidence(&faults, worst, mistake.is_some());
    let mut found = Indication::new(Cause::Payload, rank, confidence, statement);
    found.evidence.extend(mistake.map(|mistake| known(mistake.name, mistake.source)));
    found.evidence.extend(faults.iter().take(MOST_EVIDENCE).map(|fault| evidence(context, fault)));
    found.evidence.extend(compared(context, &faults));
    let had = |fault: &&Finding| Some(seen(fault.message.clone(), fault.exchange?));
    found.contrary = excused.iter().filter_map(had).take(MOST_EVIDENCE).collect();
    found.next = faults.iter().map(|fault| fault.advice()).take(MOST_ADVICE).collect();
    // without a body to send, the command would fail
    let is_open = |reading: &Reading<'_>| faults.iter().any(|fault| remedy::needs_rewriting(fault, reading));
    if !context.reading.as_ref().is_some_and(is_open) {
        found.next.push(proof(context, &faults));
    }
    vec![found]
}

/// Returns the command that proves the correction, with what the user has to give for it.
fn proof(context: &DiagnosisContext<'_>, faults: &[&Finding]) -> String {
    let missing = faults.iter().filter(|fault| fault.class == Class::MissingField);
    let set: Vec<String> = missing
        .filter_map(|fault| fault.good_path.as_ref())
        .map(|place| format!(" --set {place}=TEXT"))
        .collect();
    format!("prove it: `wraptap replay {} --fixed{}`", context.subject().id.get(), set.concat())
}

/// What no server can read, whatever it checks.
fn is_unreadable(fault: &Finding) -> bool {
    fault.authority == Authority::Bytes && fault.class != Class::DuplicateKey
        || matches!(fault.class, Class::ContentTypeMismatch | Class::DoubleEncoded)
}

fn statement(faults: &[&Finding]) -> String {
    let errors: Vec<&&Finding> = faults.iter().filter(|fault| fault.severity == Severity::Error).collect();
    match (errors.as_slice(), faults) {
        ([only], _) => only.message.clone(),
        ([first, ..], _) => format!("{} faults in the body, first: {}", errors.len(), first.message),
        ([], [only]) => only.message.clone(),
        ([], [first, ..]) => {
            format!("{} doubtful places in the body, first: {}", faults.len(), first.message)
        }
        ([], []) => String::new(),
    }
}

/// High by the bytes, or where one violation of the description alone explains the answer, or where all of
/// them are one mistake with a name.
fn confidence(faults: &[&Finding], worst: Severity, named: bool) -> Confidence {
    if worst != Severity::Error {
        return Confidence::Low;
    }
    let errors: Vec<&&Finding> = faults.iter().filter(|fault| fault.severity == Severity::Error).collect();
    let certain = errors.iter().filter(|fault| fault.class != Class::DuplicateKey);
    let best = certain.map(|fault| fault.authority).min();
    let doubtful = |fault: &Finding| {
        // that blanks around a value are refused is likely, and said by no description
        let blanks = fault.class == Class::FormatMismatch && fault.expected.is_none();
        blanks || matches!(fault.class, Class::NullField | Class::UnitMismatch | Class::DuplicateKey)
    };
    match best {
        Some(Authority::Answer | Authority::Bytes | Authority::Proof) => Confidence::High,
        Some(Authority::Description) if named || errors.len() == 1 && !doubtful(errors[0]) => {
            Confidence::High
        }
        _ => Confidence::Medium,
    }
}

fn evidence(context: &DiagnosisContext<'_>, fault: &Finding) -> Evidence {
    let statement = format!("{}: {}", fault.class.name(), fault.message);
    let mut evidence = match &fault.candidate_path {
        Some(pointer) => at(statement, context.subject().id, pointer.clone(), fault.sent_text()),
        None => seen(statement, context.subject().id),
    };
    evidence.source = fault.source.clone();
    evidence
}

/// Returns what the body was compared with, where that made a fault.
fn compared(context: &DiagnosisContext<'_>, faults: &[&Finding]) -> Option<Evidence> {
    let good = context.question.good?;
    faults.iter().any(|fault| fault.authority == Authority::Accepted).then(|| {
        let mut evidence = known(format!("compared with {}", good.label), good.because.clone());
        if let KnownGoodOrigin::Exchange(id) = good.origin {
            evidence.exchange = Some(id);
        }
        evidence
    })
}
