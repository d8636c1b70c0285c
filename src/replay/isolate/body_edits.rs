//! The differences of two bodies as edits that mend the candidate's: one group of edits for each difference.
//!
//! A body that has some of the differences is the candidate's with the edits of all others applied.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff;
use crate::diff::comparison::Comparison;
use crate::json::document::{Document, Kind, NodeId};
use crate::json::edit::{self, Edit, Wrapper};
use crate::json::pointer::Pointer;
use crate::json::write;

/// Deeper bodies are not taken apart.
const DEEPEST: usize = 200;

/// Returns the edits by difference, in the order of the good text; `None` if a body is not JSON, or too deep.
pub(super) fn derive(comparison: &Comparison) -> Option<Vec<Vec<Edit>>> {
    let (good, candidate) = (&comparison.good, &comparison.candidate);
    if !good.is_json() || !candidate.is_json() || is_deep(good) || is_deep(candidate) {
        return None;
    }
    let (good_root, candidate_root) = (good.root()?, candidate.root()?);
    // Values that the comparison pairs make a rename one difference. Where that does not add up, places
    // decide.
    [true, false].into_iter().find_map(|follow| {
        let (paired, groups) = (BTreeMap::new(), Vec::new());
        let mut edits = BodyEdits { comparison, follow, paired, groups };
        edits.roots(good_root, candidate_root);
        is_sound(comparison, &edits.groups).then_some(edits.groups)
    })
}

/// Returns whether all edits together make the good body, and each edit can be applied alone.
fn is_sound(comparison: &Comparison, groups: &[Vec<Edit>]) -> bool {
    let without = |kept: Option<usize>| {
        let others = groups.iter().enumerate().filter(|(at, _)| Some(*at) != kept);
        edit::apply_to(
            &comparison.candidate,
            &others.flat_map(|(_, edits)| edits.clone()).collect::<Vec<_>>(),
        )
    };
    let good = comparison.good.text().as_bytes();
    without(None)
        .is_ok_and(|body| diff::bodies(good, body.as_bytes(), &diff::Options::default()).findings.is_empty())
        && (0..groups.len()).all(|at| without(Some(at)).is_ok())
}

struct BodyEdits<'a> {
    comparison: &'a Comparison,
    follow: bool,
    /// The candidate's value by the good one that it becomes.
    paired: BTreeMap<NodeId, NodeId>,
    groups: Vec<Vec<Edit>>,
}

