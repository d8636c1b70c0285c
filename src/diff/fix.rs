//! The corrected body: the candidate's own values in the good one's shape.

use crate::diff::arrays::{self, Alignment};
use crate::diff::classify::{self, Judgement};
use crate::diff::comparison::Comparison;
use crate::diff::indexed::IndexedBody;
use crate::diff::{Options, bodies, convert};
use crate::json::document::{Document, Kind, NodeId};
use crate::json::pointer::Pointer;
use crate::json::pretty::Pretty;
use crate::json::write::{compact, quoted};
use crate::model::finding::Class;

/// A corrected body.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fixed {
    /// JSON text, two spaces a level, in the good body's order; empty if nothing of the candidate can be
    /// kept.
    pub body: String,
    /// Values of the good body that the candidate has nothing for.
    pub lacking: Vec<Lacking>,
}

/// A value of the good body for which the candidate has none that could be at its place.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Lacking {
    /// Its place in the corrected body.
    pub place: Pointer,
    /// Its JSON text on one line.
    pub value: String,
}

/// What happens to the values that the candidate lacks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Lack {
    /// They are left out and listed: they are the user's to give.
    Offer,
    /// They are taken from the good body, because the user said so.
    Fill,
}

/// Returns the candidate's body corrected, or `None` where one of the bodies is no JSON.
///
/// Members that good does not have are left out, missing ones are left out or taken from good, everything
/// else keeps the candidate's own value in good's type, unit and notation. An array keeps the elements it was
/// sent with.
pub fn fixed(comparison: &Comparison, lack: Lack) -> Option<Fixed> {
    if !(comparison.good.is_json() && comparison.candidate.is_json()) {
        return None;
    }
    let (good, candidate) =
        (IndexedBody::new(comparison.good.clone()), IndexedBody::new(comparison.candidate.clone()));
    let (g, c) = (good.doc.root()?, candidate.doc.root()?);
    let mut fix = Fix {
        good: &good,
        candidate: &candidate,
        comparison,
        lack,
        out: Pretty::default(),
        key: None,
        lacking: Vec::new(),
        steps: Vec::new(),
    };
    match comparison.partner_of_good(g) {
        Some(partner) => fix.steps.push(Step::Pair(g, partner)),
        // the body came out of an envelope that only good has
        None if comparison.partner_of_candidate(c).is_some() => fix.steps.push(Step::Good(g)),
        None => return None,
    }
    fix.run();
    Some(Fixed { body: fix.out.finish(), lacking: fix.lacking })
}

/// What is still to be written.
enum Step {
    /// A good value with its partner.
    Pair(NodeId, NodeId),
    /// A good value without partner; what it holds may have one.
    Good(NodeId),
    /// A value of the candidate as it is.
    Candidate(NodeId),
    Key(String),
    Close,
}

struct Fix<'a> {
    good: &'a IndexedBody,
    candidate: &'a IndexedBody,
    comparison: &'a Comparison,
    lack: Lack,
    out: Pretty,
    /// The key of the member that comes next, if it comes.
    key: Option<String>,
    lacking: Vec<Lacking>,
    steps: Vec<Step>,
}

