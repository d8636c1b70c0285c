//! Builds the arena while the parser runs.

use crate::json::document::{Child, Document, Kind, Limit, NONE, Node, NodeId};
use crate::json::text;

/// How a container ends.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Ending {
    Bracket,
    /// The text breaks off inside it.
    Cut,
}

#[derive(Debug, Default)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    children: Vec<Child>,
    decoded: Vec<Box<str>>,
    open: Vec<Open>,
    /// Children of the open containers, innermost last.
    pending: Vec<Child>,
    /// The key read last.
    name: Option<(u32, u32, u32)>,
}

#[derive(Debug)]
struct Open {
    node: u32,
    base: usize,
}

impl Tree {
    pub(super) fn innermost(&self) -> Option<NodeId> {
        self.open.last().map(|open| NodeId(open.node))
    }

    pub(super) fn name(&mut self, start: usize, end: usize, text: Option<String>) {
        let text = text.map_or(NONE, |text| self.keep(text));
        self.name = Some((start as u32, end as u32, text));
    }

    fn keep(&mut self, text: String) -> u32 {
        self.decoded.push(text.into_boxed_str());
        self.decoded.len() as u32 - 1
    }

    pub(super) fn open(&mut self, bracket: u8, start: usize) {
        let kind = if bracket == b'{' { Kind::Object } else { Kind::Array };
        let node = self.add(kind, start, start + 1, NONE);
        self.open.push(Open { node: node.0, base: self.pending.len() });
    }

    pub(super) fn invalid(&mut self, start: usize, end: usize) -> NodeId {
        self.add(Kind::Invalid, start, end, NONE)
    }

    pub(super) fn scalar(&mut self, kind: Kind, start: usize, end: usize) -> NodeId {
        self.add(kind, start, end, NONE)
    }

    pub(super) fn string(&mut self, start: usize, end: usize, text: Option<String>) -> NodeId {
        let text = text.map_or(NONE, |text| self.keep(text));
        self.add(Kind::String, start, end, text)
    }

    fn add(&mut self, kind: Kind, start: usize, end: usize, first: u32) -> NodeId {
        let id = NodeId(self.nodes.len() as u32);
        let parent = self.open.last().map_or(NONE, |open| open.node);
        self.nodes.push(Node {
            kind,
            cut: false,
            start: start as u32,
            end: end as u32,
            parent,
            slot: 0,
            first,
            count: 0,
            behind: id.0 + 1,
        });
        let (key_start, key_end, key_text) = match self.open.last() {
            Some(open) if self.nodes[open.node as usize].kind == Kind::Object => {
                self.name.take().unwrap_or((start as u32, start as u32, NONE))
            }
            Some(_) => (0, 0, NONE),
            None => return id,
        };
        self.pending.push(Child { key_start, key_end, key_text, node: id, shadowed: false });
        id
    }

    pub(super) fn close(&mut self, end: usize, ending: Ending, text: &str) {
        let Some(open) = self.open.pop() else { return };
        let first = self.children.len();
        self.children.extend(self.pending.drain(open.base..));
        for (slot, child) in self.children[first..].iter().enumerate() {
            self.nodes[child.node.index()].slot = slot as u32;
        }
        let behind = self.nodes.len() as u32;
        let node = &mut self.nodes[open.node as usize];
        node.first = first as u32;
        node.count = (self.children.len() - first) as u32;
        node.end = end as u32;
        node.behind = behind;
        node.cut = ending == Ending::Cut;
        if node.kind == Kind::Object {
            self.shadow(first, text);
        }
    }

    /// Marks every member that a later one of the same object replaces.
    fn shadow(&mut self, first: usize, text: &str) {
        let members = &self.children[first..];
        let key = |child: &Child| -> &str {
            match self.decoded.get(child.key_text as usize) {
                Some(decoded) => decoded,
                None => text::inside_quotes(&text[child.key_start as usize..child.key_end as usize]),
            }
        };
        let mut order: Vec<usize> = (0..members.len()).collect();
        order.sort_by(|a, b| key(&members[*a]).cmp(key(&members[*b])).then(a.cmp(b)));
        let shadowed: Vec<usize> = order
            .windows(2)
            .filter(|pair| key(&members[pair[0]]) == key(&members[pair[1]]))
            .map(|pair| pair[0])
            .collect();
        for at in shadowed {
            self.children[first + at].shadowed = true;
        }
    }

    pub(super) fn into_document(self, text: String, beyond: Option<Limit>) -> Document {
        let kept = beyond.is_none();
        Document {
            text,
            nodes: if kept { self.nodes } else { Vec::new() },
            children: if kept { self.children } else { Vec::new() },
            decoded: self.decoded,
            faults: Vec::new(),
            beyond,
        }
    }
}
