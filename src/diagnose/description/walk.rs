//! The walk of a body beside its description: each value is judged by the type that belongs in its place.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::api::Api;
use crate::api::catalogue::Catalogue;
use crate::diagnose::description::phrases::{cut, fault, missing, place, type_name, type_of};
use crate::diagnose::description::scalar;
use crate::json::document::Document;
use crate::json::edit::{Edit, Wrapper};
use crate::json::node::{Kind as Json, NodeId};
use crate::json::pointer::Pointer;
use crate::model::description::body_model::{Kind, Model};
use crate::model::description::entry::Entry;
use crate::model::description::member_facts::MemberFacts;
use crate::model::finding::{Class, Finding, Shown};

/// Values deeper than this are not looked into; no model is.
const DEEPEST: usize = 64;

/// Unknown members for which a meaning is looked for; a body with more is no slip.
pub(super) const MOST_GUESSES: usize = 200;

/// What the description demands of the body as a whole.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Demands {
    /// Every required member.
    All,
    /// Only the version: the PATCH of an entity names what is to be changed.
    Version,
}

/// A body under judgement.
pub(crate) struct Walk<'a> {
    api: &'a dyn Api,
    pub(super) catalogue: &'a Catalogue<'a>,
    pub(super) facts: &'a MemberFacts,
    pub(super) doc: &'a Document,
    pub(super) found: Vec<Finding>,
    pub(super) demands: Demands,
    pub(super) guesses: usize,
    /// The operation that was addressed, whose neighbours may take what it does not.
    pub(super) entry: Option<&'a Entry<'a>>,
    /// The objects that the walk is inside of, outermost first.
    pub(super) inside: Vec<(NodeId, Rc<Model<'a>>)>,
    models: BTreeMap<&'a str, Option<Rc<Model<'a>>>>,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(api: &'a dyn Api, doc: &'a Document, demands: Demands) -> Self {
        let models = BTreeMap::new();
        Self {
            api,
            catalogue: api.catalogue(),
            facts: api.member_facts(),
            doc,
            found: Vec::new(),
            demands,
            guesses: 0,
            entry: None,
            inside: Vec::new(),
            models,
        }
    }

    /// Says which operation was addressed.
    pub(crate) fn of_operation(self, entry: Option<&'a Entry<'a>>) -> Self {
        Self { entry, ..self }
    }

    /// Judges the body that begins at the node, and returns what is wrong with it.
    pub(crate) fn run(mut self, root: NodeId, kind: Kind<'a>) -> Vec<Finding> {
        self.value(kind, &[], root);
        // what is there at another place is not missing as well
        let moved: BTreeSet<Pointer> = self
            .found
            .iter()
            .filter(|fault| fault.class == Class::Moved)
            .filter_map(|fault| fault.good_path.clone())
            .collect();
        let is_filled = |fault: &Finding| {
            let Some(at) = fault.good_path.as_ref().filter(|_| fault.class == Class::MissingField) else {
                return false;
            };
            let first = at.member("");
            let next = moved.range(first.clone()..).next();
            moved.contains(at) || next.is_some_and(|to| to.as_str().starts_with(first.as_str()))
        };
        let (filled, mut found): (Vec<Finding>, Vec<Finding>) = self.found.into_iter().partition(is_filled);
        for fault in filled {
            let kind = fault.expected.as_ref().map(|expected| expected.text.clone()).unwrap_or_default();
            let model = Kind::parse(&kind).model().and_then(|name| self.catalogue.model(name));
            let at = fault.good_path.unwrap_or_default();
            let inner = model.iter().flat_map(|model| &model.fields);
            let lacking = inner.filter(|field| field.required && !moved.contains(&at.member(field.name)));
            found.extend(lacking.map(|field| missing(&at.member(field.name), field, self.catalogue.source)));
        }
        found
    }

    /// Returns a model that says what is inside it, by name.
    pub(super) fn model(&mut self, name: &'a str) -> Option<Rc<Model<'a>>> {
        let catalogue = self.catalogue;
        let known = self.models.entry(name).or_insert_with(|| catalogue.model(name).map(Rc::new));
        known.clone().filter(|model| !model.opaque)
    }

    pub(super) fn value(&mut self, kind: Kind<'a>, words: &[&'a str], node: NodeId) {
        if kind == Kind::Any || self.inside.len() > DEEPEST {
            return;
        }
        match (kind, self.doc.kind(node)) {
            (_, Json::Invalid) => {}
            (_, Json::Null) => self.null(kind, node),
            (Kind::List(inner), Json::Array) => {
                for child in self.doc.children(node) {
                    self.value(Kind::parse(inner), words, child.node);
                }
            }
            (Kind::Map(inner), Json::Object) => {
                for child in self.doc.children(node) {
                    self.value(Kind::parse(inner), &[], child.node);
                }
            }
            (Kind::Model(name), json) => match (self.model(name), json) {
                (Some(model), Json::Object) => self.object(model, node),
                (Some(_), _) => self.mistyped(kind, words, node),
                // what no one describes cannot be wrong
                (None, _) => {}
            },
            (Kind::List(_) | Kind::Map(_), _) => self.mistyped(kind, words, node),
            _ => match scalar::judge(kind, words, self.doc, node) {
                scalar::Judged::Right => {}
                scalar::Judged::Wrong(fault) => self.tell(node, *fault),
                scalar::Judged::Mistyped => self.mistyped(kind, words, node),
            },
        }
    }

    fn null(&mut self, kind: Kind<'_>, node: NodeId) {
        let at = self.doc.pointer(node);
        let (message, edits) = match at.as_str() {
            "" => ("the body is `null`".to_owned(), Vec::new()),
            _ => (
                format!("`{at}` is null, which the API's description does not allow"),
                vec![Edit::Remove(at.clone())],
            ),
        };
        let help = "leave it out of the body".to_owned();
        let expected = Some(Shown::words(kind.to_string()));
        self.tell(node, Finding { message, help, edits, expected, ..fault(Class::NullField) });
    }

    /// A value of another type: what it is in the type that belongs there, if that can be said.
    fn mistyped(&mut self, kind: Kind<'a>, words: &[&'a str], node: NodeId) {
        let at = self.doc.pointer(node);
        let place = place(&at);
        let (doc, json) = (self.doc, self.doc.kind(node));
        let expected = Some(Shown::words(kind.to_string()));
        let base = |class| Finding { expected: expected.clone(), ..fault(class) };
        if let ([only], Json::Array) = (doc.children(node), json) {
            let inner = only.node;
            let message = format!("{place} is an array of one where {} belongs", type_name(kind));
            let help = "send the value itself, without the brackets".to_owned();
            let edits = vec![Edit::Unwrap(at.clone(), at.element(0))];
            self.tell(node, Finding { message, help, edits, ..base(Class::WrappedInArray) });
            return self.value(kind, words, inner);
        }
        if let Some(text) = scalar::decoded(kind, doc, node) {
            let message = format!("{place} is a string that holds JSON: it was encoded twice");
            let help = "send the value itself, not its JSON text".to_owned();
            let inner = Document::parse(text.as_bytes());
            let mut walk = Walk::new(self.api, &inner, Demands::All);
            if let Some(root) = inner.root() {
                walk.value(kind, words, root);
            }
            let edits: Vec<Edit> = walk.found.iter().flat_map(|fault| fault.edits.iter().cloned()).collect();
            let mended = crate::json::edit::apply(&text, &edits).unwrap_or(text);
            let edits = vec![Edit::Set(at, mended)];
            return self.tell(node, Finding { message, help, edits, ..base(Class::DoubleEncoded) });
        }
        if let Kind::List(inner) = kind
            && json != Json::Array
        {
            let element = Kind::parse(inner);
            let fits = scalar::has_type(element, doc, node)
                || matches!(element, Kind::Model(_)) && json == Json::Object;
            if fits {
                let message = format!("{place} is {} where a list belongs", type_of(json));
                let help = "put it into brackets, as a list of one".to_owned();
                let edits = vec![Edit::Wrap(at, Wrapper::Array)];
                self.tell(node, Finding { message, help, edits, ..base(Class::UnwrappedFromArray) });
                return self.value(element, words, node);
            }
        }
        let converted = scalar::converted(kind, words, doc, node).or_else(|| self.referred(kind, node));
        let message =
            format!("{place} is {} where {} belongs", scalar::spoken(kind, doc, node), type_name(kind));
        let help = match &converted {
            Some(value) => format!("send {}", cut(value)),
            None => format!("send {}", type_name(kind)),
        };
        let edits = converted.map(|value| Edit::Set(at, value)).into_iter().collect();
        self.tell(node, Finding { message, help, edits, ..base(Class::TypeMismatch) });
    }

    /// A bare id where the object around it belongs: `"x"` for `{"id":"x"}`.
    fn referred(&mut self, kind: Kind<'a>, node: NodeId) -> Option<String> {
        let Kind::Model(name) = kind else { return None };
        let model = self.model(name)?;
        let has_id = model.field("id").is_some_and(|field| field.kind == Kind::String);
        let demanded = model.fields.iter().any(|field| field.required && field.name != "id");
        let id = self.doc.kind(node) == Json::String && has_id && !demanded;
        id.then(|| format!("{{\"id\":{}}}", self.doc.lexeme(node)))
    }

    pub(super) fn tell(&mut self, node: NodeId, finding: Finding) {
        self.found.push(Finding {
            candidate_path: Some(self.doc.pointer(node)),
            sent: Some(Shown::node(self.doc, node)),
            source: Some(self.catalogue.source.to_owned()),
            ..finding
        });
    }
}
