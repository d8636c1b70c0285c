//! The JavaScript SDK's habits.

use crate::genesys::habits::{Habit, Sign, WIRE};
use crate::model::check::CheckKind;
use crate::model::finding::Class;
use crate::model::remedy::ClientLine;

pub(super) const HABITS: &[Habit] = &[
    Habit {
        sign: Sign::None,
        line: ClientLine {
            sdk: "javascript",
            habit: "where the body is optional the method takes it inside `opts`; a payload passed in its place is ignored and nothing is sent",
            before: "api.postConversationsCallParticipantCommunicationWrapup(c, p, m, { code })",
            after: "api.postConversationsCallParticipantCommunicationWrapup(c, p, m, { body: { code } })",
            makes: &[Class::EmptyBody],
            fails: &[CheckKind::MissingBody],
            source: WIRE,
        },
    },
    Habit {
        sign: Sign::BodyMember,
        line: ClientLine {
            sdk: "javascript",
            habit: "where the body is required the method takes it as an argument of its own; `{ body: … }` is then sent as it stands",
            before: "api.patchConversationsCallParticipant(c, p, { body: { wrapup } })",
            after: "api.patchConversationsCallParticipant(c, p, { wrapup })",
            makes: &[Class::Moved],
            fails: &[CheckKind::WrongNesting],
            source: WIRE,
        },
    },
    Habit {
        sign: Sign::None,
        line: ClientLine {
            sdk: "javascript",
            habit: "null (and NaN) stays in the body; only undefined is left out",
            before: "{ code, notes: null }",
            after: "{ code }  // or notes: undefined",
            makes: &[Class::NullField],
            fails: &[CheckKind::ExplicitNull],
            source: WIRE,
        },
    },
    Habit {
        sign: Sign::None,
        line: ClientLine {
            sdk: "javascript",
            habit: "there are no models: a number that came from a form or an environment variable stays text",
            before: "{ code, durationSeconds: input.value }",
            after: "{ code, durationSeconds: Number(input.value) }",
            makes: &[Class::TypeMismatch],
            fails: &[CheckKind::WrongType],
            source: WIRE,
        },
    },
    Habit {
        sign: Sign::None,
        line: ClientLine {
            sdk: "javascript",
            habit: "there are no models: a misspelt key and a word that the API does not know are sent as they are",
            before: "{ codeId: code }",
            after: "{ code }",
            makes: &[Class::RenamedKey, Class::ExtraField],
            fails: &[CheckKind::UnknownField, CheckKind::UnknownWord],
            source: WIRE,
        },
    },
];
