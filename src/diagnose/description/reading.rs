//! How a body has to be read: what was meant by a text with slips, and where in it the body begins.

use crate::diagnose::context::DiagnosisContext;
use crate::diagnose::description::duplicates;
use crate::diagnose::description::mended_place;
use crate::diagnose::description::neighbour;
use crate::diagnose::description::repair::repair;
use crate::diagnose::description::restored::Reading;
use crate::diagnose::description::walk::{Demands, Walk};
use crate::diff::syntax;
use crate::json::document::Document;
use crate::json::fault::FaultKind;
use crate::json::node::Kind as Json;
use crate::json::pointer::Pointer;
use crate::model::authority::Authority;
use crate::model::case::Sent;
use crate::model::description::body_model::Kind;
use crate::model::finding::{BodySide, Class, Finding, Shown};

/// Reads a body that carries JSON, or should; `None` where nothing can be said: not recorded, or not this
/// API's.
pub(crate) fn read<'a>(context: &DiagnosisContext<'a>) -> Option<Reading<'a>> {
    let kind = context.body_kind();
    let mut faults = Vec::new();
    let text = match &context.body {
        Sent::Unknown => return None,
        Sent::Empty => {
            faults.extend(kind.is_some().then(|| empty("the request has no body", "")));
            return Some(Reading { doc: Document::parse(b""), is_restored: false, at: None, faults });
        }
        Sent::Text { text, .. } => text,
    };
    // a form or an upload is no JSON and need not be
    if context.is_login() || kind.is_none() && !text.trim_start().starts_with(['{', '[', '"']) {
        return None;
    }
    let mut doc = Document::parse(text.as_bytes());
    let mut is_restored = false;
    if !doc.is_json() {
        let repaired = repair(text);
        faults.extend(broken(&doc, repaired.as_ref().map(|repaired| repaired.slips.join(", "))));
        let Some(repaired) = repaired else { return Some(Reading { doc, is_restored, at: None, faults }) };
        (doc, is_restored) = (Document::parse(repaired.text.as_bytes()), true);
    }
    let wants_text = matches!(kind, Some(Kind::String | Kind::Any));
    if let Some(inner) = decoded(&doc).filter(|_| !wants_text) {
        let message = "the body is a JSON string that holds JSON: it was encoded twice".to_owned();
        let help = "pass the object itself, not its JSON text".to_owned();
        faults.push(whole(
            &doc,
            Finding { message, help, ..Finding::new(Class::DoubleEncoded, Authority::Bytes) },
        ));
        (doc, is_restored) = (inner, true);
    }
    if let Some(unique) = duplicates::remove(&doc).filter(|_| context.is_public_api()) {
        faults.extend(unique.places.iter().map(doubled));
        (doc, is_restored) = (unique.doc, true);
    }
    let mut reading = Reading { doc, is_restored, at: None, faults };
    if let Some(kind) = kind {
        begin(context, kind, &mut reading);
    }
    join_at_one_place(&mut reading.faults);
    mended_place::follow_edits(&mut reading.faults);
    Some(reading)
}

/// Finds where the body begins, and judges it from there.
fn begin<'a>(context: &DiagnosisContext<'a>, kind: Kind<'a>, reading: &mut Reading<'a>) {
    let Some(root) = reading.doc.root() else { return };
    let null = reading.doc.kind(root) == Json::Null;
    if null {
        return reading.faults.push(empty("the body is the four bytes `null`", "null"));
    }
    let (at, kind) = match neighbour::find(context, kind, &reading.doc) {
        Some(found) => {
            reading.faults.extend(found.fault);
            (found.at, found.kind)
        }
        None => (root, kind),
    };
    reading.at = Some((at, kind));
    let demands = context.demands();
    let found = Walk::new(context.api(), &reading.doc, demands).of_operation(context.entry).run(at, kind);
    reading.faults.extend(found);
}

/// Makes one fault of a `NaN` and of the null that takes its place.
fn join_at_one_place(faults: &mut Vec<Finding>) {
    let is_broken = |fault: &Finding| fault.class == Class::InvalidJson && fault.candidate_path.is_some();
    let Some(broken) = faults.iter().position(is_broken) else { return };
    let place = faults[broken].candidate_path.clone();
    let null = |fault: &Finding| fault.class == Class::NullField && fault.candidate_path == place;
    if let Some(null) = faults.iter().position(null) {
        let null = faults.remove(null);
        faults[broken].edits = null.edits;
        faults[broken].help = format!("{}; a number that is none has to be left out", faults[broken].help);
    }
}

fn doubled(at: &Pointer) -> Finding {
    Finding {
        candidate_path: Some(at.clone()),
        message: format!("`{at}` is there more than once; the last one counts"),
        help: "send each member once".to_owned(),
        ..Finding::new(Class::DuplicateKey, Authority::Bytes)
    }
}

fn empty(message: &str, sent: &str) -> Finding {
    Finding {
        candidate_path: Some(Pointer::root()),
        sent: Some(Shown::words(sent)),
        message: message.to_owned(),
        help: "pass the payload; the program passed nothing".to_owned(),
        ..Finding::new(Class::EmptyBody, Authority::Bytes)
    }
}

fn whole(doc: &Document, finding: Finding) -> Finding {
    let sent = doc.root().map(|root| Shown::node(doc, root));
    Finding { candidate_path: Some(Pointer::root()), sent, ..finding }
}

/// A text that is not JSON, with what it was meant to be where that has one reading.
fn broken(doc: &Document, slips: Option<String>) -> Option<Finding> {
    let fault = doc.faults().iter().find(|fault| fault.kind == FaultKind::Syntax)?;
    let found = syntax::of_fault(doc, fault, BodySide::Candidate);
    let (line, column) = doc.position(fault.offset);
    let at = found.candidate_path.as_ref().filter(|at| !at.as_str().is_empty());
    let place = at.map_or_else(String::new, |at| format!(" at `{at}`,"));
    let message = match &slips {
        Some(slips) => format!("the body is not JSON{place} at line {line}, column {column}: {slips}"),
        None => found.message.clone(),
    };
    Some(Finding { message, help: "pass an object and let one JSON encoder write it".to_owned(), ..found })
}

/// Returns the container whose JSON text the whole body is, encoded once or more often.
fn decoded(doc: &Document) -> Option<Document> {
    let mut inner = doc.clone();
    for _ in 0..3 {
        let root = inner.root()?;
        if inner.kind(root) != Json::String {
            break;
        }
        inner = Document::parse(inner.string(root).trim().as_bytes());
        if !inner.is_json() {
            let text = inner.text().to_owned();
            inner = Document::parse(repair(&text)?.text.as_bytes());
        }
    }
    let root = inner.root()?;
    let was_text = doc.root().is_some_and(|root| doc.kind(root) == Json::String);
    (was_text && inner.kind(root).is_container()).then_some(inner)
}

impl DiagnosisContext<'_> {
    /// Returns what the body's description demands: the PATCH of an entity, whose model is also what the
    /// operation returns, names only what is to be changed.
    pub(crate) fn demands(&self) -> Demands {
        let entity = self.entry.is_some_and(|entry| {
            let model = entry.body.and_then(|body| body.kind.model());
            model.is_some() && model == entry.returns
        });
        if self.method == "PATCH" && entity { Demands::Version } else { Demands::All }
    }
}
