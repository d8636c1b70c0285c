//! Which place of the good body corresponds to which place of the candidate, and what is wrong with each
//! pair.
//!
//! The walk goes from the root down along equal keys and along renames that cannot be mistaken. What is left
//! over is matched afterwards (`match_leftovers`), with the whole of both bodies in view, and walked in turn.

use crate::diff::arrays::{self, Alignment};
use crate::diff::classify::{self, Judgement};
use crate::diff::indexed::{IndexedBody, Siblings};
use crate::diff::renames;
use crate::json::document::{Kind, NodeId};
use crate::model::finding::Class;

/// A finding before it has a text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Raw {
    pub(crate) class: Class,
    pub(crate) good: Option<NodeId>,
    pub(crate) candidate: Option<NodeId>,
}

/// How sure it is that two values correspond.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Certainty {
    /// By key, by index, or by an identity.
    Certain,
    /// By elimination, in arrays of different length: another value says nothing.
    Guessed,
}

/// Members of two corresponding objects that found no partner by key; one side may be absent.
#[derive(Clone, Debug)]
pub(crate) struct Leftover {
    pub(crate) good: Vec<NodeId>,
    pub(crate) candidate: Vec<NodeId>,
    /// Nothing of the good side is missing: its object corresponds to `null` or `{}`, which is reported, or
    /// the candidate's text broke off inside. It may have moved.
    pub(crate) not_missing: bool,
    /// Nothing of the candidate's side is extra: the good text broke off inside.
    pub(crate) not_extra: bool,
}

/// The state of one comparison.
#[derive(Debug)]
pub(crate) struct Matching<'a> {
    pub(crate) good: &'a IndexedBody,
    pub(crate) candidate: &'a IndexedBody,
    of_good: Vec<Option<NodeId>>,
    of_candidate: Vec<Option<NodeId>>,
    work: Vec<(NodeId, NodeId, Certainty)>,
    pub(crate) leftovers: Vec<Leftover>,
    pub(crate) findings: Vec<Raw>,
}

