//! Where and how a text departs from RFC 8259.

use crate::json::node::NodeId;

/// The most faults kept of one text; behind them the rest of it is not read.
pub const MOST_FAULTS: usize = 16;

/// One place where a text is not JSON.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fault {
    /// From 0, in bytes of the raw text.
    pub offset: usize,
    /// How bad.
    pub kind: FaultKind,
    /// What RFC 8259 allows there.
    pub expected: &'static str,
    /// What is there, in a few words.
    pub found: String,
    /// The innermost value reached, `None` before the first.
    pub node: Option<NodeId>,
}

/// How a fault weighs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FaultKind {
    /// The text is not JSON.
    Syntax,
    /// The text starts with a byte order mark, which RFC 8259 lets a parser ignore.
    ByteOrderMark,
    /// A string holds half of a surrogate pair as an escape, which the grammar allows.
    LoneSurrogate,
}
