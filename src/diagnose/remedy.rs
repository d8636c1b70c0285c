//! What to change: the corrected body from the checks' own edits, and the line in the client's language.

use serde_json::Value;

use crate::diagnose::ground::Ground;
use crate::genesys::{forum_body, habits};
use crate::model::check::{Check, CheckKind, Edit};
use crate::model::finding::{Class, Severity};
use crate::model::remedy::Remedy;

/// Returns what to change, as far as the request itself and the published model show it.
pub(crate) fn of(ground: &Ground<'_>) -> Remedy {
    let mut remedy = Remedy::default();
    let unknown = ground.checks.iter().any(|check| check.kind == CheckKind::UnknownOperation);
    if unknown {
        remedy.operation = ground.nearest.first().map(|near| near.entry.to_string());
        if let Some(to) = ground.body.json().and_then(forum_body::translate) {
            remedy.body = Some(format!("{:#}", to.body));
            remedy.changes = to.changes;
            remedy.open = to.open;
        }
    } else {
        mend(ground, &mut remedy);
    }
    let classes: Vec<Class> = ground
        .question
        .findings
        .iter()
        .filter(|finding| finding.severity != Severity::Info)
        .map(|finding| finding.class)
        .collect();
    let kinds: Vec<CheckKind> = ground.checks.iter().map(|check| check.kind).collect();
    let sdk = ground.subject().sdk.as_ref().map(|sdk| sdk.name.as_str());
    remedy.client = habits::lines(sdk, ground.body.json(), &classes, &kinds);
    remedy
}

/// Applies the edits of the checks: values and keys first, then what is taken away, then what is around it all.
fn mend(ground: &Ground<'_>, remedy: &mut Remedy) {
    let Some(sent) = ground.body.json() else { return };
    let mut body = sent.clone();
    let stage = |edit: &Edit| match edit {
        Edit::Set(..) | Edit::Rename(..) => 0,
        Edit::Remove(..) => 1,
        Edit::Wrap(..) | Edit::Unwrap(..) => 2,
    };
    let mut edits: Vec<(&Check, &Edit)> =
        ground.checks.iter().flat_map(|check| check.edits.iter().map(move |edit| (check, edit))).collect();
    edits.sort_by_key(|(_, edit)| stage(edit));
    // from the end, so that earlier elements keep their places
    let first = edits.partition_point(|(_, edit)| stage(edit) < 1);
    let last = edits.partition_point(|(_, edit)| stage(edit) < 2);
    edits[first..last].reverse();
    for (_, edit) in edits {
        if let Some(change) = apply(&mut body, edit) {
            remedy.changes.push(change);
        }
    }
    let missing = ground.checks.iter().filter(|check| check.kind == CheckKind::MissingField);
    remedy.open = missing.map(|check| check.help.clone()).collect();
    if body != *sent {
        remedy.body = Some(format!("{body:#}"));
    }
}

/// Changes the body and says how; `None` if the place is not there.
fn apply(body: &mut Value, edit: &Edit) -> Option<String> {
    match edit {
        Edit::Set(at, text) => {
            let place = body.pointer_mut(at.as_str())?;
            *place = serde_json::from_str(text).ok()?;
            Some(match at.as_str() {
                "" => "the body was decoded once".to_owned(),
                at => format!("`{at}` set to {text}"),
            })
        }
        Edit::Rename(at, name) => {
            let members = body.pointer_mut(at.parent()?.as_str())?.as_object_mut()?;
            let old = at.last()?;
            // in its place, so that the order of the keys stays
            let renamed = std::mem::take(members).into_iter();
            *members = renamed
                .map(|(key, value)| if key == old { (name.clone(), value) } else { (key, value) })
                .collect();
            Some(format!("`{at}` renamed to `{name}`"))
        }
        Edit::Remove(at) => {
            let (parent, last) = (at.parent()?, at.last()?);
            match body.pointer_mut(parent.as_str())? {
                Value::Object(members) => drop(members.shift_remove(&last)?),
                Value::Array(elements) => {
                    let index: usize = last.parse().ok()?;
                    (index < elements.len()).then(|| elements.remove(index))?;
                }
                _ => return None,
            }
            Some(format!("`{at}` left out"))
        }
        Edit::Wrap(key) => {
            let inner = std::mem::take(body);
            *body = serde_json::json!({ key: inner });
            Some(format!("the whole put under `{key}`"))
        }
        Edit::Unwrap(at) => {
            *body = body.pointer_mut(at.as_str())?.take();
            Some(format!("what stood at `{at}` made the body"))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::pointer::Pointer;

    fn at(text: &str) -> Pointer {
        Pointer::parse(text).unwrap()
    }

    #[test]
    fn every_edit_changes_its_own_place() {
        let mut body = json!({"a": 1, "b": {"c": [1, 2]}, "d": null});
        apply(&mut body, &Edit::Rename(at("/a"), "z".to_owned())).unwrap();
        apply(&mut body, &Edit::Set(at("/b/c/0"), "\"x\"".to_owned())).unwrap();
        apply(&mut body, &Edit::Remove(at("/b/c/1"))).unwrap();
        apply(&mut body, &Edit::Remove(at("/d"))).unwrap();
        assert_eq!(body.to_string(), r#"{"z":1,"b":{"c":["x"]}}"#);
        apply(&mut body, &Edit::Unwrap(at("/b"))).unwrap();
        apply(&mut body, &Edit::Wrap("w".to_owned())).unwrap();
        assert_eq!(body, json!({"w": {"c": ["x"]}}));
    }

    #[test]
    fn a_place_that_is_not_there_changes_nothing() {
        let mut body = json!({"a": 1});
        for edit in [Edit::Set(at("/x"), "1".to_owned()), Edit::Remove(at("/x")), Edit::Unwrap(at("/x"))] {
            assert_eq!(apply(&mut body, &edit), None);
        }
        assert_eq!(body, json!({"a": 1}));
    }
}
