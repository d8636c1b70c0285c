//! What is wrong with a request, and on whose word: from the request by itself, and from how it differs from
//! what was accepted. A difference that no authority calls wrong is no fault.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::api::catalogue::Catalogue;
use crate::diagnose::checks;
use crate::diagnose::context::DiagnosisContext;
use crate::diagnose::description::duplicates;
use crate::diagnose::description::names::unit_of;
use crate::diagnose::evidence::accepted;
use crate::diagnose::remedy::conversion;
use crate::json::document::Document;
use crate::json::edit::Edit;
use crate::json::pointer::Pointer;
use crate::json::write::quoted;
use crate::model::authority::Authority;
use crate::model::case;
use crate::model::description::body_model::Kind;
use crate::model::exchange::{Exchange, ExchangeId};
use crate::model::finding::{Class, Finding, Severity, Shown};
use crate::model::indication::quote;
use crate::model::known_good::KnownGoodOrigin;
use crate::model::refusal::{Complaint, Detail, Naming};
use crate::model::spelling;
use crate::model::verdict::Cause;

/// Accepted bodies that are asked whether they had the same; the newest.
const MOST_ACCEPTED: usize = 32;

/// Accepted requests that have to agree on a notation before it counts.
const NOTATION_WITNESSES: usize = 3;

/// What an accepted request sent.
struct AcceptedBody {
    value: Value,
    exchange: Option<ExchangeId>,
    /// The members that it had more than once.
    repeated: BTreeSet<Pointer>,
}

impl AcceptedBody {
    /// Returns whether it has the same fault as the sent body.
    fn shares(&self, fault: &Finding, own: &Value) -> bool {
        match fault.class {
            Class::DuplicateKey => fault.candidate_path.as_ref().is_some_and(|at| self.repeated.contains(at)),
            _ => accepted::shares_fault(fault, own, &self.value),
        }
    }
}

/// Lets what the recording proves take the place of what was only likely at the same place.
fn prefer_proofs(faults: &mut Vec<Finding>) {
    let proved: BTreeSet<(Class, Pointer)> = faults
        .iter()
        .filter(|fault| fault.authority == Authority::Proof)
        .filter_map(|fault| Some((fault.class, fault.candidate_path.clone()?)))
        .collect();
    faults.retain(|fault| {
        let place = fault.candidate_path.clone().map(|at| (fault.class, at));
        fault.authority == Authority::Proof || place.is_none_or(|place| !proved.contains(&place))
    });
}

/// Returns what is wrong, most damning first. What an accepted request had as well is no error any more.
pub(crate) fn collect(context: &DiagnosisContext<'_>) -> Vec<Finding> {
    let mut faults = checks::run(context);
    prefer_proofs(&mut faults);
    let accepted = accepted_bodies(context);
    if let Some(own) = context.body.json() {
        for fault in &mut faults {
            excuse(fault, own, &accepted);
        }
    }
    faults.extend(from_differences(context, &accepted, &faults));
    answered(context, &mut faults);
    if context.subject().is_accepted() {
        for fault in faults.iter_mut().filter(|fault| fault.severity == Severity::Error) {
            fault.severity = Severity::Warning;
        }
    }
    faults.sort_by_key(|fault| fault.severity);
    faults
}

/// Adds what the answer itself names: the highest word there is.
fn answered(context: &DiagnosisContext<'_>, faults: &mut Vec<Finding>) {
    let Some(refusal) = &context.refusal else { return };
    if refusal.sentences().iter().any(|sentence| sentence.to_lowercase().contains("version")) {
        // what speaks of a version takes one, whatever the description has
        let version = |fault: &&mut Finding| {
            fault.class == Class::ExtraField && fault.place().is_some_and(|at| at.as_str() == "/version")
        };
        for fault in faults.iter_mut().filter(version) {
            fault.severity = Severity::Info;
            fault.edits.clear();
        }
    }
    for detail in refusal.all_details() {
        let Some(place) = detail.sent.as_ref().filter(|_| detail.naming == Naming::Named) else { continue };
        let same = faults.iter_mut().find(|fault| fault.candidate_path.as_ref() == Some(place));
        match same {
            Some(fault) => {
                fault.authority = Authority::Answer;
                fault.severity = Severity::Error;
            }
            None => faults.push(named_by_answer(context, detail, place)),
        }
    }
}

