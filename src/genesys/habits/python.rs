//! The Python SDK's habits.

use crate::genesys::habits::{Habit, Sign, WIRE};
use crate::model::check::CheckKind;
use crate::model::finding::Class;
use crate::model::remedy::ClientLine;

pub(super) const HABITS: &[Habit] = &[
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
];
