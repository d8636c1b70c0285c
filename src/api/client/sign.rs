//! What distinguishes habits that make the same class of finding: the sent value itself.

use serde_json::Value;

use crate::api::client::fault::Fault;
use crate::json::pointer::Pointer;
use crate::model::description::entry::Entry;
use crate::model::finding::Class;
use crate::model::spelling;

/// What a sign is looked for in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen<'a> {
    pub(super) entry: Option<&'a Entry<'a>>,
    pub(super) body: Option<&'a Value>,
    pub(super) faults: &'a [Fault<'a>],
    /// The place of the fault in the body.
    pub(super) at: Option<&'a Pointer>,
    /// What was said of the fault.
    pub(super) says: &'a str,
}

/// What the body has to look like for the habit to be the likely one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sign {
    /// The class is enough.
    None,
    /// Some key is in snake_case.
    SnakeCase,
    /// The place holds a null inside an object without any key in snake_case.
    PlainNull,
    /// The place holds an empty array.
    EmptyArray,
    /// The place holds an empty object.
    EmptyObject,
    /// The place holds a text that reads as a number.
    NumericText,
    /// The place holds a number that is written with a fraction.
    Fraction,
    /// The place holds a text where the model has a list.
    TextForList,
    /// The place holds an object where something else belongs.
    ObjectForText,
    /// The place holds a point in time in some notation.
    Time,
    /// The place's key begins with an underscore.
    UnderscoreKey,
    /// The place's key is in camelCase and the model does not have it.
    OtherKey,
    /// The text has a `NaN`.
    NotANumber,
    /// The whole body is null.
    RootNull,
    /// The whole body is a text.
    RootText,
    /// The place is this.
    Place(&'static str),
    /// The place is the whole body, which has this member.
    RootMember(&'static str),
    /// The SDK takes the body in `opts`, or by keyword.
    OptionalBody,
    /// This member is missing, and nothing was sent that the model does not have.
    Unset(&'static str),
    /// Some member ends in `Ms`, or is a duration of ten thousand and more.
    Milliseconds,
}

impl Sign {
    pub(super) fn shows(self, seen: &Seen<'_>) -> bool {
        let value = seen.at.and_then(|at| seen.body?.pointer(at.as_str()));
        let text = value.and_then(Value::as_str);
        let key = seen.at.and_then(Pointer::last).unwrap_or_default();
        let is_snake = |key: &str, _: &Value| key.trim_start_matches('_').contains('_');
        match self {
            Self::None => true,
            Self::OptionalBody => seen.entry.and_then(|entry| entry.body).is_none_or(|body| !body.required),
            Self::Unset(name) => {
                seen.says.contains(&format!("/{name}`"))
                    && !seen
                        .faults
                        .iter()
                        .any(|fault| matches!(fault.class, Class::ExtraField | Class::RenamedKey))
            }
            Self::SnakeCase => seen.body.is_some_and(|body| any_member(body, &is_snake)),
            Self::PlainNull => {
                value.is_some_and(Value::is_null)
                    && seen.body.is_some_and(|body| !body.is_null() && !any_member(body, &is_snake))
            }
            Self::EmptyArray => value.and_then(Value::as_array).is_some_and(Vec::is_empty),
            Self::EmptyObject => {
                // what is missing has no place of its own: the body is what is empty
                let value = if seen.at.is_none() { seen.body } else { value };
                value.and_then(Value::as_object).is_some_and(serde_json::Map::is_empty)
            }
            Self::NumericText => text.is_some_and(|text| text.trim().parse::<f64>().is_ok()),
            Self::Fraction => value.is_some_and(Value::is_f64),
            Self::TextForList => {
                text.is_some_and(|text| text.parse::<f64>().is_err() && !is_time(text)) && !key.is_empty()
            }
            Self::ObjectForText => value.is_some_and(Value::is_object),
            Self::Time => {
                text.is_some_and(is_time)
                    || value.and_then(Value::as_i64).is_some_and(|epoch| epoch >= 1_000_000_000)
            }
            Self::UnderscoreKey => key.starts_with('_'),
            Self::OtherKey => !key.is_empty() && !key.contains('_'),
            Self::NotANumber => seen.says.contains("`NaN`"),
            Self::RootNull => seen.body.is_some_and(Value::is_null),
            Self::RootText => seen.body.is_some_and(Value::is_string),
            Self::Place(place) => seen.at.is_some_and(|at| at.as_str() == place),
            Self::RootMember(name) => {
                seen.at.is_some_and(|at| at.as_str().is_empty())
                    && seen.body.is_some_and(|body| body.get(name).is_some())
            }
            Self::Milliseconds => seen.body.is_some_and(|body| any_member(body, &is_milliseconds)),
        }
    }
}

fn is_milliseconds(key: &str, value: &Value) -> bool {
    let words = spelling::words(key);
    let unit = words.iter().any(|word| matches!(word.as_str(), "ms" | "millis" | "milliseconds"));
    let duration = words.iter().any(|word| word == "duration");
    (unit || duration) && value.as_f64().is_some_and(|number| unit || number >= 10_000.0)
}

/// ISO 8601 with or without a time and a zone, or as e-mails and HTTP write it.
fn is_time(text: &str) -> bool {
    text.parse::<jiff::civil::DateTime>().is_ok()
        || text.parse::<jiff::Timestamp>().is_ok()
        || jiff::fmt::rfc2822::parse(text).is_ok()
}

fn any_member(value: &Value, holds: &dyn Fn(&str, &Value) -> bool) -> bool {
    match value {
        Value::Object(members) => {
            members.iter().any(|(key, inner)| holds(key, inner) || any_member(inner, holds))
        }
        Value::Array(elements) => elements.iter().any(|inner| any_member(inner, holds)),
        _ => false,
    }
}
