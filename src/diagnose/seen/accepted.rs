//! Accepted requests that are like the refused one: the same octets, the same JSON, or the same fault.

use serde_json::Value;

use crate::diagnose::ground::{Ground, Sent, octets};
use crate::model::exchange::Exchange;
use crate::model::finding::{Class, Finding};

/// How alike two bodies are.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Alike {
    /// Octet for octet.
    Octets,
    /// The same JSON, spelt otherwise.
    Json,
}

/// Returns the accepted requests to the very same target with the same body, in order.
pub(crate) fn same_request<'a>(ground: &Ground<'a>) -> Vec<(&'a Exchange, Alike)> {
    let subject = ground.subject();
    let to_same = ground.others().filter(|other| {
        other.is_accepted()
            && other.request.method == subject.request.method
            && other.request.target == subject.request.target
    });
    to_same.filter_map(|other| Some((other, alike(ground, other)?))).collect()
}

/// Returns an accepted request of the same operation to another target, with the same body.
pub(crate) fn same_body_elsewhere<'a>(ground: &Ground<'a>) -> Option<(&'a Exchange, Alike)> {
    let target = &ground.subject().request.target;
    let found = ground
        .others()
        .filter(|other| other.is_accepted() && other.request.target != *target)
        .find_map(|other| {
            let same = crate::diagnose::pairing::operation_of(&other.request) == ground.operation;
            same.then(|| alike(ground, other)).flatten().map(|alike| (other, alike))
        });
    // an empty body says nothing about a payload
    found.filter(|_| ground.body.json().is_some())
}

fn alike(ground: &Ground<'_>, other: &Exchange) -> Option<Alike> {
    let (own, theirs) = (octets(&ground.subject().request)?, octets(&other.request)?);
    if own == theirs {
        return Some(Alike::Octets);
    }
    let theirs: Value = serde_json::from_slice(&theirs).ok()?;
    (ground.body.json() == Some(&theirs)).then_some(Alike::Json)
}

/// Returns an accepted request of the same operation that has the same fault in the same place.
pub(crate) fn with_the_same_fault<'a>(ground: &Ground<'a>, finding: &Finding) -> Option<&'a Exchange> {
    let own = ground.body.json()?;
    let at = finding.candidate_path.as_ref();
    let shows = |other: &Value| match (finding.class, at) {
        (Class::MissingField, _) => {
            finding.good_path.as_ref().is_some_and(|place| other.pointer(place.as_str()).is_none())
        }
        (Class::NullField, Some(at)) => other.pointer(at.as_str()).is_some_and(Value::is_null),
        (Class::EmptyValue | Class::ValueChanged, Some(at)) => {
            other.pointer(at.as_str()).is_some_and(|theirs| own.pointer(at.as_str()) == Some(theirs))
        }
        (_, Some(at)) if at.as_str().is_empty() => other == own,
        (_, Some(at)) => match (own.pointer(at.as_str()), other.pointer(at.as_str())) {
            (Some(own), Some(theirs)) => std::mem::discriminant(own) == std::mem::discriminant(theirs),
            _ => false,
        },
        (_, None) => false,
    };
    let text_fault = matches!(finding.class, Class::InvalidJson | Class::DuplicateKey | Class::NotCompared);
    let target = &ground.subject().request.target;
    let accepted: Vec<&Exchange> =
        ground.question.history.iter().filter(|other| other.is_accepted()).collect();
    accepted.into_iter().filter(|_| !text_fault).find(|other| {
        let same = crate::diagnose::pairing::operation_of(&other.request) == ground.operation;
        let body = Sent::of(&other.request);
        (same || other.request.target == *target) && body.json().is_some_and(shows)
    })
}
