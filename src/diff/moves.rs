//! Values under another parent: equal and distinctive, or with the only key that fits.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::keys::{self, Key, Likeness};
use crate::diff::matching::Matching;
use crate::diff::pool::Pool;
use crate::diff::similarity;
use crate::json::document::{Document, Kind, NodeId};

/// A value with more equal ones than this is told apart by name and nearness only.
const MOST_EQUALS: usize = 12;
/// Of many equal containers only so many are looked at.
const MOST_LOOKED_AT: usize = 64;

/// Whole containers, outermost first: those with equal content, then with mostly equal content, then with the only
/// name that fits.
pub(crate) fn containers(m: &Matching<'_>, pool: &Pool) -> Vec<(NodeId, NodeId)> {
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
    let told = |c: &&NodeId| m.good.is_distinctive(g) || m.good.folded_key(g) == m.candidate.folded_key(**c);
    let is_whole = |c: &&NodeId| matches!(m.candidate.kind(**c), Kind::Array | Kind::Object | Kind::String);
    let equals = index.get(&m.good.essence(g)).map(Vec::as_slice).unwrap_or_default();
    equals
        .iter()
        .take(MOST_LOOKED_AT)
        .filter(is_whole)
        .filter(told)
        .filter(|c| pairs.is_free(m, g, **c))
        .take(MOST_EQUALS)
        .min_by_key(|c| (likeness(m, g, **c), distance(m, g, **c), **c))
        .copied()
}

/// Found by the distinctive values that both hold.
fn mostly_equal_container(
    m: &Matching<'_>,
    pool: &Pool,
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
            (1_000 - (2_000 * votes / leaves.max(1)).min(1_000), likeness(m, g, c), distance(m, g, c), c)
        });
    let (.., c) = ranked.filter(|(.., c)| pairs.is_free(m, g, *c)).min()?;
    similarity::is_mostly_equal(m.good, g, m.candidate, c).then_some(c)
}

