//! The sent body as it was meant.

use crate::json::document::Document;
use crate::json::node::NodeId;
use crate::model::description::body_model::Kind;
use crate::model::finding::Finding;

/// The sent body as it was meant, and what was wrong on the way to it.
#[derive(Clone, Debug)]
pub struct Reading<'t> {
    /// The body's text once slips of syntax and a second encoding are undone: what the edits of faults are
    /// made on.
    pub doc: Document,
    /// The text is not the one that was sent.
    pub is_restored: bool,
    /// Where the body begins in it, and its type.
    pub(crate) at: Option<(NodeId, Kind<'t>)>,
    pub(crate) faults: Vec<Finding>,
}
