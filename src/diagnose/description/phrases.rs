//! The words and pieces that findings about a described body share.

use crate::json::node::Kind as Json;
use crate::json::pointer::Pointer;
use crate::model::authority::Authority;
use crate::model::description::body_model::{Field, Kind};
use crate::model::finding::{self, Class, Finding, Shown};
use crate::model::spelling;

/// A fault by the word of the description.
pub(super) fn fault(class: Class) -> Finding {
    Finding::new(class, Authority::Description)
}

/// Returns a place as a sentence names it.
pub(super) fn place(at: &Pointer) -> String {
    if at.as_str().is_empty() { "the whole body".to_owned() } else { format!("`{at}`") }
}

/// Returns a value cut to a readable length, on one line.
pub(super) fn cut(text: &str) -> String {
    finding::cut(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Returns a JSON type with its article.
pub(super) fn type_of(kind: Json) -> &'static str {
    match kind {
        Json::Null => "null",
        Json::Boolean(_) => "a boolean",
        Json::Number => "a number",
        Json::String => "a string",
        Json::Array => "an array",
        Json::Object => "an object",
        Json::Invalid => "no JSON",
    }
}

/// Returns the type that belongs somewhere, with its article.
pub(super) fn type_name(kind: Kind<'_>) -> String {
    match kind {
        Kind::String => "a string".to_owned(),
        Kind::Integer => "an integer".to_owned(),
        Kind::Number => "a number".to_owned(),
        Kind::Boolean => "a boolean".to_owned(),
        Kind::DateTime => "a date-time".to_owned(),
        Kind::Date => "a date".to_owned(),
        Kind::List(_) => "a list".to_owned(),
        Kind::Map(_) => "a map".to_owned(),
        Kind::Any => "any value".to_owned(),
        Kind::Model(name) => format!("an object ({name})"),
    }
}

/// Returns a number rounded to the nearest whole one.
pub(super) fn rounded(number: f64) -> String {
    format!("{:.0}", (number + 0.5).floor())
}

/// Names that are listed of a model or an enumeration.
const MOST_NAMES: usize = 10;

/// Returns the names that are most like the one that was sent, the others counted: `name, code and 31 more`.
pub(super) fn nearest_of<'n>(names: impl Iterator<Item = &'n str>, sent: &str) -> String {
    let mut names: Vec<&str> = names.collect();
    let more = names.len().saturating_sub(MOST_NAMES);
    if more == 0 {
        return names.join(", ");
    }
    if !sent.is_empty() {
        names.sort_by_cached_key(|name| spelling::distance(sent, name));
    }
    format!("{} and {more} more", names[..MOST_NAMES].join(", "))
}

/// Returns the fault of a member that has to be there and is not.
pub(super) fn missing(at: &Pointer, field: &Field<'_>, source: &str) -> Finding {
    Finding {
        good_path: Some(at.clone()),
        expected: Some(Shown::words(field.kind.to_string())),
        message: format!("`{at}` is required and missing"),
        help: format!("set it: `--set {at}{}`", asked(field)),
        source: Some(source.to_owned()),
        ..fault(Class::MissingField)
    }
}

/// How a value is asked for: as text, or as JSON.
fn asked(field: &Field<'_>) -> &'static str {
    match field.kind {
        Kind::String | Kind::DateTime | Kind::Date => "=TEXT",
        _ => ":=JSON",
    }
}
