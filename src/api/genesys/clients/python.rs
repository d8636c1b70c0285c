//! The Python SDK.

use crate::api::client::call::{CallSyntax, NameStyle};
use crate::api::client::fact::{ClientFact, When};
use crate::api::client::habit::Habit;
use crate::api::client::profile::ClientProfile;
use crate::api::client::sign::Sign;
use crate::api::genesys::clients::source::WIRE;
use crate::model::finding::Class;

/// All that is known about it.
pub(super) const PROFILE: ClientProfile = ClientProfile {
    name: "python",
    spoken: "Python SDK",
    agents: &["purecloud sdk/python"],
    call: Some(CallSyntax {
        label: "Python",
        names: NameStyle::Snake,
        pattern: "{class}().{method}({arguments})",
        optional_body: "body=body",
    }),
    habits: HABITS,
    facts: FACTS,
};

const FACTS: &[ClientFact] = &[
    ClientFact {
        when: When::TooMany,
        sentence: "the Python SDK waits and sends again by itself, up to ten times; the program sees only a slow call",
        source: RUN,
    },
    ClientFact {
        when: When::Unavailable,
        sentence: "with `Retry-After` the Python SDK sends the request again by itself, up to ten times",
        source: RUN,
    },
    ClientFact { when: When::Redirected, sentence: "the Python SDK keeps the POST", source: RUN },
];

const RUN: &str = "PyPI PureCloudPlatformClientV2 269.0.0, run";

const HABITS: &[Habit] = &[
    Habit {
        sign: Sign::SnakeCase,
        habit: "`to_dict()` gives Python's own attribute names in snake_case, and every attribute that is not set as null",
        before: "{api}{by}wrapup.to_dict())",
        after: "{api}{by}wrapup)",
        makes: &[Class::RenamedKey, Class::NullField, Class::ExtraField],
        source: WIRE,
    },
    Habit {
        sign: Sign::PlainNull,
        habit: "a plain dict keeps its `None` members as null, and a model an `ApiNullValue()`; models drop `None`",
        before: "body = {\"code\": code, \"notes\": None}",
        after: "body = {\"code\": code}  # or a model: WrapupInput(), which leaves out what is not set",
        makes: &[Class::NullField],
        source: WIRE,
    },
    Habit {
        sign: Sign::None,
        habit: "the SDK serialises the body itself, so a text that is JSON already is encoded a second time",
        before: "{api}{by}json.dumps(payload))  # or model.to_json()",
        after: "{api}{by}payload)",
        makes: &[Class::DoubleEncoded],
        source: WIRE,
    },
    Habit {
        sign: Sign::RootText,
        habit: "a bare text is sent as a JSON string; the operation takes the model around it",
        before: "{api}{by}code)",
        after: "wrapup = WrapupInput(); wrapup.code = code; {api}{by}wrapup)",
        makes: &[Class::TypeMismatch],
        source: WIRE,
    },
    Habit {
        sign: Sign::RootNull,
        habit: "a call without a body, or with None, sends the four bytes `null`",
        before: "{call}",
        after: "{api}{by}payload)",
        makes: &[Class::NullField, Class::EmptyBody],
        source: WIRE,
    },
    Habit {
        sign: Sign::Time,
        habit: "a datetime is written with six fraction digits and `+00:00`, and without any zone if it has none",
        before: "wrapup.end_time = datetime.now()",
        after: "wrapup.end_time = datetime.now(timezone.utc).isoformat(timespec=\"milliseconds\").replace(\"+00:00\", \"Z\")",
        makes: &[Class::FormatMismatch, Class::TypeMismatch],
        source: WIRE,
    },
    Habit {
        sign: Sign::NumericText,
        habit: "a model does not convert what it is given: a text stays a text",
        before: "wrapup.duration_seconds = \"120\"",
        after: "wrapup.duration_seconds = int(\"120\")",
        makes: &[Class::TypeMismatch],
        source: WIRE,
    },
    Habit {
        sign: Sign::Fraction,
        habit: "a model does not convert what it is given: a float stays a float",
        before: "wrapup.duration_seconds = elapsed",
        after: "wrapup.duration_seconds = round(elapsed)",
        makes: &[Class::TypeMismatch, Class::FormatMismatch],
        source: WIRE,
    },
    Habit {
        sign: Sign::TextForList,
        habit: "a model does not convert what it is given: a text is no list",
        before: "wrapup.tags = tag",
        after: "wrapup.tags = [tag]",
        makes: &[Class::UnwrappedFromArray, Class::TypeMismatch],
        source: WIRE,
    },
    Habit {
        sign: Sign::ObjectForText,
        habit: "a model does not convert what it is given: an object is no id",
        before: "wrapup.code = wrapup_code",
        after: "wrapup.code = wrapup_code.id",
        makes: &[Class::TypeMismatch],
        source: WIRE,
    },
    Habit {
        sign: Sign::EmptyObject,
        habit: "an attribute that the model does not have is dropped without a word",
        before: "wrapup.codeId = code",
        after: "wrapup.code = code",
        makes: &[Class::EmptyValue],
        source: WIRE,
    },
    Habit {
        sign: Sign::Unset("code"),
        habit: "an attribute that the model does not have is dropped without a word",
        before: "wrapup.codeId = code",
        after: "wrapup.code = code",
        makes: &[Class::MissingField],
        source: WIRE,
    },
    Habit {
        sign: Sign::OtherKey,
        habit: "a plain dict is sent as it is; a model knows how its members are called",
        before: "body = {\"codeId\": code}",
        after: "wrapup = WrapupInput(); wrapup.code = code",
        makes: &[Class::RenamedKey],
        source: WIRE,
    },
    Habit {
        sign: Sign::None,
        habit: "a word that the model's list does not have becomes `outdated_sdk_version` without a word",
        before: "request.state = \"wrapup\"",
        after: "request.state = \"disconnected\"",
        makes: &[Class::SwallowedEnum],
        source: WIRE,
    },
    Habit {
        sign: Sign::NotANumber,
        habit: "NaN is written as `NaN`, which is no JSON",
        before: "wrapup.duration_seconds = float(\"nan\")",
        after: "wrapup.duration_seconds = 120",
        makes: &[Class::InvalidJson],
        source: WIRE,
    },
];
