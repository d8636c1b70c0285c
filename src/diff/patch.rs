//! The RFC 6902 patch that turns the candidate into the good body.

use crate::diff::comparison::Comparison;
use crate::diff::indexed::IndexedBody;
use crate::json::document::{Kind, NodeId};
use crate::json::pointer::Pointer;
use crate::json::write::{compact, quoted};

/// One operation of RFC 6902; values are JSON text of the good body.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Operation {
    /// Adds a member or element.
    Add {
        /// Where.
        path: Pointer,
        /// The value as JSON text.
        value: String,
    },
    /// Takes a member or element away.
    Remove {
        /// Where.
        path: Pointer,
    },
    /// Puts a value in the place of another.
    Replace {
        /// Where.
        path: Pointer,
        /// The value as JSON text.
        value: String,
    },
    /// Takes a value away and adds it elsewhere.
    Move {
        /// From where.
        from: Pointer,
        /// To where.
        path: Pointer,
    },
}

/// Returns the operations that turn the candidate into the good body, to be applied in order.
///
/// Equal values are compared as the findings compare them, so that another spelling of a number stays.
/// Renamed members and a body in an envelope are moved, then mended in place; other moved values are removed
/// and added. `None` where one of the bodies is no JSON.
pub fn patch(comparison: &Comparison) -> Option<Vec<Operation>> {
    if !(comparison.good.is_json() && comparison.candidate.is_json()) {
        return None;
    }
    let (good, candidate) =
        (IndexedBody::new(comparison.good.clone()), IndexedBody::new(comparison.candidate.clone()));
    let (g, mut c) = (good.doc.root()?, candidate.doc.root()?);
    let mut patch = Patch { good: &good, candidate: &candidate, comparison, operations: Vec::new() };
    if let Some(inner) = comparison.partner_of_good(g).filter(|inner| candidate.doc.parent(*inner).is_some())
        && good.kind(g) == candidate.kind(inner)
        && comparison.partner_of_candidate(c).is_none()
    {
        patch.operations.push(Operation::Move { from: candidate.doc.pointer(inner), path: Pointer::root() });
        c = inner;
    }
    patch.run(g, c);
    Some(patch.operations)
}

/// Returns the operations as the JSON document of RFC 6902, one operation a line.
pub fn to_json(operations: &[Operation]) -> String {
    let text = |pointer: &Pointer| quoted(pointer.as_str());
    let lines: Vec<String> = operations
        .iter()
        .map(|operation| match operation {
            Operation::Add { path, value } => {
                format!(r#"  {{"op":"add","path":{},"value":{value}}}"#, text(path))
            }
            Operation::Remove { path } => format!(r#"  {{"op":"remove","path":{}}}"#, text(path)),
            Operation::Replace { path, value } => {
                format!(r#"  {{"op":"replace","path":{},"value":{value}}}"#, text(path))
            }
            Operation::Move { from, path } => {
                format!(r#"  {{"op":"move","from":{},"path":{}}}"#, text(from), text(path))
            }
        })
        .collect();
    if lines.is_empty() { "[]\n".to_owned() } else { format!("[\n{}\n]\n", lines.join(",\n")) }
}

struct Patch<'a> {
    good: &'a IndexedBody,
    candidate: &'a IndexedBody,
    comparison: &'a Comparison,
    operations: Vec<Operation>,
}

impl Patch<'_> {
    fn run(&mut self, g: NodeId, c: NodeId) {
        let mut work = vec![(g, c, Pointer::root())];
        while let Some((g, c, place)) = work.pop() {
            let (kind_g, kind_c) = (self.good.kind(g), self.candidate.kind(c));
            if kind_g.is_same_type(kind_c) && self.good.hash(g) == self.candidate.hash(c) {
                continue;
            }
            match (kind_g, kind_c) {
                (Kind::Object, Kind::Object) => self.objects(g, c, &place, &mut work),
                (Kind::Array, Kind::Array) => self.arrays(g, c, &place, &mut work),
                _ => {
                    let value = compact(&self.good.doc, g);
                    self.operations.push(Operation::Replace { path: place, value });
                }
            }
        }
    }

    fn objects(&mut self, g: NodeId, c: NodeId, place: &Pointer, work: &mut Vec<(NodeId, NodeId, Pointer)>) {
        let wanted: Vec<(&str, NodeId)> = self.good.doc.members(g).collect();
        let mut sorted: Vec<(&str, NodeId)> = wanted.clone();
        sorted.sort_unstable();
        let find =
            |key: &str| sorted.binary_search_by_key(&key, |(known, _)| known).ok().map(|at| sorted[at].1);
        let mut kept: Vec<NodeId> = Vec::new();
        for (key, value) in self.candidate.doc.members(c) {
            let path = place.member(key);
            if let Some(same) = find(key) {
                kept.push(same);
                work.push((same, value, path));
                continue;
            }
            // a renamed member keeps its value; the good key is free, or equal keys would have been paired
            let renamed = self.comparison.partner_of_candidate(value).filter(|partner| {
                let doc = &self.good.doc;
                let free =
                    self.candidate.doc.members(c).all(|(other, _)| Some(other) != doc.key_of(*partner));
                doc.parent(*partner) == Some(g) && free && !kept.contains(partner)
            });
            match renamed.and_then(|partner| Some((partner, self.good.doc.key_of(partner)?))) {
                Some((partner, good_key)) => {
                    let to = place.member(good_key);
                    self.operations.push(Operation::Move { from: path, path: to.clone() });
                    kept.push(partner);
                    work.push((partner, value, to));
                }
                None => self.operations.push(Operation::Remove { path }),
            }
        }
        kept.sort_unstable();
        for (key, value) in wanted {
            if kept.binary_search(&value).is_err() {
                let value = compact(&self.good.doc, value);
                self.operations.push(Operation::Add { path: place.member(key), value });
            }
        }
    }

    /// Equal elements at both ends stay; of the rest as many as possible are mended in place, and what is too
    /// much is taken away from the end.
    fn arrays(&mut self, g: NodeId, c: NodeId, place: &Pointer, work: &mut Vec<(NodeId, NodeId, Pointer)>) {
        let own: Vec<NodeId> = self.good.values(g).collect();
        let others: Vec<NodeId> = self.candidate.values(c).collect();
        let same = |(a, b): &(&NodeId, &NodeId)| self.good.hash(**a) == self.candidate.hash(**b);
        let head = own.iter().zip(&others).take_while(same).count();
        let tail = own[head..].iter().rev().zip(others[head..].iter().rev()).take_while(same).count();
        let (middle_g, middle_c) = (head..own.len() - tail, head..others.len() - tail);
        let common = middle_g.len().min(middle_c.len());
        for at in (head + common..middle_c.end).rev() {
            self.operations.push(Operation::Remove { path: place.element(at) });
        }
        for (at, id) in own.iter().enumerate().take(middle_g.end).skip(head + common) {
            let value = compact(&self.good.doc, *id);
            self.operations.push(Operation::Add { path: place.element(at), value });
        }
        work.extend((head..head + common).map(|at| (own[at], others[at], place.element(at))));
    }
}
