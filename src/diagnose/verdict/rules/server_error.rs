//! 5xx: the server or the way to it.

use crate::api::client::fact::When;
use crate::diagnose::context::DiagnosisContext;
use crate::model::indication::{Indication, Rank, known, seen};
use crate::model::refusal::Shape;
use crate::model::verdict::{Cause, Confidence};

pub(crate) fn evaluate(context: &DiagnosisContext<'_>) -> Vec<Indication> {
    let subject = context.subject();
    // what broke on the way is reported by `no_answer`, also where wraptap answered in the upstream's place
    let (Some(response), None) = (&subject.response, &subject.error) else { return Vec::new() };
    if response.status < 500 {
        return Vec::new();
    }
    let mut indication = Indication::new(
        Cause::Upstream,
        Rank::Status,
        Confidence::High,
        format!("the server answered {}: the fault is on its side or on the way to it", response.status),
    );
    indication.evidence.push(seen(context.answered(), subject.id));
    if response.headers.get("x-wraptap-error").is_some() {
        indication.statement = format!(
            "wraptap got no answer from {} and answered {} itself",
            subject.upstream, response.status
        );
    }
    if context.refusal.as_ref().is_some_and(|refusal| refusal.shape == Shape::Html) {
        indication
            .evidence
            .push(seen("the answer is a page, not the API's error body: a proxy or CDN gave it", subject.id));
    }
    if response.headers.get("retry-after").is_some() {
        let facts =
            context.api().clients().iter().filter_map(|client| client.fact(|when| when == When::Unavailable));
        indication.evidence.extend(facts.map(|fact| known(fact.sentence, fact.source)));
    }
    // a body that the server trips over every time, while others of its kind pass, is worth a word
    let tripped = context
        .others()
        .filter(|other| {
            other.request.body == subject.request.body && other.request.target == subject.request.target
        })
        .filter(|other| other.status() == Some(response.status))
        .count();
    if tripped > 0 && !subject.request.body.is_empty() && context.accepted().next().is_some() {
        indication.contrary.push(seen(
            format!(
                "the same request was answered so {} times, and others of this operation were accepted",
                tripped + 1
            ),
            subject.id,
        ));
    }
    indication.next =
        vec!["send it again later: `wraptap replay last-refused --until-accepted 30s`".to_owned()];
    if let Some(id) = context.refusal.as_ref().and_then(|refusal| refusal.correlation.as_deref()) {
        indication.next.push(format!("give the vendor's support the correlation id {id}"));
    }
    vec![indication]
}
