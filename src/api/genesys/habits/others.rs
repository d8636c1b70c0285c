//! Habits of the .NET and Go SDKs, of plain clients, and of any client at all.

use crate::api::genesys::habits::habit::Habit;
use crate::api::genesys::habits::sign::Sign;
use crate::model::finding::Class;

pub(super) const HABITS: &[Habit] = &[
    Habit {
        sign: Sign::None,
        sdk: "dotnet",
        habit: "a DateTime is written with up to seven fraction digits and with the local offset or none, as its Kind says",
        before: "wrapup.EndTime = DateTime.Now",
        after: "wrapup.EndTime = DateTime.UtcNow.AddTicks(-(DateTime.UtcNow.Ticks % TimeSpan.TicksPerMillisecond))",
        makes: &[Class::FormatMismatch],
        source: "the .NET SDK 270, read",
    },
    Habit {
        sign: Sign::None,
        sdk: "dotnet",
        habit: "a word that the enumeration does not have becomes `OUTDATED_SDK_VERSION`",
        before: "(MediaParticipantRequest.StateEnum)Enum.Parse(…)",
        after: "MediaParticipantRequest.StateEnum.Disconnected",
        makes: &[Class::SwallowedEnum],
        source: "the .NET SDK 270, read",
    },
    Habit {
        sign: Sign::None,
        sdk: "go",
        habit: "`SetField` with nil sends an explicit null, and the keys in alphabetical order",
        before: "wrapup.SetField(\"Notes\", nil)",
        after: "// leave the field unset: nil pointers are omitted",
        makes: &[Class::NullField],
        source: "the Go SDK 188, read",
    },
    Habit {
        sign: Sign::None,
        sdk: "go",
        habit: "a time is written with six fraction digits",
        before: "wrapup.EndTime = &now",
        after: "end := now.UTC().Truncate(time.Millisecond); wrapup.EndTime = &end",
        makes: &[Class::FormatMismatch],
        source: "the Go SDK 188, read",
    },
    Habit {
        sign: Sign::None,
        sdk: "requests",
        habit: "`data=` with a dict sends a form; `json=` sends JSON with the right media type, and encodes a text once more",
        before: "requests.post(url, data=payload)  # or json=json.dumps(payload)",
        after: "requests.post(url, json=payload)",
        makes: &[Class::ContentTypeMismatch, Class::InvalidJson, Class::DoubleEncoded],
        source: "https://requests.readthedocs.io/en/latest/user/quickstart/",
    },
    Habit {
        sign: Sign::None,
        sdk: "curl",
        habit: "`-d` sends `application/x-www-form-urlencoded` unless `-H` says otherwise",
        before: "curl -d '{\"code\":\"…\"}' URL",
        after: "curl -H 'Content-Type: application/json' -d '{\"code\":\"…\"}' URL  # or curl --json '…' URL",
        makes: &[Class::ContentTypeMismatch],
        source: "https://curl.se/docs/manpage.html",
    },
    Habit {
        sign: Sign::Milliseconds,
        sdk: "any",
        habit: "the API counts this duration in whole seconds; the program counts in milliseconds",
        before: "durationSeconds = elapsedMs",
        after: "durationSeconds = round(elapsedMs / 1000)",
        makes: &[Class::UnitMismatch, Class::RenamedKey, Class::UnknownOperation],
        source: "the SDKs' model WrapupInput: durationSeconds, integer",
    },
    Habit {
        sign: Sign::WrapupMember,
        sdk: "any",
        habit: "the POST on a communication takes the wrap-up itself; only the PATCH on a participant has `wrapup` around it",
        before: "{\"wrapup\": {\"code\": …}}",
        after: "{\"code\": …}",
        makes: &[Class::Moved, Class::WrongOperation],
        source: "the SDKs' models WrapupInput and MediaParticipantRequest",
    },
    Habit {
        sign: Sign::BareCode,
        sdk: "any",
        habit: "the PATCH on a participant takes the wrap-up under `wrapup`; only the POST on a communication takes it bare",
        before: "{\"code\": …}",
        after: "{\"wrapup\": {\"code\": …}}",
        makes: &[Class::Moved, Class::WrongOperation],
        source: "the SDKs' models WrapupInput and MediaParticipantRequest",
    },
];
