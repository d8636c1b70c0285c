//! Values under another parent that only their names show: the same key, or keys put together (`division.id`
//! and `divisionId`).

use std::collections::BTreeMap;

use crate::diff::indexed::IndexedBody;
use crate::diff::matching::Matching;
use crate::diff::similarity::containers;
use crate::diff::similarity::keys;
use crate::diff::unmatched::{Pairs, Unmatched};
use crate::json::document::{Kind, NodeId};

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
/// Names are looked for below the innermost pair of places that correspond, so that each of many equally
/// built elements keeps its own.
pub(crate) fn by_name(m: &Matching<'_>, pool: &Unmatched, what: What) -> Vec<(NodeId, NodeId)> {
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
    let mut options: Vec<(usize, usize, usize, NodeId, NodeId)> = Vec::new();
    for ((nearness, ..), group) in &groups {
        if let Some((g, c)) = group.only_pair(m, what) {
            options.push((m.good.depth(g), *nearness, m.candidate.depth(c), g, c));
        }
    }
    // outermost first: what is inside moved along
    options.sort_unstable();
    let mut pairs = Pairs::default();
    for (.., g, c) in options {
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

/// The places around a value that have a partner, innermost first, as good place with its depth; at last the
/// whole.
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

/// The names that a value may have elsewhere, in letters and digits, each with the number of keys in it.
pub(super) fn names(side: &IndexedBody, id: NodeId) -> Vec<(usize, String)> {
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
        // far more values than one name can distinguish
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
        (Kind::Object, Kind::Object) => containers::shares_keys(m.good, g, m.candidate, c),
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
