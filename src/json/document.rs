//! The parsed text: an arena of nodes in the order in which they begin.

use crate::json::fault::{Fault, FaultKind};
use crate::json::node::Span;
pub use crate::json::node::{Kind, NodeId};
use crate::json::pointer::Pointer;
use crate::json::text;

/// The deepest nesting that is kept, in levels.
pub const MOST_LEVELS: usize = 1_000;
/// The largest text that is kept, in bytes.
pub const MAX_BYTES: usize = 64 << 20;

#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    /// The text broke off inside it, so that what it lacks says nothing.
    pub(super) cut: bool,
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) parent: u32,
    pub(super) slot: u32,
    /// The first of its children, and how many; for a string with escapes, the index of its decoded text.
    pub(super) first: u32,
    pub(super) count: u32,
    /// Behind the last node inside it.
    pub(super) behind: u32,
}

/// Marks "none" in the arena.
pub(super) const NONE: u32 = u32::MAX;

/// One child of a container: an element, or a member with its key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Child {
    pub(super) key_start: u32,
    pub(super) key_end: u32,
    pub(super) key_text: u32,
    /// The value.
    pub node: NodeId,
    /// A later member of the same object has the same key, and takes part in its place.
    pub shadowed: bool,
}

/// A text of at most 64 MiB and 1,000 levels as a tree, with its faults.
#[derive(Clone, Debug)]
pub struct Document {
    pub(super) text: String,
    pub(super) nodes: Vec<Node>,
    pub(super) children: Vec<Child>,
    pub(super) decoded: Vec<Box<str>>,
    pub(super) faults: Vec<Fault>,
    pub(super) beyond: Option<Limit>,
}

/// Why a text was only checked and not kept.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Limit {
    /// More than [`MOST_LEVELS`].
    Levels,
    /// More than [`MAX_BYTES`].
    WireBytes,
}

impl Limit {
    /// The limit as findings show it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Levels => "1,000 levels",
            Self::WireBytes => "64 MiB",
        }
    }
}

