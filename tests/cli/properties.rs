//! What holds for every pair of bodies: nothing is found in equal ones, a known edit is found as such, a patch and a
//! corrected body do what they say, and no bytes make the comparison panic.

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Map, Value, json};
use wraptap::diff::comparison::Comparison;
use wraptap::diff::fix::{self, Lack};
use wraptap::diff::patch::Operation;
use wraptap::diff::{self, patch};
use wraptap::json::document::Document;
use wraptap::json::pointer::Pointer;
use wraptap::model::finding::{Class, Severity};

/// Enough to meet every edit a few times; hunts are run with more, by setting this.
const CASES: u32 = 120;

fn compare(good: &str, candidate: &str) -> Comparison {
    diff::bodies(good.as_bytes(), candidate.as_bytes(), &diff::Options::default())
}

/// Keys that have nothing in common with one another.
const KEYS: [&str; 16] = [
    "anchor",
    "beacon",
    "canyon",
    "durationMs",
    "ember",
    "falcon",
    "garden",
    "harbor",
    "island",
    "jungle",
    "kettleName",
    "lantern",
    "meadow",
    "needle",
    "orchard",
    "pebbleCode",
];

/// The shape of a body; the values are filled in afterwards, each different from all others.
#[derive(Clone, Debug)]
enum Shape {
    Leaf(u8),
    Array(Vec<Self>),
    Object(Vec<(Index, Self)>),
}

fn shape() -> impl Strategy<Value = Shape> {
    let leaf = any::<u8>().prop_map(Shape::Leaf);
    let inner = leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..5).prop_map(Shape::Array),
            prop::collection::vec((any::<Index>(), inner), 2..7).prop_map(Shape::Object),
        ]
    });
    prop::collection::vec((any::<Index>(), inner), 3..8).prop_map(Shape::Object)
}

/// Fills a shape in; `n` counts the values.
fn fill(shape: &Shape, n: &mut u64) -> Value {
    *n += 1;
    match shape {
        Shape::Leaf(kind) => match kind % 5 {
            0 => json!(format!("text with number {n}")),
            1 => json!(1000 + *n * 37 + 1),
            2 => json!(format!("7f0a1c52-9d3e-4b6a-8c21-{n:012x}")),
            3 => json!(format!("2024-05-14T09:31:07.{n:03}Z")),
            _ => json!(kind % 2 == 0),
        },
        Shape::Array(elements) => elements.iter().map(|element| fill(element, n)).collect(),
        Shape::Object(members) => {
            let mut object = Map::new();
            for (key, value) in members {
                object.insert((*key.get(&KEYS)).to_owned(), fill(value, n));
            }
            object.insert("id".to_owned(), json!(format!("7f0a1c52-9d3e-4b6a-8c21-{:012x}", *n + 500_000)));
            Value::Object(object)
        }
    }
}

fn body() -> impl Strategy<Value = Value> {
    shape().prop_map(|shape| fill(&shape, &mut 0))
}

/// Every place below the root, outermost first.
fn places(value: &Value) -> Vec<Pointer> {
    let mut out = Vec::new();
    let mut work = vec![(Pointer::root(), value)];
    while let Some((place, value)) = work.pop() {
        match value {
            Value::Object(members) => {
                work.extend(members.iter().map(|(key, value)| (place.member(key), value)));
            }
            Value::Array(elements) => {
                work.extend(elements.iter().enumerate().map(|(at, value)| (place.element(at), value)));
            }
            _ => {}
        }
        if place != Pointer::root() {
            out.push(place);
        }
    }
    out.sort();
    out
}

fn at<'v>(value: &'v mut Value, place: &Pointer) -> &'v mut Value {
    value.pointer_mut(place.as_str()).unwrap()
}

fn take(value: &mut Value, place: &Pointer) -> Value {
    let object = at(value, &place.parent().unwrap()).as_object_mut().unwrap();
    object.shift_remove(&place.last().unwrap()).unwrap()
}

/// What an edit has to be found as.
type Expected = (Class, Option<Pointer>, Option<Pointer>);

/// An edit: makes the candidate out of the good body, at one of the places where it can.
struct Edit {
    name: &'static str,
    can: fn(&Value, &Pointer) -> bool,
    make: fn(&mut Value, &Pointer) -> Expected,
}

fn is_member(body: &Value, place: &Pointer) -> bool {
    body.pointer(place.parent().unwrap().as_str()).is_some_and(Value::is_object)
}

fn get<'v>(body: &'v Value, place: &Pointer) -> &'v Value {
    body.pointer(place.as_str()).unwrap()
}

