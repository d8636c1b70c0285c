//! The request came by way of a redirect, on which clients turn a POST into a GET and leave its body behind.

use crate::api::client::fact::When;
use crate::diagnose::context::DiagnosisContext;
use crate::diagnose::evidence::redirect;
use crate::model::indication::{Indication, Rank, known, seen};
use crate::model::timestamp::apart;
use crate::model::verdict::{Cause, Confidence};

pub(crate) fn evaluate(context: &DiagnosisContext<'_>) -> Vec<Indication> {
    if !matches!(context.status(), Some(400..500)) {
        return Vec::new();
    }
    let subject = context.subject();
    let found = context.others().rev().find(|other| redirect::leads_to(other, subject));
    let Some(other) = found else { return Vec::new() };
    let (status, method) = (other.status().unwrap_or_default(), other.request.method_text());
    let turned = !method.eq_ignore_ascii_case(&context.method);
    let statement = if turned {
        format!(
            "the {method} of {} was redirected with {status}, and the client came back with {} and without the body",
            other.id, context.method
        )
    } else {
        format!("the {method} of {} was redirected here with {status}", other.id)
    };
    let (rank, confidence) =
        if turned { (Rank::Endpoint, Confidence::High) } else { (Rank::Hint, Confidence::Low) };
    let mut indication = Indication::new(Cause::Endpoint, rank, confidence, statement);
    let place = redirect::location(other).unwrap_or_default();
    let span = apart(other.started_at, subject.started_at);
    indication
        .evidence
        .push(seen(format!("{span} before, the answer was {status} with Location {place}"), other.id));
    let facts =
        context.api().clients().iter().filter_map(|client| client.fact(|when| when == When::Redirected));
    let facts: Vec<&str> = facts.map(|fact| fact.sentence).collect();
    if !facts.is_empty() {
        indication.evidence.push(known(facts.join("; "), "the SDKs, run against redirects"));
    }
    indication.next = vec![format!(
        "send the {method} to where {} leads by itself: {place}; look at the base URL or gateway that the program is given",
        other.id
    )];
    vec![indication]
}
