//! The order of findings: a total one, so that equal pairs give equal reports.

use crate::diff::indexed::IndexedBody;
use crate::diff::matching::Raw;
use crate::json::document::NodeId;
use crate::model::finding::{Class, Severity};

/// The place of a finding among those about the tree: severity, then from the root down, then in the order of
/// the candidate's text (the good one's for what is missing), then by class.
pub(crate) fn key(raw: &Raw, severity: Severity, good: &IndexedBody, candidate: &IndexedBody) -> Key {
    let depth = match (raw.candidate, raw.good) {
        (Some(c), _) => candidate.depth(c),
        (None, Some(g)) => good.depth(g),
        (None, None) => 0,
    };
    Key { severity, depth, good: raw.good, candidate: raw.candidate, class: raw.class }
}

/// See [`key`].
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Key {
    severity: Severity,
    depth: usize,
    candidate: Option<NodeId>,
    good: Option<NodeId>,
    class: Class,
}
