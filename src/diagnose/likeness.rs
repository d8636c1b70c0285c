//! How alike two bodies are, by their keys: what decides which known-good payload a candidate is compared
//! with.

use std::collections::BTreeSet;

use serde_json::Value;

/// Keys deeper than this do not count for the share: bodies of one operation differ near the root.
const DEPTH: usize = 4;

/// How often JSON text inside of JSON text is decoded.
const DECODED: usize = 3;

/// The keys of a body, without case, `_` and `-`.
#[derive(Clone, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Keys {
    /// The paths of members near the root, with `*` for any element.
    places: BTreeSet<String>,
    /// The names of members at any depth, also inside of JSON text.
    names: BTreeSet<String>,
}

impl Keys {
    /// Collects the keys of a JSON value.
    pub(crate) fn from_value(value: &Value) -> Self {
        let mut keys = Self::default();
        keys.collect("", value, 0, 0);
        keys
    }

    /// Collects the keys of a body; one that is not JSON has none.
    pub(crate) fn from_body(body: &[u8]) -> Self {
        serde_json::from_slice(body).map(|value| Self::from_value(&value)).unwrap_or_default()
    }

    fn collect(&mut self, at: &str, value: &Value, depth: usize, decoded: usize) {
        match value {
            Value::Object(members) => {
                for (key, member) in members {
                    let plain = plain(key);
                    let path = if depth < DEPTH { format!("{at}/{plain}") } else { String::new() };
                    self.collect(&path, member, depth + 1, decoded);
                    if depth < DEPTH {
                        self.places.insert(path);
                    }
                    self.names.insert(plain);
                }
            }
            Value::Array(elements) => {
                let path = if depth < DEPTH { format!("{at}/*") } else { String::new() };
                elements.iter().for_each(|element| self.collect(&path, element, depth + 1, decoded));
            }
            Value::String(text) if decoded < DECODED && text.trim_start().starts_with(['{', '[', '"']) => {
                if let Ok(inner) = serde_json::from_str(text) {
                    self.collect(at, &inner, depth, decoded + 1);
                }
            }
            _ => {}
        }
    }

    /// Returns whether there is no key at all, so that none can be shared.
    pub(crate) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Returns whether a key is in both, wherever it is.
    pub(crate) fn overlap(&self, other: &Self) -> bool {
        !self.names.is_disjoint(&other.names)
    }

    /// Returns the share of places in common, 0 to 1; a key that is only at another place counts a quarter.
    pub(crate) fn share(&self, other: &Self) -> f64 {
        let (a, b) = (&self.places, &other.places);
        let all = a.union(b).count();
        if all == 0 {
            return 0.0;
        }
        let last = |path: &String| path.rsplit('/').next().unwrap_or_default().to_owned();
        let names: BTreeSet<String> = b.difference(a).map(last).collect();
        let moved = a.difference(b).filter(|path| names.contains(&last(path))).count();
        #[allow(clippy::cast_precision_loss, reason = "counts of keys are small")]
        let share = (a.intersection(b).count() as f64 + moved as f64 / 4.0) / all as f64;
        share
    }
}

fn plain(key: &str) -> String {
    key.chars().filter(|c| !matches!(c, '_' | '-')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn spelling_does_not_count_and_another_place_counts_a_quarter() {
        let share = |a: Value, b: Value| Keys::from_value(&a).share(&Keys::from_value(&b));
        assert_eq!(share(json!({"durationMs": 1}), json!({"duration_ms": "x"})), 1.0);
        assert_eq!(share(json!({"a": 1, "b": 1}), json!({"a": 1})), 0.5);
        assert_eq!(share(json!({"a": 1}), json!({"w": {"a": 1}})), 0.25 / 3.0);
        assert_eq!(share(json!([]), json!("x")), 0.0);
    }

    #[test]
    fn a_key_is_shared_at_any_depth_wrapped_or_inside_of_json_text() {
        let shared =
            |a: Value| Keys::from_value(&a).overlap(&Keys::from_value(&json!({"durationSeconds": 1})));
        assert!(shared(json!({"duration_seconds": "x"})));
        assert!(shared(json!({"body": {"DurationSeconds": 1}})));
        assert!(shared(json!({"a": {"b": {"c": {"d": {"e": [{"duration-seconds": 1}]}}}}})));
        assert!(shared(json!("{\"durationSeconds\":1}")));
        assert!(shared(json!({"body": "\"{\\\"durationSeconds\\\":1}\""})));
        assert!(!shared(json!({"held": true})) && !shared(json!("durationSeconds")));
    }
}
