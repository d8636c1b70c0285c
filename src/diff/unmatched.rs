//! The values that are free to correspond: leftovers and everything inside them, as long as neither they nor
//! anything around or inside them has a partner.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::indexed::IndexedBody;
use crate::diff::matching::Matching;
use crate::json::document::{Document, NodeId};

/// The free values of both bodies, each list in the order of the text.
#[derive(Debug)]
pub(crate) struct Unmatched {
    pub(crate) good: Vec<NodeId>,
    pub(crate) candidate: Vec<NodeId>,
}

impl Unmatched {
    pub(crate) fn new(m: &Matching<'_>) -> Self {
        let roots = |of: fn(&crate::diff::matching::Leftover) -> &Vec<NodeId>| {
            m.leftovers.iter().flat_map(of).copied().collect::<Vec<_>>()
        };
        Self {
            good: free(m.good, roots(|l| &l.good), |id| m.partner_of_good(id).is_some()),
            candidate: free(m.candidate, roots(|l| &l.candidate), |id| m.partner_of_candidate(id).is_some()),
        }
    }

    pub(crate) fn is_free_good(&self, id: NodeId) -> bool {
        self.good.binary_search(&id).is_ok()
    }

    pub(crate) fn is_free_candidate(&self, id: NodeId) -> bool {
        self.candidate.binary_search(&id).is_ok()
    }

    /// The free values of the candidate by essence.
    pub(crate) fn by_essence(&self, m: &Matching<'_>) -> BTreeMap<u64, Vec<NodeId>> {
        let mut index: BTreeMap<u64, Vec<NodeId>> = BTreeMap::new();
        for id in &self.candidate {
            index.entry(m.candidate.essence(*id)).or_default().push(*id);
        }
        index
    }
}

fn free(side: &IndexedBody, roots: Vec<NodeId>, has_partner: impl Fn(NodeId) -> bool) -> Vec<NodeId> {
    let mut out = Vec::new();
    for root in roots {
        let mut at = root.0;
        let behind = side.doc.behind(root).0;
        while at < behind {
            let id = NodeId(at);
            if has_partner(id) {
                at = side.doc.behind(id).0;
            } else {
                out.push(id);
                at += 1;
            }
        }
    }
    // what holds a value with a partner can itself have none any more
    out.sort_unstable();
    out.dedup();
    let mut kept: Vec<NodeId> = Vec::with_capacity(out.len());
    for (index, id) in out.iter().enumerate() {
        let inside = (side.doc.behind(*id).0 - id.0) as usize;
        let whole = out.get(index + inside - 1).is_some_and(|last| last.0 == side.doc.behind(*id).0 - 1);
        if whole {
            kept.push(*id);
        }
    }
    kept
}

/// Pairs chosen in one step.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    pub(super) list: Vec<(NodeId, NodeId)>,
    good: BTreeSet<NodeId>,
    candidate: BTreeSet<NodeId>,
}

impl Pairs {
    pub(super) fn add(&mut self, g: NodeId, c: NodeId) {
        self.list.push((g, c));
        self.good.insert(g);
        self.candidate.insert(c);
    }

    pub(super) fn is_free_good(&self, m: &Matching<'_>, g: NodeId) -> bool {
        is_apart(&self.good, &m.good.doc, g)
    }

    /// Neither value is inside, or around, one that was chosen before.
    pub(super) fn is_free(&self, m: &Matching<'_>, g: NodeId, c: NodeId) -> bool {
        is_apart(&self.good, &m.good.doc, g) && is_apart(&self.candidate, &m.candidate.doc, c)
    }
}

/// The chosen values never overlap, so that only the nearest before can be around another.
fn is_apart(chosen: &BTreeSet<NodeId>, doc: &Document, id: NodeId) -> bool {
    let around = chosen.range(..=id).next_back().is_some_and(|before| doc.contains(*before, id));
    let inside = chosen.range(id..doc.behind(id)).next().is_some();
    !around && !inside
}