fn named_by_answer(context: &DiagnosisContext<'_>, detail: &Detail, place: &Pointer) -> Finding {
    let class = match detail.complaint {
        Complaint::Missing => Class::MissingField,
        Complaint::Empty => Class::EmptyValue,
        Complaint::Unknown => Class::ExtraField,
        Complaint::Invalid => Class::UnknownWord,
    };
    let sent = context.body.json().and_then(|body| body.pointer(place.as_str()));
    let text = sent.and_then(Value::as_str).unwrap_or_default();
    let mut near: Vec<(usize, &String)> =
        detail.allowed.iter().map(|word| (spelling::distance(text, word), word)).collect();
    near.sort_by_key(|(cost, _)| *cost);
    let meant = near.first().filter(|(cost, _)| *cost <= 2 && !text.is_empty()).map(|(_, word)| *word);
    let words = detail.message.as_deref().or_else(|| context.message()).unwrap_or_default();
    Finding {
        candidate_path: Some(place.clone()),
        sent: sent.map(|value| Shown::words(quote(value))),
        message: format!("the answer names `{place}`: {words}"),
        help: match (meant, detail.allowed.as_slice()) {
            (Some(word), _) => format!("write {}", quoted(word)),
            (None, []) => format!("correct `{place}`"),
            (None, allowed) => format!("use one of: {}", allowed.join(", ")),
        },
        edits: meant.map(|word| Edit::Set(place.clone(), quoted(word))).into_iter().collect(),
        ..Finding::new(class, Authority::Answer)
    }
}

fn accepted_bodies(context: &DiagnosisContext<'_>) -> Vec<AcceptedBody> {
    let recorded = accepted::bodies(context);
    let newest = recorded.len().saturating_sub(MOST_ACCEPTED);
    let mut bodies: Vec<AcceptedBody> = recorded
        .into_iter()
        .skip(newest)
        .map(|(exchange, value): (&Exchange, Value)| AcceptedBody {
            value,
            exchange: Some(exchange.id),
            repeated: case::bytes(&exchange.request).map(|text| repeated(&text)).unwrap_or_default(),
        })
        .collect();
    if let Some(good) = context.question.good.filter(|good| good.origin != KnownGoodOrigin::Embedded)
        && let Ok(value) = serde_json::from_slice(good.body.as_bytes())
        && bodies.iter().all(|known| known.value != value)
    {
        let exchange = match good.origin {
            KnownGoodOrigin::Exchange(id) => Some(id),
            _ => None,
        };
        bodies.push(AcceptedBody { value, exchange, repeated: repeated(good.body.as_bytes()) });
    }
    bodies
}

fn repeated(text: &[u8]) -> BTreeSet<Pointer> {
    let doc = Document::parse(text);
    duplicates::remove(&doc).map(|unique| unique.places.into_iter().collect()).unwrap_or_default()
}

/// What an accepted request had at the same place speaks against it: the API's own acceptance is younger than
/// any description.
fn excuse(fault: &mut Finding, own: &Value, accepted: &[AcceptedBody]) {
    let about_bytes =
        matches!(fault.class, Class::EmptyBody | Class::InvalidJson | Class::ContentTypeMismatch);
    if fault.class.cause() != Cause::Payload || about_bytes || fault.place().is_none() {
        return;
    }
    if let Some(other) = accepted.iter().find(|other| other.shares(fault, own)) {
        fault.severity = Severity::Info;
        fault.exchange = other.exchange;
        fault.message.push_str("; an accepted request had the same");
        fault.edits.clear();
    }
}

