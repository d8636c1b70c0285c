//! Two answers to one request: is the second better, the same, or another one?

use serde_json::Value;

use crate::model::coding;
use crate::model::exchange::Response;
use crate::replay::volatile;
use crate::report::safe;

/// What came of sending a request again.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Verdict {
    /// It was not accepted when it was recorded, and is accepted now.
    Fixed,
    /// The same answer, but for ids and times.
    Same,
    /// Another answer.
    Changed,
    /// There is no whole answer, or it was not sent.
    Error,
}

impl Verdict {
    /// Returns the word that is printed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fixed => "FIXED",
            Self::Same => "SAME",
            Self::Changed => "CHANGED",
            Self::Error => "ERROR",
        }
    }
}

/// One place in which two answers differ; texts are safe to print and cut to a readable length.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Difference {
    /// `status`, `header NAME`, `body`, or a JSON Pointer into the body.
    pub place: String,
    /// What was recorded, `None` if nothing.
    pub recorded: Option<String>,
    /// What is answered now, `None` if nothing.
    pub now: Option<String>,
}

/// Headers that say something about the request; all others belong to the way or to the one answer.
const HEADERS: &[&str] = &["content-type", "location", "allow", "www-authenticate"];

/// Differences that are listed; of a page that changed altogether the rest says no more.
const MOST: usize = 40;

/// Longer texts are cut.
const LONGEST: usize = 160;

/// Compares the recorded answer, if there was one, with the new one.
pub fn answers(recorded: Option<&Response>, now: &Response) -> (Verdict, Vec<Difference>) {
    let accepted = |response: &Response| (200..300).contains(&response.status);
    let mut differences = Vec::new();
    match recorded {
        None => differences.push(difference("status", None, Some(now.status.to_string()))),
        Some(before) => {
            if before.status != now.status {
                differences.push(difference(
                    "status",
                    Some(before.status.to_string()),
                    Some(now.status.to_string()),
                ));
            }
            headers(before, now, &mut differences);
            bodies(before, now, &mut differences);
        }
    }
    let verdict = if accepted(now) && !recorded.is_some_and(accepted) {
        Verdict::Fixed
    } else if differences.is_empty() {
        Verdict::Same
    } else {
        Verdict::Changed
    };
    differences.truncate(MOST);
    (verdict, differences)
}

/// Compares two JSON values; ids and times are equal to others of their kind.
pub fn values(before: &Value, now: &Value) -> Vec<Difference> {
    let mut differences = Vec::new();
    walk(String::new(), before, now, &mut differences);
    differences.truncate(MOST);
    differences
}

fn headers(before: &Response, now: &Response, differences: &mut Vec<Difference>) {
    for name in HEADERS {
        let text = |response: &Response| {
            response.headers.get(name).map(|value| volatile::folded(&value.lossy()).into_owned())
        };
        let (old, new) = (text(before), text(now));
        if old != new {
            differences.push(difference(&format!("header {name}"), old, new));
        }
    }
}

fn bodies(before: &Response, now: &Response, differences: &mut Vec<Difference>) {
    let bytes = |response: &Response| {
        coding::decoded(&response.headers, &response.body)
            .map_or_else(|| response.body.bytes.to_vec(), std::borrow::Cow::into_owned)
    };
    let (old, new) = (bytes(before), bytes(now));
    if old == new {
        return;
    }
    if let (Ok(old), Ok(new)) = (serde_json::from_slice(&old), serde_json::from_slice(&new)) {
        walk(String::new(), &old, &new, differences);
        return;
    }
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (old, new) = (text(&old), text(&new));
    if volatile::folded(&old) != volatile::folded(&new) {
        let shown = |text: String| (!text.is_empty()).then_some(text);
        differences.push(difference("body", shown(old), shown(new)));
    }
}