impl<'a> Matching<'a> {
    /// Starts with no partners.
    pub(crate) fn new(good: &'a IndexedBody, candidate: &'a IndexedBody) -> Self {
        Self {
            good,
            candidate,
            of_good: vec![None; good.doc.len()],
            of_candidate: vec![None; candidate.doc.len()],
            work: Vec::new(),
            leftovers: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// The partners by good and by candidate node.
    pub(crate) fn into_partners(self) -> (Vec<Option<NodeId>>, Vec<Option<NodeId>>) {
        (self.of_good, self.of_candidate)
    }

    /// The candidate's value that corresponds to a good one.
    pub(crate) fn partner_of_good(&self, g: NodeId) -> Option<NodeId> {
        self.of_good[g.index()]
    }

    /// The good value that corresponds to one of the candidate.
    pub(crate) fn partner_of_candidate(&self, c: NodeId) -> Option<NodeId> {
        self.of_candidate[c.index()]
    }

    /// Makes two values correspond; they are compared by the next walk.
    pub(crate) fn pair(&mut self, g: NodeId, c: NodeId, certainty: Certainty) {
        self.of_good[g.index()] = Some(c);
        self.of_candidate[c.index()] = Some(g);
        self.work.push((g, c, certainty));
    }

    /// Makes two values without partner correspond under another key or parent, and says so.
    pub(crate) fn relocate(&mut self, g: NodeId, c: NodeId) {
        let parents = (self.good.doc.parent(g), self.candidate.doc.parent(c));
        let same_parent = match parents {
            (Some(parent_g), Some(parent_c)) => {
                self.partner_of_good(parent_g) == Some(parent_c)
                    || self.partner_of_candidate(parent_c) == Some(parent_g)
            }
            _ => false,
        };
        let class = if same_parent { Class::RenamedKey } else { Class::Moved };
        self.find(class, Some(g), Some(c));
        self.pair(g, c, Certainty::Certain);
    }

    pub(crate) fn find(&mut self, class: Class, good: Option<NodeId>, candidate: Option<NodeId>) {
        self.findings.push(Raw { class, good, candidate });
    }

    /// Compares every pair that waits, and what they hold.
    pub(crate) fn walk(&mut self) {
        while let Some((g, c, certainty)) = self.work.pop() {
            self.compare(g, c, certainty);
        }
    }

    fn compare(&mut self, g: NodeId, c: NodeId, certainty: Certainty) {
        match classify::judge(self.good, g, self.candidate, c) {
            Judgement::Equal | Judgement::Unreadable => {}
            Judgement::Finding(Class::ValueChanged) if certainty == Certainty::Guessed => {}
            Judgement::Finding(class) => {
                self.find(class, Some(g), Some(c));
                if matches!(class, Class::NullField | Class::EmptyValue) && self.good.kind(g).is_container() {
                    let good = self.good.values(g).collect();
                    let candidate = Vec::new();
                    self.leftovers.push(Leftover { good, candidate, not_missing: true, not_extra: true });
                }
            }
            Judgement::Objects => self.compare_objects(g, c),
            Judgement::Arrays => self.compare_arrays(g, c),
            Judgement::Wrapped(element) => {
                self.find(Class::WrappedInArray, Some(g), Some(c));
                self.of_candidate[element.index()] = Some(g);
                self.work.push((g, element, certainty));
            }
            Judgement::Unwrapped(element) => {
                self.find(Class::UnwrappedFromArray, Some(g), Some(c));
                self.of_good[element.index()] = Some(c);
                self.work.push((element, c, certainty));
            }
        }
    }

    fn compare_objects(&mut self, g: NodeId, c: NodeId) {
        let (pairs, good, candidate) = renames::by_key(self.good, g, self.candidate, c);
        for (a, b) in pairs {
            self.pair(a, b, Certainty::Certain);
        }
        self.duplicates(g, c);
        if good.is_empty() && candidate.is_empty() {
            return;
        }
        let free = (Siblings::new(self.good, &good), Siblings::new(self.candidate, &candidate));
        for (a, b) in renames::unmistakable(free.0, free.1) {
            self.find(Class::RenamedKey, Some(a), Some(b));
            self.pair(a, b, Certainty::Certain);
        }
        self.leftovers.push(Leftover {
            good,
            candidate,
            not_missing: self.candidate.doc.is_cut(c),
            not_extra: self.good.doc.is_cut(g),
        });
    }

    /// Keys that occur more often in the candidate's object than in the good one.
    fn duplicates(&mut self, g: NodeId, c: NodeId) {
        let doc = &self.candidate.doc;
        let shadowed: Vec<&str> =
            doc.children(c).iter().filter(|child| child.shadowed).map(|child| doc.key(child)).collect();
        if shadowed.is_empty() {
            return;
        }
        let twice: Vec<(&str, NodeId)> = doc.members(c).filter(|(key, _)| shadowed.contains(key)).collect();
        let good = &self.good.doc;
        let mut found = Vec::new();
        for (key, last) in twice {
            let sent = 1 + shadowed.iter().filter(|other| **other == key).count();
            let known = good.children(g).iter().filter(|child| good.key(child) == key).count();
            if sent > known {
                let partner = good.members(g).find(|(other, _)| *other == key).map(|(_, id)| id);
                found.push((partner, last));
            }
        }
        for (partner, last) in found {
            self.find(Class::DuplicateKey, partner, Some(last));
        }
    }

    fn compare_arrays(&mut self, g: NodeId, c: NodeId) {
        let alignment = arrays::align(self.good, g, self.candidate, c);
        let (pairs, certainty) = match alignment {
            Alignment::ByIndex(pairs) => (pairs, Certainty::Certain),
            Alignment::Reordered(pairs) => {
                self.find(Class::ArrayOrder, Some(g), Some(c));
                (pairs, Certainty::Certain)
            }
            Alignment::OtherLength { sure, guessed } => {
                if !self.candidate.doc.is_cut(c) {
                    self.find(Class::ArrayLength, Some(g), Some(c));
                }
                for (a, b) in guessed {
                    self.pair(a, b, Certainty::Guessed);
                }
                (sure, Certainty::Certain)
            }
        };
        for (a, b) in pairs {
            self.pair(a, b, certainty);
        }
    }

    /// Says what is still without partner at the end.
    pub(crate) fn report_leftovers(&mut self) {
        let held_good = Held::new(&self.of_good);
        let held_candidate = Held::new(&self.of_candidate);
        for leftover in std::mem::take(&mut self.leftovers) {
            if !leftover.not_missing {
                let mut stack: Vec<NodeId> = leftover.good.iter().rev().copied().collect();
                while let Some(id) = stack.pop() {
                    if self.of_good[id.index()].is_some() {
                        continue;
                    }
                    if held_good.any(id, self.good.doc.behind(id)) {
                        stack.extend(self.good.values(id).collect::<Vec<_>>().into_iter().rev());
                    } else {
                        self.find(Class::MissingField, Some(id), None);
                    }
                }
            }
            let mut stack: Vec<NodeId> = leftover.candidate.iter().rev().copied().collect();
            while let Some(id) = stack.pop() {
                if self.of_candidate[id.index()].is_some() {
                    continue;
                }
                if held_candidate.any(id, self.candidate.doc.behind(id)) {
                    stack.extend(self.candidate.values(id).collect::<Vec<_>>().into_iter().rev());
                    continue;
                }
                match self.candidate.kind(id) {
                    Kind::Null => self.find(Class::NullField, None, Some(id)),
                    Kind::Invalid => {}
                    _ if leftover.not_extra => {}
                    _ => self.find(Class::ExtraField, None, Some(id)),
                }
            }
            self.leftovers.push(leftover);
        }
    }
}

/// Answers in constant time whether any value inside another one has a partner.
struct Held {
    before: Vec<u32>,
}

impl Held {
    fn new(partners: &[Option<NodeId>]) -> Self {
        let mut before = Vec::with_capacity(partners.len() + 1);
        let mut count = 0;
        before.push(0);
        for partner in partners {
            count += u32::from(partner.is_some());
            before.push(count);
        }
        Self { before }
    }

    fn any(&self, first: NodeId, behind: NodeId) -> bool {
        self.before[behind.index()] > self.before[first.index()]
    }
}
