//! What a finding says: what was sent, what was expected, one sentence, and one line on what to do.

use crate::diff::formats::Format;
use crate::diff::indexed::IndexedBody;
use crate::diff::matching::Raw;
use crate::json::document::{Kind, NodeId};
use crate::json::pointer::Pointer;
use crate::model::authority::Authority;
use crate::model::finding::{Class, Finding, Severity, Shown};

/// The most characters of a value that a finding shows.
const MOST_SHOWN: usize = 80;

pub(crate) fn finding(raw: &Raw, severity: Severity, good: &IndexedBody, candidate: &IndexedBody) -> Finding {
    let sent = raw.candidate.map(|id| shown(candidate, id));
    let expected = raw.good.map(|id| shown(good, id));
    Finding {
        severity,
        good_path: raw.good.map(|id| good.doc.pointer(id)),
        candidate_path: raw.candidate.map(|id| candidate.doc.pointer(id)),
        message: message(raw, good, candidate),
        help: help(raw, good, candidate),
        sent,
        expected,
        ..Finding::new(raw.class, Authority::Accepted)
    }
}

/// Returns a value as it is shown: its type, its text cut to a readable length, and where it is.
pub(crate) fn shown(side: &IndexedBody, id: NodeId) -> Shown {
    let text = side.doc.lexeme(id);
    Shown { kind: side.kind(id).name(), text: cut(text), span: Some(side.doc.span(id)) }
}

fn cut(text: &str) -> String {
    let mut out = String::new();
    let mut count = 0;
    let mut spaced = false;
    for c in text.chars() {
        let space = c.is_whitespace();
        if space && spaced {
            continue;
        }
        spaced = space;
        if count == MOST_SHOWN {
            out.push('…');
            break;
        }
        out.push(if space { ' ' } else { c });
        count += 1;
    }
    out
}

fn place(side: &IndexedBody, id: NodeId) -> String {
    let pointer = side.doc.pointer(id);
    if pointer.as_str().is_empty() { "the whole body".to_owned() } else { format!("`{pointer}`") }
}

/// `a string`, `an array`
fn a_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Null => "null",
        Kind::Boolean(_) => "a boolean",
        Kind::Number => "a number",
        Kind::String => "a string",
        Kind::Array => "an array",
        Kind::Object => "an object",
        Kind::Invalid => "no JSON",
    }
}

fn message(raw: &Raw, good: &IndexedBody, candidate: &IndexedBody) -> String {
    let at_good = raw.good.map(|id| place(good, id)).unwrap_or_default();
    let at = raw.candidate.map_or_else(|| at_good.clone(), |id| place(candidate, id));
    let type_good = raw.good.map_or("nothing", |id| a_type(good.kind(id)));
    let type_sent = raw.candidate.map_or("nothing", |id| a_type(candidate.kind(id)));
    match raw.class {
        Class::NullField if raw.good.is_none() => {
            format!("{at} is null; the known-good body has no such member")
        }
        Class::NullField => format!("{at} is null; the known-good body has {type_good}"),
        Class::MissingField => format!("{at} is missing"),
        Class::ExtraField => format!("{at} is {type_sent} that the known-good body does not have"),
        Class::RenamedKey => format!("{at_good} was sent as {at}"),
        Class::Moved => moved(raw, good, candidate).unwrap_or_else(|| format!("{at_good} was sent at {at}")),
        Class::WrappedInArray => format!("{at} is an array of one; the known-good body has {type_good}"),
        Class::UnwrappedFromArray => format!("{at} is {type_sent}; the known-good body has an array of one"),
        Class::DoubleEncoded if type_good == "a string" => format!("{at} has JSON quotes inside the string"),
        Class::DoubleEncoded => {
            format!("{at} is a string with JSON text; the known-good body has {type_good}")
        }
        Class::TypeMismatch => format!("{at} is {type_sent}; the known-good body has {type_good}"),
        Class::FormatMismatch => match notation(raw, good) {
            Some(format) => format!("{at} is not in the notation of the known-good body, {format}"),
            None => format!("{at} is spelled differently than in the known-good body"),
        },
        Class::UnitMismatch => format!("{at} is in another unit than in the known-good body"),
        Class::EmptyValue => format!("{at} is empty; the known-good body has {type_good} with a value"),
        Class::ArrayLength => {
            let count =
                |side: &IndexedBody, id: Option<NodeId>| id.map_or(0, |id| side.doc.children(id).len());
            format!(
                "{at} has {} elements; the known-good body has {}",
                count(candidate, raw.candidate),
                count(good, raw.good)
            )
        }
        Class::ArrayOrder => format!("{at} has the elements of the known-good body in another order"),
        Class::PrecisionLoss => format!("{at} was rounded on the way"),
        Class::DuplicateKey => format!("{at} occurs more often in its object than in the known-good body"),
        Class::SwallowedEnum => format!("{at} is what an outdated SDK writes for a value it does not know"),
        Class::ValueChanged => format!("{at} has another value than in the known-good body"),
        other => other.name().replace('_', " "),
    }
}

