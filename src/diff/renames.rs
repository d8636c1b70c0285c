//! Which members of two corresponding objects belong together: equal keys, then renamed ones.

use std::collections::BTreeMap;

use crate::diff::indexed::{IndexedBody, Siblings};
use crate::diff::similarity::keys::{Key, KeySimilarity};
use crate::diff::similarity::values::{ValueFit, value_fit};
use crate::json::document::{Kind, NodeId};

/// Beyond this many comparisons of two keys only equal ones (but for case and separators) are found.
const MOST_COMPARISONS: usize = 40_000;

/// Pairs the members with equal keys; returns the pairs and what is left of either side.
pub(crate) fn by_key(
    good: &IndexedBody,
    g: NodeId,
    candidate: &IndexedBody,
    c: NodeId,
) -> (Vec<(NodeId, NodeId)>, Vec<NodeId>, Vec<NodeId>) {
    let own: Vec<(&str, NodeId)> = good.doc.members(g).collect();
    let others: Vec<(&str, NodeId)> = candidate.doc.members(c).collect();
    let mut by_key: Vec<usize> = (0..others.len()).collect();
    by_key.sort_by_key(|at| others[*at].0);
    let mut taken = vec![false; others.len()];
    let (mut pairs, mut rest) = (Vec::new(), Vec::new());
    for (at, (key, id)) in own.iter().enumerate() {
        let same_place = others.get(at).is_some_and(|(other, _)| other == key).then_some(at);
        let place = same_place
            .or_else(|| by_key.binary_search_by_key(key, |at| others[*at].0).ok().map(|found| by_key[found]));
        match place {
            Some(at) => {
                taken[at] = true;
                pairs.push((*id, others[at].1));
            }
            None => rest.push(*id),
        }
    }
    let left = others.iter().zip(&taken).filter(|(_, taken)| !**taken).map(|((_, id), _)| *id).collect();
    (pairs, rest, left)
}

/// One possible rename with its rank, smaller is better.
type Choice = (u8, KeySimilarity, ValueFit, usize, usize);

/// Renames that nothing found elsewhere could outdo: keys alike but for case, separators, a typo, number or
/// unit; or an equal distinctive value.
pub(crate) fn unmistakable(good: Siblings<'_>, candidate: Siblings<'_>) -> Vec<(NodeId, NodeId)> {
    choose(good, candidate, |similarity, fit| match (similarity, fit) {
        (KeySimilarity::Folded, _) => Some(0),
        (KeySimilarity::Close, ValueFit::Equal | ValueFit::MostlyEqual | ValueFit::EqualByChance) => Some(1),
        (KeySimilarity::Contained, ValueFit::Equal | ValueFit::MostlyEqual) => Some(2),
        (KeySimilarity::Close, ValueFit::SameKeys | ValueFit::Alike | ValueFit::SameFormat) => Some(3),
        (KeySimilarity::Unrelated, ValueFit::Equal | ValueFit::MostlyEqual) => Some(4),
        (KeySimilarity::Close, _) => Some(5),
        (KeySimilarity::Contained, ValueFit::SameKeys | ValueFit::Alike) => Some(6),
        _ => None,
    })
}

/// Renames that only their keys speak for, with a value of the same type; or objects that only differ in
/// values.
pub(crate) fn likely(good: Siblings<'_>, candidate: Siblings<'_>) -> Vec<(NodeId, NodeId)> {
    choose(good, candidate, |similarity, fit| match (similarity, fit) {
        (KeySimilarity::Folded | KeySimilarity::Close, _) => Some(0),
        (
            KeySimilarity::Contained,
            ValueFit::EqualByChance | ValueFit::SameKeys | ValueFit::Alike | ValueFit::SameFormat,
        ) => Some(1),
        (KeySimilarity::Contained, ValueFit::SameType) => Some(2),
        (KeySimilarity::Unrelated, ValueFit::SameKeys) => Some(3),
        _ => None,
    })
}

/// Renames with a value that is faulty as well.
pub(crate) fn possible(good: Siblings<'_>, candidate: Siblings<'_>) -> Vec<(NodeId, NodeId)> {
    let chosen = choose(good, candidate, |similarity, fit| match (similarity, fit) {
        (KeySimilarity::Contained, ValueFit::Faulty) => Some(0),
        (KeySimilarity::Contained, ValueFit::OtherType) => Some(1),
        _ => None,
    });
    chosen.into_iter().filter(|(g, c)| is_believable(good.body, *g, candidate.body, *c)).collect()
}