impl Document {
    /// Returns whether the text is empty or has only white space.
    pub fn is_blank(&self) -> bool {
        self.text.bytes().all(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r'))
    }

    /// Returns the whole value, or `None` where nothing could be read.
    pub fn root(&self) -> Option<NodeId> {
        (!self.nodes.is_empty()).then_some(NodeId(0))
    }

    /// Returns the places where the text is not JSON, in the order of the text.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// Returns whether the text is JSON; a byte order mark and lone surrogates are allowed.
    pub fn is_json(&self) -> bool {
        self.faults.iter().all(|fault| fault.kind != FaultKind::Syntax)
    }

    /// Returns the limit the text is beyond.
    pub fn beyond(&self) -> Option<Limit> {
        self.beyond
    }

    /// Returns how many nodes there are; their ids run from 0.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Returns whether nothing could be read.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Returns what a node is.
    pub fn kind(&self, id: NodeId) -> Kind {
        self.nodes[id.index()].kind
    }

    /// Returns whether the text broke off inside this value.
    pub fn is_cut(&self, id: NodeId) -> bool {
        self.nodes[id.index()].cut
    }

    /// Returns the bytes of a value in the raw text.
    pub fn span(&self, id: NodeId) -> Span {
        let node = &self.nodes[id.index()];
        Span { start: node.start as usize, end: node.end as usize }
    }

    /// Returns the text with `?` for every byte that is not UTF-8, so that offsets stay those of the raw
    /// text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the raw text of a value.
    pub fn lexeme(&self, id: NodeId) -> &str {
        let span = self.span(id);
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    /// Returns the text of a string without quotes and escapes, or an empty text for any other value.
    ///
    /// Half a surrogate pair is shown as U+FFFD and its hexadecimal digits.
    pub fn string(&self, id: NodeId) -> &str {
        let node = &self.nodes[id.index()];
        if node.kind != Kind::String {
            return "";
        }
        match self.decoded.get(node.first as usize) {
            Some(text) if node.first != NONE => text,
            _ => text::inside_quotes(self.lexeme(id)),
        }
    }

    /// Returns the children of a container in the order of the text, shadowed members included.
    pub fn children(&self, id: NodeId) -> &[Child] {
        let node = &self.nodes[id.index()];
        if !node.kind.is_container() {
            return &[];
        }
        let first = node.first as usize;
        self.children.get(first..first + node.count as usize).unwrap_or_default()
    }

    /// Returns the members that take part in a comparison: of equal keys the last.
    pub fn members(&self, id: NodeId) -> impl Iterator<Item = (&str, NodeId)> {
        self.children(id).iter().filter(|child| !child.shadowed).map(|child| (self.key(child), child.node))
    }

    /// Returns the first member that was read, whatever object has it.
    pub(super) fn first_member(&self) -> Option<&Child> {
        self.children.iter().find(|child| child.key_end > child.key_start)
    }

    /// Returns the key of a member, or an empty text for an element.
    pub fn key(&self, child: &Child) -> &str {
        if child.key_text == NONE {
            text::inside_quotes(
                self.text.get(child.key_start as usize..child.key_end as usize).unwrap_or_default(),
            )
        } else {
            &self.decoded[child.key_text as usize]
        }
    }

    /// Returns the bytes of a member's key with its quotes, or `None` for an element.
    pub fn key_span(&self, child: &Child) -> Option<Span> {
        (child.key_end > child.key_start)
            .then_some(Span { start: child.key_start as usize, end: child.key_end as usize })
    }

    /// Returns the container of a value.
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        let parent = self.nodes[id.index()].parent;
        (parent != NONE).then_some(NodeId(parent))
    }

    /// Returns the position of a value among the children of its container.
    pub fn slot(&self, id: NodeId) -> usize {
        self.nodes[id.index()].slot as usize
    }

    /// Returns the entry of a value in its container, or `None` for the whole document.
    pub fn entry(&self, id: NodeId) -> Option<&Child> {
        self.children(self.parent(id)?).get(self.slot(id))
    }

    /// Returns the key of a value, or `None` for an element and the whole document.
    pub fn key_of(&self, id: NodeId) -> Option<&str> {
        let parent = self.parent(id)?;
        (self.kind(parent) == Kind::Object).then(|| self.entry(id).map(|child| self.key(child)))?
    }

    /// Returns the id behind the last node inside a value: `id.0..behind` is the value with all it holds.
    pub fn behind(&self, id: NodeId) -> NodeId {
        NodeId(self.nodes[id.index()].behind)
    }

    /// Returns whether `inner` is `outer` or inside it.
    pub fn contains(&self, outer: NodeId, inner: NodeId) -> bool {
        outer <= inner && inner < self.behind(outer)
    }

    /// Returns the place of a value.
    pub fn pointer(&self, id: NodeId) -> Pointer {
        let mut chain = vec![id];
        while let Some(parent) = self.parent(chain[chain.len() - 1]) {
            chain.push(parent);
        }
        let mut pointer = Pointer::root();
        for id in chain.iter().rev().skip(1) {
            pointer = match self.key_of(*id) {
                Some(key) => pointer.member(key),
                None => pointer.element(self.slot(*id)),
            };
        }
        pointer
    }

    /// Returns the value at a place; of members with equal keys the last.
    pub fn at(&self, pointer: &Pointer) -> Option<NodeId> {
        let mut id = self.root()?;
        for step in pointer.steps() {
            id = self.at_step(id, &step)?;
        }
        Some(id)
    }

    /// Returns the child of a container at one step of a pointer; of members with equal keys the last.
    pub fn at_step(&self, id: NodeId, step: &str) -> Option<NodeId> {
        match self.kind(id) {
            Kind::Object => Some(self.members(id).find(|(key, _)| *key == step)?.1),
            Kind::Array if step == "0" || !step.starts_with(['0', '+']) => {
                Some(self.children(id).get(step.parse::<usize>().ok()?)?.node)
            }
            _ => None,
        }
    }

    /// Returns the line and column of a byte, both from 1, the column in characters.
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &self.text[..offset];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
        (line, before[line_start..].chars().count() + 1)
    }

    /// Returns the innermost value whose text holds a byte.
    pub fn innermost(&self, offset: usize) -> Option<NodeId> {
        let mut id = self.root().filter(|id| self.spans(*id, offset))?;
        loop {
            let children = self.children(id);
            let at =
                children.partition_point(|child| self.nodes[child.node.index()].start as usize <= offset);
            match at.checked_sub(1).map(|at| children[at].node).filter(|inner| self.spans(*inner, offset)) {
                Some(inner) => id = inner,
                None => return Some(id),
            }
        }
    }

    fn spans(&self, id: NodeId, offset: usize) -> bool {
        let span = self.span(id);
        span.start <= offset && offset < span.end
    }
}
