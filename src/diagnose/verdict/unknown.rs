//! The honest verdict: what was answered, what is open, and the experiments that answer it, the cheapest
//! first.

use serde_json::Value;

use crate::api::error_body;
use crate::diagnose::context::DiagnosisContext;
use crate::json::pointer::Pointer;
use crate::model::case;
use crate::model::indication::{Indication, Rank, seen};
use crate::model::verdict::{Cause, Confidence};

/// Nulls that are named one by one.
const NAMED: usize = 3;

pub(crate) fn evaluate(context: &DiagnosisContext<'_>) -> Indication {
    let mut found = Indication::new(Cause::Unknown, Rank::Hint, Confidence::Low, statement(context));
    let subject = context.subject();
    found.evidence.extend(open(context).into_iter().map(|line| seen(format!("open: {line}"), subject.id)));
    found.next = experiments(context);
    if let Some(id) = context.refusal.as_ref().and_then(|refusal| refusal.correlation.as_deref()) {
        found.next.push(format!("give the vendor's support the correlation id {id}"));
    }
    found
}

/// The server's own sentence, if it says more than the status does.
fn statement(context: &DiagnosisContext<'_>) -> String {
    let Some(status) = context.status() else { return "no answer was recorded".to_owned() };
    let refusal = context.refusal.as_ref();
    let sentences = refusal.map(|refusal| refusal.sentences()).unwrap_or_default();
    let telling = sentences.iter().find(|sentence| !error_body::is_generic(sentence));
    match telling.or(sentences.first()) {
        Some(sentence) if telling.is_some() => {
            format!("the API says: {sentence}")
        }
        Some(sentence) => {
            format!("the answer is {status} and says only: {sentence}; nothing recorded shows a reason")
        }
        None => format!("the answer is {status} and gives no reason, and nothing recorded shows one"),
    }
}

/// What an accepted request would have had to show.
fn open(context: &DiagnosisContext<'_>) -> Vec<String> {
    let mut open = Vec::new();
    if context.path_names_a_thing() {
        open.push("the state of what the path names, which no read in this recording shows".to_owned());
    }
    open.extend(context.api().open_questions(context).into_iter().map(|open| open.question));
    let mut nulls = Vec::new();
    if let Some(body) = context.body.json() {
        collect_nulls(body, &Pointer::root(), &mut nulls);
    }
    open.extend(nulls.iter().take(NAMED).map(|place| format!("whether the API takes null at `{place}`")));
    open
}

fn collect_nulls(value: &Value, at: &Pointer, found: &mut Vec<Pointer>) {
    match value {
        Value::Null => found.push(at.clone()),
        Value::Object(members) => {
            members.iter().for_each(|(key, inner)| collect_nulls(inner, &at.member(key), found));
        }
        Value::Array(elements) => {
            elements
                .iter()
                .enumerate()
                .for_each(|(index, inner)| collect_nulls(inner, &at.element(index), found));
        }
        _ => {}
    }
}

fn experiments(context: &DiagnosisContext<'_>) -> Vec<String> {
    let id = context.subject().id.get();
    let mut next = Vec::new();
    let is_whole = case::is_whole(context.subject());
    if context.subject().request.body.cut {
        next.push("record it with its whole body: `wraptap record --body-limit 64MiB`".to_owned());
    }
    if context.path_names_a_thing() {
        next.push(format!(
            "record {} right before the request, so that its state shows (`record --probe` asks it by itself)",
            context.read_of_subject()
        ));
    }
    next.extend(context.api().open_questions(context).into_iter().map(|open| open.experiment));
    if is_whole {
        next.push(format!("send it again after some seconds: `wraptap replay {id} --until-accepted 30s`"));
    }
    if context.body.json().is_some() {
        next.push(
            "compare it with a payload that is known to be accepted: `wraptap baseline add FILE`, then `wraptap diff`"
                .to_owned(),
        );
        // it pairs by itself where something of the operation was accepted or is kept
        let good = if context.question.good.is_some() { "" } else { " GOOD" };
        next.push(format!(
            "find the member that is refused against the simulator: `wraptap isolate {id}{good}`"
        ));
    }
    next
}