impl<'a> BodyEdits<'a> {
    fn good(&self) -> &'a Document {
        &self.comparison.good
    }

    fn candidate(&self) -> &'a Document {
        &self.comparison.candidate
    }

    fn partner_of_good(&self, g: NodeId) -> Option<NodeId> {
        self.comparison.partner_of_good(g).filter(|_| self.follow)
    }

    fn partner_of_candidate(&self, c: NodeId) -> Option<NodeId> {
        self.comparison.partner_of_candidate(c).filter(|_| self.follow)
    }

    fn difference(&mut self, edit: Edit) {
        self.groups.push(vec![edit]);
    }

    fn at(&self, c: NodeId) -> Pointer {
        self.candidate().pointer(c)
    }

    fn good_text(&self, g: NodeId) -> String {
        self.good().lexeme(g).to_owned()
    }

    /// Returns where a good value belongs in the candidate's body.
    fn target(&self, g: NodeId) -> Pointer {
        let Some(parent) = self.good().parent(g) else { return Pointer::root() };
        let holder = match self.paired.get(&parent) {
            Some(c) => self.at(*c),
            None => self.target(parent),
        };
        holder.member(self.good().key_of(g).unwrap_or("-"))
    }

    fn roots(&mut self, g: NodeId, c: NodeId) {
        match (self.partner_of_good(g), self.partner_of_candidate(c)) {
            (Some(inner), _) if inner != c => {
                self.difference(Edit::Unwrap(Pointer::root(), self.at(inner)));
                self.pair(g, inner);
            }
            (_, Some(inner)) if inner != g => {
                let keys: Vec<String> = self.good().pointer(inner).steps().collect();
                let around =
                    keys.into_iter().rev().map(|key| Edit::Wrap(Pointer::root(), Wrapper::Object(key)));
                self.groups.push(around.collect());
                self.pair(inner, c);
            }
            _ => self.pair(g, c),
        }
    }

    fn pair(&mut self, g: NodeId, c: NodeId) {
        let (good, candidate) = (self.good(), self.candidate());
        self.paired.insert(g, c);
        let (kind_g, kind_c) = (good.kind(g), candidate.kind(c));
        match (only_element(good, g), only_element(candidate, c)) {
            _ if kind_g == Kind::Object && kind_c == Kind::Object => self.objects(g, c),
            _ if kind_g == Kind::Array && kind_c == Kind::Array => self.arrays(g, c),
            (_, Some(element)) if candidate.kind(element).is_same_type(kind_g) => {
                self.difference(Edit::Unwrap(self.at(c), self.at(element)));
                self.pair(g, element);
            }
            (Some(element), _) if good.kind(element).is_same_type(kind_c) => {
                self.difference(Edit::Wrap(self.at(c), Wrapper::Array));
                self.pair(element, c);
            }
            _ => self.replace(g, c),
        }
    }

    fn replace(&mut self, g: NodeId, c: NodeId) {
        if write::compact(self.good(), g) != write::compact(self.candidate(), c) {
            self.difference(Edit::Set(self.at(c), self.good_text(g)));
        }
    }

    fn objects(&mut self, g: NodeId, c: NodeId) {
        let (good, candidate) = (self.good(), self.candidate());
        let same: BTreeMap<&str, NodeId> = candidate.members(c).collect();
        let mut done = BTreeSet::new();
        for (key, child) in good.members(g) {
            match (self.partner_of_good(child), same.get(key)) {
                (Some(partner), _) if candidate.parent(partner) == Some(c) => {
                    if candidate.key_of(partner) != Some(key) {
                        self.difference(Edit::Rename(self.at(partner), key.to_owned()));
                    }
                    done.insert(partner);
                    self.pair(child, partner);
                }
                (None, Some(same)) if self.partner_of_candidate(*same).is_none() => {
                    done.insert(*same);
                    self.pair(child, *same);
                }
                (partner, _) => self.bring(child, partner),
            }
        }
        for (_, child) in candidate.members(c).filter(|(_, child)| !done.contains(child)) {
            self.drop_extra(child);
        }
        self.duplicates(g, c);
    }

    fn duplicates(&mut self, g: NodeId, c: NodeId) {
        fn twice(document: &Document, object: NodeId) -> BTreeSet<&str> {
            let shadowed = document.children(object).iter().filter(|child| child.shadowed);
            shadowed.map(|child| document.key(child)).collect()
        }
        let known = twice(self.good(), g);
        for key in twice(self.candidate(), c).difference(&known) {
            self.difference(Edit::KeepLast(self.at(c).member(key)));
        }
    }

    /// A good value that is elsewhere in the candidate's body, or nowhere.
    fn bring(&mut self, g: NodeId, partner: Option<NodeId>) {
        if let Some(partner) = partner {
            self.difference(Edit::Move(self.at(partner), self.target(g)));
            return self.pair(g, partner);
        }
        let mut own = Vec::new();
        self.bring_parts(g, &mut own);
        if !own.is_empty() {
            self.groups.push(own);
        }
    }

    /// Parts of a missing value that are elsewhere are moved; the rest of it is one difference.
    fn bring_parts(&mut self, g: NodeId, own: &mut Vec<Edit>) {
        if !holds_partner(self.good(), g, |inner| self.partner_of_good(inner)) {
            return own.push(Edit::Set(self.target(g), self.good_text(g)));
        }
        for child in self.good().children(g).iter().filter(|child| !child.shadowed) {
            match self.partner_of_good(child.node) {
                Some(partner) => self.bring(child.node, Some(partner)),
                None => self.bring_parts(child.node, own),
            }
        }
    }

    /// A value that only the candidate has; parts of it that the good body has elsewhere are moved there.
    fn drop_extra(&mut self, c: NodeId) {
        let mut own = Vec::new();
        self.drop_parts(c, &mut own);
        if !own.is_empty() {
            self.groups.push(own);
        }
    }

    fn drop_parts(&self, c: NodeId, own: &mut Vec<Edit>) {
        if self.partner_of_candidate(c).is_some() {
            return;
        }
        if !holds_partner(self.candidate(), c, |inner| self.partner_of_candidate(inner)) {
            return own.push(Edit::Remove(self.at(c)));
        }
        self.candidate().children(c).iter().for_each(|child| self.drop_parts(child.node, own));
    }

    fn arrays(&mut self, g: NodeId, c: NodeId) {
        let (good, candidate) = (self.good(), self.candidate());
        let own: Vec<NodeId> = good.children(g).iter().map(|child| child.node).collect();
        let others: Vec<NodeId> = candidate.children(c).iter().map(|child| child.node).collect();
        let slots: Vec<Option<usize>> = own
            .iter()
            .map(|g| {
                let partner = self.partner_of_good(*g).filter(|id| candidate.parent(*id) == Some(c));
                partner.map(|partner| candidate.slot(partner))
            })
            .collect();
        let level = own.len() == others.len()
            && own.iter().zip(&others).enumerate().all(|(at, (g, c))| {
                let unpaired = self.partner_of_good(*g).is_none() && self.partner_of_candidate(*c).is_none();
                slots[at] == Some(at) || unpaired
            });
        if level || !self.follow {
            return self.by_index(c, &own, &others);
        }
        if !slots.iter().flatten().is_sorted() {
            return self.replace(g, c);
        }
        let mut next = 0;
        for (g, slot) in own.iter().zip(slots) {
            if let Some(slot) = slot {
                others[next..slot].iter().for_each(|other| self.drop_extra(*other));
                self.pair(*g, others[slot]);
                next = slot + 1;
                continue;
            }
            let place = others.get(next).map(|other| self.at(*other));
            self.difference(match (self.partner_of_good(*g), place) {
                (Some(partner), place) => {
                    Edit::Move(self.at(partner), place.unwrap_or_else(|| self.at(c).member("-")))
                }
                (None, Some(place)) => Edit::Insert(place, self.good_text(*g)),
                (None, None) => Edit::Set(self.at(c).member("-"), self.good_text(*g)),
            });
        }
        others[next..].iter().for_each(|other| self.drop_extra(*other));
    }

    fn by_index(&mut self, array: NodeId, own: &[NodeId], others: &[NodeId]) {
        for (g, c) in own.iter().zip(others) {
            self.pair(*g, *c);
        }
        for g in own.iter().skip(others.len()) {
            self.difference(Edit::Set(self.at(array).member("-"), self.good_text(*g)));
        }
        for c in others.iter().skip(own.len()) {
            self.difference(Edit::Remove(self.at(*c)));
        }
    }
}

