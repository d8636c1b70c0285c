//! Formats both bodies alike, the candidate's members in the order of their partners: the remaining
//! differences are in content, never in key order, spacing or spelling.

use std::collections::BTreeMap;

use crate::diff::comparison::Comparison;
use crate::json::document::{Child, Document, Kind, NodeId};
use crate::json::number::Number;
use crate::json::pretty::MAX_INDENT;
use crate::json::write::quoted;
use crate::report::safe;

/// A formatted body.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Aligned {
    /// The lines, without line feeds.
    pub(super) lines: Vec<AlignedLine>,
}

/// One line: indentation, key, value or bracket, comma.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct AlignedLine {
    /// In the order of the line.
    pub(super) pieces: Vec<LinePiece>,
    /// The value that begins or ends in this line.
    pub(super) edge: Option<LineEdge>,
}

/// Which line of a value it is.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum LineEdge {
    /// Its only line, or its first.
    First(NodeId),
    /// The line with its closing bracket.
    Last(NodeId),
}

/// A piece of a line, safe to print.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct LinePiece {
    /// What is shown.
    pub(super) text: String,
    /// The value it belongs to; `None` for punctuation and indentation.
    pub(super) node: Option<NodeId>,
}

impl AlignedLine {
    fn begin(depth: usize, edge: LineEdge) -> Self {
        Self { pieces: vec![punctuation(&"  ".repeat(depth.min(MAX_INDENT)))], edge: Some(edge) }
    }

    /// Returns the whole line.
    pub(super) fn text(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }

    /// Returns the line without the comma at its end, which is not part of the value before it.
    pub(super) fn content(&self) -> String {
        let comma = self.pieces.last().is_some_and(|piece| piece.node.is_none() && piece.text == ",");
        self.pieces[..self.pieces.len() - usize::from(comma)]
            .iter()
            .map(|piece| piece.text.as_str())
            .collect()
    }

    /// Returns the values that the pieces of this line belong to.
    pub(super) fn nodes(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.pieces.iter().filter_map(|piece| piece.node)
    }
}

/// Formats the good body in its own order.
pub(super) fn good(comparison: &Comparison) -> Aligned {
    let good = &comparison.good;
    formatted(good, &|_, children| children, &|id| scalar(good, id))
}

/// Formats the candidate in the order of the good body.
pub(super) fn candidate(comparison: &Comparison) -> Aligned {
    let Comparison { good, candidate, .. } = comparison;
    let order = |id: NodeId, children: Vec<Child>| match comparison.partner_of_candidate(id) {
        Some(partner) if candidate.kind(id) == Kind::Object => in_order_of(children, partner, comparison),
        _ => children,
    };
    let value = |id: NodeId| match comparison.partner_of_candidate(id) {
        Some(partner) if is_same_number(candidate, id, good, partner) => scalar(good, partner),
        _ => scalar(candidate, id),
    };
    formatted(candidate, &order, &value)
}

/// Sorts members by the place of their partner in the good object; one without a partner there stays after
/// its predecessor.
fn in_order_of(mut children: Vec<Child>, partner: NodeId, comparison: &Comparison) -> Vec<Child> {
    let good = &comparison.good;
    let mut last = 0;
    let keys: BTreeMap<NodeId, usize> = children
        .iter()
        .map(|child| {
            let own = comparison.partner_of_candidate(child.node);
            if let Some(other) = own.filter(|other| good.parent(*other) == Some(partner)) {
                last = good.slot(other) + 1;
            }
            (child.node, last)
        })
        .collect();
    children.sort_by_key(|child| keys[&child.node]);
    children
}

fn is_same_number(candidate: &Document, id: NodeId, good: &Document, partner: NodeId) -> bool {
    candidate.kind(id) == Kind::Number
        && good.kind(partner) == Kind::Number
        && Number::parse(candidate.lexeme(id)) == Number::parse(good.lexeme(partner))
}

fn scalar(document: &Document, id: NodeId) -> String {
    match document.kind(id) {
        Kind::String => safe::line(&quoted(document.string(id))).into_owned(),
        _ => safe::line(document.lexeme(id)).into_owned(),
    }
}

/// A container whose children are still to be written.
struct OpenContainer {
    id: NodeId,
    children: std::vec::IntoIter<Child>,
    comma: bool,
}

