//! Habits of the .NET and Go SDKs, of plain clients, and of any client at all.

use crate::genesys::habits::{Habit, Sign};
use crate::model::check::CheckKind;
use crate::model::finding::Class;
use crate::model::remedy::ClientLine;

pub(super) const HABITS: &[Habit] = &[
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