/// Scalars with equal distinctive values: those with a fitting name first, the nearest first.
pub(crate) fn equal_values(m: &Matching<'_>, pool: &Pool) -> Vec<(NodeId, NodeId)> {
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
        // many equal values are told apart by name and nearness: see `What::EqualScalars`
        for c in equals.iter().copied().filter(|_| !crowded) {
            options.push((likeness(m, g, c), distance(m, g, c), g, c));
        }
    }
    options.sort_unstable();
    let everywhere = if options.is_empty() { BTreeMap::new() } else { occurrences(m) };
    let mut pairs = Pairs::default();
    for (likeness, _, g, c) in options {
        // without a name to tell, a value that also stands where it was is a copy; and which of several is which?
        let ambiguous = likeness > Likeness::Close && {
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

/// How often each value stands in the whole good body.
fn occurrences(m: &Matching<'_>) -> BTreeMap<u64, usize> {
    let mut counts = BTreeMap::new();
    for id in (0..m.good.doc.len()).map(|at| NodeId(at as u32)) {
        if !m.good.kind(id).is_container() {
            *counts.entry(m.good.essence(id)).or_default() += 1;
        }
    }
    counts
}

/// Which values a step is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum What {
    /// Objects and arrays.
    Containers,
    /// Everything else but null.
    Scalars,
    /// Scalars with equal distinctive values.
    EqualScalars,
}

/// Values of one type whose key, or the keys of parent and value put together, fit only each other.
///
/// Names are looked for below the innermost pair of places that correspond, so that each of many equally built
/// elements keeps its own.
pub(crate) fn by_name(m: &Matching<'_>, pool: &Pool, what: What) -> Vec<(NodeId, NodeId)> {
    let mut groups: BTreeMap<(usize, Option<NodeId>, String), Group> = BTreeMap::new();
    for g in &pool.good {
        if is_wanted(m.good.kind(*g), what) {
            for anchor in anchors(
                m.good.depth(*g),
                m.good.doc.parent(*g),
                |id| m.good.doc.parent(id),
                |id| m.partner_of_good(id).map(|_| id),
            ) {
                for (length, name) in names(m.good, *g) {
                    groups
                        .entry((usize::MAX - anchor.0, anchor.1, name))
                        .or_default()
                        .good
                        .push((length, *g));
                }
            }
        }
    }
    if groups.is_empty() {
        return Vec::new();
    }
    for c in &pool.candidate {
        if is_wanted(m.candidate.kind(*c), what) {
            for anchor in anchors(
                m.candidate.depth(*c),
                m.candidate.doc.parent(*c),
                |id| m.candidate.doc.parent(id),
                |id| m.partner_of_candidate(id),
            ) {
                let depth = anchor.1.map_or(0, |g| m.good.depth(g) + 1);
                for (length, name) in names(m.candidate, *c) {
                    if let Some(group) = groups.get_mut(&(usize::MAX - depth, anchor.1, name)) {
                        group.candidate.push((length, *c));
                    }
                }
            }
        }
    }
    let mut options: Vec<(usize, usize, NodeId, NodeId)> = Vec::new();
    for (nearness, group) in groups.values().enumerate() {
        if let Some((g, c)) = group.only_pair(m, what) {
            options.push((m.good.depth(g), nearness, g, c));
        }
    }
    // outermost first: what is inside moved along
    options.sort_unstable();
    let mut pairs = Pairs::default();
    for (_, _, g, c) in options {
        if pairs.is_free(m, g, c) {
            pairs.add(g, c);
        }
    }
    pairs.list
}

fn is_wanted(kind: Kind, what: What) -> bool {
    match what {
        What::Containers => kind.is_container(),
        What::Scalars | What::EqualScalars => {
            !kind.is_container() && !matches!(kind, Kind::Null | Kind::Invalid)
        }
    }
}

/// The places around a value that have a partner, innermost first, as good place with its depth; at last the whole.
fn anchors(
    depth: usize,
    parent: Option<NodeId>,
    up: impl Fn(NodeId) -> Option<NodeId>,
    good_place: impl Fn(NodeId) -> Option<NodeId>,
) -> Vec<(usize, Option<NodeId>)> {
    let mut out = Vec::new();
    let (mut at, mut depth) = (parent, depth);
    while let Some(id) = at {
        if let Some(place) = good_place(id) {
            out.push((depth, Some(place)));
            // more steps away than any flattening goes
            if out.len() == 6 {
                break;
            }
        }
        depth -= 1;
        at = up(id);
    }
    out.push((0, None));
    out
}

/// The names under which a value may stand elsewhere, in letters and digits, each with the number of keys in it.
fn names(side: &crate::diff::side::Side, id: NodeId) -> Vec<(usize, String)> {
    let mut out: Vec<(usize, String)> = Vec::new();
    let (mut keys_only, mut with_index) = (String::new(), String::new());
    let (mut length, mut at) = (0, Some(id));
    while let Some(id) = at {
        let Some(parent) = side.doc.parent(id) else { break };
        match side.doc.key_of(id) {
            Some(key) => {
                let folded = keys::fold(key);
                keys_only.insert_str(0, &folded);
                with_index.insert_str(0, &folded);
                length += 1;
                out.push((length, keys_only.clone()));
                if with_index != keys_only {
                    out.push((length + 1, with_index.clone()));
                }
            }
            None => with_index.insert_str(0, &side.doc.slot(id).to_string()),
        }
        if length == 4 {
            break;
        }
        at = Some(parent);
    }
    if side.doc.key_of(id).is_none() {
        // an element has no name of its own
        out.retain(|(length, _)| *length > 1);
    }
    out
}

/// Values with one name below one place.
#[derive(Debug, Default)]
struct Group {
    good: Vec<(usize, NodeId)>,
    candidate: Vec<(usize, NodeId)>,
}

impl Group {
    /// The pair, if there is only one that the name and the types allow.
    fn only_pair(&self, m: &Matching<'_>, what: What) -> Option<(NodeId, NodeId)> {
        // far more values than one name can tell apart
        if self.good.len().saturating_mul(self.candidate.len()) > 1_000 {
            return None;
        }
        let mut options: Vec<(usize, NodeId, NodeId)> = Vec::new();
        for (length_g, g) in &self.good {
            for (length_c, c) in &self.candidate {
                let flat = *length_g == 1 || *length_c == 1;
                let fits = match what {
                    What::EqualScalars => {
                        m.good.essence(*g) == m.candidate.essence(*c) && m.good.is_distinctive(*g)
                    }
                    _ => is_same_kind(m, *g, *c, length_g.max(length_c)),
                };
                if flat && fits {
                    options.push((m.good.depth(*g) + m.candidate.depth(*c), *g, *c));
                }
            }
        }
        options.sort_unstable();
        options.dedup();
        let (depth, g, c) = *options.first()?;
        // of containers with one name the outermost is meant
        let outermost =
            m.good.kind(g).is_container() && options.get(1).is_some_and(|(next, ..)| *next > depth);
        (options.len() == 1 || outermost).then_some((g, c))
    }
}

/// The same type; a text for a number or boolean where two keys or more speak for it.
fn is_same_kind(m: &Matching<'_>, g: NodeId, c: NodeId, length: &usize) -> bool {
    let (a, b) = (m.good.kind(g), m.candidate.kind(c));
    match (a, b) {
        (Kind::Object, Kind::Object) => similarity::shares_keys(m.good, g, m.candidate, c),
        (Kind::Number, Kind::String) if *length > 1 => {
            m.candidate.doc.string(c).trim().parse::<f64>().is_ok()
        }
        (Kind::Boolean(_), Kind::String) if *length > 1 => {
            let text = m.candidate.doc.string(c);
            text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false")
        }
        _ => a.is_same_type(b),
    }
}

/// Pairs chosen in one step.
#[derive(Debug, Default)]
struct Pairs {
    list: Vec<(NodeId, NodeId)>,
    good: BTreeSet<NodeId>,
    candidate: BTreeSet<NodeId>,
}

impl Pairs {
    fn add(&mut self, g: NodeId, c: NodeId) {
        self.list.push((g, c));
        self.good.insert(g);
        self.candidate.insert(c);
    }

    fn is_free_good(&self, m: &Matching<'_>, g: NodeId) -> bool {
        is_apart(&self.good, &m.good.doc, g)
    }

    /// Neither value stands inside, or around, one that was chosen before.
    fn is_free(&self, m: &Matching<'_>, g: NodeId, c: NodeId) -> bool {
        is_apart(&self.good, &m.good.doc, g) && is_apart(&self.candidate, &m.candidate.doc, c)
    }
}

/// The chosen values never overlap, so that only the nearest before can be around another.
fn is_apart(chosen: &BTreeSet<NodeId>, doc: &Document, id: NodeId) -> bool {
    let around = chosen.range(..=id).next_back().is_some_and(|before| doc.contains(*before, id));
    let inside = chosen.range(id..doc.behind(id)).next().is_some();
    !around && !inside
}

/// How alike the names are: own key or composed with those around it.
fn likeness(m: &Matching<'_>, g: NodeId, c: NodeId) -> Likeness {
    let (own, others) = (names(m.good, g), names(m.candidate, c));
    let same =
        own.iter().any(|(a, name)| others.iter().any(|(b, other)| (*a == 1 || *b == 1) && name == other));
    if same {
        return Likeness::Folded;
    }
    match (m.good.doc.key_of(g), m.candidate.doc.key_of(c)) {
        (Some(a), Some(b)) => Key::new(a).likeness(&Key::new(b)),
        _ => Likeness::Unrelated,
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
fn outermost_first(m: &Matching<'_>, pool: &Pool) -> Vec<Vec<NodeId>> {
    let mut levels: BTreeMap<usize, Vec<NodeId>> = BTreeMap::new();
    for id in pool.good.iter().filter(|id| m.good.kind(**id).is_container()) {
        levels.entry(m.good.depth(*id)).or_default().push(*id);
    }
    levels.into_values().collect()
}
