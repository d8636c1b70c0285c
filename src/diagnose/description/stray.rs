//! A member that its model does not have: a name spelled otherwise, a member of another place, a wrapper, or
//! nothing known.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::diagnose::description::names::{How, Meant, meant};
use crate::diagnose::description::phrases::{fault, nearest_of, rounded};
use crate::diagnose::description::scalar;
use crate::diagnose::description::walk::Walk;
use crate::json::document::Child;
use crate::json::edit::Edit;
use crate::json::node::{Kind as Json, NodeId};
use crate::json::number::Number;
use crate::json::pointer::Pointer;
use crate::model::description::body_model::{Kind, Model};
use crate::model::finding::{Class, Finding, Severity, Shown};

/// Unknown members for which a neighbouring operation is looked for.
const MOST_NEIGHBOURS: usize = 20;

/// What an unknown member was meant to be.
#[derive(Clone, Debug)]
pub(super) enum Sense<'a> {
    /// A member of the same object under another name.
    Named(Meant<'a>),
    /// A member of another object of the body.
    Elsewhere(Pointer),
    /// An object around what belongs here.
    Wrapper,
    /// A null that means nothing here.
    Unset,
    /// Nothing is known.
    None,
}

impl<'a> Sense<'a> {
    /// The member of the same object that was meant.
    pub(super) fn fills(&self, model: &Model<'a>) -> Option<&'a str> {
        match self {
            Self::Named(meant) => model.field(meant.name).map(|field| field.name),
            _ => None,
        }
    }
}

impl<'a> Walk<'a> {
    pub(super) fn sense(
        &mut self,
        model: &Rc<Model<'a>>,
        node: NodeId,
        child: &Child,
        taken: &BTreeSet<String>,
    ) -> Sense<'a> {
        let key = self.doc.key(child).to_owned();
        let by_name = meant(self.facts, model, &key, &|name| !taken.contains(name));
        if self.doc.kind(child.node) == Json::Null {
            return Sense::Unset;
        }
        match by_name {
            Some(meant) if meant.how <= How::Known => return Sense::Named(meant),
            _ => {}
        }
        if self.wraps(model, node, child.node) {
            return Sense::Wrapper;
        }
        if let Some(place) = self.elsewhere(model, node, &key, child.node) {
            return Sense::Elsewhere(place);
        }
        by_name
            .filter(|meant| meant.how == How::Typo || self.fits(model, meant.name, child.node))
            .map_or(Sense::None, Sense::Named)
    }

    fn fits(&self, model: &Model<'a>, name: &str, node: NodeId) -> bool {
        model.field(name).is_some_and(|field| {
            scalar::has_type(field.kind, self.doc, node)
                || scalar::converted(field.kind, &field.words, self.doc, node).is_some()
        })
    }

    /// An only member that holds an object of the very model that belongs here.
    fn wraps(&self, model: &Model<'a>, node: NodeId, value: NodeId) -> bool {
        let inner = self.doc.children(value);
        self.doc.kind(value) == Json::Object
            && self.doc.children(node).len() == 1
            && !inner.is_empty()
            && inner.iter().all(|child| model.field(self.doc.key(child)).is_some())
    }

