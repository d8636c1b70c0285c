//! How much a finding matters.

use crate::diff::classify;
use crate::diff::matching::Raw;
use crate::diff::side::Side;
use crate::json::document::Kind;
use crate::model::finding::{Class, Severity};

/// Returns the severity of a finding about two bodies; `is_patch` where the request is a PATCH, in which every
/// member takes an action.
pub(crate) fn of(raw: &Raw, good: &Side, candidate: &Side, is_patch: bool) -> Severity {
    match raw.class {
        Class::ExtraField => {
            let empty = raw
                .candidate
                .is_some_and(|c| candidate.kind(c).is_container() && candidate.doc.children(c).is_empty());
            if is_patch && !empty { Severity::Error } else { Severity::Warning }
        }
        Class::ValueChanged if says_something_else(raw, good, candidate) => Severity::Warning,
        other => other.severity(),
    }
}

/// A boolean, or a word of an enumeration under a key: the request asks for something else.
fn says_something_else(raw: &Raw, good: &Side, candidate: &Side) -> bool {
    let (Some(g), Some(c)) = (raw.good, raw.candidate) else { return false };
    match (good.kind(g), candidate.kind(c)) {
        (Kind::Boolean(_), Kind::Boolean(_)) => true,
        (Kind::String, Kind::String) => {
            good.doc.key_of(g).is_some()
                && candidate.doc.key_of(c).is_some()
                && classify::is_word(good.doc.string(g))
                && classify::is_word(candidate.doc.string(c))
        }
        _ => false,
    }
}
