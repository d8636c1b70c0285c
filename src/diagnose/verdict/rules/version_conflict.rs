//! The `version` of an entity: the one that was sent against the one that was read last.

use serde_json::Value;

use crate::diagnose::context::DiagnosisContext;
use crate::json::pointer::Pointer;
use crate::model::case::document;
use crate::model::exchange::Exchange;
use crate::model::indication::quote;
use crate::model::indication::{Indication, Rank, at, seen};
use crate::model::verdict::{Cause, Confidence};

const MEMBER: &str = "version";

pub(crate) fn evaluate(context: &DiagnosisContext<'_>) -> Vec<Indication> {
    if !matches!(context.status(), Some(400 | 409 | 412 | 422))
        || !matches!(context.method.as_str(), "PUT" | "PATCH" | "POST")
    {
        return Vec::new();
    }
    let said = context.refusal.as_ref().and_then(|refusal| {
        let names = |sentence: &&str| sentence.to_lowercase().contains(MEMBER);
        refusal
            .sentences()
            .into_iter()
            .find(names)
            .or_else(|| refusal.code.as_deref().filter(|code| names(code)))
    });
    let sent = context.body.json().and_then(|body| body.get(MEMBER)).filter(|version| version.is_number());
    let known = last_version(context);
    let place = Pointer::root().member(MEMBER);
    let subject = context.subject().id;
    let (statement, confidence) = match (sent, &known) {
        (Some(sent), Some((_, known))) if sent != known => {
            (format!("`/version` is {sent}, and the last answer of the API had {known}"), Confidence::High)
        }
        (Some(sent), None) if said.is_some() => {
            (format!("the API says that `/version` {sent} is not the current one"), Confidence::Medium)
        }
        (Some(sent), Some((_, _))) if said.is_some() => (
            format!("`/version` {sent} was read last, and something changed it since then"),
            Confidence::Medium,
        ),
        _ => return Vec::new(),
    };
    let statement = match said {
        Some(said) => format!("{statement}: {said}"),
        None => statement,
    };
    // without a word of the API's and under a status that speaks of no conflict it is a difference, not the
    // cause
    let conflict = said.is_some() || matches!(context.status(), Some(409 | 412));
    let (rank, confidence) =
        if conflict { (Rank::Said, confidence) } else { (Rank::Shown, Confidence::Medium) };
    let mut found = Indication::new(Cause::State, rank, confidence, statement);
    if let Some(sent) = sent {
        found.evidence.push(at("the version that was sent", subject, place.clone(), quote(sent)));
    }
    if let Some((exchange, version)) = &known {
        found.evidence.push(at("the version that the API answered with", exchange.id, place, quote(version)));
    }
    found.evidence.extend(said.map(|said| seen(format!("the answer says: {said}"), subject)));
    let read = context.read_of_subject();
    found.next = match known.filter(|(_, known)| sent != Some(known)) {
        Some((_, known)) => vec![format!(
            "read {read} right before the request and send its version: `--set /version:={known}` by what was recorded"
        )],
        None => vec![format!("read {read} right before the request and send its version")],
    };
    vec![found]
}

/// Returns the version that the last accepted answer under the same path had, and the exchange that shows it.
fn last_version<'a>(context: &DiagnosisContext<'a>) -> Option<(&'a Exchange, Value)> {
    let began = context.subject().started_at;
    let same = |other: &&Exchange| {
        other.is_accepted() && other.started_at <= began && other.request.path() == context.path
    };
    let mut earlier: Vec<&Exchange> = context.others().filter(same).collect();
    earlier.sort_by_key(|other| std::cmp::Reverse(other.started_at));
    earlier.into_iter().find_map(|other| {
        let version = document(other.response.as_ref()?)?.get(MEMBER)?.clone();
        version.is_number().then_some((other, version))
    })
}
