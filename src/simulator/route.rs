//! Which operation a request asks for, as a table of methods and path templates.

use crate::simulator::participants::Media;

/// What a request asks for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Operation {
    Token,
    TokensMe,
    ReadInteraction,
    DisconnectInteraction,
    CodesOnInteraction,
    WrapupOfInteraction,
    WrapUpOfClosed,
    ReadConversation,
    DisconnectConversation,
    ApplyWrapup,
    PatchParticipant,
    ReadWrapup,
    ParticipantCodes,
    ListCodes,
    ReadCode,
    ShowState,
    SeedInteraction,
    SeedConversation,
    Advance,
}

/// Every operation. `{media}` is one of the eight media types, `{patchable}` one of the five that have the PATCH.
pub(crate) const TABLE: &[(&str, &str, Operation)] = &[
    ("POST", "/oauth/token", Operation::Token),
    ("POST", "/login/oauth/token", Operation::Token),
    ("GET", "/api/v2/tokens/me", Operation::TokensMe),
    ("GET", "/api/v2/interactions/{interaction}", Operation::ReadInteraction),
    ("PUT", "/api/v2/interactions/{interaction}", Operation::CodesOnInteraction),
    ("POST", "/api/v2/interactions/{interaction}/disconnect", Operation::DisconnectInteraction),
    ("POST", "/api/v2/interactions/{interaction}/wrapup", Operation::WrapupOfInteraction),
    ("PUT", "/api/v2/interactions/{interaction}/wrap-up", Operation::WrapUpOfClosed),
    ("GET", "/api/v2/conversations/{conversation}", Operation::ReadConversation),
    ("POST", "/api/v2/conversations/{conversation}/disconnect", Operation::DisconnectConversation),
    (
        "POST",
        "/api/v2/conversations/{media}/{conversation}/participants/{participant}/communications/{communication}/wrapup",
        Operation::ApplyWrapup,
    ),
    (
        "GET",
        "/api/v2/conversations/{media}/{conversation}/participants/{participant}/communications/{communication}/wrapup",
        Operation::ReadWrapup,
    ),
    (
        "PATCH",
        "/api/v2/conversations/{patchable}/{conversation}/participants/{participant}",
        Operation::PatchParticipant,
    ),
    ("PATCH", "/api/v2/conversations/{conversation}/participants/{participant}", Operation::PatchParticipant),
    (
        "GET",
        "/api/v2/conversations/{media}/{conversation}/participants/{participant}/wrapup",
        Operation::ReadWrapup,
    ),
    ("GET", "/api/v2/conversations/{conversation}/participants/{participant}/wrapup", Operation::ReadWrapup),
    (
        "GET",
        "/api/v2/conversations/{media}/{conversation}/participants/{participant}/wrapupcodes",
        Operation::ParticipantCodes,
    ),
    (
        "GET",
        "/api/v2/conversations/{conversation}/participants/{participant}/wrapupcodes",
        Operation::ParticipantCodes,
    ),
    ("GET", "/api/v2/routing/wrapupcodes", Operation::ListCodes),
    ("GET", "/api/v2/routing/wrapupcodes/{code}", Operation::ReadCode),
    ("GET", "/_simulator/state", Operation::ShowState),
    ("PUT", "/_simulator/interactions/{interaction}", Operation::SeedInteraction),
    ("PUT", "/_simulator/conversations/{conversation}", Operation::SeedConversation),
    ("POST", "/_simulator/advance", Operation::Advance),
];

/// What stood in the path for the placeholders; empty where there was none.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Ids<'a> {
    pub(crate) interaction: &'a str,
    pub(crate) conversation: &'a str,
    pub(crate) participant: &'a str,
    pub(crate) communication: &'a str,
    pub(crate) code: &'a str,
    pub(crate) media: Option<Media>,
}

/// Where a request leads.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Route<'a> {
    /// To this operation.
    To(Operation, Ids<'a>),
    /// The path has other methods: these.
    OtherMethods(Vec<&'static str>),
    /// To nowhere.
    Nowhere,
}

/// Finds the operation of a method and a path; one more leading `/` is ignored, as SDKs with a base URL ending in `/` send it.
pub(crate) fn route<'a>(method: &str, path: &'a str) -> Route<'a> {
    let path = if path.starts_with("//") { &path[1..] } else { path };
    let mut others = Vec::new();
    for (own, template, operation) in TABLE {
        if let Some(ids) = matched(template, path) {
            if *own == method {
                return Route::To(*operation, ids);
            }
            others.push(*own);
        }
    }
    if others.is_empty() { Route::Nowhere } else { Route::OtherMethods(others) }
}

fn matched<'a>(template: &str, path: &'a str) -> Option<Ids<'a>> {
    let mut ids = Ids::default();
    let mut steps = template.split('/');
    let mut segments = path.split('/');
    loop {
        match (steps.next(), segments.next()) {
            (None, None) => return Some(ids),
            (Some(step), Some(segment)) => match step {
                "{interaction}" => ids.interaction = segment,
                "{conversation}" => ids.conversation = segment,
                "{participant}" => ids.participant = segment,
                "{communication}" => ids.communication = segment,
                "{code}" => ids.code = segment,
                "{media}" => ids.media = Some(Media::of_segment(segment)?),
                "{patchable}" => {
                    ids.media = Some(Media::of_segment(segment).filter(|media| media.has_patch())?);
                }
                word if word == segment => {}
                _ => return None,
            },
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Operation, Route, route};
    use crate::simulator::participants::Media;

    #[test]
    fn a_path_with_and_without_media_is_the_same_operation() {
        for (path, media) in [
            ("/api/v2/conversations/emails/c/participants/p", Some(Media::Email)),
            ("/api/v2/conversations/c/participants/p", None),
            ("//api/v2/conversations/c/participants/p", None),
        ] {
            let Route::To(Operation::PatchParticipant, ids) = route("PATCH", path) else { panic!("{path}") };
            assert_eq!((ids.conversation, ids.participant, ids.media), ("c", "p", media));
        }
    }

    #[test]
    fn media_without_a_patch_have_none() {
        let path = "/api/v2/conversations/videos/c/participants/p";
        assert_eq!(route("PATCH", path), Route::Nowhere);
        assert_eq!(route("PATCH", "/api/v2/conversations/chats/c/participants/p"), Route::Nowhere);
    }

    #[test]
    fn another_method_names_those_there_are() {
        assert_eq!(route("POST", "/api/v2/interactions/x"), Route::OtherMethods(vec!["GET", "PUT"]));
    }
}
