//! The answer says in its own words that the thing addressed is in another state than the request needs.

use crate::api::error_body;
use crate::diagnose::context::DiagnosisContext;
use crate::json::pointer::Pointer;
use crate::model::indication::quote;
use crate::model::indication::{Indication, Rank, at, seen};
use crate::model::verdict::{Cause, Confidence};

pub(crate) fn evaluate(context: &DiagnosisContext<'_>) -> Vec<Indication> {
    let Some(refusal) = context.refusal.as_ref().filter(|_| blames(context)) else { return Vec::new() };
    let coded = refusal.code.as_deref().filter(|code| error_body::state(code));
    let sentence = refusal.sentences().into_iter().find(|sentence| error_body::state(sentence));
    let Some(said) = sentence.or_else(|| refusal.message.as_deref().filter(|_| coded.is_some())) else {
        return Vec::new();
    };
    let mut found =
        Indication::new(Cause::State, Rank::Said, Confidence::High, format!("the API says so: {said}"));
    found.evidence.push(at(
        "the answer names a state",
        context.subject().id,
        Pointer::root().member("message"),
        quote(&said.into()),
    ));
    // a value that the API cannot know may be what it calls a state
    if let Some(word) = context.unknown_word() {
        found.rank = Rank::Suspected;
        found.confidence = Confidence::Medium;
        found.contrary.push(seen(word, context.subject().id));
    }
    found.next = vec![
        format!("read {} right before the request: it shows the state", context.read_of_subject()),
        format!(
            "if the state changes by itself, send it until it is accepted: `wraptap replay {} --until-accepted 30s`",
            context.subject().id.get()
        ),
    ];
    vec![found]
}

fn blames(context: &DiagnosisContext<'_>) -> bool {
    matches!(context.status(), Some(400 | 404 | 409 | 412 | 422 | 423))
}
