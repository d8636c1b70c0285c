//! What to change: the corrected body, and the line in the client's language.

mod edits;
mod findings;

use serde_json::Value;

use crate::api::genesys::forum_body;
use crate::api::genesys::habits::{self, Fault};
use crate::diagnose::checks;
use crate::diagnose::context::{DiagnosisContext, Sent};
use crate::diagnose::evidence::accepted;
use crate::json::pointer::Pointer;
use crate::model::body_change::BodyChange;
use crate::model::finding::{Class, Finding, Severity};
use crate::model::remedy::Remedy;

/// One change can bring another fault to light; more rounds than this change nothing any more.
const ROUNDS: usize = 3;

/// Returns what to change, as far as the comparison, the published model and the other exchanges show it.
pub(crate) fn of(context: &DiagnosisContext<'_>) -> Remedy {
    let mut remedy = Remedy::default();
    let unknown = context.faults.iter().any(|check| check.class == Class::UnknownOperation);
    // a server that accepts the operation, and the simulator, want its own body mended and not another one's
    let elsewhere = unknown && !context.is_simulated() && context.accepted().next().is_none();
    if elsewhere {
        remedy.operation = context.nearest.first().map(|near| near.entry.to_string());
        if let Some(to) = context.body.json().and_then(forum_body::translate) {
            remedy.body = Some(format!("{:#}", to.body));
            remedy.changes = to.changes;
            remedy.open = to.open;
        }
    } else {
        mend(context, &mut remedy);
    }
    let found = context.question.findings.iter().filter(|finding| finding.severity != Severity::Info);
    let faults: Vec<Fault<'_>> = found
        .chain(&context.faults)
        .map(|finding| Fault { class: finding.class, at: finding.candidate_path.as_ref() })
        .collect();
    let sdk = context.subject().sdk.as_ref().map(|sdk| sdk.name.as_str());
    remedy.client = habits::lines(sdk, context.entry, context.body.json(), &faults);
    remedy
}

/// Mends the body by the differences from the known-good one, then by what the checks still find.
fn mend(context: &DiagnosisContext<'_>, remedy: &mut Remedy) {
    let Some(sent) = context.body.json() else { return };
    let mut body = sent.clone();
    let good =
        context.question.good.and_then(|good| serde_json::from_slice::<Value>(good.body.as_bytes()).ok());
    if let Some(good) = good {
        let accepted = accepted::bodies(context);
        // what another accepted request does without, nobody has to fill in
        let spared = |finding: &&Finding| {
            finding.class != Class::MissingField
                || !context.is_optional(finding)
                    && accepted.iter().all(|(_, other)| !accepted::shares_fault(finding, sent, other))
        };
        let wrong: Vec<&Finding> = context.question.findings.iter().filter(spared).collect();
        let plan = findings::plan(&wrong, &good, sent, |place| is_modelled(context, place));
        remedy.changes = edits::apply(&mut body, &plan.edits);
        remedy.open = plan.open;
    }
    let mut seen = context.faults.clone();
    let other = seen
        .iter()
        .filter(|check| check.class == Class::WrongOperation)
        .find_map(|check| check.expected.as_ref());
    remedy.operation = other.map(|other| other.text.clone()).filter(|other| other.contains(" /"));
    if body != *sent {
        seen = checks_of(context, &body);
    }
    for _ in 0..ROUNDS {
        let edits: Vec<BodyChange> = seen.iter().flat_map(|check| check.edits.iter().cloned()).collect();
        let changes = edits::apply(&mut body, &edits);
        if changes.is_empty() {
            break;
        }
        remedy.changes.extend(changes);
        // the body is another operation's now, and this one's model says nothing of it
        if remedy.operation.is_some() {
            break;
        }
        seen = checks_of(context, &body);
    }
    let unmended = |check: &&Finding| {
        check.class == Class::MissingField
            || check.edits.is_empty()
                && matches!(check.class, Class::FormatMismatch | Class::TypeMismatch | Class::UnknownWord)
    };
    remedy.open.extend(seen.iter().filter(unmended).map(|check| match &check.candidate_path {
        Some(place) if check.class != Class::MissingField && !place.as_str().is_empty() => {
            format!("`{place}`: {}", check.help)
        }
        _ => check.help.clone(),
    }));
    remedy.open.dedup();
    if body != *sent {
        remedy.body = Some(format!("{body:#}"));
    }
}

/// What the checks would find in another body.
fn checks_of(context: &DiagnosisContext<'_>, body: &Value) -> Vec<Finding> {
    let mut other = context.clone();
    other.body = Sent::Json(body.clone());
    checks::run(&other)
}

/// Tells whether the model of the operation's body has a member at this place, or a near one, so that it need not go.
fn is_modelled(context: &DiagnosisContext<'_>, place: &Pointer) -> bool {
    let unknown = |check: &&Finding| check.class == Class::ExtraField || check.class == Class::ActionField;
    let body = context.entry.and_then(|entry| entry.body).and_then(|body| body.kind.model());
    // one that was meant to be another is renamed, not taken away
    let renamed = |check: &Finding| check.class == Class::ExtraField && check.expected.is_some();
    body.is_some()
        && context
            .faults
            .iter()
            .filter(unknown)
            .all(|check| check.candidate_path.as_ref() != Some(place) || renamed(check))
}
