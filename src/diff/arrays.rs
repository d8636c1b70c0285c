//! Which elements of two corresponding arrays belong together.

use std::collections::BTreeMap;

use crate::diff::identity;
use crate::diff::indexed::{IndexedBody, Siblings};
use crate::diff::partners::{Partners, free_of};
use crate::diff::similarity::containers;
use crate::json::document::{Kind, NodeId};

/// How two arrays correspond.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Alignment {
    /// Same length, same order.
    ByIndex(Vec<(NodeId, NodeId)>),
    /// Same length, another order.
    Reordered(Vec<(NodeId, NodeId)>),
    /// Elements were gained or lost.
    OtherLength {
        /// Pairs with an equal value or identity.
        sure: Vec<(NodeId, NodeId)>,
        /// Pairs that are only alike.
        guessed: Vec<(NodeId, NodeId)>,
    },
}

pub(crate) fn align(good: &IndexedBody, g: NodeId, candidate: &IndexedBody, c: NodeId) -> Alignment {
    let own: Vec<NodeId> = good.values(g).collect();
    let others: Vec<NodeId> = candidate.values(c).collect();
    let (siblings_g, siblings_c) = (Siblings::new(good, &own), Siblings::new(candidate, &others));
    if own.len() != others.len() {
        return other_length(siblings_g, siblings_c);
    }
    let by_index = || own.iter().copied().zip(others.iter().copied()).collect();
    if good.hash(g) == candidate.hash(c) {
        return Alignment::ByIndex(by_index());
    }
    match permutation(siblings_g, siblings_c) {
        Some(order) => {
            Alignment::Reordered(order.iter().enumerate().map(|(i, j)| (own[i], others[*j])).collect())
        }
        None => Alignment::ByIndex(by_index()),
    }
}

/// The complete one-to-one mapping of two arrays of one length, if there is one other than the identity.
fn permutation(good: Siblings<'_>, candidate: Siblings<'_>) -> Option<Vec<usize>> {
    let mut partners = equal_elements(good, candidate);
    let complete = |partners: &Partners| partners.iter().all(Option::is_some);
    if !complete(&partners) {
        // an element that was encoded or wrapped is still itself
        let container = |id: &NodeId| good.body.kind(*id).is_container();
        if good.ids.iter().all(container) {
            essences(good, candidate, &mut partners);
        }
        identity::complete(good, candidate, &mut partners);
    }
    if !complete(&partners) {
        let mut more = partners.clone();
        by_elimination(good, candidate, &mut more);
        if !complete(&more) {
            identity::extend(good, candidate, &mut more);
            by_elimination(good, candidate, &mut more);
        }
        partners = more;
    }
    let order: Vec<usize> = partners.into_iter().collect::<Option<_>>()?;
    order.iter().enumerate().any(|(i, j)| i != *j).then_some(order)
}

/// Pairs equal elements: at the same index first, then in order.
fn equal_elements(good: Siblings<'_>, candidate: Siblings<'_>) -> Partners {
    let mut partners = vec![None; good.ids.len()];
    let mut free: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (j, id) in candidate.ids.iter().enumerate().rev() {
        let hash = candidate.body.hash(*id);
        match good.ids.get(j) {
            Some(same) if good.body.hash(*same) == hash => partners[j] = Some(j),
            _ => free.entry(hash).or_default().push(j),
        }
    }
    for (i, id) in good.ids.iter().enumerate() {
        if partners[i].is_none() {
            partners[i] = free.get_mut(&good.body.hash(*id)).and_then(Vec::pop);
        }
    }
    partners
}

/// Where all elements but one have their partner, the last two containers belong together.
fn by_elimination(good: Siblings<'_>, candidate: Siblings<'_>, partners: &mut Partners) {
    let left: Vec<usize> = (0..good.ids.len()).filter(|i| partners[*i].is_none()).collect();
    let ([i], true) = (left.as_slice(), good.ids.len() > 1) else { return };
    let free = free_of(candidate.ids.len(), partners);
    if let [j] = free.as_slice() {
        let (a, b) = (good.ids[*i], candidate.ids[*j]);
        if good.body.kind(a) == Kind::Object
            && candidate.body.kind(b) == Kind::Object
            && containers::shares_keys(good.body, a, candidate.body, b)
        {
            partners[*i] = Some(*j);
        }
    }
}

fn other_length(good: Siblings<'_>, candidate: Siblings<'_>) -> Alignment {
    let mut partners = equal_elements(good, candidate);
    identity::extend(good, candidate, &mut partners);
    essences(good, candidate, &mut partners);
    let sure = pairs(good.ids, candidate.ids, &partners);
    let before = partners.clone();
    in_gaps(good, candidate, &mut partners);
    let guessed = partners
        .iter()
        .zip(&before)
        .map(|(now, before)| if before.is_none() { *now } else { None })
        .collect::<Partners>();
    Alignment::OtherLength { sure, guessed: pairs(good.ids, candidate.ids, &guessed) }
}

fn pairs(own: &[NodeId], others: &[NodeId], partners: &Partners) -> Vec<(NodeId, NodeId)> {
    partners.iter().enumerate().filter_map(|(i, j)| Some((own[i], others[(*j)?]))).collect()
}

/// Pairs what is equal as text, once unwrapped or decoded.
fn essences(good: Siblings<'_>, candidate: Siblings<'_>, partners: &mut Partners) {
    let mut free: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for j in free_of(candidate.ids.len(), partners).into_iter().rev() {
        free.entry(candidate.body.essence(candidate.ids[j])).or_default().push(j);
    }
    for (i, id) in good.ids.iter().enumerate() {
        if partners[i].is_none() && good.body.is_distinctive(*id) {
            partners[i] = free.get_mut(&good.body.essence(*id)).and_then(Vec::pop);
        }
    }
}

/// Between two elements whose partners are known, equally many objects on both sides belong together in
/// order.
fn in_gaps(good: Siblings<'_>, candidate: Siblings<'_>, partners: &mut Partners) {
    let anchors: Vec<(usize, usize)> =
        partners.iter().enumerate().filter_map(|(i, j)| Some((i, (*j)?))).collect();
    // partners that cross leave no gaps to speak of
    if anchors.is_empty() || !anchors.is_sorted_by(|a, b| a.1 < b.1) {
        return;
    }
    let mut from = (0, 0);
    for to in anchors.into_iter().chain([(good.ids.len(), candidate.ids.len())]) {
        let (gap_g, gap_c) = (from.0..to.0, from.1..to.1);
        if gap_g.len() == gap_c.len() {
            for (i, j) in gap_g.zip(gap_c) {
                let (a, b) = (good.ids[i], candidate.ids[j]);
                let objects = good.body.kind(a) == Kind::Object && candidate.body.kind(b) == Kind::Object;
                if objects && containers::shares_keys(good.body, a, candidate.body, b) {
                    partners[i] = Some(j);
                }
            }
        }
        from = (to.0 + 1, to.1 + 1);
    }
}