/// A whole body that was put into an object, or taken out of one.
fn moved(raw: &Raw, good: &IndexedBody, candidate: &IndexedBody) -> Option<String> {
    let (known, sent) = (good.doc.pointer(raw.good?), candidate.doc.pointer(raw.candidate?));
    let name = |place: &Pointer| match place.steps().count() {
        1 => place.last().unwrap_or_default(),
        _ => place.to_string(),
    };
    match (known.as_str(), sent.as_str()) {
        ("", _) => Some(format!("the body is wrapped in `{}`", name(&sent))),
        (_, "") => Some(format!("the body is not wrapped in `{}`", name(&known))),
        _ => None,
    }
}

fn notation(raw: &Raw, good: &IndexedBody) -> Option<String> {
    let id = raw.good?;
    match good.kind(id) {
        Kind::String => Some(with_article(Format::detect(good.doc.string(id))?.name())),
        Kind::Number => Some("an epoch number".to_owned()),
        _ => None,
    }
}

fn with_article(name: &str) -> String {
    // spoken, not written: an E.164 number, an ISO date, a uuid, a locale
    let vowel = name.starts_with(['I', 'E', 'e', 'a']);
    format!("{} {name}", if vowel { "an" } else { "a" })
}

/// The rule's own line, with the names of this finding where that makes it plainer.
fn help(raw: &Raw, good: &IndexedBody, candidate: &IndexedBody) -> String {
    let key =
        |side: &IndexedBody, id: Option<NodeId>| id.and_then(|id| side.doc.key_of(id)).map(str::to_owned);
    let (key_good, key_sent) = (key(good, raw.good), key(candidate, raw.candidate));
    let value_good = raw.good.map(|id| good.kind(id).name());
    match (raw.class, key_good, key_sent, value_good) {
        (Class::NullField, None, Some(key), _) => format!("leave `{key}` out of the body"),
        (Class::NullField, Some(key), _, Some(kind)) => format!("set `{key}` to a value of type {kind}"),
        (Class::MissingField, Some(key), _, Some(kind)) => {
            format!("send `{key}` with a value of type {kind}")
        }
        (Class::ExtraField, _, Some(key), _) => format!("remove `{key}` from the body"),
        (Class::RenamedKey, Some(good), Some(sent), _) => format!("rename `{sent}` to `{good}`"),
        (Class::Moved, ..) => match (raw.good, raw.candidate) {
            (Some(g), Some(c)) => format!("move {} to {}", place(candidate, c), target(good, g)),
            _ => raw.class.help().to_owned(),
        },
        (Class::TypeMismatch, Some(key), _, Some(kind)) => format!("send `{key}` as {kind}"),
        _ => raw.class.help().to_owned(),
    }
}

fn target(side: &IndexedBody, id: NodeId) -> String {
    let place = place(side, id);
    if place == "the whole body" { "the top of the body".to_owned() } else { place }
}
