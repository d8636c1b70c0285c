//! The Java SDK's habits.

use crate::genesys::habits::{Habit, Sign, WIRE};
use crate::model::check::CheckKind;
use crate::model::finding::Class;
use crate::model::remedy::ClientLine;

pub(super) const HABITS: &[Habit] = &[
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
];
