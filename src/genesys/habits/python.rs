//! The Python SDK's habits.

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
    Habit { sdk: "python", habit, before, after, makes, fails, sign, source: WIRE }
}

pub(super) const HABITS: &[Habit] = &[
    habit(
        Sign::SnakeCase,
        "`to_dict()` gives Python's own attribute names in snake_case, and every attribute that is not set as null",
        "{api}{by}wrapup.to_dict())",
        "{api}{by}wrapup)",
        &[Class::RenamedKey, Class::NullField, Class::ExtraField],
        &[CheckKind::UnknownField, CheckKind::ExplicitNull],
    ),
    habit(
        Sign::PlainNull,
        "a plain dict keeps its `None` members as null, and a model an `ApiNullValue()`; models drop `None`",
        "body = {\"code\": code, \"notes\": None}",
        "body = {\"code\": code}  # or a model: WrapupInput(), which leaves out what is not set",
        &[Class::NullField],
        &[CheckKind::ExplicitNull],
    ),
    habit(
        Sign::None,
        "the SDK serialises the body itself, so a text that is JSON already is encoded a second time",
        "{api}{by}json.dumps(payload))  # or model.to_json()",
        "{api}{by}payload)",
        &[Class::DoubleEncoded],
        &[CheckKind::DoubleEncoded],
    ),
    habit(
        Sign::RootText,
        "a bare text is sent as a JSON string; the operation takes the model around it",
        "{api}{by}code)",
        "wrapup = WrapupInput(); wrapup.code = code; {api}{by}wrapup)",
        &[Class::TypeMismatch],
        &[CheckKind::WrongType],
    ),
    habit(
        Sign::RootNull,
        "a call without a body, or with None, sends the four octets `null`",
        "{call}",
        "{api}{by}payload)",
        &[Class::NullField, Class::EmptyBody],
        &[CheckKind::MissingBody],
    ),
    habit(
        Sign::Time,
        "a datetime is written with six fraction digits and `+00:00`, and without any zone if it has none",
        "wrapup.end_time = datetime.now()",
        "wrapup.end_time = datetime.now(timezone.utc).isoformat(timespec=\"milliseconds\").replace(\"+00:00\", \"Z\")",
        &[Class::FormatMismatch],
        &[CheckKind::WrongFormat, CheckKind::WrongType],
    ),
    habit(
        Sign::NumericText,
        "a model does not convert what it is given: a text stays a text",
        "wrapup.duration_seconds = \"120\"",
        "wrapup.duration_seconds = int(\"120\")",
        &[Class::TypeMismatch],
        &[CheckKind::WrongType],
    ),
    habit(
        Sign::Fraction,
        "a model does not convert what it is given: a float stays a float",
        "wrapup.duration_seconds = elapsed",
        "wrapup.duration_seconds = round(elapsed)",
        &[Class::TypeMismatch],
        &[CheckKind::WrongType, CheckKind::WrongFormat],
    ),
    habit(
        Sign::TextForList,
        "a model does not convert what it is given: a text is no list",
        "wrapup.tags = tag",
        "wrapup.tags = [tag]",
        &[Class::UnwrappedFromArray],
        &[CheckKind::WrongType],
    ),
    habit(
        Sign::ObjectForText,
        "a model does not convert what it is given: an object is no id",
        "wrapup.code = wrapup_code",
        "wrapup.code = wrapup_code.id",
        &[Class::TypeMismatch],
        &[CheckKind::WrongType],
    ),
    habit(
        Sign::EmptyObject,
        "an attribute that the model does not have is dropped without a word",
        "wrapup.codeId = code",
        "wrapup.code = code",
        &[Class::EmptyValue],
        &[],
    ),
    habit(
        Sign::NothingUnknown,
        "an attribute that the model does not have is dropped without a word",
        "wrapup.codeId = code",
        "wrapup.code = code",
        &[Class::MissingField],
        &[CheckKind::MissingField],
    ),
    habit(
        Sign::OtherKey,
        "a plain dict is sent as it is; a model knows how its members are called",
        "body = {\"codeId\": code}",
        "wrapup = WrapupInput(); wrapup.code = code",
        &[Class::RenamedKey],
        &[CheckKind::UnknownField],
    ),
    habit(
        Sign::None,
        "a word that the model's list does not have becomes `outdated_sdk_version` without a word",
        "request.state = \"wrapup\"",
        "request.state = \"disconnected\"",
        &[Class::SwallowedEnum],
        &[CheckKind::SwallowedEnum],
    ),
    habit(
        Sign::None,
        "NaN is written as `NaN`, which is no JSON",
        "wrapup.duration_seconds = float(\"nan\")",
        "wrapup.duration_seconds = 120",
        &[Class::InvalidJson],
        &[CheckKind::InvalidJson],
    ),
];
