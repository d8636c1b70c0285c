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
    // the envelope's own key may by chance be one of the body's
    let without = |side: &Side, root: NodeId, inner: NodeId| Fit {
        shared: fitting_roots.shared - usize::from(is_chance(good, g, candidate, c, side, root, inner)),
        ..fitting_roots
    };
    let wrapped = inside_candidate.filter(|(fit, inner)| fit.beats(&without(candidate, c, *inner)));
    let unwrapped = inside_good.filter(|(fit, inner)| fit.beats(&without(good, g, *inner)));
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

/// Tells whether the member of `root` that leads to `inner` has a key that the other root has too, for a value that
/// has little in common with it.
fn is_chance(
    good: &Side,
    g: NodeId,
    candidate: &Side,
    c: NodeId,
    side: &Side,
    root: NodeId,
    inner: NodeId,
) -> bool {
    let Some(envelope) = side.values(root).find(|member| side.doc.contains(*member, inner)) else {
        return false;
    };
    let key = side.folded_key(envelope);
    let find = |side: &Side, root: NodeId| side.values(root).find(|member| side.folded_key(*member) == key);
    match (find(good, g), find(candidate, c)) {
        (Some(a), Some(b)) => {
            let fit = Fit::of(good, a, candidate, b);
            !fit.equal && !fit.is_most()
        }
        _ => false,
    }
}

/// How well one container fits another as the whole body.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Fit {
    equal: bool,
    /// Members with the same key, but for case and separators; for arrays 1 if their elements are alike.
    shared: usize,
    /// The members of the smaller and of the larger object.
    of: (usize, usize),
}

impl Fit {
    const NONE: Self = Self { equal: false, shared: 0, of: (1, 1) };

    fn of(good: &Side, g: NodeId, candidate: &Side, c: NodeId) -> Self {
        let (kind_g, kind_c) = (good.kind(g), candidate.kind(c));
        if !kind_g.is_same_type(kind_c) {
            return Self::NONE;
        }
        let equal = good.hash(g) == candidate.hash(c) && good.is_distinctive(g);
        match kind_g {
            Kind::Object => Self { equal, ..Self::of_members(good, g, candidate, c) },
            Kind::Array => {
                let alike = match (good.values(g).next(), candidate.values(c).next()) {
                    (Some(a), Some(b)) => are_alike(good, a, candidate, b),
                    _ => false,
                };
                Self { equal, shared: usize::from(alike), of: (1, 1) }
            }
            _ => Self { equal, ..Self::NONE },
        }
    }

    fn of_members(good: &Side, g: NodeId, candidate: &Side, c: NodeId) -> Self {
        let (own, others) = (members(good, g), members(candidate, c));
        let shared = own.iter().filter(|key| others.binary_search(key).is_ok()).count();
        let (less, more) = (own.len().min(others.len()), own.len().max(others.len()));
        Self { equal: false, shared, of: (less.max(1), more.max(1)) }
    }

    /// At least half of the smaller object and a third of the larger.
    fn is_most(&self) -> bool {
        self.shared > 0 && self.shared * 2 >= self.of.0 && self.shared * 3 >= self.of.1
    }

    /// Tells whether a body found inside an envelope is the better explanation than the two roots.
    fn beats(&self, roots: &Self) -> bool {
        !roots.equal && ((self.equal && !roots.is_most()) || (self.is_most() && roots.shared == 0))
    }
}

fn are_alike(good: &Side, g: NodeId, candidate: &Side, c: NodeId) -> bool {
    match (good.kind(g), candidate.kind(c)) {
        (Kind::Object, Kind::Object) => Fit::of_members(good, g, candidate, c).is_most(),
        (Kind::String, Kind::String) => renames::fit(good, g, candidate, c) <= renames::Fit::SameFormat,
        (a, b) => a.is_same_type(b),
    }
}

/// The folded keys of an object, in order.
fn members(side: &Side, id: NodeId) -> Vec<String> {
    let mut members: Vec<String> = side.doc.members(id).map(|(key, _)| keys::fold(key)).collect();
    members.sort_unstable();
    members
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
