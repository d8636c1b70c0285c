//! Where the comparison begins: at both roots, unless the whole body moved under a key or out of one.

use std::collections::BTreeSet;

use crate::diff::indexed::{IndexedBody, Siblings};
use crate::diff::matching::{Certainty, Leftover, Matching};
use crate::diff::renames;
use crate::diff::similarity::bodies::BodyFit;
use crate::diff::similarity::keys::{Key, KeySimilarity};
use crate::json::document::{Kind, NodeId};
use crate::model::finding::Class;

/// How deep inside an envelope the body is looked for.
const MOST_ENVELOPES: usize = 3;

pub(crate) fn begin(matching: &mut Matching<'_>) {
    let (good, candidate) = (matching.good, matching.candidate);
    let (Some(g), Some(c)) = (good.doc.root(), candidate.doc.root()) else { return };
    let roots = BodyFit::new(good, g, candidate, c);
    let sent = Envelope { outer: candidate, root: c, other: good, body: g, roots };
    let known = Envelope { outer: good, root: g, other: candidate, body: c, roots };
    let wrapped = best_inside(candidate, c, |inner| BodyFit::new(good, g, candidate, inner))
        .filter(|(fit, inner)| sent.holds_body(*inner, *fit));
    // a bare value is no body that came out of an envelope: it has lost the object around it
    let bare = !matches!(candidate.kind(c), Kind::Object | Kind::Array);
    let unwrapped = best_inside(good, g, |inner| BodyFit::new(good, inner, candidate, c))
        .filter(|_| !bare)
        .filter(|(fit, inner)| known.holds_body(*inner, *fit));
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

/// A container that may hold the other side's whole body.
struct Envelope<'a> {
    outer: &'a IndexedBody,
    root: NodeId,
    other: &'a IndexedBody,
    body: NodeId,
    /// How well the two roots fit each other.
    roots: BodyFit,
}

impl Envelope<'_> {
    /// Returns whether `inner` is the body and what surrounds it an envelope, rather than that some members
    /// moved.
    fn holds_body(&self, inner: NodeId, fit: BodyFit) -> bool {
        let roots = self.roots;
        if roots.equal || !(fit.equal || fit.is_most()) || (!fit.equal && roots.shared >= fit.shared) {
            return false;
        }
        (fit.equal && !roots.is_most()) || self.is_foreign(inner, fit)
    }

    /// Returns whether the envelope's other members have no partners in the body.
    fn is_foreign(&self, inner: NodeId, fit: BodyFit) -> bool {
        let (outer, other) = (self.outer, self.other);
        let (around, beside): (Vec<NodeId>, Vec<NodeId>) =
            outer.values(self.root).partition(|member| outer.doc.contains(*member, inner));
        let is_object = other.kind(self.body) == Kind::Object;
        let members: Vec<NodeId> = other.values(self.body).filter(|_| is_object).collect();
        let body_keys = folded_keys(other, &members);
        if folded_keys(outer, &beside).iter().any(|key| body_keys.contains(key)) {
            return false;
        }
        // the envelope's own key may by chance be one of the body's, or near one
        if let [envelope] = around.as_slice()
            && members.iter().any(|member| self.may_be_member(*envelope, *member, fit))
        {
            return false;
        }
        let inner_keys = folded_keys(outer, &outer.values(inner).collect::<Vec<_>>());
        let rest: Vec<NodeId> =
            members.into_iter().filter(|member| !inner_keys.contains(&other.folded_key(*member))).collect();
        // as much of the body is beside it as in it: its members were put into several containers
        let inside = |member: &NodeId| (member.0..outer.doc.behind(*member).0).map(NodeId);
        let values: BTreeSet<u64> = beside.iter().flat_map(inside).map(|id| outer.essence(id)).collect();
        let is_beside =
            |member: &&NodeId| other.is_distinctive(**member) && values.contains(&other.essence(**member));
        let (beside, rest) = (Siblings::new(outer, &beside), Siblings::new(other, &rest));
        rest.ids.iter().filter(is_beside).count() < fit.shared.max(1)
            && renames::unmistakable(beside, rest).is_empty()
            && renames::likely(beside, rest).is_empty()
    }

    /// Returns whether the envelope is a member of the body under its own or a similar key.
    fn may_be_member(&self, envelope: NodeId, member: NodeId, fit: BodyFit) -> bool {
        let key = |side: &IndexedBody, id: NodeId| Key::new(side.doc.key_of(id).unwrap_or_default());
        let similarity = key(self.outer, envelope).similarity(&key(self.other, member));
        if similarity == KeySimilarity::Unrelated {
            return false;
        }
        let own = BodyFit::new(self.outer, envelope, self.other, member);
        let related = own.is_most() || (own.shared > 0 && own.is_complete());
        let same = similarity == KeySimilarity::Folded;
        own.equal || related || (same && !fit.is_complete())
    }
}

fn folded_keys(side: &IndexedBody, members: &[NodeId]) -> Vec<String> {
    members.iter().map(|member| side.folded_key(*member)).collect()
}

/// The best fitting value inside an envelope of objects, the outermost of equals.
fn best_inside(
    side: &IndexedBody,
    root: NodeId,
    fit: impl Fn(NodeId) -> BodyFit,
) -> Option<(BodyFit, NodeId)> {
    let mut level: Vec<NodeId> = vec![root];
    let mut best: Option<(BodyFit, NodeId)> = None;
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
