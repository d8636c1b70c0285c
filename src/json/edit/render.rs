//! Writes a text with its edits: untouched values as they are, and of touched containers what is left and
//! added.

use crate::json::document::{Child, Document};
use crate::json::edit::plan::{Content, Plan, Touch};
use crate::json::edit::types::{EditError, Wrapper};
use crate::json::node::{NodeId, Span};
use crate::json::write::quoted;

/// What is still to be written.
enum Piece {
    Given(usize, usize),
    Text(String),
    Value(NodeId),
    Content(usize),
}

/// Returns the edited text.
pub(super) fn render(document: &Document, plan: &Plan<'_>) -> Result<String, EditError> {
    let text = document.text();
    let Some(root) = document.root() else { return Ok(text.to_owned()) };
    let writer = Writer { document, plan, colon: colon(document) };
    let mut out = String::with_capacity(text.len());
    let mut placed = vec![false; plan.contents.len()];
    let span = document.span(root);
    let mut pieces =
        vec![Piece::Given(span.end, text.len()), Piece::Value(root), Piece::Given(0, span.start)];
    while let Some(piece) = pieces.pop() {
        let next = match piece {
            Piece::Given(start, end) => {
                out.push_str(text.get(start..end).unwrap_or_default());
                continue;
            }
            Piece::Text(text) => {
                out.push_str(&text);
                continue;
            }
            Piece::Value(node) => writer.value(node),
            // a second time: it is inside itself
            Piece::Content(content) if placed[content] => break,
            Piece::Content(content) => {
                placed[content] = true;
                writer.content(content)
            }
        };
        pieces.extend(next.into_iter().rev());
    }
    let moved = |content: &usize| matches!(plan.contents[*content].1, Content::Node(_));
    match (0..placed.len()).filter(moved).find(|content| !placed[*content]) {
        Some(content) => Err(EditError::Lost(plan.contents[content].0.clone())),
        None if pieces.is_empty() => Ok(out),
        None => Err(EditError::Lost(document.pointer(root))),
    }
}

/// One child of a touched container.
#[derive(Clone, Copy)]
enum Item<'p> {
    /// The given child in this slot.
    Given(usize),
    Added(Option<&'p str>, usize),
}

struct Writer<'p> {
    document: &'p Document,
    plan: &'p Plan<'p>,
    /// What this text has between a key and its value.
    colon: &'p str,
}

