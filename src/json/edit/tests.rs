use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Map, Value};

use super::{Edit, EditError, Wrapper, apply};
use crate::json::pointer::Pointer;

fn at(text: &str) -> Pointer {
    Pointer::parse(text).unwrap()
}

fn set(place: &str, value: &str) -> Edit {
    Edit::Set(at(place), value.to_owned())
}

fn remove(place: &str) -> Edit {
    Edit::Remove(at(place))
}

fn rename(place: &str, key: &str) -> Edit {
    Edit::Rename(at(place), key.to_owned())
}

fn moved(from: &str, to: &str) -> Edit {
    Edit::Move(at(from), at(to))
}

fn wrap(place: &str, key: &str) -> Edit {
    Edit::Wrap(at(place), Wrapper::Object(key.to_owned()))
}

#[track_caller]
fn check(text: &str, edits: &[Edit], want: &str) {
    assert_eq!(apply(text, edits).as_deref(), Ok(want));
}

const BODY: &str = r#"{ "a": 1.0, "b": {"c": null}, "d": [1, 2] }"#;

#[test]
fn values_are_replaced_and_removed_with_their_commas() {
    check(BODY, &[set("/b/c", "\"x\"")], r#"{ "a": 1.0, "b": {"c": "x"}, "d": [1, 2] }"#);
    check(BODY, &[remove("/a")], r#"{ "b": {"c": null}, "d": [1, 2] }"#);
    check(BODY, &[remove("/b")], r#"{ "a": 1.0, "d": [1, 2] }"#);
    check(BODY, &[remove("/d")], r#"{ "a": 1.0, "b": {"c": null} }"#);
    check(BODY, &[remove("/b/c"), remove("/d/0")], r#"{ "a": 1.0, "b": {}, "d": [2] }"#);
    check(BODY, &[remove("/a"), remove("/b"), remove("/d")], "{}");
    check("{\n  \"a\": 1,\n  \"b\": 2\n}", &[remove("/b")], "{\n  \"a\": 1\n}");
}

#[test]
fn what_is_added_is_spaced_as_its_neighbours() {
    check(BODY, &[set("/e", "true")], r#"{ "a": 1.0, "b": {"c": null}, "d": [1, 2], "e": true }"#);
    check("{\n  \"a\": 1\n}", &[set("/b", "2")], "{\n  \"a\": 1,\n  \"b\": 2\n}");
    check(r#"{"a":1}"#, &[set("/b", "2"), set("/c~1d", "3")], r#"{"a":1,"b":2,"c/d":3}"#);
    check(r#"{"a": 1}"#, &[set("/b", "2")], r#"{"a": 1, "b": 2}"#);
    check("{}", &[set("/a", "1")], r#"{"a":1}"#);
    check("[1]", &[set("/-", "2")], "[1,2]");
    check("[1]", &[set("/1", "2")], "[1,2]");
    check(
        "[1, 4]",
        &[Edit::Insert(at("/1"), "2".into()), Edit::Insert(at("/1"), "3".into())],
        "[1, 2, 3, 4]",
    );
    check("[1]", &[Edit::Insert(at("/0"), "0".into()), remove("/0")], "[0]");
    check(r#"{"a":1}"#, &[set("/x/y", "2"), set("/x/z", "3")], r#"{"a":1,"x":{"y":2,"z":3}}"#);
}

#[test]
fn all_places_are_those_of_the_text_as_given() {
    let edits = [rename("/a", "z"), set("/b/c/0", "\"x\""), remove("/b/c/1"), remove("/d"), wrap("", "w")];
    check(r#"{"a":1,"b":{"c":[1,2,3]},"d":null}"#, &edits, r#"{"w":{"z":1,"b":{"c":["x",3]}}}"#);
    check(r#"{"a":1,"b":2}"#, &[rename("/a", "b"), rename("/b", "a")], r#"{"b":1,"a":2}"#);
    check(r#"{"a":1,"b":2}"#, &[moved("/a", "/b"), moved("/b", "/a")], r#"{"b":1,"a":2}"#);
    check(r#"{"a":1}"#, &[rename("/a", "b"), set("/a", "2")], r#"{"b":2}"#);
    check(r#"{"a":1}"#, &[set("/a", "2"), moved("/a", "/x/y")], r#"{"x":{"y":2}}"#);
}

#[test]
fn values_move_out_of_what_is_renamed_and_into_it_by_either_key() {
    let text = r#"{"Wrap":{"x":1,"deep":{"only":2}},"y":3}"#;
    for place in ["/wrap/y", "/Wrap/y"] {
        let edits = [rename("/Wrap", "wrap"), moved("/y", place), moved("/Wrap/deep/only", "/top")];
        check(text, &edits, r#"{"wrap":{"x":1,"y":3},"top":2}"#);
    }
}

#[test]
fn objects_that_a_move_leaves_empty_go_and_those_it_needs_come() {
    check(r#"{"a":{"b":{"c":1}},"d":0}"#, &[moved("/a/b/c", "/c")], r#"{"d":0,"c":1}"#);
    check(r#"{"a":{"b":{"c":1}}}"#, &[moved("/a/b/c", "/a/c")], r#"{"a":{"c":1}}"#);
    check(r#"{"a":{"b":1,"c":null}}"#, &[moved("/a/b", "/b"), remove("/a/c")], r#"{"b":1}"#);
    check(r#"{"a": 1}"#, &[moved("/a", "/a/b")], r#"{"a": {"b": 1}}"#);
    check(r#"{"a":{"b":1}}"#, &[moved("/a", "/a/b/x")], r#"{"a":{"b":{"x":{"b":1}}}}"#);
    check(r#"{"a":1,"l":[2]}"#, &[moved("/a", "/l/0")], r#"{"l":[1,2]}"#);
    check(r#"{"a":1,"b":2}"#, &[moved("/a", "/b")], r#"{"b":1}"#);
}

#[test]
fn the_body_comes_out_of_an_envelope_or_goes_into_one() {
    let edits = [Edit::Unwrap(at(""), at("/w")), moved("/note", "/w/note"), set("/w/a", "2")];
    check(r#" {"w":{"a":1.50},"note":"x"} "#, &edits, r#" {"a":2,"note":"x"} "#);
    check(r#"{"t":"x"}"#, &[Edit::Wrap(at("/t"), Wrapper::Array), rename("/t", "ts")], r#"{"ts":["x"]}"#);
    check(r#"{"t":[ 1e0 ]}"#, &[Edit::Unwrap(at("/t"), at("/t/0"))], r#"{"t":1e0}"#);
}

#[test]
fn equal_keys_go_together_and_the_last_one_counts() {
    let text = r#"{"a":1, "b":0, "a":2}"#;
    check(text, &[set("/a", "3")], r#"{"a":1, "b":0, "a":3}"#);
    check(text, &[remove("/a")], r#"{"b":0}"#);
    check(text, &[rename("/a", "c")], r#"{"c":1, "b":0, "c":2}"#);
    check(text, &[moved("/a", "/x/y")], r#"{"b":0, "x":{"y":2}}"#);
    check(text, &[Edit::KeepLast(at("/a"))], r#"{"b":0, "a":2}"#);
}

#[test]
fn a_text_that_is_not_json_can_only_be_set_as_a_whole() {
    check("", &[set("", "{}")], "{}");
    check("{a:1}", &[set("", "[0]"), set("/0", "1")], "[1]");
    assert_eq!(apply("{", &[remove("/x")]), Err(EditError::NotJson(at("/x"))));
    assert_eq!(apply("{", &[]).as_deref(), Ok("{"));
}

#[test]
fn a_place_that_cannot_be_is_named() {
    let why = |edit: Edit| apply(BODY, &[edit]).unwrap_err().to_string();
    assert_eq!(why(set("/a/y", "1")), "the body has no place `/a/y`: a number holds nothing");
    assert_eq!(why(set("/d/7", "1")), "the body has no place `/d/7`: the array has 2 elements");
    assert_eq!(why(set("/d/7/x", "1")), "the body has no place `/d/7/x`: there is no `/d/7`");
    assert_eq!(why(remove("/x")), "the body has no place `/x`: nothing is there");
    assert_eq!(why(rename("/d/0", "x")), "the body has no place `/d/0`: only a member has a key");
    assert_eq!(why(Edit::Unwrap(at("/b"), at("/a"))), "the body has no place `/a`: it is not inside `/b`");
    assert_eq!(why(rename("/a", "b")), "`/b` exists already");
    assert_eq!(why(set("/a", "x")), "what is to be put at `/a` is not JSON");
    assert!(apply(BODY, &[rename("/a", "x"), rename("/b", "x")]).is_err());
}

#[test]
fn no_moved_value_is_lost_and_none_is_inside_itself() {
    for edits in [
        vec![set("/b", "1"), moved("/a", "/b/x")],
        vec![moved("/b", "/d/0/x"), moved("/d", "/b/x")],
        vec![Edit::Unwrap(at(""), at("/b/c")), moved("/b", "/b/c/x")],
    ] {
        assert!(apply(BODY, &edits).is_err(), "{edits:?}");
    }
    let loops = [Edit::Unwrap(at(""), at("/m/n")), Edit::Move(at("/m"), at("/m/n/x"))];
    assert!(apply(r#"{"m":{"n":{}}}"#, &loops).is_err());
}

#[test]
fn the_work_is_linear_in_text_and_edits() {
    let members: Vec<String> = (0..20_000).map(|at| format!("\"k{at}\":{at}")).collect();
    let text = format!("{{{}}}", members.join(","));
    let edits: Vec<Edit> = (0..20_000)
        .map(|at| match at % 4 {
            0 => remove(&format!("/k{at}")),
            1 => rename(&format!("/k{at}"), &format!("r{at}")),
            2 => moved(&format!("/k{at}"), &format!("/m{at}")),
            _ => set(&format!("/k{at}"), "0"),
        })
        .collect();
    let edited: Value = serde_json::from_str(&apply(&text, &edits).unwrap()).unwrap();
    assert_eq!(edited.as_object().unwrap().len(), 15_000);
}

/// A text with numbers and white space spelled in unusual ways.
fn text() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec!["null", "true", "1.0", "1E+2", "-0", r#""\u00fc/""#, "\"x\""]);
    leaf.prop_map(str::to_owned).prop_recursive(4, 40, 5, |inner| {
        let gap = prop::sample::select(vec!["", " ", "\n\t"]);
        prop_oneof![
            (prop::collection::vec(inner.clone(), 0..5), gap.clone())
                .prop_map(|(parts, gap)| format!("[{gap}{}]", parts.join(&format!("{gap},")))),
            (prop::collection::vec(inner, 0..5), gap).prop_map(|(parts, gap)| {
                let members: Vec<String> = parts
                    .iter()
                    .enumerate()
                    .map(|(at, part)| format!("\"k{at}\"{gap}:{gap}{part}"))
                    .collect();
                format!("{{{}{gap}}}", members.join(&format!(",{gap}")))
            }),
        ]
    })
}

fn places(value: &Value, place: &Pointer, into: &mut Vec<Pointer>) {
    into.push(place.clone());
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(key, inner)| places(inner, &place.member(key), into));
        }
        Value::Array(parts) => {
            parts.iter().enumerate().for_each(|(at, inner)| places(inner, &place.element(at), into));
        }
        _ => {}
    }
}

/// What the edits come to, worked out on the parsed value from the inside out.
fn model(value: &Value, place: &Pointer, edits: &BTreeMap<Pointer, Edit>) -> Value {
    let edited = |inner: &Value, place: &Pointer| match edits.get(place) {
        Some(Edit::Set(_, text)) => serde_json::from_str(text).unwrap(),
        Some(Edit::Wrap(_, Wrapper::Array)) => Value::Array(vec![model(inner, place, edits)]),
        Some(Edit::Wrap(_, Wrapper::Object(key))) => serde_json::json!({ key: model(inner, place, edits) }),
        _ => model(inner, place, edits),
    };
    let removed = |place: &Pointer| matches!(edits.get(place), Some(Edit::Remove(_)));
    match value {
        Value::Object(members) => {
            let mut left = Map::new();
            for (key, inner) in members.iter().filter(|(key, _)| !removed(&place.member(key))) {
                let place = place.member(key);
                let key = match edits.get(&place) {
                    Some(Edit::Rename(_, new)) => new,
                    _ => key,
                };
                left.insert(key.clone(), edited(inner, &place));
            }
            Value::Object(left)
        }
        Value::Array(parts) => {
            let parts = parts.iter().enumerate().map(|(at, part)| (place.element(at), part));
            parts.filter(|(at, _)| !removed(at)).map(|(at, part)| edited(part, &at)).collect()
        }
        scalar => scalar.clone(),
    }
}

proptest! {
    #[test]
    fn the_edited_text_is_the_edited_value(text in text(), picks in prop::collection::vec((0..7_usize, any::<prop::sample::Index>()), 0..8)) {
        let value: Value = serde_json::from_str(&text).unwrap();
        let mut all = Vec::new();
        places(&value, &Pointer::root(), &mut all);
        let mut edits = BTreeMap::new();
        for (kind, index) in picks {
            let place = index.get(&all).clone();
            let member = place.last().is_some_and(|last| last.starts_with('k'));
            let edit = match kind {
                0 | 1 if place != Pointer::root() => Edit::Remove(place.clone()),
                2 if member => Edit::Rename(place.clone(), format!("new {}", place.last().unwrap())),
                3 if place != Pointer::root() => Edit::Wrap(place.clone(), Wrapper::Array),
                4 if place != Pointer::root() => Edit::Wrap(place.clone(), Wrapper::Object("w".into())),
                5 if place != Pointer::root() => Edit::Set(place.clone(), "{\"s\": 0}".into()),
                _ => continue,
            };
            edits.insert(place, edit);
        }
        let list: Vec<Edit> = edits.values().cloned().collect();
        let edited = apply(&text, &list).unwrap();
        prop_assert_eq!(serde_json::from_str::<Value>(&edited).unwrap(), model(&value, &Pointer::root(), &edits));
        if list.is_empty() {
            prop_assert_eq!(edited, text);
        }
    }

    #[test]
    fn what_is_outside_an_edited_value_stays_byte_for_byte(text in text(), index in any::<prop::sample::Index>()) {
        let document = crate::json::document::Document::parse(text.as_bytes());
        let id = crate::json::node::NodeId(index.index(document.len()) as u32);
        let span = document.span(id);
        let edited = apply(&text, &[Edit::Set(document.pointer(id), "\"new\"".into())]).unwrap();
        prop_assert_eq!(edited, format!("{}\"new\"{}", &text[..span.start], &text[span.end..]));
    }

    #[test]
    fn a_value_that_moves_away_and_back_keeps_its_bytes(text in text(), index in any::<prop::sample::Index>()) {
        let document = crate::json::document::Document::parse(text.as_bytes());
        let id = crate::json::node::NodeId(index.index(document.len()) as u32);
        prop_assume!(document.parent(id).is_some());
        let wrapped = apply(&text, &[wrap("", "body"), Edit::Move(document.pointer(id), at("/elsewhere"))]);
        if let Ok(wrapped) = wrapped {
            prop_assert!(wrapped.contains(document.lexeme(id)), "{} in {}", document.lexeme(id), wrapped);
        }
    }
}
