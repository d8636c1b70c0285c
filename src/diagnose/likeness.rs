//! How alike two bodies are, by their keys: what decides which known-good payload a candidate is compared with.

use std::collections::BTreeSet;

use serde_json::Value;

/// Keys deeper than this do not count: bodies of one operation differ near the root.
const DEPTH: usize = 4;

/// Returns the paths of member keys, without case, `_` and `-`, and with `*` for any element.
pub(crate) fn keys_of(value: &Value) -> BTreeSet<String> {
    fn go(keys: &mut BTreeSet<String>, at: &str, value: &Value, depth: usize) {
        match value {
            Value::Object(members) if depth < DEPTH => {
                for (key, member) in members {
                    let plain: String = key
                        .chars()
                        .filter(|c| !matches!(c, '_' | '-'))
                        .flat_map(char::to_lowercase)
                        .collect();
                    let path = format!("{at}/{plain}");
                    go(keys, &path, member, depth + 1);
                    keys.insert(path);
                }
            }
            Value::Array(elements) if depth < DEPTH => {
                elements.iter().for_each(|element| go(keys, &format!("{at}/*"), element, depth + 1));
            }
            _ => {}
        }
    }
    let mut keys = BTreeSet::new();
    go(&mut keys, "", value, 0);
    keys
}

/// Returns the share of keys in common, 0 to 1; a key that only sits elsewhere counts a quarter.
pub(crate) fn likeness(a: &BTreeSet<String>, b: &BTreeSet<String>) -> f64 {
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn spelling_does_not_count_and_another_place_counts_a_quarter() {
        let alike = |a: Value, b: Value| likeness(&keys_of(&a), &keys_of(&b));
        assert_eq!(alike(json!({"durationMs": 1}), json!({"duration_ms": "x"})), 1.0);
        assert_eq!(alike(json!({"a": 1, "b": 1}), json!({"a": 1})), 0.5);
        assert_eq!(alike(json!({"a": 1}), json!({"w": {"a": 1}})), 0.25 / 3.0);
        assert_eq!(alike(json!([]), json!("x")), 0.0);
    }
}