/// Formats without recursion; a text that could not be parsed is shown as it is.
fn formatted(
    document: &Document,
    order: &dyn Fn(NodeId, Vec<Child>) -> Vec<Child>,
    value: &dyn Fn(NodeId) -> String,
) -> Aligned {
    let Some(root) = document.root() else { return raw(document.text()) };
    let mut lines = Vec::new();
    let mut stack: Vec<OpenContainer> = Vec::new();
    let mut next = Some((root, None, false));
    loop {
        if let Some((id, key, comma)) = next.take() {
            let mut line = AlignedLine::begin(stack.len(), LineEdge::First(id));
            if let Some(key) = key {
                line.pieces.push(LinePiece { text: key, node: Some(id) });
                line.pieces.push(punctuation(": "));
            }
            let (open, close) = brackets(document.kind(id));
            let children = document.children(id);
            if document.kind(id).is_container() && !children.is_empty() {
                line.pieces.push(LinePiece { text: open.to_owned(), node: Some(id) });
                let children = order(id, children.to_vec()).into_iter();
                stack.push(OpenContainer { id, children, comma });
            } else {
                let text =
                    if document.kind(id).is_container() { format!("{open}{close}") } else { value(id) };
                line.pieces.push(LinePiece { text, node: Some(id) });
                line.pieces.extend(comma.then(|| punctuation(",")));
            }
            lines.push(line);
        }
        let Some(open) = stack.last_mut() else { break };
        match open.children.next() {
            Some(child) => {
                let key =
                    document.key_span(&child).map(|_| safe::line(&quoted(document.key(&child))).into_owned());
                next = Some((child.node, key, open.children.len() > 0));
            }
            None => {
                let (id, comma) = (open.id, open.comma);
                stack.pop();
                let mut line = AlignedLine::begin(stack.len(), LineEdge::Last(id));
                line.pieces
                    .push(LinePiece { text: brackets(document.kind(id)).1.to_owned(), node: Some(id) });
                line.pieces.extend(comma.then(|| punctuation(",")));
                lines.push(line);
            }
        }
    }
    Aligned { lines }
}

fn raw(text: &str) -> Aligned {
    let line = |line: &str| AlignedLine {
        pieces: vec![punctuation(&safe::line(line.trim_end_matches('\r')))],
        edge: None,
    };
    Aligned { lines: text.lines().map(line).collect() }
}

fn punctuation(text: &str) -> LinePiece {
    LinePiece { text: text.to_owned(), node: None }
}

fn brackets(kind: Kind) -> (&'static str, &'static str) {
    if kind == Kind::Array { ("[", "]") } else { ("{", "}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::{Options, bodies};

    impl Aligned {
        fn text(&self) -> String {
            self.lines.iter().map(|line| line.text() + "\n").collect()
        }
    }

    fn compared(good: &str, candidate: &str) -> Comparison {
        bodies(good.as_bytes(), candidate.as_bytes(), &Options::default())
    }

    #[test]
    fn order_spacing_and_spelling_are_those_of_good() {
        let comparison =
            compared(r#"{"a": 1.0, "b": {"x": "é"}, "c": []}"#, r#"{"c":[],"b":{"x":"\u00e9"},"a":1}"#);
        assert_eq!(candidate(&comparison).text(), good(&comparison).text());
    }

    #[test]
    fn a_renamed_member_takes_the_place_of_its_partner_and_a_new_one_follows_its_neighbour() {
        let comparison = compared(r#"{"a_b":1,"c":2}"#, r#"{"c":2,"n":null,"aB":1}"#);
        assert_eq!(candidate(&comparison).text(), "{\n  \"aB\": 1,\n  \"c\": 2,\n  \"n\": null\n}\n");
    }

    #[test]
    fn duplicates_escapes_and_broken_texts_are_shown() {
        let text = |text: &str| candidate(&compared("{}", text)).text();
        assert_eq!(text(r#"{"a":1,"a":2}"#), "{\n  \"a\": 1,\n  \"a\": 2\n}\n");
        assert_eq!(text("[\"\\u001b[2J\u{202e}\"]"), "[\n  \"\\u001b[2J\\u{202e}\"\n]\n");
        assert_eq!(text(""), "");
    }

    #[test]
    fn depth_needs_no_stack() {
        let deep = format!("{}1{}", "[".repeat(900), "]".repeat(900));
        assert_eq!(good(&compared(&deep, "1")).lines.len(), 1801);
    }
}