impl Writer<'_> {
    fn value(&self, node: NodeId) -> Vec<Piece> {
        let span = self.document.span(node);
        let Some(touch) = self.plan.touched.get(&node) else {
            return vec![Piece::Given(span.start, span.end)];
        };
        let mut pieces: Vec<Piece> = touch.around.iter().rev().map(|around| self.opening(around)).collect();
        match (touch.value, touch.inner) {
            (Some(content), _) => pieces.push(Piece::Content(content)),
            (None, Some(inner)) => pieces.push(Piece::Value(inner)),
            (None, None) => self.children(node, touch, &mut pieces),
        }
        let closing = |around: &Wrapper| if *around == Wrapper::Array { "]" } else { "}" };
        pieces.extend(touch.around.iter().map(|around| Piece::Text(closing(around).to_owned())));
        pieces
    }

    fn opening(&self, around: &Wrapper) -> Piece {
        Piece::Text(match around {
            Wrapper::Object(key) => format!("{{{}{}", quoted(key), self.colon),
            Wrapper::Array => "[".to_owned(),
        })
    }

    fn content(&self, content: usize) -> Vec<Piece> {
        match &self.plan.contents[content].1 {
            Content::Text(text) => vec![Piece::Text((*text).to_owned())],
            Content::Node(node) => vec![Piece::Value(*node)],
            Content::Object(members) => {
                let mut pieces = vec![Piece::Text("{".to_owned())];
                for (at, (key, value)) in members.iter().enumerate() {
                    let comma = if at > 0 { self.comma() } else { String::new() };
                    pieces.push(Piece::Text(format!("{comma}{}{}", quoted(key), self.colon)));
                    pieces.push(Piece::Content(*value));
                }
                pieces.push(Piece::Text("}".to_owned()));
                pieces
            }
        }
    }

    /// A child keeps the white space and comma between it and what is left in front of it; what is added gets
    /// those of its neighbours.
    fn children(&self, node: NodeId, touch: &Touch, pieces: &mut Vec<Piece>) {
        let (children, span) = (self.document.children(node), self.document.span(node));
        let items = self.items(node, touch);
        if items.is_empty() && children.is_empty() {
            return pieces.push(Piece::Given(span.start, span.end));
        }
        pieces.push(Piece::Given(span.start, span.start + 1));
        if items.is_empty() {
            return pieces.push(Piece::Given(span.end - 1, span.end));
        }
        let separator = self.separator(children, span);
        let mut previous = None;
        for item in items {
            match (previous, item) {
                (None, _) => {
                    let first = children.first().map(|child| Piece::Given(span.start + 1, self.start(child)));
                    pieces.extend(first);
                }
                (Some(Item::Given(slot)), Item::Given(_)) => pieces.push(self.gap_behind(children, slot)),
                _ => pieces.push(Piece::Text(separator.clone())),
            }
            match item {
                Item::Given(slot) => self.child(&children[slot], pieces),
                Item::Added(key, content) => {
                    let key = key.map(|key| format!("{}{}", quoted(key), self.colon_of(children.last())));
                    pieces.extend(key.map(Piece::Text));
                    pieces.push(Piece::Content(content));
                }
            }
            previous = Some(item);
        }
        let end = children.last().map_or(span.end - 1, |last| self.document.span(last.node).end);
        pieces.push(Piece::Given(end, span.end));
    }

    fn items<'t>(&'t self, node: NodeId, touch: &'t Touch) -> Vec<Item<'t>> {
        let mut items = Vec::new();
        for (slot, child) in self.document.children(node).iter().enumerate() {
            let own = self.plan.touched.get(&child.node);
            items.extend(own.iter().flat_map(|own| &own.before).map(|content| Item::Added(None, *content)));
            if own.is_none_or(|own| own.gone.is_none()) {
                items.push(Item::Given(slot));
            }
        }
        items.extend(touch.added.iter().map(|(key, content)| Item::Added(key.as_deref(), *content)));
        items
    }

    fn child(&self, child: &Child, pieces: &mut Vec<Piece>) {
        let value = self.document.span(child.node);
        let new_key = self.plan.touched.get(&child.node).and_then(|own| own.key.as_ref());
        match (new_key, self.document.key_span(child)) {
            (Some(key), Some(old)) => {
                pieces.extend([Piece::Text(quoted(key)), Piece::Given(old.end, value.start)]);
            }
            _ => pieces.push(Piece::Given(self.start(child), value.start)),
        }
        pieces.push(Piece::Value(child.node));
    }

    fn start(&self, child: &Child) -> usize {
        self.document.key_span(child).unwrap_or(self.document.span(child.node)).start
    }

    fn gap_behind(&self, children: &[Child], slot: usize) -> Piece {
        Piece::Given(self.document.span(children[slot].node).end, self.start(&children[slot + 1]))
    }

    fn given(&self, start: usize, end: usize) -> &str {
        self.document.text().get(start..end).unwrap_or_default()
    }

    /// The comma and white space in front of the last child; of a single one, the white space in front of it.
    fn separator(&self, children: &[Child], span: Span) -> String {
        match children {
            [] => self.comma(),
            [only] => match self.given(span.start + 1, self.start(only)) {
                "" => self.comma(),
                space => format!(",{space}"),
            },
            [.., last_but_one, last] => {
                self.given(self.document.span(last_but_one.node).end, self.start(last)).to_owned()
            }
        }
    }

    fn colon_of(&self, child: Option<&Child>) -> &str {
        let key = child.and_then(|child| Some((self.document.key_span(child)?, child.node)));
        key.map_or(self.colon, |(key, node)| self.given(key.end, self.document.span(node).start))
    }

    fn comma(&self) -> String {
        self.colon.trim_start().replace(':', ",")
    }
}

/// What the first member of the text has between key and value, if it is on one line.
fn colon(document: &Document) -> &str {
    let gap = document.first_member().and_then(|child| {
        let start = document.span(child.node).start;
        document.text().get(document.key_span(child)?.end..start)
    });
    gap.filter(|gap| gap.trim_matches([' ', ':']).is_empty()).unwrap_or(":")
}
