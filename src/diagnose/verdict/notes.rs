//! What belongs beside any verdict: how often the client really asked, and what its program saw instead of
//! the answer.

use crate::api::client::fact::When;
use crate::api::error_body;
use crate::diagnose::context::DiagnosisContext;
use crate::model::exchange::Exchange;
use crate::model::indication::{known, seen};
use crate::model::timestamp::apart;
use crate::model::verdict::{Evidence, Verdict};

/// How far apart equal requests may be to count as attempts of one call where nothing else says so, in
/// microseconds.
const SAME_CALL: u64 = 200_000_000;

pub(crate) fn collect(context: &DiagnosisContext<'_>) -> Vec<Evidence> {
    simulated(context).into_iter().chain(attempts(context)).chain(what_the_program_saw(context)).collect()
}

/// Returns the sentences of the answer that say more than its status, and that the verdict does not quote
/// yet.
pub(crate) fn unquoted(context: &DiagnosisContext<'_>, verdict: &Verdict) -> Vec<Evidence> {
    let sentences = context.refusal.iter().flat_map(|refusal| refusal.sentences());
    let fresh = |sentence: &&str| {
        !error_body::is_generic(sentence)
            && !verdict.statement.contains(*sentence)
            && verdict.evidence.iter().all(|evidence| !evidence.statement.contains(*sentence))
    };
    let said = |sentence| seen(format!("the answer says: {sentence}"), context.subject().id);
    sentences.filter(fresh).map(said).collect()
}

fn simulated(context: &DiagnosisContext<'_>) -> Option<Evidence> {
    let rule = context.simulator_rule()?;
    Some(seen(
        format!("the answer is the simulator's, by its rule `{rule}`, and not the API's"),
        context.subject().id,
    ))
}

/// Source: the Python SDK re-sends any method up to ten times on 429, 503 and 413 with `Retry-After` and on a
/// reset; OkHttp re-sends on a reset. The program sees one call.
fn attempts(context: &DiagnosisContext<'_>) -> Option<Evidence> {
    let subject = context.subject();
    let first = subject.attempt_of.unwrap_or(subject.id);
    let same_call = |other: &&Exchange| {
        other.run == subject.run && (other.attempt_of == Some(first) || other.id == first)
    };
    let mut others: Vec<&Exchange> = context.others().filter(same_call).collect();
    if others.is_empty() {
        let alike = |other: &&Exchange| {
            other.run == subject.run
                && other.started_at.0.abs_diff(subject.started_at.0) <= SAME_CALL
                && other.connection.as_ref().map(|at| &at.client)
                    == subject.connection.as_ref().map(|at| &at.client)
                && other.connection.is_some()
                && other.request == subject.request
                && other.is_refused()
        };
        others = context.others().filter(alike).collect();
    }
    let (oldest, newest) = (others.first()?, others.last()?);
    let span = apart(oldest.started_at.min(subject.started_at), newest.started_at.max(subject.started_at));
    let ids: Vec<String> = others.iter().map(|other| other.id.to_string()).collect();
    let total = others.len() + 1;
    Some(seen(
        format!(
            "the client sent this {total} times within {span} (also {}); the program may have called once",
            ids.join(", ")
        ),
        oldest.id,
    ))
}

/// What the client made of the answer.
fn what_the_program_saw(context: &DiagnosisContext<'_>) -> Option<Evidence> {
    let shape = context.refusal.as_ref()?.shape;
    let of_shape =
        |when| matches!(when, When::Refused(shapes) if shapes.is_empty() || shapes.contains(&shape));
    let fact = context.client()?.fact(of_shape)?;
    Some(known(fact.sentence, fact.source))
}
