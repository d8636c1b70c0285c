//! Who may: what a caller has to hold for the operations around wrap-up, which the SDK packages do not say,
//! and what the recording shows of the caller.
//!
//! Source: the command-line tool's own definitions of the operations (2026-07-13) and the vendor's Swagger
//! document of
//! 2018. A Swagger document given by the user says it for every operation and is newer.

use serde_json::Value;

use crate::api::contract::LoginPlace;
use crate::api::genesys::evidence::reads;
use crate::api::genesys::{catalogue, refusal_codes};
use crate::json::pointer::Pointer;
use crate::model::caller;
use crate::model::case::{Case, Read};
use crate::model::indication::{at, quote, seen};
use crate::model::rule::Access;

/// The code of refusals to clients that are no user.
const NOT_A_USER: &str = "not.a.user";

/// One row.
struct Row {
    method: &'static str,
    /// With `{media}` for any media type.
    template: &'static str,
    needs: &'static str,
}

const WRAPUP: &str = "ALL conversation:participant:wrapup";
const PARTICIPANT: &str =
    "ANY conversation:participant:wrapup conversation:call:record conversation:communication:disconnect";
const READ: &str = "ALL conversation:communication:view";

const ROWS: &[Row] = &[
    Row {
        method: "POST",
        template: "/api/v2/conversations/{media}/{conversationId}/participants/{participantId}/communications/{communicationId}/wrapup",
        needs: WRAPUP,
    },
    Row {
        method: "PATCH",
        template: "/api/v2/conversations/{media}/{conversationId}/participants/{participantId}",
        needs: PARTICIPANT,
    },
    Row {
        method: "PATCH",
        template: "/api/v2/conversations/{conversationId}/participants/{participantId}",
        needs: PARTICIPANT,
    },
    Row {
        method: "PATCH",
        template: "/api/v2/conversations/aftercallwork/{conversationId}/participants/{participantId}/communications/{communicationId}",
        needs: WRAPUP,
    },
    Row { method: "GET", template: "/api/v2/conversations/{conversationId}", needs: READ },
    Row { method: "GET", template: "/api/v2/routing/wrapupcodes", needs: "ALL routing:wrapupCode:view" },
    Row { method: "POST", template: "/api/v2/routing/wrapupcodes", needs: "ALL routing:wrapupCode:add" },
    Row {
        method: "PUT",
        template: "/api/v2/routing/wrapupcodes/{codeId}",
        needs: "ALL routing:wrapupCode:edit",
    },
    Row {
        method: "DELETE",
        template: "/api/v2/routing/wrapupcodes/{codeId}",
        needs: "ALL routing:wrapupCode:delete",
    },
    Row {
        method: "GET",
        template: "/api/v2/routing/queues/{queueId}/wrapupcodes",
        needs: "ALL routing:queue:view",
    },
    Row {
        method: "POST",
        template: "/api/v2/routing/queues/{queueId}/wrapupcodes",
        needs: "ALL routing:queue:edit",
    },
    Row {
        method: "GET",
        template: "/api/v2/outbound/wrapupcodemappings",
        needs: "ALL outbound:wrapUpCodeMapping:view",
    },
    Row {
        method: "PUT",
        template: "/api/v2/outbound/wrapupcodemappings",
        needs: "ALL outbound:wrapUpCodeMapping:edit",
    },
];

/// Returns what the operation needs, `ALL a:b:c` or `ANY a:b:c d:e:f`, where it is known.
pub(super) fn needed(method: &str, template: &str) -> Option<&'static str> {
    let fits = |row: &&Row| {
        row.method.eq_ignore_ascii_case(method)
            && row.template.split('/').count() == template.split('/').count()
            && row
                .template
                .split('/')
                .zip(template.split('/'))
                .all(|(own, other)| own == "{media}" || own == other)
    };
    ROWS.iter().find(fits).map(|row| row.needs)
}

/// Returns whether the operation acts on a conversation as one of its participants, which takes a user's
/// token: a client of its own has no part in any conversation.
///
/// Source: staff in community.genesys.com, "Error 403 in PureCloud data action": the call has to be
/// authenticated as a user who is a party to the conversation.
fn acts_as_participant(method: &str, template: &str) -> bool {
    let writes = ["PATCH", "POST", "PUT", "DELETE"].iter().any(|write| write.eq_ignore_ascii_case(method));
    let inside =
        template.starts_with("/api/v2/conversations/") && template.contains("/participants/{participantId}");
    writes && inside && !template.ends_with("/attributes")
}

