//! How a client calls the operation that was refused: what replaces `{api}` and its like in the lines of
//! habits.

use crate::model::description::entry::Entry;

/// A call in a language, of the operation at hand, else of the one that applies a wrap-up to a call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call<'a> {
    pub(super) language: &'a str,
    pub(super) entry: Option<&'a Entry<'a>>,
}

impl Call<'_> {
    /// Fills a line: `{api}` is the call up to its last argument, `api.post…(conversationId, `; `{call}` the
    /// whole of one without a body; `{by}` is how Python passes the body, `body=` or nothing; `{model}` what
    /// the body is.
    pub(super) fn fill(&self, line: &str) -> String {
        let arguments = self.arguments();
        let method = self.method();
        let open = if arguments.is_empty() { String::new() } else { format!("{arguments}, ") };
        let by = if self.is_positional() { "" } else { "body=" };
        line.replace("{api}", &format!("api.{method}({open}"))
            .replace("{call}", &format!("api.{method}({arguments})"))
            .replace("{by}", by)
            .replace("{model}", self.model())
    }

    fn method(&self) -> &str {
        let python = self.language == "python";
        let own = self.entry.and_then(|entry| if python { entry.python } else { entry.javascript });
        own.unwrap_or(if python {
            "post_conversations_call_participant_communication_wrapup"
        } else {
            "postConversationsCallParticipantCommunicationWrapup"
        })
    }

    fn arguments(&self) -> String {
        let names: Vec<&str> = match self.entry {
            Some(entry) => entry.path_parameters().collect(),
            None => vec!["conversationId", "participantId", "communicationId"],
        };
        let names = names
            .into_iter()
            .map(|name| if self.language == "python" { snake(name) } else { name.to_owned() });
        names.collect::<Vec<_>>().join(", ")
    }

    fn model(&self) -> &str {
        self.entry.and_then(|entry| entry.body?.kind.model()).unwrap_or("WrapupInput")
    }

    fn is_positional(&self) -> bool {
        self.entry.and_then(|entry| entry.body).is_some_and(|body| body.required)
    }
}

/// `conversationId` as Python spells it.
fn snake(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::genesys::catalogue::embedded;

    #[test]
    fn the_operation_s_own_method_and_arguments_stand_in_the_line() {
        let line = |language, path: Option<&str>| {
            let entry = path.and_then(|path| embedded().operation_of("PATCH", path));
            Call { language, entry }.fill("{api}{by}payload) or {call}: {model}")
        };
        assert_eq!(
            line("javascript", Some("/api/v2/conversations/messages/c/participants/p")),
            "api.patchConversationsMessageParticipant(conversationId, participantId, body=payload) or \
             api.patchConversationsMessageParticipant(conversationId, participantId): MediaParticipantRequest"
        );
        assert_eq!(
            line("python", Some("/api/v2/conversations/c/participants/p")),
            "api.patch_conversation_participant(conversation_id, participant_id, payload) or \
             api.patch_conversation_participant(conversation_id, participant_id): MediaParticipantRequest"
        );
        assert!(
            line("python", None).starts_with("api.post_conversations_call_participant_communication_wrapup(")
        );
    }
}