impl Fix<'_> {
    fn run(&mut self) {
        while let Some(step) = self.steps.pop() {
            match step {
                Step::Pair(g, c) => self.pair(g, c),
                Step::Good(g) => self.without_partner(g),
                Step::Candidate(c) => self.copy(&self.candidate.doc, c),
                Step::Key(key) => self.key = Some(key),
                Step::Close => self.out.close(),
            }
        }
    }

    fn begin_value(&mut self) {
        if let Some(key) = self.key.take() {
            self.out.key(&key);
        }
    }

    fn open(&mut self, bracket: char) {
        self.begin_value();
        self.out.open(bracket);
        self.steps.push(Step::Close);
    }

    fn scalar(&mut self, text: &str) {
        self.begin_value();
        self.out.scalar(text);
    }

    fn copy(&mut self, document: &Document, id: NodeId) {
        self.begin_value();
        self.out.copy(document, id);
    }

    fn pair(&mut self, g: NodeId, c: NodeId) {
        match classify::judge(self.good, g, self.candidate, c) {
            Judgement::Equal | Judgement::Finding(Class::ValueChanged) => {
                match convert::by_keys(self.good, g, self.candidate, c) {
                    Some(number) => self.scalar(&number),
                    None => self.copy(&self.candidate.doc, c),
                }
            }
            Judgement::Objects => self.object(g),
            Judgement::Arrays => self.array(g, c),
            Judgement::Wrapped(element) => self.steps.push(Step::Pair(g, element)),
            Judgement::Unwrapped(element) => {
                self.open('[');
                self.steps.push(Step::Pair(element, c));
            }
            Judgement::Finding(Class::DoubleEncoded) => self.decoded(g, c),
            Judgement::Finding(class) => self.faulty(class, g, c),
            Judgement::Unreadable => self.without_partner(g),
        }
    }

    fn faulty(&mut self, class: Class, g: NodeId, c: NodeId) {
        if let Some(text) = convert::scalar(class, self.good, g, self.candidate, c) {
            self.scalar(&text);
            return;
        }
        let bare = class == Class::TypeMismatch
            && self.good.kind(g) == Kind::Object
            && matches!(self.candidate.kind(c), Kind::String | Kind::Number)
            && !classify::is_empty(self.candidate, c);
        let id = if bare { convert::id_of(self.good, g, self.candidate.kind(c)) } else { None };
        match id {
            // an object in place of its bare id: the id is the candidate's own
            Some(id) => {
                self.open('{');
                let members: Vec<(String, NodeId)> =
                    self.good.doc.members(g).map(|(key, value)| (key.to_owned(), value)).collect();
                for (key, value) in members.into_iter().rev() {
                    self.steps.push(if value == id { Step::Candidate(c) } else { Step::Good(value) });
                    self.steps.push(Step::Key(key));
                }
            }
            None => self.without_partner(g),
        }
    }

    fn object(&mut self, g: NodeId) {
        self.open('{');
        let members: Vec<(String, NodeId)> =
            self.good.doc.members(g).map(|(key, value)| (key.to_owned(), value)).collect();
        for (key, value) in members.into_iter().rev() {
            self.steps.push(match self.comparison.partner_of_good(value) {
                Some(partner) => Step::Pair(value, partner),
                None => Step::Good(value),
            });
            self.steps.push(Step::Key(key));
        }
    }

    fn array(&mut self, g: NodeId, c: NodeId) {
        self.open('[');
        let steps: Vec<Step> = match arrays::align(self.good, g, self.candidate, c) {
            Alignment::ByIndex(pairs) | Alignment::Reordered(pairs) => {
                pairs.into_iter().map(|(a, b)| Step::Pair(a, b)).collect()
            }
            Alignment::OtherLength { sure, guessed } => {
                let mut partners: Vec<(NodeId, NodeId)> =
                    sure.into_iter().chain(guessed).map(|(a, b)| (b, a)).collect();
                partners.sort_unstable();
                let own = |c| partners.binary_search_by_key(&c, |(c, _)| *c).ok().map(|at| partners[at].1);
                self.candidate
                    .values(c)
                    .map(|c| own(c).map_or(Step::Candidate(c), |g| Step::Pair(g, c)))
                    .collect()
            }
        };
        self.steps.extend(steps.into_iter().rev());
    }

    /// What was serialised twice is corrected as a body of its own.
    fn decoded(&mut self, g: NodeId, c: NodeId) {
        let good = compact(&self.good.doc, g);
        let mut text = self.candidate.doc.string(c).to_owned();
        if self.good.kind(g) == Kind::String {
            self.scalar(&quoted(self.good.doc.string(g)));
            return;
        }
        loop {
            let doc = Document::parse(text.as_bytes());
            match doc.root().filter(|root| doc.kind(*root) == Kind::String) {
                Some(root) => text = doc.string(root).to_owned(),
                None => break,
            }
        }
        let inner = bodies(good.as_bytes(), text.as_bytes(), &Options::default());
        match fixed(&inner, self.lack).filter(|inner| !inner.body.is_empty()) {
            Some(inner) => {
                let place = self.good.doc.pointer(g);
                let below = |pointer: &Pointer| {
                    pointer.steps().fold(place.clone(), |place, step| place.member(&step))
                };
                let lacking = inner.lacking.iter();
                self.lacking.extend(
                    lacking.map(|lack| Lacking { place: below(&lack.place), value: lack.value.clone() }),
                );
                let doc = Document::parse(inner.body.as_bytes());
                if let Some(root) = doc.root() {
                    self.copy(&doc, root);
                }
            }
            None => self.without_partner(g),
        }
    }

    /// Leaves the value out or takes the good one; of a container some of whose values have partners, it
    /// keeps those.
    fn without_partner(&mut self, g: NodeId) {
        let inside = (g.0 + 1..self.good.doc.behind(g).0).map(NodeId);
        let some_inside = inside.into_iter().any(|id| self.comparison.partner_of_good(id).is_some());
        match self.good.kind(g) {
            Kind::Object if some_inside => self.object(g),
            Kind::Array if some_inside => {
                self.open('[');
                let elements: Vec<NodeId> = self.good.values(g).collect();
                for element in elements.into_iter().rev() {
                    self.steps.push(match self.comparison.partner_of_good(element) {
                        Some(partner) => Step::Pair(element, partner),
                        None => Step::Good(element),
                    });
                }
            }
            _ => {
                let (place, value) = (self.good.doc.pointer(g), compact(&self.good.doc, g));
                self.lacking.push(Lacking { place, value });
                match self.lack {
                    Lack::Fill => self.copy(&self.good.doc, g),
                    Lack::Offer => self.key = None,
                }
            }
        }
    }
}
