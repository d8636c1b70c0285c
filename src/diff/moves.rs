//! Values under another parent: equal and distinctive, or with the only key that fits.

use std::collections::BTreeMap;

use crate::diff::matching::Matching;
use crate::diff::moves_by_name::{What, by_name, names};
use crate::diff::similarity::containers;
use crate::diff::similarity::keys::{Key, KeySimilarity};
use crate::diff::unmatched::{Pairs, Unmatched};
use crate::json::document::{Kind, NodeId};

/// A value with more equal ones than this is paired by name and nearness only.
const MOST_EQUALS: usize = 12;
/// The most equal containers that are compared.
const MOST_LOOKED_AT: usize = 64;

/// Whole containers, outermost first: those with equal content, then with mostly equal content, then with the
/// only name that fits.
pub(crate) fn containers(m: &Matching<'_>, pool: &Unmatched) -> Vec<(NodeId, NodeId)> {
    let index = pool.by_essence(m);
    let named: BTreeMap<NodeId, NodeId> = by_name(m, pool, What::Containers).into_iter().collect();
    let mut pairs = Pairs::default();
    for level in outermost_first(m, pool) {
        for evidence in [Evidence::Equal, Evidence::MostlyEqual, Evidence::Name] {
            for g in &level {
                let found = match evidence {
                    Evidence::Equal => equal_container(m, &index, &pairs, *g),
                    Evidence::MostlyEqual => mostly_equal_container(m, pool, &index, &pairs, *g),
                    Evidence::Name => named.get(g).copied().filter(|c| pairs.is_free(m, *g, *c)),
                };
                if let Some(c) = found {
                    pairs.add(*g, c);
                }
            }
        }
    }
    pairs.list
}

/// What speaks for two containers being the same.
enum Evidence {
    Equal,
    MostlyEqual,
    Name,
}

type Index = BTreeMap<u64, Vec<NodeId>>;

fn equal_container(m: &Matching<'_>, index: &Index, pairs: &Pairs, g: NodeId) -> Option<NodeId> {
    if m.good.doc.children(g).is_empty() {
        return None;
    }
    // what is often equal by chance has to keep its key at least
    let is_certain =
        |c: &&NodeId| m.good.is_distinctive(g) || m.good.folded_key(g) == m.candidate.folded_key(**c);
    let is_whole = |c: &&NodeId| matches!(m.candidate.kind(**c), Kind::Array | Kind::Object | Kind::String);
    let equals = index.get(&m.good.essence(g)).map(Vec::as_slice).unwrap_or_default();
    equals
        .iter()
        .take(MOST_LOOKED_AT)
        .filter(is_whole)
        .filter(is_certain)
        .filter(|c| pairs.is_free(m, g, **c))
        .take(MOST_EQUALS)
        .min_by_key(|c| (similarity(m, g, **c), distance(m, g, **c), **c))
        .copied()
}

/// Found by the distinctive values that both hold.
fn mostly_equal_container(
    m: &Matching<'_>,
    pool: &Unmatched,
    index: &Index,
    pairs: &Pairs,
    g: NodeId,
) -> Option<NodeId> {
    if !m.good.is_distinctive(g) || !pairs.is_free_good(m, g) {
        return None;
    }
    let mut votes: BTreeMap<NodeId, usize> = BTreeMap::new();
    for inner in (g.0 + 1..m.good.doc.behind(g).0).map(NodeId) {
        if m.good.kind(inner).is_container() || !m.good.is_distinctive(inner) {
            continue;
        }
        let equals = index.get(&m.good.essence(inner)).map(Vec::as_slice).unwrap_or_default();
        for c in equals.iter().take(4) {
            let mut around = m.candidate.doc.parent(*c);
            while let Some(c) = around.filter(|c| pool.is_free_candidate(*c)) {
                *votes.entry(c).or_default() += 1;
                around = m.candidate.doc.parent(c);
            }
        }
    }
    let ranked =
        votes.into_iter().filter(|(c, _)| m.candidate.kind(*c) == m.good.kind(g)).map(|(c, votes)| {
            let leaves = (m.good.leaves(g) + m.candidate.leaves(c)) as usize;
            // per mille of the leaves of both that agree, most first
            (1_000 - (2_000 * votes / leaves.max(1)).min(1_000), similarity(m, g, c), distance(m, g, c), c)
        });
    let (.., c) = ranked.filter(|(.., c)| pairs.is_free(m, g, *c)).min()?;
    containers::is_mostly_equal(m.good, g, m.candidate, c).then_some(c)
}

