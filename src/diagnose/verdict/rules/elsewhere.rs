//! The same body was accepted for another thing: then it is about this one.

use crate::diagnose::context::DiagnosisContext;
use crate::diagnose::evidence::accepted;
use crate::diagnose::verdict::rules::blame::blames_the_request;
use crate::model::indication::{Indication, Rank, seen};
use crate::model::timestamp::apart;
use crate::model::verdict::{Cause, Confidence};

pub(crate) fn evaluate(context: &DiagnosisContext<'_>) -> Vec<Indication> {
    if !blames_the_request(context) || !accepted::same_request(context).is_empty() {
        return Vec::new();
    }
    let Some((other, _)) = accepted::same_body_elsewhere(context) else { return Vec::new() };
    let subject = context.subject();
    let mut found = Indication::new(
        Cause::State,
        Rank::Suspected,
        Confidence::Medium,
        "the same body was accepted for another one, so it is about this one: its state, or its ids",
    );
    let span = apart(other.started_at, subject.started_at);
    found.evidence.push(seen(format!("the same body was accepted there, {span} apart"), other.id));
    found.next = vec![match context.api().state_read(&context.path) {
        Some(read) => {
            format!("record {} right before the request, so that its state and ids show", read.request)
        }
        None => "read what the path names right before the request, so that its state shows".to_owned(),
    }];
    vec![found]
}
