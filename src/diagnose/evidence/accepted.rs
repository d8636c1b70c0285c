//! Accepted requests that are like the refused one: the same bytes, the same JSON, or the same fault.

use serde_json::Value;

use crate::diagnose::context::DiagnosisContext;
use crate::json::pointer::Pointer;
use crate::model::authority::Authority;
use crate::model::case::{Sent, bytes};
use crate::model::exchange::Exchange;
use crate::model::finding::{Class, Finding};

/// How alike two bodies are.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Alike {
    /// Byte for byte.
    WireBytes,
    /// The same JSON, spelt otherwise.
    Json,
}

/// Returns the accepted requests to the very same target with the same body, in order.
pub(crate) fn same_request<'a>(context: &DiagnosisContext<'a>) -> Vec<(&'a Exchange, Alike)> {
    let subject = context.subject();
    let to_same = context.others().filter(|other| {
        other.is_accepted()
            && other.request.method == subject.request.method
            && other.request.target == subject.request.target
    });
    to_same.filter_map(|other| Some((other, alike(context, other)?))).collect()
}

/// Returns an accepted request of the same operation to another target, with the same body.
pub(crate) fn same_body_elsewhere<'a>(context: &DiagnosisContext<'a>) -> Option<(&'a Exchange, Alike)> {
    let target = &context.subject().request.target;
    let found = context
        .others()
        .filter(|other| other.is_accepted() && other.request.target != *target)
        .find_map(|other| {
            let same = context.is_same_operation(other);
            same.then(|| alike(context, other)).flatten().map(|alike| (other, alike))
        });
    // an empty body says nothing about a payload
    found.filter(|_| context.body.json().is_some())
}

fn alike(context: &DiagnosisContext<'_>, other: &Exchange) -> Option<Alike> {
    let (own, theirs) = (bytes(&context.subject().request)?, bytes(&other.request)?);
    if own == theirs {
        return Some(Alike::WireBytes);
    }
    let theirs: Value = serde_json::from_slice(&theirs).ok()?;
    (context.body.json() == Some(&theirs)).then_some(Alike::Json)
}

/// Returns the accepted requests of the same operation, or to the same target, with their JSON bodies.
pub(crate) fn bodies<'a>(context: &DiagnosisContext<'a>) -> Vec<(&'a Exchange, Value)> {
    let target = &context.subject().request.target;
    let accepted = context.others().filter(|other| other.is_accepted());
    accepted
        .filter(|other| other.request.target == *target || context.is_same_operation(other))
        .filter_map(|other| match Sent::of(&other.request) {
            Sent::Text { value: Some(value), .. } => Some((other, value)),
            _ => None,
        })
        .collect()
}

/// Returns whether an accepted body has the same fault in the same place as the refused one.
///
/// Where that does not show at one place alone (order, length, the text itself), it has not.
pub(crate) fn shares_fault(finding: &Finding, own: &Value, other: &Value) -> bool {
    if finding.class == Class::MissingField {
        let lacks = |place: &Pointer| {
            let parent = place.parent().unwrap_or_default();
            other.pointer(parent.as_str()).is_some() && other.pointer(place.as_str()).is_none()
        };
        return finding.good_path.as_ref().is_some_and(lacks);
    }
    let Some(at) = &finding.candidate_path else { return false };
    let (Some(own), Some(theirs)) = (own.pointer(at.as_str()), other.pointer(at.as_str())) else {
        return false;
    };
    let same_type = std::mem::discriminant(own) == std::mem::discriminant(theirs);
    match finding.class {
        Class::NullField => theirs.is_null(),
        Class::UnitMismatch if finding.authority == Authority::Description => {
            // a duration that was accepted may be implausible, too
            matches!((own.as_f64(), theirs.as_f64()), (Some(own), Some(theirs)) if theirs * 10.0 > own)
        }
        Class::UnitMismatch => match (own.as_f64(), theirs.as_f64()) {
            // a unit is a factor of a thousand; what people choose freely is less far apart
            (Some(own), Some(theirs)) if own != 0.0 => (0.1..10.0).contains(&(theirs / own)),
            _ => false,
        },
        Class::FormatMismatch => match (own.as_str(), theirs.as_str()) {
            (Some(_), Some(_)) => is_same_notation(own, theirs),
            _ => same_type && own.is_f64() == theirs.is_f64(),
        },
        // an accepted whole number says nothing for one with a fraction
        Class::TypeMismatch => same_type && own.is_f64() == theirs.is_f64(),
        // a body that has something at the right place has not moved it, nor one with other members here
        Class::Moved => {
            let right = finding.good_path.as_ref();
            let lacks = right.is_none_or(|right| other.pointer(right.as_str()).is_none());
            same_type && lacks && (!own.is_object() || shares_a_key(own, theirs))
        }
        Class::ExtraField | Class::RenamedKey | Class::WrappedInArray | Class::UnwrappedFromArray => {
            same_type
        }
        _ => own == theirs,
    }
}

