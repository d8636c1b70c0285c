//! A corrected body was accepted in the place of this one: then the body was the reason, whatever was done
//! meanwhile.

use crate::diagnose::context::DiagnosisContext;
use crate::model::case::Sent;
use crate::model::exchange::{Exchange, Origin};
use crate::model::indication::{Indication, Rank, seen};
use crate::model::timestamp::apart;
use crate::model::verdict::{Cause, Confidence};

pub(crate) fn evaluate(context: &DiagnosisContext<'_>) -> Vec<Indication> {
    if !matches!(context.status(), Some(400 | 409 | 415 | 422)) {
        return Vec::new();
    }
    let (Some(fault), Some(own)) = (context.payload_fault(), context.body.json()) else { return Vec::new() };
    let subject = context.subject();
    let corrects = |other: &&Exchange| {
        other.origin == Origin::Replay
            && other.is_accepted()
            && other.request.method == subject.request.method
            && other.request.target == subject.request.target
            && Sent::of(&other.request).json().is_some_and(|body| body != own)
    };
    let Some(other) = context.others().rfind(corrects) else { return Vec::new() };
    let span = apart(other.started_at, subject.started_at);
    let when = if other.started_at < subject.started_at { "before" } else { "later" };
    let mut found = Indication::new(
        Cause::Payload,
        Rank::Proven,
        Confidence::High,
        format!("a corrected body was accepted as {}, and this one still has the fault: {fault}", other.id),
    );
    found.evidence.push(seen(format!("another body was accepted in its place {span} {when}"), other.id));
    found.next = vec![format!("change the program so that it sends what {} sent", other.id)];
    vec![found]
}
