//! How well a value fits where another was.

use crate::diff::formats::Format;
use crate::diff::indexed::IndexedBody;
use crate::diff::similarity::containers;
use crate::json::document::{Kind, NodeId};

/// How well a value fits where another was, best first.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum ValueFit {
    /// Equal, at least as text, once unwrapped or decoded, and not equal by chance.
    Equal,
    /// A container with mostly equal content.
    MostlyEqual,
    /// The same, but of a kind that is often equal by chance.
    EqualByChance,
    /// Objects with the very same keys, three or more.
    SameKeys,
    /// Objects that have keys in common, or arrays.
    Alike,
    /// The same type and format.
    SameFormat,
    /// The same type.
    SameType,
    /// Null, empty, wrapped, unwrapped or encoded.
    Faulty,
    /// Another type.
    OtherType,
}

pub(crate) fn value_fit(good: &IndexedBody, g: NodeId, candidate: &IndexedBody, c: NodeId) -> ValueFit {
    let (kind_g, kind_c) = (good.kind(g), candidate.kind(c));
    if good.essence(g) == candidate.essence(c) && kind_g != Kind::Invalid {
        return match (good.is_distinctive(g), good.doc.children(g).is_empty()) {
            (true, _) => ValueFit::Equal,
            (false, false) => ValueFit::Alike,
            (false, true) => ValueFit::EqualByChance,
        };
    }
    if kind_g.is_container() && kind_g == kind_c {
        return if containers::is_mostly_equal(good, g, candidate, c) {
            ValueFit::MostlyEqual
        } else if kind_g == Kind::Object && containers::has_same_keys(good, g, candidate, c) {
            ValueFit::SameKeys
        } else if kind_g == Kind::Array || containers::shares_keys(good, g, candidate, c) {
            ValueFit::Alike
        } else {
            ValueFit::SameType
        };
    }
    if kind_g.is_same_type(kind_c) {
        if kind_g != Kind::String {
            return ValueFit::SameFormat;
        }
        let formats = (Format::detect(good.doc.string(g)), Format::detect(candidate.doc.string(c)));
        return match formats {
            (None, None) => ValueFit::SameFormat,
            (Some(a), Some(b)) if a.is_same(&b) => ValueFit::SameFormat,
            _ => ValueFit::SameType,
        };
    }
    let wraps = |outer: &IndexedBody, array: NodeId, inner: &IndexedBody, value: NodeId| {
        outer.sole(array).is_some_and(|element| outer.kind(element).is_same_type(inner.kind(value)))
    };
    let encoded = kind_g.is_container()
        && kind_c == Kind::String
        && candidate.doc.string(c).trim_start().starts_with(['{', '[']);
    if kind_c == Kind::Null || wraps(candidate, c, good, g) || wraps(good, g, candidate, c) || encoded {
        return ValueFit::Faulty;
    }
    ValueFit::OtherType
}
