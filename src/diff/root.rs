//! Where the comparison begins: at both roots, unless the whole body moved under a key or out of one.

use std::collections::BTreeSet;

use crate::diff::fit::Fit;
use crate::diff::keys::{Key, Likeness};
use crate::diff::matching::{Certainty, Leftover, Matching};
use crate::diff::renames;
use crate::diff::side::Side;
use crate::json::document::{Kind, NodeId};
use crate::model::finding::Class;

/// How deep inside an envelope the body is looked for.
const MOST_ENVELOPES: usize = 3;

pub(crate) fn begin(matching: &mut Matching<'_>) {
    let (good, candidate) = (matching.good, matching.candidate);
    let (Some(g), Some(c)) = (good.doc.root(), candidate.doc.root()) else { return };
    let roots = Fit::of(good, g, candidate, c);
    let wrapped = best_inside(candidate, c, |inner| Fit::of(good, g, candidate, inner))
        .filter(|(fit, inner)| is_envelope(candidate, c, *inner, good, g, *fit, roots));
    // a bare value is no body that came out of an envelope: it has lost the object around it
    let bare = !matches!(candidate.kind(c), Kind::Object | Kind::Array);
    let unwrapped = best_inside(good, g, |inner| Fit::of(good, inner, candidate, c))
        .filter(|_| !bare)
        .filter(|(fit, inner)| is_envelope(good, g, *inner, candidate, c, *fit, roots));
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

/// Tells whether `inner` is the body and what surrounds it an envelope, rather than that some members moved.
///
/// It is none if the envelope's other members, too, have partners in the body.
fn is_envelope(
    outer: &Side,
    root: NodeId,
    inner: NodeId,
    other: &Side,
    body: NodeId,
    fit: Fit,
    roots: Fit,
) -> bool {
    if roots.equal || !(fit.equal || fit.is_most()) || (!fit.equal && roots.shared >= fit.shared) {
        return false;
    }
    if fit.equal && !roots.is_most() {
        return true;
    }
    let keys = |side: &Side, members: &[NodeId]| -> Vec<String> {
        members.iter().map(|member| side.folded_key(*member)).collect()
    };
    let (envelope, others): (Vec<NodeId>, Vec<NodeId>) =
        outer.values(root).partition(|member| outer.doc.contains(*member, inner));
    let members: Vec<NodeId> =
        if other.kind(body) == Kind::Object { other.values(body).collect() } else { Vec::new() };
    let body_keys = keys(other, &members);
    if keys(outer, &others).iter().any(|key| body_keys.contains(key)) {
        return false;
    }
    // the envelope's own key may by chance be one of the body's, or near one
    if let [envelope] = envelope.as_slice() {
        let key = |side: &Side, id: NodeId| Key::new(side.doc.key_of(id).unwrap_or_default());
        let likeness = |member: NodeId| key(outer, *envelope).likeness(&key(other, member));
        let near = members.iter().filter(|member| likeness(**member) != Likeness::Unrelated);
        for member in near {
            let own = Fit::of(outer, *envelope, other, *member);
            let related = own.is_most() || (own.shared > 0 && own.is_complete());
            let same = likeness(*member) == Likeness::Folded;
            if own.equal || related || (same && !fit.is_complete()) {
                return false;
            }
        }
    }
    let inner_keys = keys(outer, &outer.values(inner).collect::<Vec<_>>());
    let rest: Vec<NodeId> =
        members.into_iter().filter(|member| !inner_keys.contains(&other.folded_key(*member))).collect();
    // as much of the body stands beside it as in it: its members were put into several containers
    let behind = |other: &NodeId| (other.0..outer.doc.behind(*other).0).map(NodeId);
    let values: BTreeSet<u64> = others.iter().flat_map(behind).map(|id| outer.essence(id)).collect();
    let beside =
        |member: &&NodeId| other.is_distinctive(**member) && values.contains(&other.essence(**member));
    if rest.iter().filter(beside).count() >= fit.shared.max(1) {
        return false;
    }
    renames::unmistakable(outer, &others, other, &rest).is_empty()
        && renames::likely(outer, &others, other, &rest).is_empty()
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
