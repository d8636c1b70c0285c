//! The Java SDK's habits.

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
    Habit { sdk: "java", habit, before, after, makes, fails, sign, source: WIRE }
}

pub(super) const HABITS: &[Habit] = &[
    habit(
        Sign::EmptyArray,
        "every list of a model starts as an empty one and is sent as `[]` while `ApiClient.LEGACY_EMPTY_LIST` is true, which it is by default",
        "new {model}()",
        "ApiClient.LEGACY_EMPTY_LIST = false;  // once, before the first model is made; since 223.0.0",
        &[Class::EmptyValue, Class::ExtraField],
        &[CheckKind::UnknownField],
    ),
    habit(
        Sign::None,
        "a String body is written without quotes, as it is",
        "ApiRequestBuilder.create(…).withBody(code)",
        "ApiRequestBuilder.create(…).withBody(new WrapupInput().code(code))",
        &[Class::InvalidJson],
        &[CheckKind::InvalidJson],
    ),
    habit(
        Sign::None,
        "JSON text as a String body is sent as it is; made twice, or put into a member, it is a text inside the body",
        "….withBody(mapper.writeValueAsString(text))",
        "….withBody(payload)  // the object itself",
        &[Class::DoubleEncoded],
        &[CheckKind::DoubleEncoded],
    ),
    habit(
        Sign::NumericText,
        "a Map is sent as it is; the model takes the type that the API wants",
        "map.put(\"durationSeconds\", \"120\")",
        "new WrapupInput().durationSeconds(120)",
        &[Class::TypeMismatch],
        &[CheckKind::WrongType],
    ),
    habit(
        Sign::Fraction,
        "a Map is sent as it is, a double with its fraction; the model takes the type that the API wants",
        "map.put(\"durationSeconds\", 120.0)",
        "new WrapupInput().durationSeconds(120)",
        &[Class::TypeMismatch],
        &[CheckKind::WrongType, CheckKind::WrongFormat],
    ),
    habit(
        Sign::Time,
        "a java.util.Date is written as the API wants it, with three fraction digits and Z; anything else is sent as it is",
        "map.put(\"endTime\", instant.getEpochSecond())",
        "new WrapupInput().endTime(Date.from(instant))",
        &[Class::FormatMismatch],
        &[CheckKind::WrongFormat, CheckKind::WrongType],
    ),
    habit(
        Sign::OtherKey,
        "a Map is sent as it is; a model has no setter for what the API does not know",
        "map.put(\"codeId\", code)",
        "new WrapupInput().code(code)",
        &[Class::RenamedKey],
        &[CheckKind::UnknownField],
    ),
    habit(
        Sign::None,
        "`fromString` makes `OutdatedSdkVersion` of a word that it does not know",
        "request.setState(MediaParticipantRequest.StateEnum.fromString(\"wrapup\"))",
        "request.setState(MediaParticipantRequest.StateEnum.DISCONNECTED)",
        &[Class::SwallowedEnum],
        &[CheckKind::SwallowedEnum],
    ),
    habit(
        Sign::None,
        "a body of null sends nothing at all",
        "{api}null)",
        "{api}body)  // a {model}",
        &[Class::EmptyBody],
        &[CheckKind::MissingBody],
    ),
];