/// Returns what is known of the caller, and of what the operation asks of callers.
pub(super) fn read(case: &Case<'_>) -> Access {
    let participant = case.entry.is_some_and(|entry| acts_as_participant(entry.method, entry.template));
    let needed = case
        .entry
        .and_then(|entry| entry.permissions.or_else(|| needed(entry.method, entry.template)))
        .map(str::to_owned);
    let code = refusal_codes::find(case.code()).filter(|row| row.code == NOT_A_USER);
    let mut access = Access {
        statement: match (code, participant) {
            (Some(row), _) => Some(format!("the caller may not: {}", row.meaning)),
            (None, true) => Some("the operation acts as a participant of the conversation, so the token has to be one of a user who takes part in it".to_owned()),
            (None, false) => None,
        },
        login: match (participant, code) {
            (true, _) => Some("log in as a user who takes part in the conversation (authorization code or PKCE grant), not as a client"),
            (false, Some(_)) => Some("log in as a user (authorization code grant), not as a client"),
            (false, None) => None,
        },
        read: Some("record GET /api/v2/tokens/me with the same token: it shows the grant type and scopes"),
        ..Access::default()
    };
    let is_client = who(case, &mut access);
    if let Some(needed) = needed.as_deref().filter(|_| !(is_client && participant)) {
        let first = needed.split(' ').nth(1).unwrap_or(needed);
        access.role =
            Some(format!("check that a role of the user has `{first}` in the division of the conversation"));
    }
    Access { needed, ..access }
}

/// What tokens/me and the login say of the caller; returns whether it is a client without a user.
fn who(case: &Case<'_>, access: &mut Access) -> bool {
    let Some(info) = token_info(case) else {
        let login = caller::login(case, |path| {
            catalogue::login(path).is_some_and(|login| login.place != LoginPlace::Impossible)
        })
        .map(|(login, _)| login);
        let login =
            login.filter(|login| caller::grant_type(&login.request).as_deref() == Some("client_credentials"));
        let statement = "the token came from a client-credentials login and has no user";
        access.evidence.extend(login.map(|login| seen(statement, login.id)));
        return login.is_some();
    };
    let grant = Pointer::root().member("OAuthClient").member("authorizedGrantType");
    let mut is_client = false;
    if let Some(Value::String(kind)) = info.document.pointer(grant.as_str()) {
        is_client = kind.eq_ignore_ascii_case("CLIENT-CREDENTIALS");
        let statement =
            if is_client { "the token is a client's and has no user" } else { "the token is a user's" };
        access.evidence.push(at(statement, info.exchange.id, grant, kind.clone()));
    }
    if let Some(scopes) = info.document["authorizedScope"].as_array().filter(|scopes| !scopes.is_empty()) {
        let area = case.own_path.split('/').nth(3).unwrap_or_default();
        let held = |scope: &Value| scope.as_str().is_some_and(|scope| scope.split(':').next() == Some(area));
        if !scopes.iter().any(held) {
            access.evidence.push(at(
                format!("none of the token's scopes is for `{area}`"),
                info.exchange.id,
                Pointer::root().member("authorizedScope"),
                quote(&scopes.clone().into()),
            ));
            access.next.push(format!("ask for a scope of `{area}` at login"));
        }
    }
    is_client
}

/// Returns the last answer of tokens/me for the subject's own token.
fn token_info<'a>(case: &Case<'a>) -> Option<Read<'a>> {
    let reads = reads(case, |path| path == "/api/v2/tokens/me");
    reads.into_iter().rev().find(|read| caller::same(read.exchange, case.subject))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::genesys::catalogue::embedded;

    #[test]
    fn every_row_is_about_an_operation_that_there_is() {
        for row in ROWS {
            let template = row.template.replace("{media}", "calls");
            assert!(embedded().operation(row.method, &template).is_some(), "{} {template}", row.method);
        }
    }

    #[test]
    fn a_media_type_does_not_matter_and_other_operations_have_no_row() {
        let template = "/api/v2/conversations/emails/{conversationId}/participants/{participantId}";
        assert_eq!(needed("patch", template), Some(PARTICIPANT));
        assert_eq!(needed("GET", template), None);
    }
}
