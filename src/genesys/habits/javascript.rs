//! The JavaScript SDK's habits.

use crate::genesys::habits::sign::Sign;
use crate::genesys::habits::{Habit, WIRE};
use crate::model::check::CheckKind;
use crate::model::finding::Class;

const fn habit(
    sign: Sign,
    habit: &'static str,
    before: &'static str,
    after: &'static str,
    makes: &'static [Class],
    fails: &'static [CheckKind],
) -> Habit {
    Habit { sdk: "javascript", habit, before, after, makes, fails, sign, source: WIRE }
}

pub(super) const HABITS: &[Habit] = &[
    habit(
        Sign::OptionalBody,
        "where the body is optional the method takes it inside `opts`; a payload passed in its place is ignored and nothing is sent, and so it is with a body of '', 0 or false",
        "{api}payload)",
        "{api}{ body: payload })",
        &[Class::EmptyBody],
        &[CheckKind::MissingBody],
    ),
    habit(
        Sign::BodyMember,
        "where the body is required the method takes it as an argument of its own; `{ body: … }` is then sent as it stands",
        "{api}{ body: payload })",
        "{api}payload)",
        &[Class::Moved],
        &[CheckKind::WrongNesting],
    ),
    habit(
        Sign::None,
        "null (and NaN) stays in the body, and undefined becomes null inside an array; only an undefined member is left out",
        "{ code, notes: null }",
        "{ code }  // or notes: undefined",
        &[Class::NullField],
        &[CheckKind::ExplicitNull],
    ),
    habit(
        Sign::None,
        "the SDK serialises the body itself: what was made JSON text before stands in it as a string",
        "{ wrapup: JSON.stringify(wrapup) }",
        "{ wrapup }",
        &[Class::DoubleEncoded],
        &[CheckKind::DoubleEncoded],
    ),
    habit(
        Sign::RootText,
        "a bare text is sent as a JSON string; the operation takes the object around it",
        "{ body: code }",
        "{ body: { code } }",
        &[Class::TypeMismatch],
        &[CheckKind::WrongType],
    ),
    habit(
        Sign::NumericText,
        "there are no models: a number that came from a form or an environment variable stays text",
        "{ code, durationSeconds: input.value }",
        "{ code, durationSeconds: Number(input.value) }",
        &[Class::TypeMismatch],
        &[CheckKind::WrongType],
    ),
    habit(
        Sign::Fraction,
        "there are no models: a fraction is sent as it is where the API takes whole numbers",
        "{ code, durationSeconds: elapsedMs / 1000 }",
        "{ code, durationSeconds: Math.round(elapsedMs / 1000) }",
        &[Class::TypeMismatch],
        &[CheckKind::WrongType, CheckKind::WrongFormat],
    ),
    habit(
        Sign::TextForList,
        "there are no models: a single text is sent as it is where the API takes a list",
        "{ code, tags: tag }",
        "{ code, tags: [tag] }",
        &[Class::UnwrappedFromArray],
        &[CheckKind::WrongType],
    ),
    habit(
        Sign::ObjectForText,
        "there are no models: an object is sent as it is where its id belongs",
        "{ code: wrapupCode }",
        "{ code: wrapupCode.id }",
        &[Class::TypeMismatch],
        &[CheckKind::WrongType],
    ),
    habit(
        Sign::Time,
        "a Date is written as the API wants it, with milliseconds and Z; an epoch or any other text is sent as it is",
        "{ code, endTime: Date.now() }  // or toUTCString()",
        "{ code, endTime: new Date() }",
        &[Class::FormatMismatch],
        &[CheckKind::WrongFormat, CheckKind::WrongType],
    ),
    habit(
        Sign::UnderscoreKey,
        "of an instance of a class its fields are sent, under their own names, and none of its getters",
        "{ body: new WrapUp(code) }  // with the fields _code, …",
        "{ body: { code: wrapUp.code } }",
        &[Class::RenamedKey],
        &[CheckKind::UnknownField],
    ),
    habit(
        Sign::EmptyObject,
        "a Map, a Set and an object with private fields only are sent as `{}`",
        "{ body: new Map([['code', code]]) }",
        "{ body: Object.fromEntries(map) }",
        &[Class::EmptyValue, Class::MissingField],
        &[CheckKind::MissingField],
    ),
    habit(
        Sign::None,
        "there are no models: a key that the API does not know is sent as it is written",
        "{ codeId: code }",
        "{ code }",
        &[Class::RenamedKey],
        &[CheckKind::UnknownField],
    ),
    habit(
        Sign::None,
        "there are no models: a word that the API does not know is sent as it is",
        "{ state: 'wrapup' }",
        "{ state: 'disconnected' }",
        &[],
        &[CheckKind::UnknownWord],
    ),
];
