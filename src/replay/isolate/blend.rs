//! Two bodies woven into one: for every set of differences the body that has just these, and is good elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::comparison::Comparison;
use crate::json::document::{Child, Document, Kind, NodeId};
use crate::json::write::{self, quoted};

/// The woven bodies. Differences are numbered from 0 in the order of the text.
#[derive(Debug)]
pub(super) struct Blend {
    root: Node,
    /// Values that stand at one place in the good body and at another in the candidate's.
    moved: Vec<Node>,
    /// How many differences there are.
    pub(super) count: usize,
}

#[derive(Debug)]
enum Node {
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

#[derive(Debug)]
struct Slot {
    when: When,
    node: Node,
}

/// In which bodies a member or element stands.
#[derive(Clone, Debug)]
enum When {
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
            let mut weaver =
                Weaver { comparison, follow, places: BTreeMap::new(), moved: Vec::new(), count: 0 };
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

#[derive(Clone, Copy, Eq, PartialEq)]
enum Side {
    Good,
    Candidate,
}

struct Weaver<'a> {
    comparison: &'a Comparison,
    follow: bool,
    /// By good node: the difference and the number of a moved value.
    places: BTreeMap<NodeId, (usize, usize)>,
    moved: Vec<Node>,
    count: usize,
}

impl<'a> Weaver<'a> {
    fn good(&self) -> &'a Document {
        &self.comparison.good
    }

