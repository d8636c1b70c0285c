//! The members of an object beside its model: known ones are walked into, the others find their meaning, and
//! what is required and missing is named.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::diagnose::description::phrases::{cut, fault, missing, rounded};
use crate::diagnose::description::stray::Sense;
use crate::diagnose::description::walk::{Demands, Walk};
use crate::json::document::Child;
use crate::json::edit::Edit;
use crate::json::node::{Kind as Json, NodeId};
use crate::json::number::Number;
use crate::model::description::body_model::{Field, Model};
use crate::model::finding::{Class, Finding, Shown};

impl<'a> Walk<'a> {
    pub(super) fn object(&mut self, model: Rc<Model<'a>>, node: NodeId) {
        self.inside.push((node, Rc::clone(&model)));
        let doc = self.doc;
        let children: Vec<Child> =
            doc.children(node).iter().filter(|child| !child.shadowed).cloned().collect();
        let by_name: BTreeMap<&str, usize> =
            model.fields.iter().enumerate().map(|(place, field)| (field.name, place)).collect();
        let present: BTreeSet<&str> = children.iter().map(|child| doc.key(child)).collect();
        let unknown: Vec<&Child> =
            children.iter().filter(|child| !by_name.contains_key(doc.key(child))).collect();
        let senses = self.senses(&model, node, &unknown, &present);
        let filled: BTreeSet<&str> = senses.iter().filter_map(|sense| sense.fills(&model)).collect();
        for child in &children {
            if let Some(place) = by_name.get(doc.key(child)) {
                let field = &model.fields[*place];
                if !self.implausible(&model, field, child.node) {
                    self.value(field.kind, &field.words, child.node);
                }
            }
        }
        let is_wrapper = matches!(senses.as_slice(), [Sense::Wrapper]);
        for (child, sense) in unknown.into_iter().zip(senses) {
            self.stray(&model, child, sense);
        }
        if !is_wrapper {
            self.missing(&model, node, &|name| present.contains(name) || filled.contains(name));
        }
        self.inside.pop();
    }

    fn missing(&mut self, model: &Model<'a>, node: NodeId, has: &dyn Fn(&str) -> bool) {
        // what is nested and has an id is a reference: the id is enough
        let refers = self.inside.len() > 1 && has("id") && model.field("id").is_some();
        if refers {
            return;
        }
        let demands = self.demands;
        let demanded =
            |field: &&Field<'a>| field.required && (demands == Demands::All || field.name == "version");
        for field in model.fields.iter().filter(|field| !has(field.name)) {
            let by_fact = || self.required_by_fact(model, field, node);
            let source = demanded(&field).then_some(self.catalogue.source).or_else(by_fact);
            let Some(source) = source else { continue };
            let at = self.doc.pointer(node).member(field.name);
            self.found.push(missing(&at, field, source));
        }
    }

    /// Returns where it is said that a member is required, whatever the models say.
    fn required_by_fact(&self, model: &Model<'a>, field: &Field<'a>, node: NodeId) -> Option<&'static str> {
        let mut rows = self.facts.required.iter();
        let row = rows.find(|row| row.model == model.name && row.member == field.name)?;
        let excused = self.doc.at_step(node, row.unless).map(|value| self.doc.kind(value));
        (excused != Some(Json::Boolean(true))).then_some(row.source)
    }

    /// A number that the name's unit does not allow to be meant: milliseconds under a name of seconds.
    fn implausible(&mut self, model: &Model<'a>, field: &Field<'a>, node: NodeId) -> bool {
        let mut rows = self.facts.longest.iter();
        let Some(row) = rows.find(|row| row.model == model.name && row.member == field.name) else {
            return false;
        };
        if self.doc.kind(node) != Json::Number {
            return false;
        }
        let number = Number::parse(self.doc.lexeme(node));
        if number.float() <= row.most || !number.is_integer() {
            return false;
        }
        let at = self.doc.pointer(node);
        let seconds = rounded(number.float() / 1000.0);
        let message = format!(
            "`{at}` is {} seconds, longer than {}: milliseconds under a name of seconds",
            cut(self.doc.lexeme(node)),
            row.of
        );
        let finding = Finding {
            message,
            help: format!("divide by 1000: {seconds}"),
            edits: vec![Edit::Set(at, seconds)],
            expected: Some(Shown::words("seconds")),
            ..fault(Class::UnitMismatch)
        };
        self.tell(node, finding);
        true
    }

    /// What each unknown member was meant to be; no two of them mean the same member.
    fn senses(
        &mut self,
        model: &Rc<Model<'a>>,
        node: NodeId,
        unknown: &[&Child],
        present: &BTreeSet<&str>,
    ) -> Vec<Sense<'a>> {
        let mut taken: BTreeSet<String> = present.iter().map(|name| (*name).to_owned()).collect();
        let mut senses = Vec::with_capacity(unknown.len());
        for child in unknown {
            let sense = if self.guesses < super::walk::MOST_GUESSES {
                self.guesses += 1;
                self.sense(model, node, child, &taken)
            } else {
                Sense::None
            };
            if let Some(name) = sense.fills(model) {
                taken.insert(name.to_owned());
            }
            senses.push(sense);
        }
        self.dissolved(model, node, unknown, &mut senses);
        senses
    }
}