fn both(class: Class, place: &Pointer) -> Expected {
    (class, Some(place.clone()), Some(place.clone()))
}

const EDITS: [Edit; 13] = [
    Edit {
        name: "null",
        can: |_, _| true,
        make: |body, place| {
            *at(body, place) = Value::Null;
            both(Class::NullField, place)
        },
    },
    Edit {
        name: "drop",
        can: is_member,
        make: |body, place| {
            take(body, place);
            (Class::MissingField, Some(place.clone()), None)
        },
    },
    Edit {
        name: "add",
        can: is_member,
        make: |body, place| {
            let place = place.parent().unwrap();
            at(body, &place).as_object_mut().unwrap().insert("hashCode".to_owned(), json!(719_885_386));
            (Class::ExtraField, None, Some(place.member("hashCode")))
        },
    },
    Edit {
        name: "rename",
        can: |body, place| is_member(body, place) && place.last().unwrap() != "id",
        make: |body, place| {
            let value = take(body, place);
            let (parent, key) = (place.parent().unwrap(), place.last().unwrap());
            let renamed = format!("_{}", key.to_uppercase());
            at(body, &parent).as_object_mut().unwrap().insert(renamed.clone(), value);
            (Class::RenamedKey, Some(place.clone()), Some(parent.member(&renamed)))
        },
    },
    Edit {
        name: "wrap",
        can: |body, place| !get(body, place).is_array(),
        make: |body, place| {
            let value = at(body, place);
            *value = json!([value.clone()]);
            both(Class::WrappedInArray, place)
        },
    },
    Edit {
        name: "unwrap",
        can: |body, place| {
            get(body, place).as_array().is_some_and(|elements| elements.len() == 1 && !elements[0].is_array())
        },
        make: |body, place| {
            let value = at(body, place);
            *value = value[0].clone();
            both(Class::UnwrappedFromArray, place)
        },
    },
    Edit {
        name: "move",
        can: |body, place| {
            let distinctive = get(body, place).is_string() || get(body, place).is_number();
            is_member(body, place) && distinctive && place.parent().unwrap() != Pointer::root() && {
                let root = body.as_object().unwrap();
                !root.contains_key(&place.last().unwrap())
            }
        },
        make: |body, place| {
            let value = take(body, place);
            let key = place.last().unwrap();
            body.as_object_mut().unwrap().insert(key.clone(), value);
            (Class::Moved, Some(place.clone()), Some(Pointer::root().member(&key)))
        },
    },
    Edit {
        name: "retype",
        can: |body, place| get(body, place).is_number() || get(body, place).is_boolean(),
        make: |body, place| {
            let value = at(body, place);
            *value = json!(value.to_string());
            both(Class::TypeMismatch, place)
        },
    },
    Edit {
        name: "rescale",
        can: |body, place| get(body, place).is_number(),
        make: |body, place| {
            let value = at(body, place);
            *value = json!(value.as_u64().unwrap() * 1000);
            both(Class::UnitMismatch, place)
        },
    },
    Edit {
        name: "reorder",
        can: |body, place| {
            get(body, place).as_array().is_some_and(|elements| elements.first() != elements.last())
        },
        make: |body, place| {
            at(body, place).as_array_mut().unwrap().reverse();
            both(Class::ArrayOrder, place)
        },
    },
    Edit {
        name: "encode twice",
        can: |body, place| get(body, place).is_object() || get(body, place).is_array(),
        make: |body, place| {
            let value = at(body, place);
            *value = json!(value.to_string());
            both(Class::DoubleEncoded, place)
        },
    },
    Edit {
        name: "empty",
        can: |body, place| !get(body, place).is_boolean(),
        make: |body, place| {
            let value = at(body, place);
            *value = match value {
                Value::String(_) => json!(""),
                Value::Number(_) => json!(0),
                Value::Array(_) => json!([]),
                _ => json!({}),
            };
            both(Class::EmptyValue, place)
        },
    },
    Edit {
        name: "cut the fraction off",
        can: |body, place| get(body, place).as_str().is_some_and(|text| text.starts_with("2024-")),
        make: |body, place| {
            *at(body, place) = json!("2024-05-14T09:31:07Z");
            both(Class::FormatMismatch, place)
        },
    },
];

