//! What a caller has to hold for the operations around wrap-up. The SDK packages do not say; these rows do.
//!
//! Source: the command-line tool's own definitions of the operations (2026-07-13) and the vendor's Swagger
//! document of
//! 2018. A Swagger document given by the user says it for every operation and is newer.

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
pub fn needed(method: &str, template: &str) -> Option<&'static str> {
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
pub fn acts_as_participant(method: &str, template: &str) -> bool {
    let writes = ["PATCH", "POST", "PUT", "DELETE"].iter().any(|write| write.eq_ignore_ascii_case(method));
    let inside =
        template.starts_with("/api/v2/conversations/") && template.contains("/participants/{participantId}");
    writes && inside && !template.ends_with("/attributes")
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
