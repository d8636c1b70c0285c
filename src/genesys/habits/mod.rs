//! What the clients do to a body on its way to the wire, and the line that avoids it.
//!
//! Source, unless a row says otherwise: the same calls made with npm purecloud-platform-client-v2 262.0.0 (Node 20),
//! PyPI PureCloudPlatformClientV2 269.0.0 (Python 3.11) and the Java SDK, and read from the wire; Go 188 and .NET 270
//! were read, not run.

mod java;
mod javascript;
mod others;
mod python;

use serde_json::Value;

use crate::genesys::near;
use crate::model::check::CheckKind;
use crate::model::finding::Class;
use crate::model::remedy::ClientLine;

/// One row: the line, and what the body has to look like for the habit to be the likely one.
struct Habit {
    line: ClientLine,
    sign: Sign,
}

/// What tells apart two habits that make the same class of finding.
#[derive(Clone, Copy, PartialEq)]
enum Sign {
    /// The class is enough.
    None,
    /// Some key is in snake_case.
    SnakeCase,
    /// No key is in snake_case.
    NoSnakeCase,
    /// There is an empty array somewhere.
    EmptyArray,
    /// The body is no JSON object.
    NotObject,
    /// The whole body stands under `body`.
    BodyMember,
    /// Some member ends in `Ms`, or is a duration of ten thousand and more.
    Milliseconds,
}

const WIRE: &str = "requests of the SDKs, recorded";

/// The rows, one file a client: to add a habit, add a row there.
const HABITS: [&[Habit]; 4] = [python::HABITS, javascript::HABITS, java::HABITS, others::HABITS];

/// Returns the lines to change in a client's program for what was found in its body, the likeliest first.
///
/// `sdk` is the name that [`crate::genesys::sdk::detect`] gives; without one only habits of any client are told.
pub fn lines(
    sdk: Option<&str>,
    body: Option<&Value>,
    classes: &[Class],
    kinds: &[CheckKind],
) -> Vec<ClientLine> {
    let told = |habit: &&Habit| {
        let line = &habit.line;
        (line.sdk == "any" || Some(line.sdk) == sdk)
            && (line.makes.iter().any(|class| classes.contains(class))
                || line.fails.iter().any(|kind| kinds.contains(kind)))
            && habit.sign.shows(body)
    };
    let mut lines: Vec<&Habit> = HABITS.into_iter().flatten().filter(told).collect();
    // what the body itself betrays is likelier than what only a class suggests
    lines.sort_by_key(|habit| habit.sign == Sign::None);
    lines.into_iter().map(|habit| habit.line).collect()
}

impl Sign {
    fn shows(self, body: Option<&Value>) -> bool {
        let Some(body) = body else { return matches!(self, Self::None | Self::NotObject) };
        match self {
            Self::None => true,
            Self::SnakeCase => any_member(body, &|key, _| key.contains('_')),
            Self::NoSnakeCase => !any_member(body, &|key, _| key.contains('_')),
            Self::EmptyArray => any_member(body, &|_, value| value.as_array().is_some_and(Vec::is_empty)),
            Self::NotObject => !body.is_object(),
            Self::BodyMember => body.get("body").is_some_and(Value::is_object),
            Self::Milliseconds => any_member(body, &|key, value| {
                let words = near::words(key);
                let unit = words.iter().any(|word| matches!(word.as_str(), "ms" | "millis" | "milliseconds"));
                let duration = words.iter().any(|word| word == "duration");
                (unit || duration) && value.as_f64().is_some_and(|number| unit || number >= 10_000.0)
            }),
        }
    }
}

fn any_member(value: &Value, holds: &dyn Fn(&str, &Value) -> bool) -> bool {
    match value {
        Value::Object(members) => {
            members.iter().any(|(key, inner)| holds(key, inner) || any_member(inner, holds))
        }
        Value::Array(elements) => elements.iter().any(|inner| any_member(inner, holds)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn habits(sdk: Option<&str>, body: Value, classes: &[Class], kinds: &[CheckKind]) -> Vec<&'static str> {
        lines(sdk, Some(&body), classes, kinds).iter().map(|line| line.after).collect()
    }

    #[test]
    fn the_body_tells_to_dict_from_a_plain_dict() {
        let nulls = [Class::NullField];
        let to_dict = habits(Some("python"), json!({"code": "x", "duration_seconds": null}), &nulls, &[]);
        assert!(to_dict[0].ends_with("body=wrapup)"), "{to_dict:?}");
        let dict = habits(Some("python"), json!({"code": "x", "notes": null}), &nulls, &[]);
        assert!(dict[0].starts_with("body = {"), "{dict:?}");
    }

    #[test]
    fn java_s_empty_lists_lead_to_the_switch() {
        let lines = habits(Some("java"), json!({"code": "x", "tags": []}), &[Class::ExtraField], &[]);
        assert!(lines[0].starts_with("ApiClient.LEGACY_EMPTY_LIST = false"), "{lines:?}");
        assert!(habits(Some("java"), json!({"code": "x", "more": 1}), &[Class::ExtraField], &[]).is_empty());
    }

    #[test]
    fn an_empty_javascript_body_is_a_payload_in_the_place_of_opts() {
        let lines = lines(Some("javascript"), None, &[], &[CheckKind::MissingBody]);
        assert!(lines[0].after.contains("{ body: { code } }"));
    }

    #[test]
    fn seconds_are_told_to_every_client_and_an_unknown_client_gets_no_language() {
        let lines =
            habits(None, json!({"codeId": "x", "durationMs": 120_000}), &[], &[CheckKind::UnknownField]);
        assert_eq!(lines, ["durationSeconds = round(elapsedMs / 1000)"]);
        assert!(habits(Some("curl"), json!({"a": null}), &[Class::NullField], &[]).is_empty());
    }
}
