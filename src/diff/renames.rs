//! Which members of two corresponding objects belong together: equal keys, then renamed ones.

use std::collections::BTreeMap;

use crate::diff::formats::Format;
use crate::diff::keys::{Key, Likeness};
use crate::diff::side::Side;
use crate::diff::similarity;
use crate::json::document::{Kind, NodeId};

/// Beyond this many comparisons of two keys only equal ones (but for case and separators) are found.
const MOST_COMPARISONS: usize = 40_000;

/// Pairs the members with equal keys; returns the pairs and what is left of either side.
pub(crate) fn by_key(
    good: &Side,
    g: NodeId,
    candidate: &Side,
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

/// How well a value fits where another was, best first.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Fit {
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

pub(crate) fn fit(good: &Side, g: NodeId, candidate: &Side, c: NodeId) -> Fit {
    let (kind_g, kind_c) = (good.kind(g), candidate.kind(c));
    if good.essence(g) == candidate.essence(c) && kind_g != Kind::Invalid {
        return match (good.is_distinctive(g), good.doc.children(g).is_empty()) {
            (true, _) => Fit::Equal,
            (false, false) => Fit::Alike,
            (false, true) => Fit::EqualByChance,
        };
    }
    if kind_g.is_container() && kind_g == kind_c {
        return if similarity::is_mostly_equal(good, g, candidate, c) {
            Fit::MostlyEqual
        } else if kind_g == Kind::Object && similarity::has_same_keys(good, g, candidate, c) {
            Fit::SameKeys
        } else if kind_g == Kind::Array || similarity::shares_keys(good, g, candidate, c) {
            Fit::Alike
        } else {
            Fit::SameType
        };
    }
    if kind_g.is_same_type(kind_c) {
        if kind_g != Kind::String {
            return Fit::SameFormat;
        }
        let formats = (Format::of(good.doc.string(g)), Format::of(candidate.doc.string(c)));
        return match formats {
            (None, None) => Fit::SameFormat,
            (Some(a), Some(b)) if a.is_same(&b) => Fit::SameFormat,
            _ => Fit::SameType,
        };
    }
    let wraps = |outer: &Side, array: NodeId, inner: &Side, value: NodeId| {
        outer.sole(array).is_some_and(|element| outer.kind(element).is_same_type(inner.kind(value)))
    };
    let encoded = kind_g.is_container()
        && kind_c == Kind::String
        && candidate.doc.string(c).trim_start().starts_with(['{', '[']);
    if kind_c == Kind::Null || wraps(candidate, c, good, g) || wraps(good, g, candidate, c) || encoded {
        return Fit::Faulty;
    }
    Fit::OtherType
}

/// One possible rename with its rank, smaller is better.
type Choice = (u8, Likeness, Fit, usize, usize);

/// Renames that nothing found elsewhere could outdo: keys alike but for case, separators, a typo, number or unit;
/// or an equal distinctive value.
pub(crate) fn unmistakable(
    good: &Side,
    gs: &[NodeId],
    candidate: &Side,
    cs: &[NodeId],
) -> Vec<(NodeId, NodeId)> {
    choose(good, gs, candidate, cs, |likeness, fit| match (likeness, fit) {
        (Likeness::Folded, _) => Some(0),
        (Likeness::Close, Fit::Equal | Fit::MostlyEqual | Fit::EqualByChance) => Some(1),
        (Likeness::Contained, Fit::Equal | Fit::MostlyEqual) => Some(2),
        (Likeness::Close, Fit::SameKeys | Fit::Alike | Fit::SameFormat) => Some(3),
        (Likeness::Unrelated, Fit::Equal | Fit::MostlyEqual) => Some(4),
        (Likeness::Close, _) => Some(5),
        (Likeness::Contained, Fit::SameKeys | Fit::Alike) => Some(6),
        _ => None,
    })
}

/// Renames that only their keys speak for, with a value of the same type; or objects that only differ in values.
pub(crate) fn likely(good: &Side, gs: &[NodeId], candidate: &Side, cs: &[NodeId]) -> Vec<(NodeId, NodeId)> {
    choose(good, gs, candidate, cs, |likeness, fit| match (likeness, fit) {
        (Likeness::Folded | Likeness::Close, _) => Some(0),
        (Likeness::Contained, Fit::EqualByChance | Fit::SameKeys | Fit::Alike | Fit::SameFormat) => Some(1),
        (Likeness::Contained, Fit::SameType) => Some(2),
        (Likeness::Unrelated, Fit::SameKeys) => Some(3),
        _ => None,
    })
}

/// Renames with a value that is faulty as well.
pub(crate) fn possible(good: &Side, gs: &[NodeId], candidate: &Side, cs: &[NodeId]) -> Vec<(NodeId, NodeId)> {
    let chosen = choose(good, gs, candidate, cs, |likeness, fit| match (likeness, fit) {
        (Likeness::Contained, Fit::Faulty) => Some(0),
        (Likeness::Contained, Fit::OtherType) => Some(1),
        _ => None,
    });
    chosen.into_iter().filter(|(g, c)| is_believable(good, *g, candidate, *c)).collect()
}

/// One word in common with a null, or with a value of another type, is too little: SDKs write null for every property
/// they know. An object and a text may be a reference and its id or name.
fn is_believable(good: &Side, g: NodeId, candidate: &Side, c: NodeId) -> bool {
    let single =
        |side: &Side, id: NodeId| Key::new(side.doc.key_of(id).unwrap_or_default()).words().len() < 2;
    let words = !single(good, g) && !single(candidate, c);
    match (good.kind(g), candidate.kind(c)) {
        (_, Kind::Null) => true,
        (Kind::Object, Kind::String) | (Kind::String, Kind::Object) => true,
        (a, b) if a.is_container() || b.is_container() => fit(good, g, candidate, c) == Fit::Faulty,
        _ => words,
    }
}

/// Tells whether a key is put together of an object's key and that of one of its members: `queueId` of `queue.id`.
/// Then that member moved, and the object was not renamed.
fn is_composed(side: &Side, object: NodeId, own: &Key, other: &Key) -> bool {
    other.folded().strip_prefix(own.folded()).is_some_and(|rest| {
        side.kind(object) == Kind::Object && side.values(object).any(|member| side.folded_key(member) == rest)
    })
}

fn choose(
    good: &Side,
    gs: &[NodeId],
    candidate: &Side,
    cs: &[NodeId],
    rank: impl Fn(Likeness, Fit) -> Option<u8>,
) -> Vec<(NodeId, NodeId)> {
    let key = |side: &Side, id: &NodeId| side.doc.key_of(*id).map(Key::new);
    let keys_g: Vec<Option<Key>> = gs.iter().map(|id| key(good, id)).collect();
    let keys_c: Vec<Option<Key>> = cs.iter().map(|id| key(candidate, id)).collect();
    let mut options: Vec<Choice> = Vec::new();
    let mut consider = |i: usize, j: usize| {
        let (Some(a), Some(b)) = (&keys_g[i], &keys_c[j]) else { return };
        let likeness = a.likeness(b);
        let composed = likeness == Likeness::Contained
            && (is_composed(good, gs[i], a, b) || is_composed(candidate, cs[j], b, a));
        if composed {
            return;
        }
        let fit = fit(good, gs[i], candidate, cs[j]);
        if let Some(rank) = rank(likeness, fit) {
            options.push((rank, likeness, fit, i, j));
        }
    };
    if gs.len().saturating_mul(cs.len()) <= MOST_COMPARISONS {
        for i in 0..gs.len() {
            for j in 0..cs.len() {
                consider(i, j);
            }
        }
    } else {
        let mut known: BTreeMap<(u8, u64, &str), Vec<usize>> = BTreeMap::new();
        for (j, key) in keys_c.iter().enumerate() {
            let folded = key.as_ref().map_or("", Key::folded);
            known.entry((0, 0, folded)).or_default().push(j);
            known.entry((1, candidate.essence(cs[j]), "")).or_default().push(j);
        }
        for (i, key) in keys_g.iter().enumerate() {
            let folded = key.as_ref().map_or("", Key::folded);
            for wanted in [(0, 0, folded), (1, good.essence(gs[i]), "")] {
                for j in known.get(&wanted).map(Vec::as_slice).unwrap_or_default().iter().take(4) {
                    consider(i, *j);
                }
            }
        }
    }
    options.sort_unstable();
    let (mut taken_g, mut taken_c) = (vec![false; gs.len()], vec![false; cs.len()]);
    let mut chosen = Vec::new();
    for (_, _, _, i, j) in options {
        if !taken_g[i] && !taken_c[j] {
            taken_g[i] = true;
            taken_c[j] = true;
            chosen.push((gs[i], cs[j]));
        }
    }
    chosen
}
