//! How well one container fits another as the whole body.

use crate::diff::indexed::IndexedBody;
use crate::diff::similarity::keys;
use crate::diff::similarity::values::{ValueFit, value_fit};
use crate::json::document::{Kind, NodeId};

/// How well one container fits another as the whole body.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct BodyFit {
    pub(crate) equal: bool,
    /// Members with the same key, but for case and separators; for arrays 1 if their elements are alike.
    pub(crate) shared: usize,
    /// The members of the smaller and of the larger object.
    sizes: (usize, usize),
}

impl BodyFit {
    const NONE: Self = Self { equal: false, shared: 0, sizes: (1, 1) };

    pub(crate) fn new(good: &IndexedBody, g: NodeId, candidate: &IndexedBody, c: NodeId) -> Self {
        let (kind_g, kind_c) = (good.kind(g), candidate.kind(c));
        if !kind_g.is_same_type(kind_c) {
            return Self::NONE;
        }
        let equal = good.hash(g) == candidate.hash(c) && good.is_distinctive(g);
        match kind_g {
            Kind::Object => Self { equal, ..Self::from_members(good, g, candidate, c) },
            Kind::Array => {
                let alike = match (good.values(g).next(), candidate.values(c).next()) {
                    (Some(a), Some(b)) => are_alike(good, a, candidate, b),
                    _ => false,
                };
                Self { equal, shared: usize::from(alike), sizes: (1, 1) }
            }
            _ => Self { equal, ..Self::NONE },
        }
    }

    fn from_members(good: &IndexedBody, g: NodeId, candidate: &IndexedBody, c: NodeId) -> Self {
        let (own, others) = (members(good, g), members(candidate, c));
        let shared = own.iter().filter(|key| others.binary_search(key).is_ok()).count();
        let (less, more) = (own.len().min(others.len()), own.len().max(others.len()));
        Self { equal: false, shared, sizes: (less.max(1), more.max(1)) }
    }

    /// At least half of the smaller object and a third of the larger; or all of a smaller one with several
    /// members.
    pub(crate) fn is_most(&self) -> bool {
        let (less, more) = self.sizes;
        (self.shared > 0 && self.shared * 2 >= less && self.shared * 3 >= more)
            || (self.shared > 1 && self.is_complete() && self.shared * 6 >= more)
    }

    /// All of the smaller object.
    pub(crate) fn is_complete(&self) -> bool {
        self.shared == self.sizes.0
    }
}

fn are_alike(good: &IndexedBody, g: NodeId, candidate: &IndexedBody, c: NodeId) -> bool {
    match (good.kind(g), candidate.kind(c)) {
        (Kind::Object, Kind::Object) => BodyFit::from_members(good, g, candidate, c).is_most(),
        (Kind::String, Kind::String) => value_fit(good, g, candidate, c) <= ValueFit::SameFormat,
        // an element that was serialised twice
        (a, Kind::String) if a.is_container() => true,
        (a, b) => a.is_same_type(b),
    }
}

/// The folded keys of an object, in order.
fn members(side: &IndexedBody, id: NodeId) -> Vec<String> {
    let mut members: Vec<String> = side.doc.members(id).map(|(key, _)| keys::fold(key)).collect();
    members.sort_unstable();
    members
}
