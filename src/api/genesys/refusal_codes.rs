//! The error codes that the API is documented to answer with, and what each speaks of.
//!
//! Sources: the generic codes from the vendor's list of 2026-07-13, those of the wrap-up operations from the
//! vendor's Swagger document of 2018 (newer ones could not be had), the others as the rows say.

use crate::api::contract::RefusalCode;
use crate::model::verdict::Cause;

const GENERIC: &str = "the vendor's list of generic error codes, 2026-07-13";
const WRAPUP: &str = "error codes of the wrap-up operations, Swagger of 2018";
const OAUTH: &str = "RFC 6749, 5.2";
const CLIENT: &str = "the API's generic error list, as the public Go client go-gcloudcx keeps it";

const fn row(
    code: &'static str,
    cause: Cause,
    certain: bool,
    meaning: &'static str,
    source: &'static str,
) -> RefusalCode {
    RefusalCode { code, cause, certain, meaning, source }
}

/// Every row.
pub(super) const ALL: &[RefusalCode] = &[
    row(
        "bad.request",
        Cause::Payload,
        false,
        "the body could not be understood; the API does not say where",
        GENERIC,
    ),
    row(
        "constraint.validation",
        Cause::Payload,
        false,
        "a check of the server failed; the API does not say which",
        GENERIC,
    ),
    row("invalid.property", Cause::Payload, true, "the object does not have a member of this name", GENERIC),
    row("invalid.value", Cause::Payload, true, "a value is not allowed for its type", GENERIC),
    row("invalid.date", Cause::Payload, true, "a date is not written as yyyy-MM-ddTHH:mm:ss.SSSZ", GENERIC),
    row(
        "invalid.query.param.value",
        Cause::Payload,
        true,
        "a query parameter has a value that is not allowed",
        GENERIC,
    ),
    row("response.entity.too.large", Cause::Payload, true, "the answer would be too large", GENERIC),
    row("client.failed.request", Cause::Upstream, true, "the request broke off before its end", GENERIC),
    row("unsupported.media.type", Cause::Payload, true, "the Content-Type is not application/json", WRAPUP),
    row(
        "conversation.error.wrapup.code.required",
        Cause::Payload,
        true,
        "the wrap-up code is missing or empty",
        WRAPUP,
    ),
    row(
        "conversation.error.wrapup.cannot.skip",
        Cause::Payload,
        true,
        "this participant's wrap-up cannot be skipped, and `wrapupSkipped` asks for it",
        WRAPUP,
    ),
    row(
        "conversation.error.participant.no.active.conversations",
        Cause::State,
        true,
        "the participant has no active conversation",
        WRAPUP,
    ),
    row(
        "conversation.error.call.disconnected",
        Cause::State,
        true,
        "the call is disconnected already",
        WRAPUP,
    ),
    row(
        "communication.state.required",
        Cause::Endpoint,
        true,
        "this operation only sets a communication's state to disconnected; it applies no wrap-up",
        WRAPUP,
    ),
    row(
        "conversation.error.not.conversation.participant",
        Cause::Endpoint,
        true,
        "the participant id is not one of this conversation",
        WRAPUP,
    ),
    row(
        "conversation.error.conversation.not.found",
        Cause::Endpoint,
        true,
        "there is no conversation of this id",
        WRAPUP,
    ),
    row(
        "not.a.user",
        Cause::Permission,
        true,
        "the operation needs a user's token; a client-credentials token has no user",
        WRAPUP,
    ),
    row("missing.permissions", Cause::Permission, true, "the caller lacks a permission", WRAPUP),
    row(
        "missing.any.permissions",
        Cause::Permission,
        true,
        "the caller lacks a permission, and any one of those that the answer names would do",
        WRAPUP,
    ),
    row("not.authorized", Cause::Permission, true, "the caller may not do this to this thing", WRAPUP),
    row(
        "authentication.required",
        Cause::Credentials,
        true,
        "no token was sent, or none that can be read",
        CLIENT,
    ),
    row("bad.credentials", Cause::Credentials, true, "the token is not known", CLIENT),
    row("credentials.expired", Cause::Credentials, true, "the token has expired", CLIENT),
    row("not.found", Cause::Endpoint, false, "nothing is there under this path", CLIENT),
    row(
        "too.many.requests.retry.after",
        Cause::RateLimit,
        true,
        "more requests than the rate limit allows",
        "https://developer.genesys.cloud/forum/t/normalized-platform-api-429-responses/12028",
    ),
    row("too.many.requests", Cause::RateLimit, true, "more requests than the rate limit allows", CLIENT),
    row(
        "invalid_client",
        Cause::Credentials,
        true,
        "the client id or secret is wrong, or of another region",
        OAUTH,
    ),
    row(
        "invalid_grant",
        Cause::Credentials,
        true,
        "the code or refresh token is wrong, used or expired",
        OAUTH,
    ),
    row("unauthorized_client", Cause::Credentials, true, "this client may not use this grant type", OAUTH),
    row("unsupported_grant_type", Cause::Credentials, true, "the login does not know this grant type", OAUTH),
    row("invalid_request", Cause::Credentials, true, "the login form lacks a field or has it twice", OAUTH),
    row(
        "invalid_scope",
        Cause::Credentials,
        true,
        "a scope is not known or not allowed for this client",
        OAUTH,
    ),
];

/// Returns the row of a code, if it is documented.
pub(super) fn find(code: &str) -> Option<&'static RefusalCode> {
    ALL.iter().find(|row| row.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_code_has_two_rows() {
        for (place, row) in ALL.iter().enumerate() {
            assert!(ALL[place + 1..].iter().all(|other| other.code != row.code), "{}", row.code);
        }
    }

    #[test]
    fn a_general_refusal_is_certain_of_nothing() {
        assert!(!find("bad.request").unwrap().certain);
        assert!(find("not.a.user").unwrap().certain);
        assert_eq!(find("no.such.code"), None);
    }
}