/// Scalars with equal distinctive values: those with a fitting name first, the nearest first.
pub(crate) fn equal_values(m: &Matching<'_>, pool: &Unmatched) -> Vec<(NodeId, NodeId)> {
    let index = pool.by_essence(m);
    let mut counts: BTreeMap<u64, usize> = BTreeMap::new();
    for g in pool.good.iter().filter(|g| !m.good.kind(**g).is_container()) {
        *counts.entry(m.good.essence(*g)).or_default() += 1;
    }
    let mut options = Vec::new();
    for g in
        pool.good.iter().copied().filter(|g| !m.good.kind(*g).is_container() && m.good.is_distinctive(*g))
    {
        let equals = index.get(&m.good.essence(g)).map(Vec::as_slice).unwrap_or_default();
        let own = counts.get(&m.good.essence(g)).copied().unwrap_or(1);
        let crowded = equals.len() > MOST_EQUALS || own > MOST_EQUALS;
        // many equal values are paired by name and nearness: see `What::EqualScalars`
        for c in equals.iter().copied().filter(|_| !crowded) {
            options.push((similarity(m, g, c), distance(m, g, c), g, c));
        }
    }
    options.sort_unstable();
    let everywhere = if options.is_empty() { BTreeMap::new() } else { occurrences(m) };
    let mut pairs = Pairs::default();
    for (similarity, _, g, c) in options {
        // without a name, a value that is also at its old place is a copy; and which of several is which?
        let ambiguous = similarity > KeySimilarity::Close && {
            let essence = m.good.essence(g);
            let (own, equals) = (counts.get(&essence), index.get(&essence).map_or(0, Vec::len));
            own != everywhere.get(&essence) || (equals > 1 && own.is_some_and(|own| *own != equals))
        };
        if !ambiguous && pairs.is_free(m, g, c) {
            pairs.add(g, c);
        }
    }
    pairs.list
}

/// How often each value occurs in the whole good body.
fn occurrences(m: &Matching<'_>) -> BTreeMap<u64, usize> {
    let mut counts = BTreeMap::new();
    for id in (0..m.good.doc.len()).map(|at| NodeId(at as u32)) {
        if !m.good.kind(id).is_container() {
            *counts.entry(m.good.essence(id)).or_default() += 1;
        }
    }
    counts
}

/// How alike the names are: own key or composed with those around it.
fn similarity(m: &Matching<'_>, g: NodeId, c: NodeId) -> KeySimilarity {
    let (own, others) = (names(m.good, g), names(m.candidate, c));
    let same =
        own.iter().any(|(a, name)| others.iter().any(|(b, other)| (*a == 1 || *b == 1) && name == other));
    if same {
        return KeySimilarity::Folded;
    }
    match (m.good.doc.key_of(g), m.candidate.doc.key_of(c)) {
        (Some(a), Some(b)) => Key::new(a).similarity(&Key::new(b)),
        _ => KeySimilarity::Unrelated,
    }
}

/// Steps from one value up to the innermost places that correspond, and down to the other.
fn distance(m: &Matching<'_>, g: NodeId, c: NodeId) -> usize {
    let mut up = 1;
    let mut around = m.good.doc.parent(g);
    let places: BTreeMap<NodeId, usize> = {
        let (mut steps, mut at, mut out) = (1, m.candidate.doc.parent(c), BTreeMap::new());
        while let Some(id) = at {
            if let Some(place) = m.partner_of_candidate(id) {
                out.entry(place).or_insert(steps);
            }
            steps += 1;
            at = m.candidate.doc.parent(id);
        }
        out
    };
    while let Some(id) = around {
        if let Some(down) = places.get(&id) {
            return up + down;
        }
        up += 1;
        around = m.good.doc.parent(id);
    }
    up + m.candidate.depth(c)
}

/// The free containers of the good body by depth, outermost first.
fn outermost_first(m: &Matching<'_>, pool: &Unmatched) -> Vec<Vec<NodeId>> {
    let mut levels: BTreeMap<usize, Vec<NodeId>> = BTreeMap::new();
    for id in pool.good.iter().filter(|id| m.good.kind(**id).is_container()) {
        levels.entry(m.good.depth(*id)).or_default().push(*id);
    }
    levels.into_values().collect()
}
