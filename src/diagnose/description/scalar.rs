//! Scalars beside their types: what is right, what is the same value in another notation, and what cannot be
//! said.

use crate::diagnose::description::phrases::{cut, fault, nearest_of, place, type_name, type_of};
use crate::diff::{SWALLOWED, convert};
use crate::json::document::Document;
use crate::json::edit::Edit;
use crate::json::node::{Kind as Json, NodeId};
use crate::json::number::Number;
use crate::json::write::quoted;
use crate::model::description::body_model::Kind;
use crate::model::finding::{Class, Finding, Severity, Shown};
use crate::model::spelling;

/// An example of the API's own notation of an instant.
const INSTANT: &str = "2026-11-20T08:30:15.123Z";

pub(super) enum Judged {
    Right,
    Wrong(Box<Finding>),
    Mistyped,
}

pub(super) fn judge(kind: Kind<'_>, words: &[&str], doc: &Document, node: NodeId) -> Judged {
    // what was masked in the recording is not what was sent
    if doc.kind(node) == Json::String && doc.string(node).starts_with("redacted-") {
        return Judged::Right;
    }
    let found = match (kind, doc.kind(node)) {
        (Kind::String, Json::String) if words.is_empty() => trimmed(doc, node),
        (Kind::String, Json::String) => word(words, doc, node),
        (Kind::DateTime, Json::String) => instant(doc, node),
        (Kind::Date, Json::String) => day(doc, node),
        (Kind::Integer, Json::Number) => match Number::parse(doc.lexeme(node)).is_integer() {
            false => return Judged::Mistyped,
            true => fraction_of_nothing(doc, node),
        },
        (Kind::Number, Json::Number) | (Kind::Boolean, Json::Boolean(_)) | (Kind::Any, _) => None,
        _ => return Judged::Mistyped,
    };
    found.map_or(Judged::Right, |found| Judged::Wrong(Box::new(found)))
}

/// Returns whether a value has the JSON type of its place, whatever it says.
pub(super) fn has_type(kind: Kind<'_>, doc: &Document, node: NodeId) -> bool {
    match (kind, doc.kind(node)) {
        (Kind::String | Kind::DateTime | Kind::Date, Json::String) | (Kind::Number, Json::Number) => true,
        (Kind::Integer, Json::Number) => Number::parse(doc.lexeme(node)).is_integer(),
        (Kind::Boolean, Json::Boolean(_)) | (Kind::List(_), Json::Array) | (Kind::Any, _) => true,
        (Kind::Map(_) | Kind::Model(_), Json::Object) => true,
        _ => false,
    }
}

/// Returns the JSON text of the container that belongs here, if the value is a string that holds it.
pub(super) fn decoded(kind: Kind<'_>, doc: &Document, node: NodeId) -> Option<String> {
    if doc.kind(node) != Json::String {
        return None;
    }
    let mut text = doc.string(node).trim().to_owned();
    for _ in 0..3 {
        let inner = Document::parse(text.as_bytes());
        let root = inner.root().filter(|_| inner.is_json())?;
        match (kind, inner.kind(root)) {
            (Kind::List(_), Json::Array) | (Kind::Map(_) | Kind::Model(_), Json::Object) => {
                return Some(text);
            }
            (_, Json::String) => text = inner.string(root).trim().to_owned(),
            _ => return None,
        }
    }
    None
}