/// Makes one edit at one of the places where it can be made.
fn edited(good: &Value, edit: &Edit, choice: Index) -> Option<(Value, Expected)> {
    let fitting: Vec<Pointer> = places(good).into_iter().filter(|place| (edit.can)(good, place)).collect();
    if fitting.is_empty() {
        return None;
    }
    let mut candidate = good.clone();
    let expected = (edit.make)(&mut candidate, choice.get(&fitting));
    Some((candidate, expected))
}

fn found(comparison: &Comparison) -> Vec<Expected> {
    let one = |finding: &wraptap::model::finding::Finding| {
        (finding.class, finding.good_path.clone(), finding.candidate_path.clone())
    };
    comparison.findings.iter().map(one).collect()
}

/// Applies RFC 6902, as far as `patch` uses it.
fn apply(mut body: Value, operations: &[Operation]) -> Value {
    fn add(body: &mut Value, path: &Pointer, value: Value) {
        let Some(parent) = path.parent() else {
            *body = value;
            return;
        };
        match body.pointer_mut(parent.as_str()).unwrap() {
            Value::Object(members) => {
                members.insert(path.last().unwrap(), value);
            }
            Value::Array(elements) => elements.insert(path.last().unwrap().parse().unwrap(), value),
            _ => unreachable!("{path} has no container"),
        }
    }
    fn remove(body: &mut Value, path: &Pointer) -> Value {
        match body.pointer_mut(path.parent().unwrap().as_str()).unwrap() {
            Value::Object(members) => members.shift_remove(&path.last().unwrap()).unwrap(),
            Value::Array(elements) => elements.remove(path.last().unwrap().parse().unwrap()),
            _ => unreachable!("{path} has no container"),
        }
    }
    for operation in operations {
        match operation {
            Operation::Add { path, value } => add(&mut body, path, serde_json::from_str(value).unwrap()),
            Operation::Remove { path } => {
                remove(&mut body, path);
            }
            Operation::Replace { path, value } => {
                *body.pointer_mut(path.as_str()).unwrap() = serde_json::from_str(value).unwrap();
            }
            Operation::Move { from, path } => {
                let value = remove(&mut body, from);
                add(&mut body, path, value);
            }
        }
    }
    body
}

