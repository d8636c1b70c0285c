//! The corrected body: the candidate's own values in the good one's shape.

use crate::diff::arrays::{self, Alignment};
use crate::diff::classify::{self, Judgement};
use crate::diff::comparison::Comparison;
use crate::diff::side::Side;
use crate::diff::{Options, bodies, convert};
use crate::json::document::{Document, Kind, NodeId};
use crate::json::pointer::Pointer;
use crate::json::pretty::Pretty;
use crate::json::write::{compact, quoted};
use crate::model::finding::Class;

/// A corrected body.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fixed {
    /// JSON text, two spaces a level, in the good body's order.
    pub body: String,
    /// Where a value was taken from the good body, because the candidate has none that could stand there.
    pub borrowed: Vec<Pointer>,
}

/// Returns the candidate's body corrected, or `None` where one of the bodies is no JSON.
///
/// Members that good does not have are left out, missing ones are taken from good, everything else keeps the
/// candidate's own value in good's type, unit and notation. An array keeps the elements it was sent with.
pub fn fixed(comparison: &Comparison) -> Option<Fixed> {
    if !(comparison.good.is_json() && comparison.candidate.is_json()) {
        return None;
    }
    let (good, candidate) = (Side::new(comparison.good.clone()), Side::new(comparison.candidate.clone()));
    let (g, c) = (good.doc.root()?, candidate.doc.root()?);
    let mut fix = Fix {
        good: &good,
        candidate: &candidate,
        comparison,
        out: Pretty::default(),
        borrowed: Vec::new(),
        steps: Vec::new(),
    };
    match comparison.partner_of_good(g) {
        Some(partner) => fix.steps.push(Step::Pair(g, partner)),
        // the body came out of an envelope that only good has
        None if comparison.partner_of_candidate(c).is_some() => fix.steps.push(Step::Good(g)),
        None => return None,
    }
    fix.run();
    Some(Fixed { body: fix.out.finish(), borrowed: fix.borrowed })
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
    good: &'a Side,
    candidate: &'a Side,
    comparison: &'a Comparison,
    out: Pretty,
    borrowed: Vec<Pointer>,
    steps: Vec<Step>,
}

impl Fix<'_> {
    fn run(&mut self) {
        while let Some(step) = self.steps.pop() {
            match step {
                Step::Pair(g, c) => self.pair(g, c),
                Step::Good(g) => self.without_partner(g),
                Step::Candidate(c) => self.out.copy(&self.candidate.doc, c),
                Step::Key(key) => self.out.key(&key),
                Step::Close => self.out.close(),
            }
        }
    }

    fn pair(&mut self, g: NodeId, c: NodeId) {
        match classify::judge(self.good, g, self.candidate, c) {
            Judgement::Equal | Judgement::Finding(Class::ValueChanged) => {
                match convert::by_keys(self.good, g, self.candidate, c) {
                    Some(number) => self.out.scalar(&number),
                    None => self.out.copy(&self.candidate.doc, c),
                }
            }
            Judgement::Objects => self.object(g),
            Judgement::Arrays => self.array(g, c),
            Judgement::Wrapped(element) => self.steps.push(Step::Pair(g, element)),
            Judgement::Unwrapped(element) => {
                self.out.open('[');
                self.steps.push(Step::Close);
                self.steps.push(Step::Pair(element, c));
            }
            Judgement::Finding(Class::DoubleEncoded) => self.decoded(g, c),
            Judgement::Finding(class) => self.faulty(class, g, c),
            Judgement::Unreadable => self.without_partner(g),
        }
    }

    fn faulty(&mut self, class: Class, g: NodeId, c: NodeId) {
        if let Some(text) = convert::scalar(class, self.good, g, self.candidate, c) {
            self.out.scalar(&text);
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
                self.out.open('{');
                self.steps.push(Step::Close);
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
        self.out.open('{');
        self.steps.push(Step::Close);
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
        self.out.open('[');
        self.steps.push(Step::Close);
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
            self.out.scalar(&quoted(self.good.doc.string(g)));
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
        match fixed(&inner) {
            Some(inner) => {
                let place = self.good.doc.pointer(g);
                let below = |pointer: &Pointer| {
                    pointer.steps().fold(place.clone(), |place, step| place.member(&step))
                };
                self.borrowed.extend(inner.borrowed.iter().map(below));
                let doc = Document::parse(inner.body.as_bytes());
                if let Some(root) = doc.root() {
                    self.out.copy(&doc, root);
                }
            }
            None => self.without_partner(g),
        }
    }

    /// Takes the good value, or of an object all whose members have partners those.
    fn without_partner(&mut self, g: NodeId) {
        let inside = (g.0 + 1..self.good.doc.behind(g).0).map(NodeId);
        let some_inside = inside.into_iter().any(|id| self.comparison.partner_of_good(id).is_some());
        match self.good.kind(g) {
            Kind::Object if some_inside => self.object(g),
            Kind::Array if some_inside => {
                self.out.open('[');
                self.steps.push(Step::Close);
                let elements: Vec<NodeId> = self.good.values(g).collect();
                for element in elements.into_iter().rev() {
                    self.steps.push(match self.comparison.partner_of_good(element) {
                        Some(partner) => Step::Pair(element, partner),
                        None => Step::Good(element),
                    });
                }
            }
            _ => {
                self.borrowed.push(self.good.doc.pointer(g));
                self.out.copy(&self.good.doc, g);
            }
        }
    }
}
