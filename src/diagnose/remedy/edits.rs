//! Exact changes of a body, applied so that none takes another one's place away.

use serde_json::{Map, Value};

use crate::json::pointer::Pointer;
use crate::model::body_change::BodyChange;

/// Applies the edits and says what was changed, one line each. All places are those of the body as it was sent.
///
/// Values are set first, then members taken away from the end, then moved ones taken out, keys renamed from the inside
/// out, moved ones put back, and last what is around it all.
pub(super) fn apply(body: &mut Value, edits: &[BodyChange]) -> Vec<String> {
    let mut changes = Vec::new();
    for edit in edits {
        if let BodyChange::Set(at, text) = edit {
            changes.extend(set(body, at, text));
        }
    }
    for edit in edits.iter().rev() {
        if let BodyChange::Remove(at) = edit {
            changes.extend(remove(body, at).map(|_| format!("`{at}` left out")));
        }
    }
    let mut held = Vec::new();
    for (from, to) in deepest_first(edits, |edit| match edit {
        BodyChange::Move(from, to) => Some((from, to.clone())),
        _ => None,
    }) {
        if let Some(value) = remove(body, from) {
            drop_empty(body, from.parent(), &to);
            changes.push(format!("`{from}` moved to `{to}`"));
            held.push((to, value));
        }
    }
    for (at, name) in deepest_first(edits, |edit| match edit {
        BodyChange::Rename(at, name) => Some((at, name.clone())),
        _ => None,
    }) {
        changes.extend(rename(body, at, &name));
    }
    for (to, value) in held {
        put(body, &to, value);
    }
    for edit in edits {
        match edit {
            BodyChange::Wrap(key) => {
                let inner = std::mem::take(body);
                *body = serde_json::json!({ key: inner });
                changes.push(format!("the whole put under `{key}`"));
            }
            BodyChange::Unwrap(at) => {
                if let Some(inner) = body.pointer_mut(at.as_str()).map(Value::take) {
                    *body = inner;
                    changes.push(format!("what stood at `{at}` made the body"));
                }
            }
            _ => {}
        }
    }
    changes
}

fn deepest_first<'e, T>(
    edits: &'e [BodyChange],
    pick: impl Fn(&'e BodyChange) -> Option<(&'e Pointer, T)>,
) -> Vec<(&'e Pointer, T)> {
    let mut picked: Vec<(&Pointer, T)> = edits.iter().filter_map(pick).collect();
    picked.sort_by_key(|(at, _)| std::cmp::Reverse(at.steps().count()));
    picked
}

fn set(body: &mut Value, at: &Pointer, text: &str) -> Option<String> {
    let place = body.pointer_mut(at.as_str())?;
    *place = serde_json::from_str(text).ok()?;
    Some(match at.as_str() {
        "" => "the body made what it stands for".to_owned(),
        at => format!("`{at}` set to {text}"),
    })
}

fn remove(body: &mut Value, at: &Pointer) -> Option<Value> {
    let (parent, last) = (at.parent()?, at.last()?);
    match body.pointer_mut(parent.as_str())? {
        Value::Object(members) => members.shift_remove(&last),
        Value::Array(elements) => {
            let index: usize = last.parse().ok()?;
            (index < elements.len()).then(|| elements.remove(index))
        }
        _ => None,
    }
}

/// Takes away the objects that existed only for what was moved out of them.
fn drop_empty(body: &mut Value, mut at: Option<Pointer>, kept: &Pointer) {
    while let Some(place) =
        at.filter(|place| !place.as_str().is_empty() && !kept.as_str().starts_with(place.as_str()))
    {
        let empty = body.pointer(place.as_str()).and_then(Value::as_object).is_some_and(Map::is_empty);
        if !empty {
            return;
        }
        remove(body, &place);
        at = place.parent();
    }
}

fn rename(body: &mut Value, at: &Pointer, name: &str) -> Option<String> {
    let members = body.pointer_mut(at.parent()?.as_str())?.as_object_mut()?;
    let old = at.last()?;
    if !members.contains_key(&old) || members.contains_key(name) {
        return None;
    }
    // in its place, so that the order of the keys stays
    let renamed = std::mem::take(members).into_iter();
    *members = renamed
        .map(|(key, value)| if key == old { (name.to_owned(), value) } else { (key, value) })
        .collect();
    Some(format!("`{at}` renamed to `{name}`"))
}

fn put(body: &mut Value, at: &Pointer, value: Value) {
    let steps: Vec<String> = at.steps().collect();
    let Some((last, path)) = steps.split_last() else {
        *body = value;
        return;
    };
    let mut place = body;
    for step in path {
        let next = match place {
            Value::Array(elements) => step.parse::<usize>().ok().and_then(|index| elements.get_mut(index)),
            Value::Object(members) => {
                Some(members.entry(step.clone()).or_insert_with(|| Value::Object(Map::new())))
            }
            _ => None,
        };
        let Some(next) = next else { return };
        place = next;
    }
    match place {
        Value::Object(members) => drop(members.insert(last.clone(), value)),
        Value::Array(elements) => elements.push(value),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(text: &str) -> Pointer {
        Pointer::parse(text).unwrap()
    }

    #[test]
    fn every_edit_changes_its_own_place() {
        let mut body = json!({"a": 1, "b": {"c": [1, 2]}, "d": null});
        let edits = [
            BodyChange::Rename(at("/a"), "z".to_owned()),
            BodyChange::Set(at("/b/c/0"), "\"x\"".to_owned()),
            BodyChange::Remove(at("/b/c/1")),
            BodyChange::Remove(at("/d")),
            BodyChange::Wrap("w".to_owned()),
        ];
        assert_eq!(apply(&mut body, &edits).len(), 5);
        assert_eq!(body.to_string(), r#"{"w":{"z":1,"b":{"c":["x"]}}}"#);
    }

    #[test]
    fn values_move_out_of_what_is_renamed_and_into_it() {
        let mut body = json!({"Wrap": {"x": 1, "deep": {"only": 2}}, "y": 3});
        let edits = [
            BodyChange::Rename(at("/Wrap"), "wrap".to_owned()),
            BodyChange::Move(at("/y"), at("/wrap/y")),
            BodyChange::Move(at("/Wrap/deep/only"), at("/top")),
        ];
        apply(&mut body, &edits);
        assert_eq!(body, json!({"wrap": {"x": 1, "y": 3}, "top": 2}));
    }

    #[test]
    fn a_place_that_is_not_there_changes_nothing() {
        let mut body = json!({"a": 1});
        let edits = [
            BodyChange::Set(at("/x"), "1".to_owned()),
            BodyChange::Remove(at("/x")),
            BodyChange::Move(at("/x"), at("/y")),
            BodyChange::Rename(at("/x"), "y".to_owned()),
            BodyChange::Unwrap(at("/x")),
        ];
        assert!(apply(&mut body, &edits).is_empty());
        assert_eq!(body, json!({"a": 1}));
    }

    #[test]
    fn a_key_that_is_taken_is_not_overwritten() {
        let mut body = json!({"code": "a", "codeId": "b"});
        assert!(apply(&mut body, &[BodyChange::Rename(at("/codeId"), "code".to_owned())]).is_empty());
    }
}
