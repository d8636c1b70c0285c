//! Where the comparison begins: at both roots, unless the whole body moved under a key or out of one.

use crate::diff::matching::{Certainty, Leftover, Matching};
use crate::diff::side::Side;
use crate::diff::{keys, renames};
use crate::json::document::{Kind, NodeId};
use crate::model::finding::Class;

/// How deep inside an envelope the body is looked for.
const MOST_ENVELOPES: usize = 3;

pub(crate) fn begin(matching: &mut Matching<'_>) {
    let (good, candidate) = (matching.good, matching.candidate);
    let (Some(g), Some(c)) = (good.doc.root(), candidate.doc.root()) else { return };
    let fitting_roots = Fit::of(good, g, candidate, c);
    let inside_candidate = best_inside(candidate, c, |inner| Fit::of(good, g, candidate, inner));
    let inside_good = best_inside(good, g, |inner| Fit::of(good, inner, candidate, c));
    let wrapped = inside_candidate.filter(|(fit, _)| fit.beats(&fitting_roots));
    let unwrapped = inside_good.filter(|(fit, _)| fit.beats(&fitting_roots));
    let wraps = match (&wrapped, &unwrapped) {
        (Some((a, _)), Some((b, _))) => a.shared >= b.shared,
        (wrapped, _) => wrapped.is_some(),
    };
    match (wrapped, unwrapped) {
        (Some((_, inner)), _) if wraps => {
            matching.find(Class::Moved, Some(g), Some(inner));
            matching.pair(g, inner, Certainty::Certain);
            let members = candidate.values(c).collect();
            matching.leftovers.push(leftover(Vec::new(), members));
        }
        (_, Some((_, inner))) => {
            matching.find(Class::Moved, Some(inner), Some(c));
            matching.pair(inner, c, Certainty::Certain);
            let members = good.values(g).collect();
            matching.leftovers.push(leftover(members, Vec::new()));
        }
        _ => matching.pair(g, c, Certainty::Certain),
    }
}

fn leftover(good: Vec<NodeId>, candidate: Vec<NodeId>) -> Leftover {
    Leftover { good, candidate, not_missing: false, not_extra: false }
}

/// How well one container fits another as the whole body.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Fit {
    equal: bool,
    /// Members with the same key (but for case and separators) and type; for arrays 1 if their elements are alike.
    shared: usize,
    /// Of how many in the larger.
    of: usize,
}

impl Fit {
    const NONE: Self = Self { equal: false, shared: 0, of: 1 };

    fn of(good: &Side, g: NodeId, candidate: &Side, c: NodeId) -> Self {
        let (kind_g, kind_c) = (good.kind(g), candidate.kind(c));
        if !kind_g.is_same_type(kind_c) {
            return Self::NONE;
        }
        let equal = good.hash(g) == candidate.hash(c) && good.is_distinctive(g);
        match kind_g {
            Kind::Object => {
                let (shared, of) = shared_members(good, g, candidate, c);
                Self { equal, shared, of: of.max(1) }
            }
            Kind::Array => {
                let alike = match (good.values(g).next(), candidate.values(c).next()) {
                    (Some(a), Some(b)) => are_alike(good, a, candidate, b),
                    _ => false,
                };
                Self { equal, shared: usize::from(alike), of: 1 }
            }
            _ => Self { equal, shared: 0, of: 1 },
        }
    }

    /// Tells whether a body found inside an envelope is the better explanation than the two roots.
    fn beats(&self, roots: &Self) -> bool {
        if roots.equal {
            return false;
        }
        let complete = self.shared * 2 >= self.of;
        (self.equal && roots.shared * 2 < roots.of)
            || (self.shared > 0 && complete && (roots.shared == 0 || roots.shared * 4 <= self.shared))
    }
}

fn are_alike(good: &Side, g: NodeId, candidate: &Side, c: NodeId) -> bool {
    match (good.kind(g), candidate.kind(c)) {
        (Kind::Object, Kind::Object) => {
            let (shared, of) = shared_members(good, g, candidate, c);
            shared * 2 >= of
        }
        (Kind::String, Kind::String) => renames::fit(good, g, candidate, c) <= renames::Fit::SameFormat,
        (a, b) => a.is_same_type(b),
    }
}

fn shared_members(good: &Side, g: NodeId, candidate: &Side, c: NodeId) -> (usize, usize) {
    let members = |side: &Side, id: NodeId| {
        let mut members: Vec<(String, NodeId)> =
            side.doc.members(id).map(|(key, value)| (keys::fold(key), value)).collect();
        members.sort_unstable();
        members
    };
    let (own, others) = (members(good, g), members(candidate, c));
    let shared = own
        .iter()
        .filter(|(key, value)| {
            others
                .binary_search_by(|(other, _)| other.cmp(key))
                .is_ok_and(|at| good.kind(*value).is_same_type(candidate.kind(others[at].1)))
        })
        .count();
    (shared, own.len().max(others.len()))
}

/// The best fitting value inside an envelope of objects, the outermost of equals.
fn best_inside(side: &Side, root: NodeId, fit: impl Fn(NodeId) -> Fit) -> Option<(Fit, NodeId)> {
    let mut level: Vec<NodeId> = vec![root];
    let mut best: Option<(Fit, NodeId)> = None;
    for _ in 0..MOST_ENVELOPES {
        let objects = level.iter().filter(|id| side.kind(**id) == Kind::Object);
        // an envelope has few members; a body with hundreds is none
        let inner: Vec<NodeId> = objects.flat_map(|id| side.values(*id)).take(64).collect();
        for id in &inner {
            let fit = fit(*id);
            let better =
                best.as_ref().is_none_or(|(known, _)| (fit.equal, fit.shared) > (known.equal, known.shared));
            if better && (fit.shared > 0 || fit.equal) {
                best = Some((fit, *id));
            }
        }
        level = inner;
    }
    best
}
