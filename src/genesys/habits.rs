//! What the clients do to a body on its way to the wire, and the line that avoids it.
//!
//! Source, unless a row says otherwise: the same calls made with npm purecloud-platform-client-v2 262.0.0 (Node 20),
//! PyPI PureCloudPlatformClientV2 269.0.0 (Python 3.11) and the Java SDK, and read from the wire; Go 188 and .NET 270
//! were read, not run.

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

const HABITS: &[Habit] = &[
    Habit {
        sign: Sign::SnakeCase,
        line: ClientLine {
            sdk: "python",
            habit: "`to_dict()` gives Python's own attribute names in snake_case, and every attribute that is not set as null",
            before: "api.post_conversations_call_participant_communication_wrapup(c, p, m, body=wrapup.to_dict())",
            after: "api.post_conversations_call_participant_communication_wrapup(c, p, m, body=wrapup)",
            makes: &[Class::RenamedKey, Class::NullField, Class::ExtraField],
            fails: &[CheckKind::UnknownField, CheckKind::ExplicitNull],
            source: WIRE,
        },
    },
    Habit {
        sign: Sign::NoSnakeCase,
        line: ClientLine {
            sdk: "python",
            habit: "a plain dict keeps its `None` members as null; only models drop them",
            before: "body = {\"code\": code, \"notes\": None}",
            after: "body = {\"code\": code}  # or a model: WrapupInput(), which leaves out what is not set",
            makes: &[Class::NullField],
            fails: &[CheckKind::ExplicitNull],
            source: WIRE,
        },
    },
    Habit {
        sign: Sign::None,
        line: ClientLine {
            sdk: "python",
            habit: "the SDK serialises the body itself, so a text that is JSON already is encoded a second time",
            before: "…, body=json.dumps(payload))  # or model.to_json()",
            after: "…, body=payload)",
            makes: &[Class::DoubleEncoded],
            fails: &[CheckKind::DoubleEncoded],
            source: WIRE,
        },
    },
    Habit {
        sign: Sign::None,
        line: ClientLine {
            sdk: "python",
            habit: "a datetime is written with six fraction digits and `+00:00`, and without any zone if it has none",
            before: "wrapup.end_time = datetime.now()",
            after: "wrapup.end_time = datetime.now(timezone.utc).isoformat(timespec=\"milliseconds\").replace(\"+00:00\", \"Z\")",
            makes: &[Class::FormatMismatch],
            fails: &[CheckKind::WrongFormat],
            source: WIRE,
        },
    },
    Habit {
        sign: Sign::None,
        line: ClientLine {
            sdk: "python",
            habit: "an attribute that the model does not have is dropped without a word",
            before: "wrapup.codeId = code",
            after: "wrapup.code = code",
            makes: &[Class::MissingField],
            fails: &[CheckKind::MissingField],
            source: WIRE,
        },
    },
    Habit {
        sign: Sign::None,
        line: ClientLine {
            sdk: "python",
            habit: "a word that the model's list does not have becomes `outdated_sdk_version` without a word",
            before: "request.state = \"wrapup\"",
            after: "request.state = \"disconnected\"",
            makes: &[Class::SwallowedEnum],
            fails: &[CheckKind::SwallowedEnum],
            source: WIRE,
        },
    },
    Habit {
        sign: Sign::NotObject,
        line: ClientLine {
            sdk: "python",
            habit: "a call without `body=` sends the four octets `null`",
            before: "api.post_conversations_call_participant_communication_wrapup(c, p, m)",
            after: "api.post_conversations_call_participant_communication_wrapup(c, p, m, body=wrapup)",
            makes: &[Class::NullField, Class::EmptyBody],
            fails: &[CheckKind::MissingBody],
            source: WIRE,
        },
    },
    Habit {
        sign: Sign::None,
        line: ClientLine {
            sdk: "python",
            habit: "NaN is written as `NaN`, which is no JSON",
            before: "wrapup.duration_seconds = float(\"nan\")",
            after: "wrapup.duration_seconds = 120",
            makes: &[Class::InvalidJson],
            fails: &[CheckKind::InvalidJson],
            source: WIRE,
        },
    },
    Habit {
        sign: Sign::None,
        line: ClientLine {
            sdk: "javascript",
            habit: "where the body is optional the method takes it inside `opts`; a payload passed in its place is ignored and nothing is sent",
            before: "api.postConversationsCallParticipantCommunicationWrapup(c, p, m, { code })",
            after: "api.postConversationsCallParticipantCommunicationWrapup(c, p, m, { body: { code } })",
            makes: &[Class::EmptyBody],
            fails: &[CheckKind::MissingBody],
            source: WIRE,
        },
    },
    Habit {
        sign: Sign::BodyMember,
        line: ClientLine {
            sdk: "javascript",
            habit: "where the body is required the method takes it as an argument of its own; `{ body: … }` is then sent as it stands",
            before: "api.patchConversationsCallParticipant(c, p, { body: { wrapup } })",
            after: "api.patchConversationsCallParticipant(c, p, { wrapup })",
            makes: &[Class::Moved],
            fails: &[CheckKind::WrongNesting],
            source: WIRE,
        },
    },
    Habit {
        sign: Sign::None,
        line: ClientLine {
            sdk: "javascript",
            habit: "null (and NaN) stays in the body; only undefined is left out",
            before: "{ code, notes: null }",
            after: "{ code }  // or notes: undefined",
            makes: &[Class::NullField],
            fails: &[CheckKind::ExplicitNull],
            source: WIRE,
        },
    },
    Habit {
        sign: Sign::None,
        line: ClientLine {
            sdk: "javascript",
            habit: "there are no models: a number that came from a form or an environment variable stays text",
            before: "{ code, durationSeconds: input.value }",
            after: "{ code, durationSeconds: Number(input.value) }",
            makes: &[Class::TypeMismatch],
            fails: &[CheckKind::WrongType],
            source: WIRE,
        },
    },
    Habit {
        sign: Sign::None,
        line: ClientLine {
            sdk: "javascript",
            habit: "there are no models: a misspelt key and a word that the API does not know are sent as they are",
            before: "{ codeId: code }",
            after: "{ code }",
            makes: &[Class::RenamedKey, Class::ExtraField],
            fails: &[CheckKind::UnknownField, CheckKind::UnknownWord],
            source: WIRE,
        },
    },
    Habit {
        sign: Sign::EmptyArray,
        line: ClientLine {
            sdk: "java",
            habit: "every list of a model starts as an empty one and is sent as `[]` while `ApiClient.LEGACY_EMPTY_LIST` is true, which it is by default",
            before: "new WrapupInput().code(code)",
            after: "ApiClient.LEGACY_EMPTY_LIST = false;  // once, before the first model is made; since 223.0.0",
            makes: &[Class::EmptyValue, Class::ExtraField],
            fails: &[CheckKind::UnknownField],
            source: WIRE,
        },
    },
    Habit {
        sign: Sign::None,
        line: ClientLine {
            sdk: "java",
            habit: "a String body is written without quotes, as it is",
            before: "ApiRequestBuilder.create(…).withBody(code)",
            after: "ApiRequestBuilder.create(…).withBody(new WrapupInput().code(code))",
            makes: &[Class::InvalidJson],
            fails: &[CheckKind::InvalidJson],
            source: WIRE,
        },
    },
    Habit {
        sign: Sign::None,
        line: ClientLine {
            sdk: "java",
            habit: "`fromString` makes `OutdatedSdkVersion` of a word that it does not know",
            before: "request.setState(MediaParticipantRequest.StateEnum.fromString(\"wrapup\"))",
            after: "request.setState(MediaParticipantRequest.StateEnum.DISCONNECTED)",
            makes: &[Class::SwallowedEnum],
            fails: &[CheckKind::SwallowedEnum],
            source: WIRE,
        },
    },
    Habit {
        sign: Sign::None,
        line: ClientLine {
            sdk: "java",
            habit: "a body of null sends nothing at all",
            before: "api.postConversationsCallParticipantCommunicationWrapup(c, p, m, null)",
            after: "api.postConversationsCallParticipantCommunicationWrapup(c, p, m, new WrapupInput().code(code))",
            makes: &[Class::EmptyBody],
            fails: &[CheckKind::MissingBody],
            source: WIRE,
        },
    },
    Habit {
        sign: Sign::None,
        line: ClientLine {
            sdk: "dotnet",
            habit: "a DateTime is written with up to seven fraction digits and with the local offset or none, as its Kind says",
            before: "wrapup.EndTime = DateTime.Now",
            after: "wrapup.EndTime = DateTime.UtcNow.AddTicks(-(DateTime.UtcNow.Ticks % TimeSpan.TicksPerMillisecond))",
            makes: &[Class::FormatMismatch],
            fails: &[CheckKind::WrongFormat],
            source: "the .NET SDK 270, read",
        },
    },
    Habit {
        sign: Sign::None,
        line: ClientLine {
            sdk: "dotnet",
            habit: "a word that the enumeration does not have becomes `OUTDATED_SDK_VERSION`",
            before: "(MediaParticipantRequest.StateEnum)Enum.Parse(…)",
            after: "MediaParticipantRequest.StateEnum.Disconnected",
            makes: &[Class::SwallowedEnum],
            fails: &[CheckKind::SwallowedEnum],
            source: "the .NET SDK 270, read",
        },
    },
    Habit {
        sign: Sign::None,
        line: ClientLine {
            sdk: "go",
            habit: "`SetField` with nil sends an explicit null, and the keys in alphabetical order",
            before: "wrapup.SetField(\"Notes\", nil)",
            after: "// leave the field unset: nil pointers are omitted",
            makes: &[Class::NullField],
            fails: &[CheckKind::ExplicitNull],
            source: "the Go SDK 188, read",
        },
    },
    Habit {
        sign: Sign::None,
        line: ClientLine {
            sdk: "go",
            habit: "a time is written with six fraction digits",
            before: "wrapup.EndTime = &now",
            after: "end := now.UTC().Truncate(time.Millisecond); wrapup.EndTime = &end",
            makes: &[Class::FormatMismatch],
            fails: &[CheckKind::WrongFormat],
            source: "the Go SDK 188, read",
        },
    },
    Habit {
        sign: Sign::None,
        line: ClientLine {
            sdk: "requests",
            habit: "`data=` with a dict sends a form; `json=` sends JSON with the right media type, and encodes a text once more",
            before: "requests.post(url, data=payload)  # or json=json.dumps(payload)",
            after: "requests.post(url, json=payload)",
            makes: &[Class::ContentTypeMismatch, Class::InvalidJson, Class::DoubleEncoded],
            fails: &[CheckKind::ContentType, CheckKind::InvalidJson, CheckKind::DoubleEncoded],
            source: "https://requests.readthedocs.io/en/latest/user/quickstart/",
        },
    },
    Habit {
        sign: Sign::None,
        line: ClientLine {
            sdk: "curl",
            habit: "`-d` sends `application/x-www-form-urlencoded` unless told otherwise",
            before: "curl -d '{\"code\":\"…\"}' URL",
            after: "curl -H 'Content-Type: application/json' -d '{\"code\":\"…\"}' URL  # or curl --json '…' URL",
            makes: &[Class::ContentTypeMismatch],
            fails: &[CheckKind::ContentType],
            source: "https://curl.se/docs/manpage.html",
        },
    },
    Habit {
        sign: Sign::Milliseconds,
        line: ClientLine {
            sdk: "any",
            habit: "the API counts this duration in whole seconds; the program counts in milliseconds",
            before: "durationSeconds = elapsedMs",
            after: "durationSeconds = round(elapsedMs / 1000)",
            makes: &[Class::UnitMismatch, Class::RenamedKey],
            fails: &[CheckKind::UnknownField, CheckKind::UnknownOperation],
            source: "the SDKs' model WrapupInput: durationSeconds, integer",
        },
    },
];

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
    let mut lines: Vec<&Habit> = HABITS.iter().filter(told).collect();
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
