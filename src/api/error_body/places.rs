//! Which member of the sent body a named field means.

use serde_json::Value;

use crate::json::pointer::Pointer;
use crate::model::refusal::{Detail, Naming, Refusal};

/// Members of a body: place, and for scalars the value as text.
type Places = Vec<(Pointer, Option<String>)>;

/// Sets, for every field that the refusal names, the place of the sent body that it means, and drops words of
/// the sentence that are a member neither of the body nor of its model.
///
/// A field is found by its whole path (`wrapup.code`, `tags[0]`), else by its last word, if only one member
/// has it; a quoted value (`Value [x] is not valid`) by the value.
pub fn point_into(refusal: &mut Refusal, sent: &Value, is_modelled: &dyn Fn(&str) -> bool) {
    let mut places = Places::new();
    collect(sent, &Pointer::root(), &mut places);
    point(refusal, &places, is_modelled);
}

fn point(refusal: &mut Refusal, places: &Places, is_modelled: &dyn Fn(&str) -> bool) {
    for detail in &mut refusal.details {
        detail.sent = place_of(detail, places);
    }
    refusal.details.retain(|detail| {
        let modelled = || detail.field.as_deref().is_some_and(is_modelled);
        detail.naming == Naming::Named || detail.sent.is_some() || modelled()
    });
    for nested in &mut refusal.nested {
        point(nested, places, is_modelled);
    }
}

fn collect(value: &Value, at: &Pointer, places: &mut Places) {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) | Value::Null => Some(value.to_string()),
        _ => None,
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(key, inner)| {
            let place = at.member(key);
            collect(inner, &place, places);
            places.push((place, text(inner)));
        }),
        Value::Array(elements) => elements.iter().enumerate().for_each(|(index, inner)| {
            let place = at.element(index);
            collect(inner, &place, places);
            places.push((place, text(inner)));
        }),
        _ => {}
    }
}

fn place_of(detail: &Detail, places: &Places) -> Option<Pointer> {
    let field = detail.field.as_deref()?;
    let steps: Vec<String> = field
        .trim_start_matches(['$', '.', '/', '#'])
        .split(['.', '[', ']', '/'])
        .filter(|step| !step.is_empty())
        .map(str::to_owned)
        .collect();
    if let Some(value) = &detail.value {
        return of_value(value, &bare(steps.last()?), places);
    }
    let last = &steps[steps.len().saturating_sub(1)..];
    let by_value = || only(places.iter().filter(|(_, value)| value.as_deref() == Some(field)));
    by_path(&steps, places).or_else(|| by_path(last, places)).or_else(|| {
        // a value is quoted in the place of a name by one of the documented sentences
        if detail.naming == Naming::Named { by_value() } else { None }
    })
}

fn by_path(steps: &[String], places: &Places) -> Option<Pointer> {
    if steps.is_empty() {
        return None;
    }
    let wanted: Vec<String> = steps.iter().map(|step| bare(step)).collect();
    let ends_so = |place: &Pointer| {
        let own: Vec<String> = place.steps().map(|step| bare(&step)).collect();
        own.ends_with(&wanted)
    };
    let exact = places.iter().find(|(place, _)| place.steps().eq(steps.iter().cloned()));
    exact.map(|(place, _)| place.clone()).or_else(|| only(places.iter().filter(|(place, _)| ends_so(place))))
}

/// The member of this value whose name is the one of the type, or the only one of this value.
fn of_value(value: &str, kind: &str, places: &Places) -> Option<Pointer> {
    let equal = |(_, own): &&(Pointer, Option<String>)| own.as_deref() == Some(value);
    let alike = |(place, _): &&(Pointer, Option<String>)| {
        let name = place.last().map(|name| bare(&name)).unwrap_or_default();
        !name.is_empty() && (kind.ends_with(&name) || name.ends_with(kind))
    };
    only(places.iter().filter(|place| equal(place) && alike(place)))
        .or_else(|| only(places.iter().filter(equal)))
        .or_else(|| only(places.iter().filter(alike)))
}

fn only<'p>(mut found: impl Iterator<Item = &'p (Pointer, Option<String>)>) -> Option<Pointer> {
    let first = found.next()?;
    found.next().is_none().then(|| first.0.clone())
}

/// A name without letter case, `_` and `-`.
fn bare(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase).collect()
}
