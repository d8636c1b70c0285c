//! Two bodies woven into one: for every set of differences the body that has just these, and is good elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::comparison::Comparison;
use crate::json::document::{Document, Kind, NodeId};
use crate::json::write::{self, quoted};
use crate::replay::isolate::weave::Weaver;

/// The woven bodies. Differences are numbered from 0 in the order of the text.
#[derive(Debug)]
pub(super) struct Blend {
    root: Node,
    /// Values that stand at one place in the good body and at another in the candidate's.
    moved: Vec<Node>,
    /// How many differences there are.
    pub(super) count: usize,
}

/// A part of the woven bodies.
#[derive(Debug)]
pub(super) enum Node {
    /// The same in both.
    Text(String),
    /// One or the other.
    Choice {
        atom: usize,
        good: String,
        candidate: String,
    },
    Object(Vec<(String, Slot)>),
    Array(Vec<Slot>),
    /// The moved value of this number.
    Moved(usize),
    /// Something around a value that only one side has; `candidate` says which.
    Around {
        atom: usize,
        candidate: bool,
        before: String,
        inner: Box<Self>,
        after: String,
    },
}

/// A member or element.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) when: When,
    pub(super) node: Node,
}

/// In which bodies a member or element stands.
#[derive(Clone, Debug)]
pub(super) enum When {
    Always,
    /// Unless the difference is there.
    Good(usize),
    /// If the difference is there.
    Candidate(usize),
    /// A container that only the good body has: unless all of these are there.
    GoodShell(Vec<usize>),
    /// A container that only the candidate has: if any of these is there.
    CandidateShell(Vec<usize>),
}

/// Deeper bodies are not taken apart.
const DEEPEST: usize = 200;

impl Blend {
    /// Weaves the two bodies of a comparison; `None` if they are no JSON or too deep.
    pub(super) fn of(comparison: &Comparison) -> Option<Self> {
        let (good, candidate) = (&comparison.good, &comparison.candidate);
        if !good.is_json() || !candidate.is_json() || is_deep(good) || is_deep(candidate) {
            return None;
        }
        let (good_root, candidate_root) = (good.root()?, candidate.root()?);
        // Correspondences make a rename one difference. Where they do not add up, places alone decide.
        [true, false].into_iter().find_map(|follow| {
            let mut weaver = Weaver::new(comparison, follow);
            let root = weaver.root(good_root, candidate_root);
            let blend = Self { root, moved: weaver.moved, count: weaver.count };
            let all: BTreeSet<usize> = (0..blend.count).collect();
            let sound = is_equal(&blend.body(&BTreeSet::new()), good, good_root)
                && is_equal(&blend.body(&all), candidate, candidate_root);
            sound.then_some(blend)
        })
    }

    /// Returns the body that has these differences.
    pub(super) fn body(&self, present: &BTreeSet<usize>) -> String {
        let mut out = String::new();
        self.write(&self.root, present, &mut out);
        out
    }

    /// Every moved value stands at exactly one place, so this ends; the depth is bounded by [`DEEPEST`].
    fn write(&self, node: &Node, present: &BTreeSet<usize>, out: &mut String) {
        match node {
            Node::Text(text) => out.push_str(text),
            Node::Choice { atom, good, candidate } => {
                out.push_str(if present.contains(atom) { candidate } else { good });
            }
            Node::Moved(index) => self.write(&self.moved[*index], present, out),
            Node::Around { atom, candidate, before, inner, after } => {
                let there = present.contains(atom) == *candidate;
                out.push_str(if there { before } else { "" });
                self.write(inner, present, out);
                out.push_str(if there { after } else { "" });
            }
            Node::Object(members) => {
                let mut comma = '{';
                for (key, slot) in members.iter().filter(|(_, slot)| slot.when.holds(present)) {
                    out.push(comma);
                    comma = ',';
                    out.push_str(&quoted(key));
                    out.push(':');
                    self.write(&slot.node, present, out);
                }
                out.push_str(if comma == '{' { "{}" } else { "}" });
            }
            Node::Array(elements) => {
                let mut comma = '[';
                for slot in elements.iter().filter(|slot| slot.when.holds(present)) {
                    out.push(comma);
                    comma = ',';
                    self.write(&slot.node, present, out);
                }
                out.push_str(if comma == '[' { "[]" } else { "]" });
            }
        }
    }
}