/// Returns the value in the type that belongs here, as JSON text, where nothing is lost and nothing is
/// guessed.
pub(super) fn converted(kind: Kind<'_>, words: &[&str], doc: &Document, node: NodeId) -> Option<String> {
    let (lexeme, json) = (doc.lexeme(node), doc.kind(node));
    match (kind, json) {
        (Kind::Integer, Json::String) => {
            let text = doc.string(node).trim();
            number(text).filter(|_| Number::parse(text).is_integer()).map(whole)
        }
        (Kind::Number, Json::String) => number(doc.string(node).trim()),
        (Kind::Boolean, Json::String) => match doc.string(node).trim().to_ascii_lowercase().as_str() {
            "true" => Some("true".to_owned()),
            "false" => Some("false".to_owned()),
            _ => None,
        },
        (Kind::Boolean, Json::Number) => match lexeme {
            "1" => Some("true".to_owned()),
            "0" => Some("false".to_owned()),
            _ => None,
        },
        (Kind::String, Json::Number | Json::Boolean(_)) if words.is_empty() || words.contains(&lexeme) => {
            Some(quoted(lexeme))
        }
        (Kind::DateTime, Json::Number) => convert::time_like(lexeme, INSTANT).map(|text| quoted(&text)),
        (Kind::Date, Json::Number) => {
            let text = convert::time_like(lexeme, INSTANT)?;
            Some(quoted(&text[..10]))
        }
        (Kind::String, Json::Object) => {
            let id = doc.at_step(node, "id").filter(|id| doc.kind(*id) == Json::String)?;
            Some(doc.lexeme(id).to_owned())
        }
        _ => None,
    }
}

