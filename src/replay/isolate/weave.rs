//! Weaves two bodies into one, guided by which values the comparison found to correspond.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::comparison::Comparison;
use crate::json::document::{Child, Document, Kind, NodeId};
use crate::json::write;
use crate::replay::isolate::blend::{Node, Slot, When};

#[derive(Clone, Copy, Eq, PartialEq)]
enum Side {
    Good,
    Candidate,
}

/// Weaves, and numbers the differences as it meets them.
pub(super) struct Weaver<'a> {
    comparison: &'a Comparison,
    follow: bool,
    /// By good node: the difference and the number of a moved value.
    places: BTreeMap<NodeId, (usize, usize)>,
    pub(super) moved: Vec<Node>,
    pub(super) count: usize,
}

impl<'a> Weaver<'a> {
    /// Starts; with `follow` false, places alone decide what corresponds.
    pub(super) fn new(comparison: &'a Comparison, follow: bool) -> Self {
        Self { comparison, follow, places: BTreeMap::new(), moved: Vec::new(), count: 0 }
    }

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

    /// Weaves the two whole bodies.
    pub(super) fn root(&mut self, good: NodeId, candidate: NodeId) -> Node {
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
