//! The forum's wrap-up bodies as what they become in the public API: the model WrapupInput.
//!
//! Source: the threads this project started from (`wrapupCodes[]` with `id` and `data[]`; `codeId` with
//! `durationMs`), against the SDKs' model WrapupInput.

use serde_json::{Map, Value, json};

use crate::model::remedy::Translation;

/// Returns what a body of the forum's vocabulary becomes, or `None` if it is none. The PATCH of a participant
/// takes it under `wrapup`.
pub(super) fn translate(sent: &Value) -> Option<Translation> {
    let members = sent.as_object()?;
    let mut to = Translation { body: json!({}), changes: Vec::new(), open: Vec::new() };
    let mut body = Map::new();
    for (key, value) in members {
        match key.as_str() {
            "wrapupCodes" => codes(value, &mut body, &mut to)?,
            "codeId" => {
                body.insert("code".to_owned(), value.clone());
                to.changes.push("`/codeId` became `/code`".to_owned());
            }
            "durationMs" => match value.as_i64().or_else(|| value.as_str()?.parse().ok()) {
                Some(ms) => {
                    body.insert("durationSeconds".to_owned(), json!(ms / 1000));
                    to.changes.push("`/durationMs` became `/durationSeconds`, divided by 1000".to_owned());
                }
                None => to
                    .open
                    .push("`/durationMs` is no number: set `/durationSeconds` in whole seconds".to_owned()),
            },
            "notes" | "tags" | "code" | "durationSeconds" => {
                body.insert(key.clone(), value.clone());
            }
            other => to.open.push(format!("`/{other}` has no place there and was left out")),
        }
    }
    let known = ["wrapupCodes", "codeId", "durationMs"];
    if !known.iter().any(|key| members.contains_key(*key)) {
        return None;
    }
    to.body = Value::Object(body);
    Some(to)
}

fn codes(list: &Value, body: &mut Map<String, Value>, to: &mut Translation) -> Option<()> {
    let list = list.as_array()?;
    let first = list.first()?;
    if let Some(id) = first.get("id") {
        body.insert("code".to_owned(), id.clone());
        to.changes.push("`/wrapupCodes/0/id` became `/code`".to_owned());
    }
    if list.len() > 1 {
        to.open.push(format!("a communication takes one code; {} more were left out", list.len() - 1));
    }
    for (index, attribute) in first["data"].as_array().into_iter().flatten().enumerate() {
        let place = format!("/wrapupCodes/0/data/{index}");
        let value = &attribute["value"];
        match attribute["name"].as_str().unwrap_or_default().to_ascii_lowercase().as_str() {
            "duration" => match value.as_i64().or_else(|| value.as_str()?.trim().parse().ok()) {
                Some(seconds) => {
                    body.insert("durationSeconds".to_owned(), json!(seconds));
                    to.changes.push(format!("`{place}` became `/durationSeconds`"));
                    to.open.push(format!("check that {seconds} was meant in seconds"));
                }
                None => {
                    to.open.push(format!("`{place}` is no number: set `/durationSeconds` in whole seconds"));
                }
            },
            "notes" | "note" | "comment" => {
                body.insert("notes".to_owned(), value.clone());
                to.changes.push(format!("`{place}` became `/notes`"));
            }
            _ => to.open.push(format!("`{place}` has no place there; put it into `/notes` or `/tags`")),
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_codes_becomes_one_code() {
        let sent = json!({"wrapupCodes": [{"id": "k", "data": [{"name": "Duration", "value": "120"}]}]});
        let to = translate(&sent).unwrap();
        assert_eq!(to.body, json!({"code": "k", "durationSeconds": 120}));
        assert_eq!(to.open, ["check that 120 was meant in seconds"]);
    }

    #[test]
    fn milliseconds_become_seconds() {
        let to = translate(&json!({"codeId": "k", "durationMs": 120_000})).unwrap();
        assert_eq!(to.body, json!({"code": "k", "durationSeconds": 120}));
        assert!(to.open.is_empty());
    }

    #[test]
    fn what_has_no_place_is_said_and_other_bodies_are_left_alone() {
        let sent = json!({"wrapupCodes": [{"id": "k", "data": [{"name": "Reason", "value": "x"}]}, {"id": "l"}], "more": 1});
        assert_eq!(translate(&sent).unwrap().open.len(), 3);
        assert_eq!(translate(&json!({"code": "k"})), None);
        assert_eq!(translate(&json!([1])), None);
    }
}
