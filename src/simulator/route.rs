//! The endpoint of a request: a table of methods and path templates.

use crate::simulator::participants::MediaKind;

/// The operations that the simulator has.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Endpoint {
    Token,
    TokensMe,
    ReadInteraction,
    DisconnectInteraction,
    CodesOnInteraction,
    WrapupOfInteraction,
    WrapUpOfClosed,
    ReadConversation,
    ReadMediaConversation,
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

/// Every operation. `{media}` is one of the eight media types, `{patchable}` one of the five that have the
/// PATCH.
pub(crate) const TABLE: &[(&str, &str, Endpoint)] = &[
    ("POST", "/oauth/token", Endpoint::Token),
    ("POST", "/login/oauth/token", Endpoint::Token),
    ("GET", "/api/v2/tokens/me", Endpoint::TokensMe),
    ("GET", "/api/v2/interactions/{interaction}", Endpoint::ReadInteraction),
    ("PUT", "/api/v2/interactions/{interaction}", Endpoint::CodesOnInteraction),
    ("POST", "/api/v2/interactions/{interaction}/disconnect", Endpoint::DisconnectInteraction),
    ("POST", "/api/v2/interactions/{interaction}/wrapup", Endpoint::WrapupOfInteraction),
    ("PUT", "/api/v2/interactions/{interaction}/wrap-up", Endpoint::WrapUpOfClosed),
    ("GET", "/api/v2/conversations/{conversation}", Endpoint::ReadConversation),
    ("GET", "/api/v2/conversations/{media}/{conversation}", Endpoint::ReadMediaConversation),
    ("POST", "/api/v2/conversations/{conversation}/disconnect", Endpoint::DisconnectConversation),
    (
        "POST",
        "/api/v2/conversations/{media}/{conversation}/participants/{participant}/communications/{communication}/wrapup",
        Endpoint::ApplyWrapup,
    ),
    (
        "GET",
        "/api/v2/conversations/{media}/{conversation}/participants/{participant}/communications/{communication}/wrapup",
        Endpoint::ReadWrapup,
    ),
    (
        "PATCH",
        "/api/v2/conversations/{patchable}/{conversation}/participants/{participant}",
        Endpoint::PatchParticipant,
    ),
    ("PATCH", "/api/v2/conversations/{conversation}/participants/{participant}", Endpoint::PatchParticipant),
    (
        "GET",
        "/api/v2/conversations/{media}/{conversation}/participants/{participant}/wrapup",
        Endpoint::ReadWrapup,
    ),
    ("GET", "/api/v2/conversations/{conversation}/participants/{participant}/wrapup", Endpoint::ReadWrapup),
    (
        "GET",
        "/api/v2/conversations/{media}/{conversation}/participants/{participant}/wrapupcodes",
        Endpoint::ParticipantCodes,
    ),
    (
        "GET",
        "/api/v2/conversations/{conversation}/participants/{participant}/wrapupcodes",
        Endpoint::ParticipantCodes,
    ),
    ("GET", "/api/v2/routing/wrapupcodes", Endpoint::ListCodes),
    ("GET", "/api/v2/routing/wrapupcodes/{code}", Endpoint::ReadCode),
    ("GET", "/_simulator/state", Endpoint::ShowState),
    ("PUT", "/_simulator/interactions/{interaction}", Endpoint::SeedInteraction),
    ("PUT", "/_simulator/conversations/{conversation}", Endpoint::SeedConversation),
    ("POST", "/_simulator/advance", Endpoint::Advance),
];

/// The values of the placeholders in the path; empty if the path has none.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct PathIds<'a> {
    pub(crate) interaction: &'a str,
    pub(crate) conversation: &'a str,
    pub(crate) participant: &'a str,
    pub(crate) communication: &'a str,
    pub(crate) code: &'a str,
    pub(crate) media: Option<MediaKind>,
}

/// The result of looking up a method and a path.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum RouteMatch<'a> {
    /// The endpoint and the ids of the path.
    Found(Endpoint, PathIds<'a>),
    /// The path exists, with these methods only.
    OtherMethods(Vec<&'static str>),
    /// No endpoint has this path.
    UnknownPath,
}

/// Finds the endpoint of a method and a path. A second leading `/` is ignored: SDKs with a base URL that ends
/// in `/` send it.
pub(crate) fn route<'a>(method: &str, path: &'a str) -> RouteMatch<'a> {
    let path = if path.starts_with("//") { &path[1..] } else { path };
    let mut others = Vec::new();
    for (own, template, endpoint) in TABLE {
        if let Some(ids) = match_template(template, path) {
            if *own == method {
                return RouteMatch::Found(*endpoint, ids);
            }
            others.push(*own);
        }
    }
    if others.is_empty() { RouteMatch::UnknownPath } else { RouteMatch::OtherMethods(others) }
}

fn match_template<'a>(template: &str, path: &'a str) -> Option<PathIds<'a>> {
    let mut ids = PathIds::default();
    let mut parts = template.split('/');
    let mut segments = path.split('/');
    loop {
        match (parts.next(), segments.next()) {
            (None, None) => return Some(ids),
            (Some(part), Some(segment)) => match part {
                "{interaction}" => ids.interaction = segment,
                "{conversation}" => ids.conversation = segment,
                "{participant}" => ids.participant = segment,
                "{communication}" => ids.communication = segment,
                "{code}" => ids.code = segment,
                "{media}" => ids.media = Some(MediaKind::from_segment(segment)?),
                "{patchable}" => {
                    ids.media = Some(MediaKind::from_segment(segment).filter(|media| media.has_patch())?);
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
    use super::{Endpoint, RouteMatch, route};
    use crate::simulator::participants::MediaKind;

    #[test]
    fn a_path_with_and_without_media_is_the_same_operation() {
        for (path, media) in [
            ("/api/v2/conversations/emails/c/participants/p", Some(MediaKind::Email)),
            ("/api/v2/conversations/c/participants/p", None),
            ("//api/v2/conversations/c/participants/p", None),
        ] {
            let RouteMatch::Found(Endpoint::PatchParticipant, ids) = route("PATCH", path) else {
                panic!("{path}")
            };
            assert_eq!((ids.conversation, ids.participant, ids.media), ("c", "p", media));
        }
    }

    #[test]
    fn media_without_a_patch_have_none() {
        let path = "/api/v2/conversations/videos/c/participants/p";
        assert_eq!(route("PATCH", path), RouteMatch::UnknownPath);
        assert_eq!(route("PATCH", "/api/v2/conversations/chats/c/participants/p"), RouteMatch::UnknownPath);
    }

    #[test]
    fn another_method_lists_the_existing_ones() {
        assert_eq!(route("POST", "/api/v2/interactions/x"), RouteMatch::OtherMethods(vec!["GET", "PUT"]));
    }
}