/// Returns the type that was sent, with what makes it wrong.
pub(super) fn spoken(kind: Kind<'_>, doc: &Document, node: NodeId) -> &'static str {
    match (kind, doc.kind(node)) {
        (Kind::Integer, Json::Number) => "a number with a fraction",
        (_, json) => type_of(json),
    }
}

fn number(text: &str) -> Option<String> {
    let doc = Document::parse(text.as_bytes());
    let root = doc.root().filter(|_| doc.is_json())?;
    (doc.kind(root) == Json::Number).then(|| text.to_owned())
}

/// `120.0` as `120`, as far as it is a plain decimal.
fn whole(text: String) -> String {
    match text.split_once('.') {
        Some((whole, zeros)) if zeros.bytes().all(|byte| byte == b'0') => whole.to_owned(),
        _ => text,
    }
}

fn fraction_of_nothing(doc: &Document, node: NodeId) -> Option<Finding> {
    let (at, lexeme) = (doc.pointer(node), doc.lexeme(node));
    let plain = whole(lexeme.to_owned());
    (plain != lexeme).then(|| Finding {
        message: format!("{} is written as {lexeme}, with a fraction; an integer belongs there", place(&at)),
        help: format!("write {plain}"),
        edits: vec![Edit::Set(at, plain)],
        ..fault(Class::FormatMismatch)
    })
}

/// A text of a known form, such as an id, with blanks around it. Blanks around words are no one's fault.
fn trimmed(doc: &Document, node: NodeId) -> Option<Finding> {
    let (text, at) = (doc.string(node), doc.pointer(node));
    let bare = text.trim();
    let formed = bare.len() >= 8
        && bare.bytes().any(|byte| byte.is_ascii_digit() || matches!(byte, b'@' | b':'))
        && !bare.contains(char::is_whitespace);
    (bare != text && formed).then(|| Finding {
        message: format!("{} has blanks around its value", place(&at)),
        help: format!("write {}", quoted(bare)),
        edits: vec![Edit::Set(at, quoted(bare))],
        severity: Severity::Error,
        ..fault(Class::FormatMismatch)
    })
}

fn word(words: &[&str], doc: &Document, node: NodeId) -> Option<Finding> {
    let (text, at) = (doc.string(node), doc.pointer(node));
    if words.contains(&text) {
        return None;
    }
    let list = nearest_of(words.iter().copied(), text);
    let place = place(&at);
    let expected = Some(Shown::words(words.join(", ")));
    if SWALLOWED.contains(&text) {
        return Some(Finding {
            message: format!(
                "{place} holds what the SDK puts in for a word it does not know; the program's own word is lost"
            ),
            help: format!("use one of: {list}"),
            expected,
            ..fault(Class::SwallowedEnum)
        });
    }
    let spelled = |word: &&&str| spelling::letters(word) == spelling::letters(text);
    let same = words.iter().find(spelled);
    let meant = same.or_else(|| {
        let mut near: Vec<(usize, &&str)> =
            words.iter().map(|word| (spelling::distance(text, word), word)).collect();
        near.sort_by_key(|(cost, _)| *cost);
        let (cost, word) = *near.first()?;
        let only = near.get(1).is_none_or(|(second, _)| *second > cost);
        (cost <= 2 && cost * 2 < word.len() && only).then_some(word)
    });
    let (class, message) = match same {
        Some(word) => (
            Class::FormatMismatch,
            format!("{place} is {}, and the API writes `{word}`", cut(doc.lexeme(node))),
        ),
        None => (
            Class::UnknownWord,
            format!("{place} is {}, which is not an allowed value", cut(doc.lexeme(node))),
        ),
    };
    Some(Finding {
        severity: Severity::Error,
        message,
        help: meant.map_or_else(|| format!("use one of: {list}"), |word| format!("write `{word}`")),
        edits: meant.map(|word| Edit::Set(at, quoted(word))).into_iter().collect(),
        expected,
        ..fault(class)
    })
}

fn instant(doc: &Document, node: NodeId) -> Option<Finding> {
    let text = doc.string(node);
    if is_instant(text) {
        return None;
    }
    let moment = text.parse::<jiff::Timestamp>().is_ok();
    let respelt = convert::time_like(text, INSTANT);
    Some(dated(Kind::DateTime, respelt, moment, doc, node))
}

fn day(doc: &Document, node: NodeId) -> Option<Finding> {
    let text = doc.string(node);
    if is_day(text) {
        return None;
    }
    let respelt = convert::time_like(text.trim(), INSTANT).map(|text| text[..10].to_owned());
    let respelt = respelt.or_else(|| Some(text.trim().to_owned()).filter(|text| is_day(text)));
    Some(dated(Kind::Date, respelt, false, doc, node))
}

fn dated(kind: Kind<'_>, respelt: Option<String>, moment: bool, doc: &Document, node: NodeId) -> Finding {
    let at = doc.pointer(node);
    let shape = if kind == Kind::Date { "yyyy-MM-dd" } else { "yyyy-MM-ddTHH:mm:ss.SSSZ" };
    Finding {
        // another spelling of the same moment may pass; what is no moment cannot
        severity: if moment { Severity::Warning } else { Severity::Error },
        message: format!("{} is not written as {shape}", place(&at)),
        help: match &respelt {
            Some(text) => format!("write {}", quoted(text)),
            None => format!("write {} in UTC as {shape}, or leave it out", type_name(kind)),
        },
        edits: respelt.map(|text| Edit::Set(at, quoted(&text))).into_iter().collect(),
        expected: Some(Shown::words(shape)),
        ..fault(Class::FormatMismatch)
    }
}

/// `yyyy-MM-ddTHH:mm:ss[.mmm]Z`, as the models' own descriptions write it.
fn is_instant(text: &str) -> bool {
    let fraction = text.len() == 20 || (text.len() == 24 && text.as_bytes()[19] == b'.');
    fraction
        && text.as_bytes().get(10) == Some(&b'T')
        && text.ends_with('Z')
        && text.parse::<jiff::Timestamp>().is_ok()
}

/// `yyyy-MM-dd`.
fn is_day(text: &str) -> bool {
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_in_time_have_three_fraction_digits_or_none_and_z() {
        for right in ["2026-11-20T08:30:15Z", "2026-11-20T08:30:15.123Z"] {
            assert!(is_instant(right), "{right}");
        }
        for wrong in [
            "2026-11-20T08:30:15.1Z",
            "2026-11-20 08:30:15Z",
            "2026-13-20T08:30:15Z",
            "2026-11-20T08:30:15+00:00",
        ] {
            assert!(!is_instant(wrong), "{wrong}");
        }
        assert!(is_day("2026-11-20") && !is_day("2026-02-30"));
    }

    #[test]
    fn a_fraction_of_nothing_is_written_without_it() {
        assert_eq!(whole("120.0".to_owned()), "120");
        assert_eq!(whole("1e3".to_owned()), "1e3");
    }
}
