//! From differences to edits: what has to change so that a body is like the known-good one, its own values kept.
//!
//! A value is never copied from the known-good body, but where the finding says that it is the same value in another
//! notation or unit. What is missing is left to the user.

use serde_json::{Value, json};

use crate::diff::convert;
use crate::json::pointer::Pointer;
use crate::model::body_change::BodyChange;
use crate::model::finding::{Class, Finding, Severity};

/// What the findings of one comparison come to.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) edits: Vec<BodyChange>,
    /// What has to be filled in by hand, one line each.
    pub(super) open: Vec<String>,
}

/// Returns the plan. `expected` tells whether the published model has a member at this place, where there is a model.
pub(super) fn plan(
    findings: &[&Finding],
    good: &Value,
    sent: &Value,
    expected: impl Fn(&Pointer) -> bool,
) -> Plan {
    let mut plan = Plan::default();
    for finding in findings.iter().filter(|finding| finding.severity != Severity::Info) {
        let (at, from) = (finding.candidate_path.as_ref(), finding.good_path.as_ref());
        let own = at.and_then(|at| sent.pointer(at.as_str()));
        let theirs = from.and_then(|from| good.pointer(from.as_str()));
        if finding.class == Class::RenamedKey {
            plan.edits.extend(converted(finding, own, theirs));
        }
        match (edit(finding, own, theirs, &expected), finding.class) {
            (Some(edit), _) => plan.edits.push(edit),
            (None, Class::ExtraField | Class::ValueChanged | Class::DuplicateKey | Class::NotCompared) => {}
            (None, Class::EmptyValue | Class::EmptyBody | Class::NullField) => {
                plan.open.push(to_fill(at, theirs, &finding.help));
            }
            (None, _) => plan.open.push(finding.help.clone()),
        }
        // nobody knows what should have stood there
        if finding.class == Class::NullField && theirs.is_some() && !shown(at).is_empty() {
            plan.open.push(format!("put a value at `{}` if there is one; a null is left out", shown(at)));
        }
    }
    plan
}

fn edit(
    finding: &Finding,
    own: Option<&Value>,
    theirs: Option<&Value>,
    expected: &impl Fn(&Pointer) -> bool,
) -> Option<BodyChange> {
    let at = finding.candidate_path.clone()?;
    let set = |value: Value| Some(BodyChange::Set(at.clone(), value.to_string()));
    let root = at.as_str().is_empty();
    match finding.class {
        Class::NullField if !root => Some(BodyChange::Remove(at)),
        Class::ExtraField => {
            let empty = own.is_some_and(|own| *own == json!([]) || *own == json!({}));
            (empty || finding.severity == Severity::Error || !expected(&at)).then_some(BodyChange::Remove(at))
        }
        Class::EmptyValue if !root && own.is_some_and(Value::is_array) => Some(BodyChange::Remove(at)),
        Class::RenamedKey => Some(BodyChange::Rename(at, finding.good_path.as_ref()?.last()?)),
        Class::Moved => {
            let to = finding.good_path.clone()?;
            match (root, to.as_str().is_empty()) {
                (_, true) => Some(BodyChange::Unwrap(at)),
                (true, false) => (to.steps().count() == 1).then(|| to.last().map(BodyChange::Wrap)).flatten(),
                (false, false) => Some(BodyChange::Move(at, to)),
            }
        }
        Class::WrappedInArray => set(own?.as_array()?.first()?.clone()),
        Class::UnwrappedFromArray => set(json!([own?])),
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
            // epochs differ in the instant as well: their number of digits tells
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
    let bare = |text: &str| crate::api::genesys::near::words(text.trim()).concat();
    if own.is_string() && bare(&text) == bare(wanted) {
        return Some(json!(wanted));
    }
    convert::time_like(&text, wanted).map(Value::from)
}

/// The number in the unit that the good key names, where it is another: `durationMs` 60000 as `durationSeconds` 60.
fn converted(finding: &Finding, own: Option<&Value>, theirs: Option<&Value>) -> Option<BodyChange> {
    let (at, from) = (finding.candidate_path.clone()?, finding.good_path.as_ref()?);
    let (Value::Number(own), Value::Number(theirs)) = (own?, theirs?) else { return None };
    let number = convert::in_unit(&own.to_string(), &at.last()?, &from.last()?)?;
    (own.as_f64() != theirs.as_f64()).then_some(BodyChange::Set(at, number))
}

/// What belongs where nothing stands.
fn to_fill(at: Option<&Pointer>, theirs: Option<&Value>, otherwise: &str) -> String {
    let place = match shown(at) {
        "" => "the body".to_owned(),
        at => format!("`{at}`"),
    };
    match theirs.and_then(Value::as_object) {
        Some(members) if !members.is_empty() => {
            let keys: Vec<String> = members.keys().map(|key| format!("`{key}`")).collect();
            format!("put what belongs there into {place}: {}", keys.join(", "))
        }
        _ => otherwise.to_owned(),
    }
}

fn shown(at: Option<&Pointer>) -> &str {
    at.map(Pointer::as_str).unwrap_or_default()
}
