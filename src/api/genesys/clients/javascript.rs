//! The JavaScript SDK.

use crate::api::client::call::{CallSyntax, NameStyle};
use crate::api::client::fact::{ClientFact, When};
use crate::api::client::habit::Habit;
use crate::api::client::profile::ClientProfile;
use crate::api::client::sign::Sign;
use crate::api::genesys::clients::source::{SHAPES, WIRE};
use crate::model::finding::Class;
use crate::model::refusal::Shape;

/// All that is known about it.
pub(super) const PROFILE: ClientProfile = ClientProfile {
    name: "javascript",
    spoken: "JavaScript SDK (or another axios program)",
    // axios' own mark since 137.1.0 and no `purecloud-sdk`: any axios program looks the same
    agents: &["axios/"],
    call: Some(CallSyntax {
        label: "JavaScript",
        names: NameStyle::Camel,
        pattern: "new {class}().{method}({arguments})",
        optional_body: "{ body }",
    }),
    habits: HABITS,
    facts: FACTS,
};

const FACTS: &[ClientFact] = &[
    ClientFact {
        when: When::BodyMissing,
        sentence: "the request has no body: the payload was passed where the SDK takes its options object",
        source: RUN,
    },
    ClientFact {
        when: When::Refused(&[Shape::Empty]),
        sentence: "the program saw `undefined`: that is what the JavaScript SDK rejects with when the error has no body",
        source: SHAPES,
    },
    ClientFact {
        when: When::Refused(&[Shape::Html, Shape::Text]),
        sentence: "the program saw a bare string: the JavaScript SDK rejects with the body",
        source: SHAPES,
    },
    ClientFact {
        when: When::Refused(&[Shape::ErrorBody]),
        sentence: "the program saw the error body alone: the JavaScript SDK drops status and headers unless `setReturnExtendedResponses(true)`",
        source: SHAPES,
    },
    ClientFact {
        when: When::Unauthorized,
        sentence: "with a refresh token the JavaScript SDK logs in and sends again by itself, and still rejects with this 401",
        source: RUN,
    },
    ClientFact {
        when: When::Redirected,
        sentence: "after 301 and 302 the JavaScript SDK sends a GET without body, after 307 and 308 the same again",
        source: RUN,
    },
    ClientFact {
        when: When::GaveUp { from: 15.0, to: 18.0 },
        sentence: "the JavaScript SDK gives up after 16 s (`timeout of 16000ms exceeded`)",
        source: RUN,
    },
];

const RUN: &str = "npm purecloud-platform-client-v2 262.0.0, run";

const HABITS: &[Habit] = &[
    Habit {
        sign: Sign::OptionalBody,
        habit: "where the body is optional the method takes it inside `opts`; a payload passed in its place is ignored and nothing is sent, and so it is with a body of '', 0 or false",
        before: "{api}payload)",
        after: "{api}{ body: payload })",
        makes: &[Class::EmptyBody],
        source: WIRE,
    },
    Habit {
        sign: Sign::Place("/body"),
        habit: "where the body is required the method takes it as an argument of its own; `{ body: … }` is then sent as it is",
        before: "{api}{ body: payload })",
        after: "{api}payload)",
        makes: &[Class::Moved],
        source: WIRE,
    },
    Habit {
        sign: Sign::None,
        habit: "null (and NaN) stays in the body, and undefined becomes null inside an array; only an undefined member is left out",
        before: "{ code, notes: null }",
        after: "{ code }  // or notes: undefined",
        makes: &[Class::NullField],
        source: WIRE,
    },
    Habit {
        sign: Sign::None,
        habit: "the SDK serialises the body itself: what was made JSON text before is in it as a string",
        before: "{ wrapup: JSON.stringify(wrapup) }",
        after: "{ wrapup }",
        makes: &[Class::DoubleEncoded],
        source: WIRE,
    },
    Habit {
        sign: Sign::RootText,
        habit: "a bare text is sent as a JSON string; the operation takes the object around it",
        before: "{ body: code }",
        after: "{ body: { code } }",
        makes: &[Class::TypeMismatch],
        source: WIRE,
    },
    Habit {
        sign: Sign::NumericText,
        habit: "there are no models: a number that came from a form or an environment variable stays text",
        before: "{ code, durationSeconds: input.value }",
        after: "{ code, durationSeconds: Number(input.value) }",
        makes: &[Class::TypeMismatch],
        source: WIRE,
    },
    Habit {
        sign: Sign::Fraction,
        habit: "there are no models: a fraction is sent as it is where the API takes whole numbers",
        before: "{ code, durationSeconds: elapsedMs / 1000 }",
        after: "{ code, durationSeconds: Math.round(elapsedMs / 1000) }",
        makes: &[Class::TypeMismatch, Class::FormatMismatch],
        source: WIRE,
    },
    Habit {
        sign: Sign::TextForList,
        habit: "there are no models: a single text is sent as it is where the API takes a list",
        before: "{ code, tags: tag }",
        after: "{ code, tags: [tag] }",
        makes: &[Class::UnwrappedFromArray, Class::TypeMismatch],
        source: WIRE,
    },
    Habit {
        sign: Sign::ObjectForText,
        habit: "there are no models: an object is sent as it is where its id belongs",
        before: "{ code: wrapupCode }",
        after: "{ code: wrapupCode.id }",
        makes: &[Class::TypeMismatch],
        source: WIRE,
    },
    Habit {
        sign: Sign::Time,
        habit: "a Date is written as the API wants it, with milliseconds and Z; an epoch or any other text is sent as it is",
        before: "{ code, endTime: Date.now() }  // or toUTCString()",
        after: "{ code, endTime: new Date() }",
        makes: &[Class::FormatMismatch, Class::TypeMismatch],
        source: WIRE,
    },
    Habit {
        sign: Sign::UnderscoreKey,
        habit: "of an instance of a class its fields are sent, under their own names, and none of its getters",
        before: "{ body: new WrapUp(code) }  // with the fields _code, …",
        after: "{ body: { code: wrapUp.code } }",
        makes: &[Class::RenamedKey],
        source: WIRE,
    },
    Habit {
        sign: Sign::EmptyObject,
        habit: "a Map, a Set and an object with private fields only are sent as `{}`",
        before: "{ body: new Map([['code', code]]) }",
        after: "{ body: Object.fromEntries(map) }",
        makes: &[Class::EmptyValue, Class::MissingField],
        source: WIRE,
    },
    Habit {
        sign: Sign::None,
        habit: "there are no models: a key that the API does not know is sent as it is written",
        before: "{ codeId: code }",
        after: "{ code }",
        makes: &[Class::RenamedKey],
        source: WIRE,
    },
    Habit {
        sign: Sign::None,
        habit: "there are no models: a word that the API does not know is sent as it is",
        before: "{ state: 'wrapup' }",
        after: "{ state: 'disconnected' }",
        makes: &[Class::UnknownWord],
        source: WIRE,
    },
];