fn only_element(document: &Document, array: NodeId) -> Option<NodeId> {
    match (document.kind(array), document.children(array)) {
        (Kind::Array, [only]) => Some(only.node),
        _ => None,
    }
}

fn holds_partner(document: &Document, id: NodeId, partner: impl Fn(NodeId) -> Option<NodeId>) -> bool {
    (id.0 + 1..document.behind(id).0).any(|inner| partner(NodeId(inner)).is_some())
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The candidate's body with each difference alone, and the rest mended.
    fn each(good: &str, candidate: &str) -> Vec<String> {
        let comparison = diff::bodies(good.as_bytes(), candidate.as_bytes(), &diff::Options::default());
        let groups = derive(&comparison).unwrap();
        (0..groups.len())
            .map(|kept| {
                let mended = groups.iter().enumerate().filter(|(at, _)| *at != kept);
                let edits: Vec<Edit> = mended.flat_map(|(_, edits)| edits.clone()).collect();
                edit::apply(candidate, &edits).unwrap()
            })
            .collect()
    }

    #[test]
    fn every_difference_can_be_had_alone() {
        assert_eq!(
            each(r#"{"a":1,"b":"x","t":["p","q"]}"#, r#"{"a":null,"c":true,"b":"x","t":["p"]}"#),
            [
                r#"{"a":null,"b":"x","t":["p","q"]}"#,
                r#"{"a":1,"b":"x","t":["p"]}"#,
                r#"{"a":1,"c":true,"b":"x","t":["p","q"]}"#,
            ]
        );
    }

    #[test]
    fn a_rename_and_a_move_are_one_difference_each() {
        let renamed = each(r#"{"codeId":"7fb334b0","n":1}"#, r#"{"code_id":"7fb334b0","n":1}"#);
        assert_eq!(renamed, [r#"{"code_id":"7fb334b0","n":1}"#]);
        let good = r#"{"codeId":"7fb334b0-0e9e-11e4-9191-0800200c9a66","durationMs":120000}"#;
        let candidate =
            r#"{"wrapUpCode":{"codeId":"7fb334b0-0e9e-11e4-9191-0800200c9a66"},"durationMs":120000}"#;
        assert_eq!(each(good, candidate), [candidate]);
        assert_eq!(each(candidate, good), [good]);
    }

    #[test]
    fn a_body_inside_another_is_one_difference_and_what_is_wrong_inside_others() {
        let good = r#"{"code":"7fb334b0-0e9e-11e4-9191-0800200c9a66","durationSeconds":5,"notes":"abc"}"#;
        let candidate =
            r#"{"wrapup":{"code":"7fb334b0-0e9e-11e4-9191-0800200c9a66","durationSeconds":5,"notes":null}}"#;
        for bodies in [each(good, candidate), each(candidate, good)] {
            assert_eq!(bodies.len(), 2, "{bodies:?}");
        }
        let bodies = each(good, candidate);
        assert!(
            bodies.iter().any(|body| body.ends_with(r#""notes":null}"#) && !body.contains("wrapup")),
            "{bodies:?}"
        );
    }

    #[test]
    fn elements_come_and_go_one_by_one() {
        assert_eq!(
            each(r#"{"t":["b1","c1","d1"]}"#, r#"{"t":["a1","b1"]}"#),
            [r#"{"t":["a1","b1","c1","d1"]}"#, r#"{"t":["b1","d1"]}"#, r#"{"t":["b1","c1"]}"#]
        );
        assert_eq!(
            each(r#"{"t":["a1","b1","d1"]}"#, r#"{"t":["a1",true,"d1","e1"]}"#),
            [r#"{"t":["a1","d1"]}"#, r#"{"t":["a1","b1",true,"d1"]}"#, r#"{"t":["a1","b1","d1","e1"]}"#]
        );
    }

    #[test]
    fn a_duplicate_key_is_a_difference() {
        assert_eq!(each(r#"{"a":1}"#, r#"{"a":2,"a":1}"#), [r#"{"a":2,"a":1}"#]);
    }

    #[test]
    fn wrapping_in_an_array_and_a_difference_inside_are_separate_edits() {
        let bodies = each(r#"{"a":{"b":1,"c":2}}"#, r#"{"a":[{"b":1,"c":"2"}]}"#);
        assert_eq!(bodies, [r#"{"a":[{"b":1,"c":2}]}"#, r#"{"a":{"b":1,"c":"2"}}"#]);
    }

    #[test]
    fn values_that_changed_places_are_still_taken_apart() {
        let bodies = each(r#"{"w":{"a":17171},"b":1}"#, r#"{"w":5,"a":17171,"b":2}"#);
        assert!(bodies.len() >= 2, "{bodies:?}");
    }
}
