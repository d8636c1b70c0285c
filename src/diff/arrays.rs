//! Which elements of two corresponding arrays belong together.

use std::collections::BTreeMap;

use crate::diff::identity;
use crate::diff::indexed::IndexedBody;
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
    if own.len() != others.len() {
        return other_length(good, &own, candidate, &others);
    }
    let by_index = || own.iter().copied().zip(others.iter().copied()).collect();
    if good.hash(g) == candidate.hash(c) {
        return Alignment::ByIndex(by_index());
    }
    match permutation(good, &own, candidate, &others) {
        Some(order) => {
            Alignment::Reordered(order.iter().enumerate().map(|(i, j)| (own[i], others[*j])).collect())
        }
        None => Alignment::ByIndex(by_index()),
    }
}

/// The complete one-to-one mapping of two arrays of one length, if there is one other than the identity.
fn permutation(
    good: &IndexedBody,
    own: &[NodeId],
    candidate: &IndexedBody,
    others: &[NodeId],
) -> Option<Vec<usize>> {
    let mut partners = equal_elements(own, |id| good.hash(id), others, |id| candidate.hash(id));
    let complete = |partners: &Partners| partners.iter().all(Option::is_some);
    if !complete(&partners) {
        // an element that was encoded or wrapped is still itself
        let container = |id: &NodeId| good.kind(*id).is_container();
        if own.iter().all(container) {
            essences(good, own, candidate, others, &mut partners);
        }
        identity::complete(good, own, candidate, others, &mut partners);
    }
    if !complete(&partners) {
        let mut more = partners.clone();
        by_elimination(good, own, candidate, others, &mut more);
        if !complete(&more) {
            identity::extend(good, own, candidate, others, &mut more);
            by_elimination(good, own, candidate, others, &mut more);
        }
        partners = more;
    }
    let order: Vec<usize> = partners.into_iter().collect::<Option<_>>()?;
    order.iter().enumerate().any(|(i, j)| i != *j).then_some(order)
}

/// Pairs equal elements: at the same index first, then in order.
fn equal_elements(
    own: &[NodeId],
    of_good: impl Fn(NodeId) -> u64,
    others: &[NodeId],
    of_candidate: impl Fn(NodeId) -> u64,
) -> Partners {
    let mut partners = vec![None; own.len()];
    let mut free: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (j, id) in others.iter().enumerate().rev() {
        match own.get(j) {
            Some(same) if of_good(*same) == of_candidate(*id) => partners[j] = Some(j),
            _ => free.entry(of_candidate(*id)).or_default().push(j),
        }
    }
    for (i, id) in own.iter().enumerate() {
        if partners[i].is_none() {
            partners[i] = free.get_mut(&of_good(*id)).and_then(Vec::pop);
        }
    }
    partners
}

/// Where all elements but one have their partner, the last two containers belong together.
fn by_elimination(
    good: &IndexedBody,
    own: &[NodeId],
    candidate: &IndexedBody,
    others: &[NodeId],
    partners: &mut Partners,
) {
    let left: Vec<usize> = (0..own.len()).filter(|i| partners[*i].is_none()).collect();
    let ([i], true) = (left.as_slice(), own.len() > 1) else { return };
    let free = free_of(others.len(), partners);
    if let [j] = free.as_slice() {
        let (a, b) = (own[*i], others[*j]);
        if good.kind(a) == Kind::Object
            && candidate.kind(b) == Kind::Object
            && containers::shares_keys(good, a, candidate, b)
        {
            partners[*i] = Some(*j);
        }
    }
}

fn other_length(good: &IndexedBody, own: &[NodeId], candidate: &IndexedBody, others: &[NodeId]) -> Alignment {
    let mut partners = equal_elements(own, |id| good.hash(id), others, |id| candidate.hash(id));
    identity::extend(good, own, candidate, others, &mut partners);
    essences(good, own, candidate, others, &mut partners);
    let sure = pairs(own, others, &partners);
    let before = partners.clone();
    in_gaps(good, own, candidate, others, &mut partners);
    let guessed = partners
        .iter()
        .zip(&before)
        .map(|(now, before)| if before.is_none() { *now } else { None })
        .collect::<Partners>();
    Alignment::OtherLength { sure, guessed: pairs(own, others, &guessed) }
}

fn pairs(own: &[NodeId], others: &[NodeId], partners: &Partners) -> Vec<(NodeId, NodeId)> {
    partners.iter().enumerate().filter_map(|(i, j)| Some((own[i], others[(*j)?]))).collect()
}

/// Pairs what is equal as text, once unwrapped or decoded.
fn essences(
    good: &IndexedBody,
    own: &[NodeId],
    candidate: &IndexedBody,
    others: &[NodeId],
    partners: &mut Partners,
) {
    let mut free: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for j in free_of(others.len(), partners).into_iter().rev() {
        free.entry(candidate.essence(others[j])).or_default().push(j);
    }
    for (i, id) in own.iter().enumerate() {
        if partners[i].is_none() && good.is_distinctive(*id) {
            partners[i] = free.get_mut(&good.essence(*id)).and_then(Vec::pop);
        }
    }
}

/// Between two elements whose partners are known, equally many objects on both sides belong together in
/// order.
fn in_gaps(
    good: &IndexedBody,
    own: &[NodeId],
    candidate: &IndexedBody,
    others: &[NodeId],
    partners: &mut Partners,
) {
    let anchors: Vec<(usize, usize)> =
        partners.iter().enumerate().filter_map(|(i, j)| Some((i, (*j)?))).collect();
    // partners that cross leave no gaps to speak of
    if anchors.is_empty() || !anchors.is_sorted_by(|a, b| a.1 < b.1) {
        return;
    }
    let mut from = (0, 0);
    for to in anchors.into_iter().chain([(own.len(), others.len())]) {
        let (gap_g, gap_c) = (from.0..to.0, from.1..to.1);
        if gap_g.len() == gap_c.len() {
            for (i, j) in gap_g.zip(gap_c) {
                let (a, b) = (own[i], others[j]);
                let objects = good.kind(a) == Kind::Object && candidate.kind(b) == Kind::Object;
                if objects && containers::shares_keys(good, a, candidate, b) {
                    partners[i] = Some(j);
                }
            }
        }
        from = (to.0 + 1, to.1 + 1);
    }
}
