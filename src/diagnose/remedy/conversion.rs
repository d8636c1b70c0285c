//! From differences to edits: what has to change so that a body is like the known-good one, its own values
//! kept.
//!
//! A value is never copied from the known-good body, but where the finding says that it is the same value in
//! another notation or unit. What is missing is left to the user.

use serde_json::{Value, json};

use crate::diff::convert;
use crate::json::edit::{Edit, Wrapper};
use crate::json::pointer::Pointer;
use crate::model::finding::{Class, Finding};

/// Returns how the sent body has to change so that a difference is gone.
pub(crate) fn edits(finding: &Finding, sent: &Value, good: &Value) -> Vec<Edit> {
    let (at, from) = (finding.candidate_path.as_ref(), finding.good_path.as_ref());
    let own = at.and_then(|at| sent.pointer(at.as_str()));
    let theirs = from.and_then(|from| good.pointer(from.as_str()));
    let mut edits = Vec::new();
    if finding.class == Class::RenamedKey {
        edits.extend(converted(finding, own, theirs));
    }
    edits.extend(edit(finding, own, theirs));
    edits
}

fn edit(finding: &Finding, own: Option<&Value>, theirs: Option<&Value>) -> Option<Edit> {
    let at = finding.candidate_path.clone()?;
    let set = |value: Value| Some(Edit::Set(at.clone(), value.to_string()));
    let root = at.as_str().is_empty();
    match finding.class {
        Class::NullField if !root => Some(Edit::Remove(at)),
        Class::ExtraField if !root => Some(Edit::Remove(at)),
        Class::RenamedKey => Some(Edit::Rename(at, finding.good_path.as_ref()?.last()?)),
        Class::Moved => {
            let to = finding.good_path.clone()?;
            match (root, to.as_str().is_empty()) {
                (_, true) => Some(Edit::Unwrap(Pointer::root(), at)),
                (true, false) => {
                    let key = (to.steps().count() == 1).then(|| to.last()).flatten()?;
                    Some(Edit::Wrap(at, Wrapper::Object(key)))
                }
                (false, false) => Some(Edit::Move(at, to)),
            }
        }
        Class::WrappedInArray => Some(Edit::Unwrap(at.clone(), at.element(0))),
        Class::UnwrappedFromArray => Some(Edit::Wrap(at, Wrapper::Array)),
        Class::DuplicateKey => Some(Edit::KeepLast(at)),
        Class::DoubleEncoded => set(serde_json::from_str(own?.as_str()?).ok()?),
        Class::TypeMismatch => set(coerced(own?, theirs?)?),
        Class::UnitMismatch => set(rescaled(own?, theirs?)?),
        Class::FormatMismatch => set(respelt(own?, theirs?)?),
        _ => None,
    }
}

/// The same value in the other one's type, where nothing is lost.
fn coerced(own: &Value, theirs: &Value) -> Option<Value> {
    match (own, theirs) {
        (Value::String(text), Value::Number(_)) => {
            serde_json::from_str(text.trim()).ok().filter(Value::is_number)
        }
        (Value::String(text), Value::Bool(_)) => text.trim().parse::<bool>().ok().map(Value::from),
        (Value::Number(_) | Value::Bool(_), Value::String(_)) => Some(json!(own.to_string())),
        (Value::Object(members), Value::String(_)) => members.get("id").filter(|id| id.is_string()).cloned(),
        (Value::String(_), Value::Object(members)) => {
            (members.len() == 1 && members.contains_key("id")).then(|| json!({ "id": own }))
        }
        (Value::String(text), Value::Array(_)) => {
            Some(text.split(',').map(|part| json!(part.trim())).collect())
        }
        _ => None,
    }
}

/// The same quantity in the other one's unit: the two are a power of a thousand apart.
fn rescaled(own: &Value, theirs: &Value) -> Option<Value> {
    let (sent, wanted) = (own.as_i64()?, theirs.as_i64()?);
    [1_000, 1_000_000, 1_000_000_000]
        .into_iter()
        .find_map(|factor: i64| {
            // epochs differ in the instant as well: their number of digits shows it
            let near = |a: i64, b: i64| a.to_string().len() == b.to_string().len();
            match sent.checked_mul(factor) {
                Some(more) if near(more, wanted) => Some(more),
                _ if near(sent / factor, wanted) => Some(sent / factor),
                _ => None,
            }
        })
        .map(Value::from)
}

/// The same text or instant in the other one's notation.
fn respelt(own: &Value, theirs: &Value) -> Option<Value> {
    let wanted = theirs.as_str()?;
    let text = match own {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let bare = |text: &str| crate::model::spelling::words(text.trim()).concat();
    if own.is_string() && bare(&text) == bare(wanted) {
        return Some(json!(wanted));
    }
    convert::time_like(&text, wanted).map(Value::from)
}

/// The number in the unit that the good key names, where it is another: `durationMs` 60000 as
/// `durationSeconds` 60.
fn converted(finding: &Finding, own: Option<&Value>, theirs: Option<&Value>) -> Option<Edit> {
    let (at, from) = (finding.candidate_path.clone()?, finding.good_path.as_ref()?);
    let (Value::Number(own), Value::Number(theirs)) = (own?, theirs?) else { return None };
    let number = convert::in_unit(&own.to_string(), &at.last()?, &from.last()?)?;
    (own.as_f64() != theirs.as_f64()).then_some(Edit::Set(at, number))
}