/// Any JSON at all, small.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-200_000i64..200_000).prop_map(Value::from),
        "[a-c_ A-C]{0,4}".prop_map(Value::from),
        Just(json!("2024-05-14T09:31:07.482Z")),
        Just(json!(1_715_679_067_482_u64)),
        Just(json!("{\"a\":1}")),
    ];
    leaf.prop_recursive(4, 30, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map("[a-d]{1,2}|a_b|aB|a.b|ab[iI]d", inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn equal_bodies_have_no_findings(body in any_json()) {
        let text = body.to_string();
        prop_assert_eq!(found(&compare(&text, &text)), vec![]);
        let pretty = format!("{body:#}");
        prop_assert_eq!(found(&compare(&text, &pretty)), vec![]);
    }

    #[test]
    fn a_known_edit_is_found_and_nothing_else(good in body(), which in any::<Index>(), choice in any::<Index>()) {
        let edit = which.get(&EDITS);
        if let Some((candidate, expected)) = edited(&good, edit, choice) {
            let comparison = compare(&good.to_string(), &candidate.to_string());
            prop_assert_eq!(found(&comparison), vec![expected], "{}: {} {}", edit.name, good, candidate);
        }
    }

    #[test]
    fn swapping_the_sides_swaps_the_classes(good in body(), which in any::<Index>(), choice in any::<Index>()) {
        let twins = |class| match class {
            Class::MissingField => Some(Class::ExtraField),
            Class::ExtraField => Some(Class::MissingField),
            Class::WrappedInArray => Some(Class::UnwrappedFromArray),
            Class::UnwrappedFromArray => Some(Class::WrappedInArray),
            Class::RenamedKey | Class::Moved | Class::ArrayOrder | Class::ArrayLength | Class::UnitMismatch => Some(class),
            _ => None,
        };
        if let Some((candidate, (class, g, c))) = edited(&good, which.get(&EDITS), choice)
            && let Some(twin) = twins(class)
        {
            let back = compare(&candidate.to_string(), &good.to_string());
            prop_assert_eq!(found(&back), vec![(twin, c, g)], "{} {}", good, candidate);
        }
    }

    #[test]
    fn a_patch_turns_the_candidate_into_the_good_body(good in any_json(), candidate in any_json()) {
        let comparison = compare(&good.to_string(), &candidate.to_string());
        let operations = patch::patch(&comparison).unwrap();
        prop_assert_eq!(apply(candidate, &operations), good, "{}", patch::to_json(&operations));
        let document: Value = serde_json::from_str(&patch::to_json(&operations)).unwrap();
        prop_assert_eq!(document.as_array().unwrap().len(), operations.len());
    }

    #[test]
    fn a_patch_of_an_edit_turns_it_back(good in body(), which in any::<Index>(), choice in any::<Index>()) {
        if let Some((candidate, _)) = edited(&good, which.get(&EDITS), choice) {
            let comparison = compare(&good.to_string(), &candidate.to_string());
            prop_assert_eq!(apply(candidate, &patch::patch(&comparison).unwrap()), good);
        }
    }

    #[test]
    fn a_corrected_body_has_no_errors_left(good in any_json(), candidate in any_json()) {
        let comparison = compare(&good.to_string(), &candidate.to_string());
        let fixed = fix::fixed(&comparison, Lack::Fill).unwrap();
        let after = compare(&good.to_string(), &fixed.body);
        prop_assert_eq!(after.count(Severity::Error), 0, "{} {}\n{}\n{:?}", good, candidate, fixed.body, found(&after));
    }

    #[test]
    fn a_corrected_edit_keeps_the_other_values(good in body(), which in any::<Index>(), choice in any::<Index>()) {
        if let Some((candidate, _)) = edited(&good, which.get(&EDITS), choice) {
            let comparison = compare(&good.to_string(), &candidate.to_string());
            let fixed = fix::fixed(&comparison, Lack::Fill).unwrap();
            let after = compare(&good.to_string(), &fixed.body);
            prop_assert!(after.findings.iter().all(|finding| matches!(
                finding.class,
                Class::ArrayLength | Class::ArrayOrder | Class::ValueChanged
            )), "{:?}\n{}", found(&after), fixed.body);
        }
    }

    #[test]
    fn findings_are_ordered_and_name_places_that_exist(good in any_json(), candidate in any_json()) {
        let comparison = compare(&good.to_string(), &candidate.to_string());
        prop_assert!(comparison.findings.is_sorted_by_key(|finding| finding.severity));
        for finding in &comparison.findings {
            let (g, c) = (finding.good_path.as_ref(), finding.candidate_path.as_ref());
            prop_assert!(g.is_none_or(|place| good.pointer(place.as_str()).is_some()));
            prop_assert!(c.is_none_or(|place| candidate.pointer(place.as_str()).is_some()));
            prop_assert!(g.is_some() || c.is_some());
            prop_assert!(!finding.message.is_empty() && !finding.help.is_empty());
        }
        let mut once = found(&comparison);
        once.sort();
        once.dedup();
        prop_assert_eq!(once.len(), comparison.findings.len());
    }

    #[test]
    fn bytes_never_make_it_panic(good in prop::collection::vec(any::<u8>(), 0..60), candidate in prop::collection::vec(any::<u8>(), 0..60)) {
        let comparison = diff::bodies(&good, &candidate, &diff::Options::default());
        fix::fixed(&comparison, Lack::Fill);
        patch::patch(&comparison);
    }

    #[test]
    fn text_like_json_never_makes_it_panic(good in json_like(), candidate in json_like()) {
        let comparison = compare(&good, &candidate);
        fix::fixed(&comparison, Lack::Fill);
        patch::patch(&comparison);
        prop_assert_eq!(Document::parse(candidate.as_bytes()).is_json(), is_json(&candidate), "{}", candidate);
    }

    #[test]
    fn a_body_cut_anywhere_is_told_and_the_rest_compared(good in body(), cut in any::<Index>()) {
        let text = good.to_string();
        let cut = 1 + cut.index(text.len() - 1);
        let comparison = compare(&text, &text[..cut]);
        prop_assert_eq!(comparison.findings.first().map(|finding| finding.class), Some(Class::InvalidJson));
        prop_assert_eq!(comparison.findings.len(), 1, "{}", &text[..cut]);
    }
}

/// Text of the characters that JSON is made of.
fn json_like() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("{"),
        Just("}"),
        Just("["),
        Just("]"),
        Just(","),
        Just(":"),
        Just("\"a\""),
        Just("\"b\""),
        Just("1"),
        Just("-0.5e3"),
        Just("01"),
        Just("null"),
        Just("true"),
        Just("NaN"),
        Just("'x'"),
        Just("\""),
        Just("\\u00"),
        Just(" "),
        Just("\n"),
        Just("//"),
        Just("\"a\":"),
        Just("{\"a\":"),
        Just("[1,"),
        Just("é"),
    ];
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

/// What another parser says. It refuses half surrogate pairs, which do not occur here.
fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}
