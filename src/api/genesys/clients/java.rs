//! The Java SDK.

use crate::api::client::call::{CallSyntax, NameStyle};
use crate::api::client::fact::{ClientFact, When};
use crate::api::client::habit::Habit;
use crate::api::client::profile::ClientProfile;
use crate::api::client::sign::Sign;
use crate::api::genesys::clients::source::{SHAPES, WIRE};
use crate::model::finding::Class;

/// All that is known about it.
pub(super) const PROFILE: ClientProfile = ClientProfile {
    name: "java",
    spoken: "Java SDK",
    agents: &["purecloud sdk/java"],
    call: Some(CallSyntax {
        label: "Java",
        names: NameStyle::Camel,
        pattern: "new {class}().{method}({arguments}), or {request}",
        optional_body: "body",
    }),
    habits: HABITS,
    facts: FACTS,
};

const FACTS: &[ClientFact] = &[
    ClientFact {
        when: When::Refused(&[]),
        sentence: "the program saw an ApiException whose getMessage() is `error`; the reason is in getRawBody()",
        source: SHAPES,
    },
    ClientFact { when: When::Redirected, sentence: "the Java SDK follows no POST", source: WIRE },
];

const HABITS: &[Habit] = &[
    Habit {
        sign: Sign::EmptyArray,
        habit: "every list of a model starts as an empty one and is sent as `[]` while `ApiClient.LEGACY_EMPTY_LIST` is true, which it is by default",
        before: "new {model}()",
        after: "ApiClient.LEGACY_EMPTY_LIST = false;  // once, before the first model is made; since 223.0.0",
        makes: &[Class::EmptyValue, Class::ExtraField],
        source: WIRE,
    },
    Habit {
        sign: Sign::None,
        habit: "a String body is written without quotes, as it is",
        before: "ApiRequestBuilder.create(…).withBody(code)",
        after: "ApiRequestBuilder.create(…).withBody(new WrapupInput().code(code))",
        makes: &[Class::InvalidJson],
        source: WIRE,
    },
    Habit {
        sign: Sign::None,
        habit: "JSON text as a String body is sent as it is; made twice, or put into a member, it is a text inside the body",
        before: "….withBody(mapper.writeValueAsString(text))",
        after: "….withBody(payload)  // the object itself",
        makes: &[Class::DoubleEncoded],
        source: WIRE,
    },
    Habit {
        sign: Sign::NumericText,
        habit: "a Map is sent as it is; the model takes the type that the API wants",
        before: "map.put(\"durationSeconds\", \"120\")",
        after: "new WrapupInput().durationSeconds(120)",
        makes: &[Class::TypeMismatch],
        source: WIRE,
    },
    Habit {
        sign: Sign::Fraction,
        habit: "a Map is sent as it is, a double with its fraction; the model takes the type that the API wants",
        before: "map.put(\"durationSeconds\", 120.0)",
        after: "new WrapupInput().durationSeconds(120)",
        makes: &[Class::TypeMismatch, Class::FormatMismatch],
        source: WIRE,
    },
    Habit {
        sign: Sign::Time,
        habit: "a java.util.Date is written as the API wants it, with three fraction digits and Z; anything else is sent as it is",
        before: "map.put(\"endTime\", instant.getEpochSecond())",
        after: "new WrapupInput().endTime(Date.from(instant))",
        makes: &[Class::FormatMismatch, Class::TypeMismatch],
        source: WIRE,
    },
    Habit {
        sign: Sign::OtherKey,
        habit: "a Map is sent as it is; a model has no setter for what the API does not know",
        before: "map.put(\"codeId\", code)",
        after: "new WrapupInput().code(code)",
        makes: &[Class::RenamedKey],
        source: WIRE,
    },
    Habit {
        sign: Sign::None,
        habit: "`fromString` makes `OutdatedSdkVersion` of a word that it does not know",
        before: "request.setState(MediaParticipantRequest.StateEnum.fromString(\"wrapup\"))",
        after: "request.setState(MediaParticipantRequest.StateEnum.DISCONNECTED)",
        makes: &[Class::SwallowedEnum],
        source: WIRE,
    },
    Habit {
        sign: Sign::None,
        habit: "a body of null sends nothing at all",
        before: "{api}null)",
        after: "{api}body)  // a {model}",
        makes: &[Class::EmptyBody],
        source: WIRE,
    },
];