    /// The one other place of the body that takes a member of exactly this name: below, above, or beside.
    fn elsewhere(
        &mut self,
        model: &Rc<Model<'a>>,
        node: NodeId,
        key: &str,
        value: NodeId,
    ) -> Option<Pointer> {
        let outer: Vec<(NodeId, Rc<Model<'a>>)> = self.inside.iter().rev().skip(1).cloned().collect();
        let above = outer.iter().find(|(place, model)| {
            let fits = |kind| scalar::has_type(kind, self.doc, value);
            self.doc.at_step(*place, key).is_none() && model.field(key).is_some_and(|field| fits(field.kind))
        });
        if let Some((place, _)) = above {
            return Some(self.doc.pointer(*place).member(key));
        }
        let at = self.doc.pointer(node);
        let below = self.takers(model, node, &at, key, value);
        if let [only] = below.as_slice() {
            return Some(only.clone());
        }
        outer.iter().find_map(|(place, model)| {
            let at = self.doc.pointer(*place);
            let beside = self.takers(model, *place, &at, key, value);
            <[Pointer; 1]>::try_from(beside).ok().map(|[only]| only)
        })
    }

    /// The members of an object that are objects themselves, there or not, and lack a member of this name.
    fn takers(
        &mut self,
        model: &Rc<Model<'a>>,
        node: NodeId,
        at: &Pointer,
        key: &str,
        value: NodeId,
    ) -> Vec<Pointer> {
        let mut found = Vec::new();
        for field in &model.fields {
            let Kind::Model(name) = field.kind else { continue };
            let there = self.doc.at_step(node, field.name);
            let open = match there {
                Some(there) => self.doc.kind(there) == Json::Object && self.doc.at_step(there, key).is_none(),
                None => true,
            };
            let Some(inner) = self.model(name).filter(|_| open) else { continue };
            let takes = inner.field(key).is_some_and(|inner| scalar::has_type(inner.kind, self.doc, value));
            if takes {
                found.push((there.is_some(), at.member(field.name).member(key)));
            }
        }
        // an object that is there is the likelier one
        if found.iter().filter(|(there, _)| *there).count() == 1 {
            found.retain(|(there, _)| *there);
        }
        found.into_iter().map(|(_, place)| place).collect()
    }

    /// Several unknown members that all belong into one object that is missing: it was dissolved into its
    /// parent.
    pub(super) fn dissolved(
        &mut self,
        model: &Rc<Model<'a>>,
        node: NodeId,
        unknown: &[&Child],
        senses: &mut [Sense<'a>],
    ) {
        let lost: Vec<usize> = (0..senses.len())
            .filter(|place| matches!(senses[*place], Sense::None | Sense::Elsewhere(_)))
            .collect();
        if lost.len() < 2 || lost.len() > super::walk::MOST_GUESSES {
            return;
        }
        let mut homes = Vec::new();
        for field in &model.fields {
            let Kind::Model(name) = field.kind else { continue };
            let absent = self.doc.at_step(node, field.name).is_none();
            let Some(inner) = self.model(name).filter(|_| absent) else { continue };
            let takes = |place: &&usize| {
                let child = unknown[**place];
                inner
                    .field(self.doc.key(child))
                    .is_some_and(|field| scalar::has_type(field.kind, self.doc, child.node))
            };
            let count = lost.iter().filter(takes).count();
            if count == lost.len() {
                homes.push(field.name);
            }
        }
        if let [home] = homes.as_slice() {
            let at = self.doc.pointer(node).member(home);
            for place in lost {
                senses[place] = Sense::Elsewhere(at.member(self.doc.key(unknown[place])));
            }
        }
    }

    /// Says what an unknown member is.
    pub(super) fn stray(&mut self, model: &Rc<Model<'a>>, child: &Child, sense: Sense<'a>) {
        let (at, node) = (self.doc.pointer(child.node), child.node);
        match sense {
            Sense::Named(meant) => self.renamed(model, node, &at, meant),
            Sense::Elsewhere(to) => {
                let message = format!("`{at}` belongs at `{to}`");
                let help = format!("move it to `{to}`");
                let good_path = Some(to.clone());
                let edits = vec![Edit::Move(at, to)];
                self.tell(node, Finding { message, help, edits, good_path, ..fault(Class::Moved) });
            }
            Sense::Wrapper => {
                let message = format!("`{at}` is wrapped around what belongs in its place");
                let help = "send what is inside it in its place".to_owned();
                let outer = at.parent().unwrap_or_default();
                let edits = vec![Edit::Unwrap(outer, at)];
                self.tell(node, Finding { message, help, edits, ..fault(Class::Moved) });
                self.inside.pop();
                self.value(Kind::Model(model.name), &[], node);
                self.inside.push((node, Rc::clone(model)));
            }
            Sense::Unset => {
                let message = format!("`{at}` is null, and {} has no such member", model.name);
                let help = "leave it out of the body".to_owned();
                self.tell(
                    node,
                    Finding { message, help, edits: vec![Edit::Remove(at)], ..fault(Class::NullField) },
                );
            }
            Sense::None if self.neighbour_taking(self.doc.key(child)).is_some() => {
                let other = self.neighbour_taking(self.doc.key(child)).unwrap_or_default();
                let message = format!("`{at}` is not a member of {}: `{other}` takes it", model.name);
                let help = format!("send it to `{other}`");
                self.tell(
                    node,
                    Finding { message, help, severity: Severity::Error, ..fault(Class::ExtraField) },
                );
            }
            Sense::None => {
                let message = format!("`{at}` is not a member of {}", model.name);
                let names = model.fields.iter().map(|field| field.name);
                let key = if self.guesses < super::walk::MOST_GUESSES { self.doc.key(child) } else { "" };
                let known_below = self.is_known_below(model, self.doc.key(child));
                let lead = if known_below { "put it where it belongs" } else { "leave it out of the body" };
                let help = format!("{lead}: {} has {}", model.name, nearest_of(names, key));
                let edits = if known_below { Vec::new() } else { vec![Edit::Remove(at)] };
                let severity = Severity::Error;
                self.tell(node, Finding { message, help, edits, severity, ..fault(Class::ExtraField) });
            }
        }
    }

    /// Returns the operation one path segment longer or shorter that takes a member of this name in its body.
    fn neighbour_taking(&self, key: &str) -> Option<String> {
        let top = self.inside.len() == 1 && self.guesses <= MOST_NEIGHBOURS;
        let entry = self.entry.filter(|_| top)?;
        self.catalogue.neighbours_taking(entry, key).first().map(ToString::to_string)
    }

    /// Returns whether some object inside this model takes a member of this name, so that it is not dropped.
    fn is_known_below(&mut self, model: &Rc<Model<'a>>, key: &str) -> bool {
        if self.guesses >= super::walk::MOST_GUESSES {
            return false;
        }
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut open = vec![(Rc::clone(model), 0)];
        while let Some((model, depth)) = open.pop() {
            for field in &model.fields {
                let inner = field.kind.model().filter(|name| seen.len() < 64 && seen.insert(name));
                if let Some(inner) = inner.and_then(|name| self.model(name)) {
                    if inner.field(key).is_some() {
                        return true;
                    }
                    if depth < 3 {
                        open.push((inner, depth + 1));
                    }
                }
            }
        }
        false
    }

    fn renamed(&mut self, model: &Rc<Model<'a>>, node: NodeId, at: &Pointer, meant: Meant<'a>) {
        let to = at.parent().unwrap_or_default().member(meant.name);
        let mut edits = vec![Edit::Rename(at.clone(), meant.name.to_owned())];
        let scaled = self.scaled(node, meant);
        let unit = match (&scaled, meant.divide, meant.multiply) {
            (Some(number), divide, 1) => format!(" and divide by {divide}: {number}"),
            (Some(number), 1, multiply) => format!(" and multiply by {multiply}: {number}"),
            (Some(number), ..) => format!(" and convert the unit: {number}"),
            (None, ..) => String::new(),
        };
        let has_unit = scaled.is_some();
        if let Some(number) = scaled {
            edits.push(Edit::Set(at.clone(), number));
        }
        let finding = Finding {
            good_path: Some(to.clone()),
            expected: Some(Shown::words(meant.name)),
            message: format!("`{at}` is not a member of {}: it is called `{to}`", model.name),
            help: format!("rename it to `{to}`{unit}"),
            edits,
            ..fault(Class::RenamedKey)
        };
        self.tell(node, finding);
        if let Some(field) = model.field(meant.name).filter(|_| !has_unit) {
            let (kind, words) = (field.kind, field.words.clone());
            self.value(kind, &words, node);
        }
    }

    /// The number under the name of another unit, converted to the nearest whole one.
    fn scaled(&self, node: NodeId, meant: Meant<'a>) -> Option<String> {
        let changes = meant.multiply != 1 || meant.divide != 1;
        let lexeme = match self.doc.kind(node) {
            Json::Number => self.doc.lexeme(node),
            Json::String => self.doc.string(node).trim(),
            _ => return None,
        };
        let shaped = !lexeme.is_empty() && lexeme.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        #[allow(clippy::cast_precision_loss, reason = "factors are small")]
        let factor = meant.multiply as f64 / meant.divide as f64;
        (changes && shaped).then(|| rounded(Number::parse(lexeme).float() * factor))
    }
}
