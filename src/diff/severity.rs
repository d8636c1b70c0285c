//! How much a finding matters.

use crate::diff::classify;
use crate::diff::indexed::IndexedBody;
use crate::diff::matching::Raw;
use crate::diff::options::Options;
use crate::json::document::Kind;
use crate::model::finding::{Class, Severity};

/// How a member counts that the good body does not have.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ExtraMembers {
    /// It may be in the way.
    Warn,
    /// Each takes an action, as in a PATCH; an empty container takes none.
    TakeAction,
    /// The user wants exactly the good body's members.
    Forbid,
}

impl ExtraMembers {
    /// Returns how they count in this comparison.
    pub(crate) fn new(options: &Options) -> Self {
        let is_patch = options.method.as_deref().is_some_and(|method| method.eq_ignore_ascii_case("PATCH"));
        if options.exact {
            Self::Forbid
        } else if is_patch {
            Self::TakeAction
        } else {
            Self::Warn
        }
    }
}

/// Returns the severity of a finding about two bodies.
pub(crate) fn evaluate(
    raw: &Raw,
    good: &IndexedBody,
    candidate: &IndexedBody,
    extra: ExtraMembers,
) -> Severity {
    match raw.class {
        Class::ExtraField => {
            let empty = raw
                .candidate
                .is_some_and(|c| candidate.kind(c).is_container() && candidate.doc.children(c).is_empty());
            match extra {
                ExtraMembers::Forbid => Severity::Error,
                ExtraMembers::TakeAction if !empty => Severity::Error,
                _ => Severity::Warning,
            }
        }
        Class::ValueChanged if says_something_else(raw, good, candidate) => Severity::Warning,
        other => other.severity(),
    }
}

/// A boolean, or a word of an enumeration under a key: the request asks for something else.
fn says_something_else(raw: &Raw, good: &IndexedBody, candidate: &IndexedBody) -> bool {
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