impl When {
    fn holds(&self, present: &BTreeSet<usize>) -> bool {
        match self {
            Self::Always => true,
            Self::Good(atom) => !present.contains(atom),
            Self::Candidate(atom) => present.contains(atom),
            Self::GoodShell(atoms) => atoms.iter().any(|atom| !present.contains(atom)),
            Self::CandidateShell(atoms) => atoms.iter().any(|atom| present.contains(atom)),
        }
    }
}

fn is_deep(document: &Document) -> bool {
    let mut depths: Vec<usize> = Vec::with_capacity(document.len());
    let count = u32::try_from(document.len()).unwrap_or(u32::MAX);
    (0..count).any(|id| {
        let depth = document.parent(NodeId(id)).map_or(0, |parent| depths[parent.index()] + 1);
        depths.push(depth);
        depth > DEEPEST
    })
}

/// Compares by what counts: members by key whatever their order, numbers by their lexemes.
fn is_equal(text: &str, document: &Document, root: NodeId) -> bool {
    fn sorted(document: &Document, id: NodeId) -> String {
        match document.kind(id) {
            Kind::Object => {
                let members: BTreeMap<&str, NodeId> = document.members(id).collect();
                let parts: Vec<String> = members
                    .iter()
                    .map(|(key, value)| format!("{}:{}", quoted(key), sorted(document, *value)))
                    .collect();
                format!("{{{}}}", parts.join(","))
            }
            Kind::Array => {
                let parts: Vec<String> =
                    document.children(id).iter().map(|child| sorted(document, child.node)).collect();
                format!("[{}]", parts.join(","))
            }
            _ => write::compact(document, id),
        }
    }
    let written = Document::parse(text.as_bytes());
    written.root().is_some_and(|other| sorted(&written, other) == sorted(document, root))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff;

    fn blend(good: &str, candidate: &str) -> Blend {
        let comparison = diff::bodies(good.as_bytes(), candidate.as_bytes(), &diff::Options::default());
        Blend::of(&comparison).unwrap()
    }

    fn each(good: &str, candidate: &str) -> Vec<String> {
        let blend = blend(good, candidate);
        (0..blend.count).map(|atom| blend.body(&BTreeSet::from([atom]))).collect()
    }

    #[test]
    fn every_difference_can_be_had_alone() {
        assert_eq!(
            each(r#"{"a":1,"b":"x","t":["p","q"]}"#, r#"{"a":null,"c":true,"b":"x","t":["p"]}"#),
            [
                r#"{"a":null,"b":"x","t":["p","q"]}"#,
                r#"{"a":1,"b":"x","t":["p"]}"#,
                r#"{"a":1,"b":"x","t":["p","q"],"c":true}"#,
            ]
        );
    }

    #[test]
    fn a_rename_and_a_move_are_one_difference_each() {
        let renamed = each(r#"{"codeId":"7fb334b0","n":1}"#, r#"{"code_id":"7fb334b0","n":1}"#);
        assert_eq!(renamed, [r#"{"n":1,"code_id":"7fb334b0"}"#]);
        let moved = each(
            r#"{"codeId":"7fb334b0-0e9e-11e4-9191-0800200c9a66","durationMs":120000}"#,
            r#"{"wrapUpCode":{"codeId":"7fb334b0-0e9e-11e4-9191-0800200c9a66"},"durationMs":120000}"#,
        );
        assert_eq!(
            moved,
            [r#"{"durationMs":120000,"wrapUpCode":{"codeId":"7fb334b0-0e9e-11e4-9191-0800200c9a66"}}"#]
        );
    }

    #[test]
    fn a_body_inside_another_is_one_difference_and_what_is_wrong_inside_others() {
        let bodies = each(
            r#"{"code":"7fb334b0-0e9e-11e4-9191-0800200c9a66","durationSeconds":5,"notes":"abc"}"#,
            r#"{"wrapup":{"code":"7fb334b0-0e9e-11e4-9191-0800200c9a66","durationSeconds":5,"notes":null}}"#,
        );
        assert!(
            bodies.iter().any(|body| body.ends_with(r#""notes":null}"#) && !body.contains("wrapup")),
            "{bodies:?}"
        );
    }

    #[test]
    fn a_duplicate_key_is_a_difference() {
        assert_eq!(each(r#"{"a":1}"#, r#"{"a":2,"a":1}"#), [r#"{"a":2,"a":1}"#]);
    }

    #[test]
    fn wrapping_in_an_array_and_a_difference_inside_are_told_apart() {
        let bodies = each(r#"{"a":{"b":1,"c":2}}"#, r#"{"a":[{"b":1,"c":"2"}]}"#);
        assert!(bodies.contains(&r#"{"a":[{"b":1,"c":2}]}"#.to_owned()), "{bodies:?}");
    }
}