fn from_differences(
    context: &DiagnosisContext<'_>,
    accepted: &[AcceptedBody],
    known: &[Finding],
) -> Vec<Finding> {
    let Some(good) = context.question.good else { return Vec::new() };
    let differences = context.question.findings.iter().filter(|finding| finding.severity != Severity::Info);
    let places: BTreeSet<(Class, Option<&Pointer>)> =
        known.iter().map(|fault| (fault.class, fault.place())).collect();
    let is_known = |finding: &Finding| places.contains(&(finding.class, finding.place()));
    let example = good.origin == KnownGoodOrigin::Embedded;
    let own = context.body.json();
    let theirs: Option<Value> = serde_json::from_slice(good.body.as_bytes()).ok();
    let mut found = Vec::new();
    for finding in differences {
        let of_bytes =
            matches!(finding.class, Class::InvalidJson | Class::EmptyBody | Class::ContentTypeMismatch);
        if of_bytes {
            let said = known.iter().any(|fault| fault.class == finding.class);
            if !said && context.entry.is_none() {
                found.push(Finding { authority: Authority::Bytes, ..finding.clone() });
            }
            continue;
        }
        let exact = good.exact && finding.class == Class::ExtraField;
        let says = exact || is_fault(context, finding, own, theirs.as_ref(), accepted);
        if example || is_known(finding) || !says {
            continue;
        }
        let shared = own.is_some_and(|own| accepted.iter().any(|other| other.shares(finding, own)));
        if shared && !exact {
            continue;
        }
        let exchange = match good.origin {
            KnownGoodOrigin::Exchange(id) => Some(id),
            _ => None,
        };
        let edits = match (own, &theirs) {
            (Some(own), Some(theirs)) => conversion::edits(finding, own, theirs),
            _ => Vec::new(),
        };
        found.push(Finding { exchange, edits, ..finding.clone() });
    }
    found
}

/// Returns whether accepted requests make a fault of a difference. Where the description speaks, it decides.
fn is_fault(
    context: &DiagnosisContext<'_>,
    finding: &Finding,
    own: Option<&Value>,
    theirs: Option<&Value>,
    accepted: &[AcceptedBody],
) -> bool {
    let described = finding.place().is_some_and(|place| is_described(context, place));
    match finding.class {
        Class::NullField
        | Class::Moved
        | Class::RenamedKey
        | Class::WrappedInArray
        | Class::UnwrappedFromArray
        | Class::DoubleEncoded
        | Class::TypeMismatch
        | Class::SwallowedEnum
        | Class::DuplicateKey => !described,
        Class::UnitMismatch => {
            let named = finding.candidate_path.as_ref().and_then(Pointer::last);
            !described && named.is_some_and(|name| unit_of(&name).is_some())
        }
        Class::FormatMismatch => {
            let place = finding.good_path.as_ref();
            let pair = place.and_then(|place| Some((place, theirs?.pointer(place.as_str())?)));
            let agree = pair.is_some_and(|(place, theirs)| {
                let same = |other: &&AcceptedBody| {
                    other
                        .value
                        .pointer(place.as_str())
                        .is_some_and(|other| accepted::is_same_notation(other, theirs))
                };
                accepted.iter().filter(same).count() >= NOTATION_WITNESSES
            });
            !described && agree && own.is_some()
        }
        _ => false,
    }
}

/// Returns whether the API's description says what belongs at a place of the sent body.
fn is_described(context: &DiagnosisContext<'_>, place: &Pointer) -> bool {
    let Some(reading) = &context.reading else { return false };
    let Some((node, kind)) = reading.at else { return false };
    let begin = reading.doc.pointer(node);
    let inner = place.as_str().strip_prefix(begin.as_str()).unwrap_or_default();
    let steps: Vec<String> = Pointer::parse(inner).map(|inner| inner.steps().collect()).unwrap_or_default();
    says(context.catalogue(), kind, &steps)
}

fn says(catalogue: &Catalogue<'_>, kind: Kind<'_>, steps: &[String]) -> bool {
    let rest = steps.get(1..).unwrap_or_default();
    match (kind, steps.first()) {
        (Kind::Any, _) => false,
        (Kind::List(inner) | Kind::Map(inner), Some(_)) => says(catalogue, Kind::parse(inner), rest),
        (Kind::Model(name), step) => match (catalogue.model(name).filter(|model| !model.opaque), step) {
            (None, _) => false,
            (Some(model), Some(key)) => {
                model.field(key).is_none_or(|field| says(catalogue, field.kind, rest))
            }
            (Some(_), None) => true,
        },
        _ => true,
    }
}
