//! How much of two containers is equal.

use crate::diff::indexed::{IndexedBody, hash_of};
use crate::diff::similarity::keys;
use crate::json::document::NodeId;

/// The most values of a container that are compared.
const MOST_NODES: usize = 40_000;

/// Returns whether at least half of the leaves of the larger container are at the same place in the other.
pub(crate) fn is_mostly_equal(good: &IndexedBody, g: NodeId, candidate: &IndexedBody, c: NodeId) -> bool {
    let (most, least) = {
        let (a, b) = (good.leaves(g), candidate.leaves(c));
        (a.max(b), a.min(b))
    };
    if least * 2 < most || !good.is_distinctive(g) || !candidate.is_distinctive(c) {
        return false;
    }
    let (own, others) = (leaves(good, g), leaves(candidate, c));
    let (shared, distinctive) = overlap(&own, &others);
    distinctive && shared * 2 >= own.len().max(others.len())
}

/// Returns whether two objects have at least half of their keys in common, ignoring case and separators.
pub(crate) fn shares_keys(good: &IndexedBody, g: NodeId, candidate: &IndexedBody, c: NodeId) -> bool {
    let (own, others) = (folded_keys(good, g), folded_keys(candidate, c));
    let shared = own.iter().filter(|key| others.binary_search(key).is_ok()).count();
    shared * 2 >= own.len().min(others.len()).max(1)
}

/// Returns whether two objects have exactly the same keys, ignoring case and separators, and enough keys
/// for that to mean something.
pub(crate) fn has_same_keys(good: &IndexedBody, g: NodeId, candidate: &IndexedBody, c: NodeId) -> bool {
    let own = folded_keys(good, g);
    own.len() >= 3 && own == folded_keys(candidate, c)
}

fn folded_keys(side: &IndexedBody, id: NodeId) -> Vec<String> {
    let mut keys: Vec<String> = side.doc.members(id).map(|(key, _)| keys::fold(key)).collect();
    keys.sort_unstable();
    keys
}

/// One leaf: its place below the container, its value, and whether it is distinctive.
type Leaf = (u64, u64, bool);

fn leaves(side: &IndexedBody, id: NodeId) -> Vec<Leaf> {
    let first = id.index();
    let nodes = (id.0 + 1..side.doc.behind(id).0).map(NodeId).take(MOST_NODES);
    let mut places: Vec<u64> = vec![0];
    let mut out = Vec::new();
    for inner in nodes {
        // what holds a value has a lower id, and the container itself is the first
        let above = side.doc.parent(inner).map_or(0, |parent| places[parent.index() - first]);
        // an element has no key: which one it is does not count
        places.push(hash_of((above, side.folded_key(inner))));
        if side.doc.children(inner).is_empty() {
            out.push((places[places.len() - 1], side.essence(inner), side.is_distinctive(inner)));
        }
    }
    out.sort_unstable();
    out
}

/// Counts the leaves that are in both sorted lists, and returns whether any of them is distinctive.
fn overlap(a: &[Leaf], b: &[Leaf]) -> (usize, bool) {
    let (mut i, mut j, mut shared, mut distinctive) = (0, 0, 0, false);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        match (x.0, x.1).cmp(&(y.0, y.1)) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                shared += 1;
                distinctive |= x.2;
                i += 1;
                j += 1;
            }
        }
    }
    (shared, distinctive)
}