fn shares_a_key(one: &Value, other: &Value) -> bool {
    let Some(members) = one.as_object() else { return false };
    members.keys().any(|key| other.get(key).is_some())
}

/// Returns whether two texts are of one notation.
pub(crate) fn is_same_notation(one: &Value, other: &Value) -> bool {
    matches!((one.as_str(), other.as_str()), (Some(one), Some(other)) if notation(one) == notation(other))
}

/// Returns a text with every digit as `0` and every letter as `a`: what a notation consists of.
fn notation(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            c if c.is_ascii_digit() => '0',
            // the marks of a date are part of its notation
            'T' | 'Z' => c,
            c if c.is_alphabetic() => 'a',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::json::pointer::Pointer;
    use crate::model::authority::Authority;

    fn shared(class: Class, own: Value, other: Value) -> bool {
        let finding = Finding {
            candidate_path: Some(Pointer::root().member("a")),
            ..Finding::new(class, Authority::Accepted)
        };
        shares_fault(&finding, &json!({ "a": own }), &json!({ "a": other }))
    }

    #[test]
    fn a_body_that_is_not_wrapped_shares_nothing_with_one_that_is() {
        let finding = Finding {
            good_path: Some(Pointer::root().member("wrapup")),
            candidate_path: Some(Pointer::root()),
            ..Finding::new(Class::Moved, Authority::Description)
        };
        let own = json!({"code": "C"});
        assert!(!shares_fault(&finding, &own, &json!({"wrapup": {"code": "D"}})));
        assert!(!shares_fault(&finding, &own, &json!({"state": "disconnected"})));
        assert!(shares_fault(&finding, &own, &json!({"code": "D"})));
    }

    #[test]
    fn a_fault_is_shared_where_the_other_body_has_it_too_and_not_where_it_has_the_place_only() {
        assert!(shared(Class::NullField, json!(null), json!(null)));
        assert!(!shared(Class::NullField, json!(null), json!("x")));
        assert!(shared(Class::UnitMismatch, json!(120_000), json!(95_000)));
        assert!(!shared(Class::UnitMismatch, json!(120_000), json!(120)));
        assert!(shared(Class::FormatMismatch, json!("2026-11-20T08:30:15Z"), json!("2025-01-01T00:00:00Z")));
        assert!(!shared(
            Class::FormatMismatch,
            json!("2026-11-20T08:30:15Z"),
            json!("2026-11-20T08:30:15.123Z")
        ));
        assert!(shared(Class::TypeMismatch, json!("120"), json!("5")));
        assert!(!shared(Class::TypeMismatch, json!("120"), json!(5)));
        assert!(!shared(Class::TypeMismatch, json!(120.5), json!(120)));
        assert!(shared(Class::TypeMismatch, json!(120.5), json!(95.5)));
        assert!(!shared(Class::FormatMismatch, json!(120.0), json!(120)));
        assert!(!shared(Class::ArrayOrder, json!([2, 1]), json!([1, 2])));
        assert!(!shared(Class::ExtraField, json!(1), json!(null)));
    }
}
