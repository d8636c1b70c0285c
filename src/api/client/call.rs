//! How a client calls an operation: in full, and in the lines of habits, where the operation's own names
//! replace `{api}` and its like.

use crate::model::description::entry::Entry;
use crate::model::spelling;

/// How a client's calls are written.
#[derive(Clone, Copy, Debug)]
pub struct CallSyntax {
    /// What heads the call in lists: `Java`.
    pub label: &'static str,
    /// How it spells methods and arguments.
    pub names: NameStyle,
    /// The whole call, with `{class}`, `{method}`, `{arguments}` and `{request}` left open.
    pub pattern: &'static str,
    /// How it passes a body that is not required.
    pub optional_body: &'static str,
}

/// How a client spells methods and arguments.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NameStyle {
    /// `conversationId`
    Camel,
    /// `conversation_id`
    Snake,
}

impl NameStyle {
    fn method<'t>(self, entry: &Entry<'t>) -> Option<&'t str> {
        match self {
            Self::Camel => entry.javascript,
            Self::Snake => entry.python,
        }
    }

    fn arguments(self, entry: &Entry<'_>) -> Vec<String> {
        let argument = |name: &str| match self {
            Self::Camel => name.to_owned(),
            Self::Snake => spelling::words(name).join("_"),
        };
        entry.path_parameters().map(argument).collect()
    }
}

impl CallSyntax {
    /// Returns the call of an operation; `None` if the client has no method for it.
    ///
    /// Where query parameters are required the order of the arguments is not given.
    pub fn render(&self, entry: &Entry<'_>) -> Option<String> {
        let method = self.names.method(entry)?;
        let mut names = self.names.arguments(entry);
        names.extend(
            entry.body.map(|body| if body.required { "body" } else { self.optional_body }.to_owned()),
        );
        let is_open = entry.query_parameters().any(|(_, required)| required);
        let arguments = if is_open { "…".to_owned() } else { names.join(", ") };
        let line = self.pattern.replace("{class}", entry.class).replace("{method}", method);
        Some(
            line.replace("{arguments}", &arguments)
                .replace("{request}", &entry.java_request().unwrap_or_default()),
        )
    }
}

/// The call in the lines of a habit: of the operation at hand, else of the usual one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call<'a> {
    pub(super) names: NameStyle,
    pub(super) entry: Option<&'a Entry<'a>>,
    pub(super) usual: Option<&'a Entry<'a>>,
}

impl Call<'_> {
    /// Fills a line: `{api}` is the call up to its last argument, `api.post…(conversationId, `; `{call}` the
    /// whole of one without a body; `{by}` is how Python passes the body, `body=` or nothing; `{model}` what
    /// the body is.
    pub(super) fn fill(&self, line: &str) -> String {
        let either = self.entry.or(self.usual);
        let method = |entry| self.names.method(entry);
        let method = self.entry.and_then(method).or_else(|| self.usual.and_then(method)).unwrap_or("call");
        let model = |entry: &Entry<'_>| entry.body.and_then(|body| Some(body.kind.model()?.to_owned()));
        let model = self.entry.and_then(model).or_else(|| self.usual.and_then(model)).unwrap_or_default();
        let arguments = either.map(|entry| self.names.arguments(entry).join(", ")).unwrap_or_default();
        let open = if arguments.is_empty() { String::new() } else { format!("{arguments}, ") };
        let is_positional = either.and_then(|entry| entry.body).is_some_and(|body| body.required);
        line.replace("{api}", &format!("api.{method}({open}"))
            .replace("{call}", &format!("api.{method}({arguments})"))
            .replace("{by}", if is_positional { "" } else { "body=" })
            .replace("{model}", &model)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api;

    #[test]
    fn the_operation_s_own_method_and_arguments_are_in_the_line() {
        let line = |names, path: Option<&str>| {
            let entry = path.and_then(|path| api::assumed().catalogue().operation_of("PATCH", path));
            let usual = api::assumed().usual_operation();
            Call { names, entry, usual }.fill("{api}{by}payload) or {call}: {model}")
        };
        assert_eq!(
            line(NameStyle::Camel, Some("/api/v2/conversations/messages/c/participants/p")),
            "api.patchConversationsMessageParticipant(conversationId, participantId, body=payload) or \
             api.patchConversationsMessageParticipant(conversationId, participantId): MediaParticipantRequest"
        );
        assert_eq!(
            line(NameStyle::Snake, Some("/api/v2/conversations/c/participants/p")),
            "api.patch_conversation_participant(conversation_id, participant_id, payload) or \
             api.patch_conversation_participant(conversation_id, participant_id): MediaParticipantRequest"
        );
        let usual = "api.post_conversations_call_participant_communication_wrapup(conversation_id, ";
        assert!(line(NameStyle::Snake, None).starts_with(usual));
    }
}