/// One word in common with a null, or with a value of another type, is too little: SDKs write null for every
/// property they know. An object and a text may be a reference and its id or name.
fn is_believable(good: &IndexedBody, g: NodeId, candidate: &IndexedBody, c: NodeId) -> bool {
    let single =
        |side: &IndexedBody, id: NodeId| Key::new(side.doc.key_of(id).unwrap_or_default()).words().len() < 2;
    let words = !single(good, g) && !single(candidate, c);
    match (good.kind(g), candidate.kind(c)) {
        (_, Kind::Null) => true,
        (Kind::Object, Kind::String) | (Kind::String, Kind::Object) => true,
        (a, b) if a.is_container() || b.is_container() => {
            value_fit(good, g, candidate, c) == ValueFit::Faulty
        }
        _ => words,
    }
}

/// Returns whether a key consists of an object's key and that of one of its members: `queueId` of
/// `queue.id`. Then that member moved, and the object was not renamed.
fn is_composed(side: &IndexedBody, object: NodeId, own: &Key, other: &Key) -> bool {
    other.folded().strip_prefix(own.folded()).is_some_and(|rest| {
        side.kind(object) == Kind::Object && side.values(object).any(|member| side.folded_key(member) == rest)
    })
}

fn choose(
    good: Siblings<'_>,
    candidate: Siblings<'_>,
    rank: impl Fn(KeySimilarity, ValueFit) -> Option<u8>,
) -> Vec<(NodeId, NodeId)> {
    let key = |side: &IndexedBody, id: &NodeId| side.doc.key_of(*id).map(Key::new);
    let keys_g: Vec<Option<Key>> = good.ids.iter().map(|id| key(good.body, id)).collect();
    let keys_c: Vec<Option<Key>> = candidate.ids.iter().map(|id| key(candidate.body, id)).collect();
    let mut options: Vec<Choice> = Vec::new();
    let mut consider = |i: usize, j: usize| {
        let (Some(a), Some(b)) = (&keys_g[i], &keys_c[j]) else { return };
        let similarity = a.similarity(b);
        let composed = similarity == KeySimilarity::Contained
            && (is_composed(good.body, good.ids[i], a, b)
                || is_composed(candidate.body, candidate.ids[j], b, a));
        if composed {
            return;
        }
        let fit = value_fit(good.body, good.ids[i], candidate.body, candidate.ids[j]);
        if let Some(rank) = rank(similarity, fit) {
            options.push((rank, similarity, fit, i, j));
        }
    };
    if good.ids.len().saturating_mul(candidate.ids.len()) <= MOST_COMPARISONS {
        for i in 0..good.ids.len() {
            for j in 0..candidate.ids.len() {
                consider(i, j);
            }
        }
    } else {
        let mut known: BTreeMap<(u8, u64, &str), Vec<usize>> = BTreeMap::new();
        for (j, key) in keys_c.iter().enumerate() {
            let folded = key.as_ref().map_or("", Key::folded);
            known.entry((0, 0, folded)).or_default().push(j);
            known.entry((1, candidate.body.essence(candidate.ids[j]), "")).or_default().push(j);
        }
        for (i, key) in keys_g.iter().enumerate() {
            let folded = key.as_ref().map_or("", Key::folded);
            for wanted in [(0, 0, folded), (1, good.body.essence(good.ids[i]), "")] {
                for j in known.get(&wanted).map(Vec::as_slice).unwrap_or_default().iter().take(4) {
                    consider(i, *j);
                }
            }
        }
    }
    options.sort_unstable();
    let (mut taken_g, mut taken_c) = (vec![false; good.ids.len()], vec![false; candidate.ids.len()]);
    let mut chosen = Vec::new();
    for (_, _, _, i, j) in options {
        if !taken_g[i] && !taken_c[j] {
            taken_g[i] = true;
            taken_c[j] = true;
            chosen.push((good.ids[i], candidate.ids[j]));
        }
    }
    chosen
}