    fn candidate(&self) -> &'a Document {
        &self.comparison.candidate
    }

    fn atom(&mut self) -> usize {
        self.count += 1;
        self.count - 1
    }

    fn partner(&self, side: Side, node: NodeId) -> Option<NodeId> {
        match side {
            _ if !self.follow => None,
            Side::Good => self.comparison.partner_of_good(node),
            Side::Candidate => self.comparison.partner_of_candidate(node),
        }
    }

    fn root(&mut self, good: NodeId, candidate: NodeId) -> Node {
        let (down, up) = (self.partner(Side::Good, good), self.partner(Side::Candidate, candidate));
        if let Some(inner) = down.filter(|inner| *inner != candidate) {
            return self.around(self.candidate(), candidate, inner, true, good, inner);
        }
        if let Some(inner) = up.filter(|inner| *inner != good) {
            return self.around(self.good(), good, inner, false, inner, candidate);
        }
        self.pair(good, candidate)
    }

    /// The whole of one side corresponds to a part of the other: what is around that part is one difference.
    fn around(
        &mut self,
        document: &Document,
        outer: NodeId,
        inner: NodeId,
        candidate: bool,
        good_part: NodeId,
        candidate_part: NodeId,
    ) -> Node {
        let (outer, inner) = (document.span(outer), document.span(inner));
        let text = |from: usize, to: usize| document.text().get(from..to).unwrap_or_default().to_owned();
        let (before, after) = (text(outer.start, inner.start), text(inner.end, outer.end));
        let atom = self.atom();
        let inner = Box::new(self.pair(good_part, candidate_part));
        Node::Around { atom, candidate, before, inner, after }
    }

    fn pair(&mut self, g: NodeId, c: NodeId) -> Node {
        let (good, candidate) = (self.good(), self.candidate());
        match (good.kind(g), candidate.kind(c)) {
            (Kind::Object, Kind::Object) => self.object(g, c),
            (Kind::Array, Kind::Array) => self.array(g, c),
            (kind, Kind::Array)
                if one(candidate, c).is_some_and(|inner| candidate.kind(inner).is_same_type(kind)) =>
            {
                let inner = candidate.children(c)[0].node;
                let atom = self.atom();
                let inner = Box::new(self.pair(g, inner));
                Node::Around { atom, candidate: true, before: "[".into(), inner, after: "]".into() }
            }
            (Kind::Array, kind) if one(good, g).is_some_and(|inner| good.kind(inner).is_same_type(kind)) => {
                let inner = good.children(g)[0].node;
                let atom = self.atom();
                let inner = Box::new(self.pair(inner, c));
                Node::Around { atom, candidate: false, before: "[".into(), inner, after: "]".into() }
            }
            _ => self.choice(g, c),
        }
    }

    fn choice(&mut self, g: NodeId, c: NodeId) -> Node {
        let (good, candidate) = (write::compact(self.good(), g), write::compact(self.candidate(), c));
        if good == candidate {
            return Node::Text(good);
        }
        Node::Choice { atom: self.atom(), good, candidate }
    }

    fn object(&mut self, g: NodeId, c: NodeId) -> Node {
        let (good, candidate) = (self.good(), self.candidate());
        let mut members = Vec::new();
        let mut done = BTreeSet::new();
        for child in good.children(g) {
            let key = good.key(child).to_owned();
            let same = candidate.members(c).find(|(other, _)| *other == key).map(|(_, node)| node);
            let slot = match (self.partner(Side::Good, child.node), same) {
                _ if child.shadowed => self.only(Side::Good, child.node),
                (Some(partner), Some(same)) if partner == same => {
                    done.insert(same);
                    Slot { when: When::Always, node: self.pair(child.node, same) }
                }
                (None, Some(same)) if self.partner(Side::Candidate, same).is_none() => {
                    done.insert(same);
                    Slot { when: When::Always, node: self.pair(child.node, same) }
                }
                (Some(partner), _) => self.elsewhere(Side::Good, child.node, partner),
                (None, _) => self.only(Side::Good, child.node),
            };
            members.push((key, slot));
        }
        let mut shadowed = 0;
        for child in candidate.children(c).iter().filter(|child| !done.contains(&child.node)) {
            let key = candidate.key(child).to_owned();
            let slot = self.own(Side::Candidate, child);
            if child.shadowed {
                // of equal keys the last one counts, so this one has to stand first
                members.insert(shadowed, (key, slot));
                shadowed += 1;
            } else {
                members.push((key, slot));
            }
        }
        Node::Object(members)
    }

    /// A member or element that the other side has not at this place.
    fn own(&mut self, side: Side, child: &Child) -> Slot {
        match self.partner(side, child.node).filter(|_| !child.shadowed) {
            Some(partner) if side == Side::Good => self.elsewhere(side, child.node, partner),
            Some(partner) => self.elsewhere(side, partner, child.node),
            None => self.only(side, child.node),
        }
    }

    /// A value that stands elsewhere on the other side.
    fn elsewhere(&mut self, side: Side, g: NodeId, c: NodeId) -> Slot {
        let (atom, index) = match self.places.get(&g) {
            Some(known) => *known,
            None => {
                let atom = self.atom();
                let index = self.moved.len();
                self.moved.push(Node::Text(String::new()));
                self.places.insert(g, (atom, index));
                self.moved[index] = self.pair(g, c);
                (atom, index)
            }
        };
        let when = if side == Side::Good { When::Good(atom) } else { When::Candidate(atom) };
        Slot { when, node: Node::Moved(index) }
    }

    /// A value that only one side has; parts of it may stand elsewhere on the other.
    fn only(&mut self, side: Side, node: NodeId) -> Slot {
        let document = if side == Side::Good { self.good() } else { self.candidate() };
        if !self.has_moved(side, document, node) {
            let atom = self.atom();
            let when = if side == Side::Good { When::Good(atom) } else { When::Candidate(atom) };
            return Slot { when, node: Node::Text(write::compact(document, node)) };
        }
        let mut own = None;
        self.shell(side, document, node, &mut own)
    }

    fn shell(&mut self, side: Side, document: &Document, node: NodeId, own: &mut Option<usize>) -> Slot {
        let mut atoms = Vec::new();
        let mut slots = Vec::new();
        for child in document.children(node) {
            let slot = if !child.shadowed && self.partner(side, child.node).is_some() {
                self.own(side, child)
            } else if self.has_moved(side, document, child.node) {
                self.shell(side, document, child.node, own)
            } else {
                let atom = match *own {
                    Some(atom) => atom,
                    None => *own.insert(self.atom()),
                };
                let when = if side == Side::Good { When::Good(atom) } else { When::Candidate(atom) };
                Slot { when, node: Node::Text(write::compact(document, child.node)) }
            };
            match &slot.when {
                When::Good(atom) | When::Candidate(atom) => atoms.push(*atom),
                When::GoodShell(inner) | When::CandidateShell(inner) => atoms.extend(inner),
                When::Always => {}
            }
            slots.push((document.key(child).to_owned(), slot));
        }
        let node = if document.kind(node) == Kind::Object {
            Node::Object(slots)
        } else {
            Node::Array(slots.into_iter().map(|(_, slot)| slot).collect())
        };
        let when = if side == Side::Good { When::GoodShell(atoms) } else { When::CandidateShell(atoms) };
        Slot { when, node }
    }

    fn has_moved(&self, side: Side, document: &Document, node: NodeId) -> bool {
        self.follow
            && (node.0 + 1..document.behind(node).0).any(|inner| self.partner(side, NodeId(inner)).is_some())
    }

    fn array(&mut self, g: NodeId, c: NodeId) -> Node {
        let (good, candidate) = (self.good(), self.candidate());
        let (own, others) = (good.children(g), candidate.children(c));
        // by good element: the place of its partner in the candidate's array
        let partners: Vec<Option<usize>> = own
            .iter()
            .map(|child| {
                let partner = self.partner(Side::Good, child.node)?;
                others.iter().position(|other| other.node == partner)
            })
            .collect();
        let level = own.len() == others.len()
            && own.iter().enumerate().all(|(at, child)| {
                partners[at] == Some(at)
                    || (self.partner(Side::Good, child.node).is_none()
                        && self.partner(Side::Candidate, others[at].node).is_none())
            });
        if level {
            let pairs = own.iter().zip(others);
            return Node::Array(
                pairs.map(|(a, b)| Slot { when: When::Always, node: self.pair(a.node, b.node) }).collect(),
            );
        }
        if !self.follow {
            return self.aligned_by_index(own, others);
        }
        let known: Vec<usize> = partners.iter().flatten().copied().collect();
        if known.windows(2).any(|two| two[0] > two[1]) {
            return self.choice(g, c);
        }
        let mut slots = Vec::new();
        let mut next = 0;
        for (child, partner) in own.iter().zip(&partners) {
            match partner {
                Some(at) => {
                    for other in &others[next..*at] {
                        slots.push(self.own(Side::Candidate, other));
                    }
                    next = at + 1;
                    slots.push(Slot { when: When::Always, node: self.pair(child.node, others[*at].node) });
                }
                None => slots.push(self.own(Side::Good, child)),
            }
        }
        for other in &others[next..] {
            slots.push(self.own(Side::Candidate, other));
        }
        Node::Array(slots)
    }

    fn aligned_by_index(&mut self, own: &[Child], others: &[Child]) -> Node {
        let mut slots = Vec::new();
        for at in 0..own.len().max(others.len()) {
            slots.push(match (own.get(at), others.get(at)) {
                (Some(a), Some(b)) => Slot { when: When::Always, node: self.pair(a.node, b.node) },
                (Some(a), None) => self.only(Side::Good, a.node),
                (None, Some(b)) => self.only(Side::Candidate, b.node),
                (None, None) => break,
            });
        }
        Node::Array(slots)
    }
}

fn one(document: &Document, array: NodeId) -> Option<NodeId> {
    match document.children(array) {
        [only] => Some(only.node),
        _ => None,
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