/// Recursion is bounded: serde_json reads 128 levels and refuses more.
fn walk(at: String, before: &Value, now: &Value, differences: &mut Vec<Difference>) {
    match (before, now) {
        (Value::Object(old), Value::Object(new)) => {
            for (key, value) in old {
                let place = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
                match new.get(key) {
                    _ if volatile::is_member(key) => {}
                    Some(other) => walk(place, value, other, differences),
                    None => differences.push(difference(&place, Some(value.to_string()), None)),
                }
            }
            for (key, value) in new.iter().filter(|(key, _)| !old.contains_key(*key)) {
                if !volatile::is_member(key) {
                    let place = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
                    differences.push(difference(&place, None, Some(value.to_string())));
                }
            }
        }
        (Value::Array(old), Value::Array(new)) => {
            for index in 0..old.len().max(new.len()) {
                let place = format!("{at}/{index}");
                match (old.get(index), new.get(index)) {
                    (Some(a), Some(b)) => walk(place, a, b, differences),
                    (a, b) => {
                        differences.push(difference(
                            &place,
                            a.map(Value::to_string),
                            b.map(Value::to_string),
                        ));
                    }
                }
            }
        }
        (Value::String(old), Value::String(new)) if volatile::folded(old) == volatile::folded(new) => {}
        (old, new) if old == new => {}
        (old, new) => {
            let place = if at.is_empty() { "body" } else { &at };
            differences.push(difference(place, Some(old.to_string()), Some(new.to_string())));
        }
    }
}

fn difference(place: &str, recorded: Option<String>, now: Option<String>) -> Difference {
    let shown = |text: String| {
        let line = safe::line(&text).into_owned();
        match line.char_indices().nth(LONGEST) {
            Some((cut, _)) => format!("{}…", &line[..cut]),
            None => line,
        }
    };
    Difference { place: safe::line(place).into_owned(), recorded: recorded.map(shown), now: now.map(shown) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::exchange::{Body, Headers};

    fn response(status: u16, body: &str) -> Response {
        Response::of(
            status,
            "",
            Headers::of([("Content-Type", "application/json")]),
            Body::whole(body.as_bytes().to_vec()),
        )
    }

    #[test]
    fn ids_and_times_do_not_make_another_answer() {
        let one = response(
            400,
            r#"{"message":"no 7fb334b0-0e9e-11e4-9191-0800200c9a66","contextId":"a","at":"2026-11-20T08:30:15Z"}"#,
        );
        let two = response(
            400,
            r#"{"message":"no 11111111-0e9e-11e4-9191-0800200c9a66","contextId":"b","at":"2026-11-21T08:30:15Z"}"#,
        );
        assert_eq!(answers(Some(&one), &two), (Verdict::Same, Vec::new()));
    }

    #[test]
    fn a_refusal_that_is_accepted_now_is_fixed() {
        let (verdict, differences) = answers(Some(&response(400, "{}")), &response(204, ""));
        assert_eq!(verdict, Verdict::Fixed);
        assert_eq!(differences[0].place, "status");
        assert_eq!(answers(None, &response(204, "")).0, Verdict::Fixed);
    }

    #[test]
    fn another_refusal_is_changed_and_names_the_place() {
        let old = response(400, r#"{"code":"bad.request","details":[]}"#);
        let new = response(400, r#"{"code":"not.found","details":[1]}"#);
        let (verdict, differences) = answers(Some(&old), &new);
        let places: Vec<&str> = differences.iter().map(|difference| difference.place.as_str()).collect();
        assert_eq!((verdict, places), (Verdict::Changed, vec!["/code", "/details/0"]));
    }

    #[test]
    fn an_acceptance_that_is_refused_now_is_changed() {
        assert_eq!(answers(Some(&response(204, "")), &response(409, "{}")).0, Verdict::Changed);
        assert_eq!(answers(Some(&response(200, "x")), &response(200, "x")).0, Verdict::Same);
    }

    #[test]
    fn what_is_shown_is_safe_and_short() {
        let page = format!("\u{1b}[2J{}", "x".repeat(1000));
        let (_, differences) = answers(Some(&response(200, "a")), &response(200, &page));
        let now = differences[0].now.clone().unwrap();
        assert!(now.starts_with("\\x1b[2J") && now.chars().count() == LONGEST + 1, "{now}");
    }
}
