//! The words of the API and of those who write about it.

use crate::api::catalogue::vocabulary::{Family, Intent, Vocabulary};
use crate::api::genesys::catalogue::address::BASE;

/// The words of Genesys Cloud.
pub(super) const VOCABULARY: Vocabulary<'static> = Vocabulary {
    base: BASE,
    synonyms: SYNONYMS,
    areas: &["interactions"],
    intents: INTENTS,
    family: Some(Family { behind: "conversations", words: MEDIA, usual: "calls" }),
    sensible: SENSIBLE,
};

/// A word of forum threads and what the public API calls it.
///
/// Source: the threads this project started from, against npm purecloud-platform-client-v2 262.0.0 and PyPI
/// PureCloudPlatformClientV2 269.0.0, whose vocabulary is conversation, participant, communication.
const SYNONYMS: &[(&str, &str)] = &[
    ("interaction", "conversations"),
    ("interactions", "conversations"),
    ("voice", "calls"),
    ("call", "calls"),
    ("phone", "calls"),
    ("chat", "messages"),
    ("chats", "messages"),
    ("wrapups", "wrapup"),
    ("wrapupcode", "wrapupcodes"),
    ("disposition", "wrapup"),
    ("dispositions", "wrapup"),
    ("actions", "participants"),
    ("agents", "users"),
    ("agent", "users"),
    ("wfm", "workforcemanagement"),
];

/// The first words of paths that speak of conversations; `/routing/wrapupcodes` and the like speak of codes,
/// not of applying one.
const CONVERSATIONS: &[&str] = &["conversations", "wrapup", "wrapupcodes", "participants"];

/// Source: the two ways to apply a wrap-up in the SDK packages, and no others (no PUT at all).
const INTENTS: &[Intent<'_>] = &[
    Intent {
        areas: CONVERSATIONS,
        methods: &["PUT", "POST", "PATCH"],
        words: &["wrapup", "wrapupcodes", "wrapupcode", "wrapupcodeid", "codeid", "durationms"],
        operations: &[
            (
                "POST",
                "/api/v2/conversations/{media}/{conversationId}/participants/{participantId}/communications/{communicationId}/wrapup",
                "applies a wrap-up code; the body is `{\"code\":…}` itself",
            ),
            (
                "PATCH",
                "/api/v2/conversations/{media}/{conversationId}/participants/{participantId}",
                "applies a wrap-up code; the body is `{\"wrapup\":{\"code\":…}}`",
            ),
            (
                "PATCH",
                "/api/v2/conversations/{conversationId}/participants/{participantId}",
                "the same without a media type in the path",
            ),
        ],
    },
    Intent {
        areas: CONVERSATIONS,
        methods: &["GET"],
        words: &["wrapup", "wrapupcodes"],
        operations: &[
            (
                "GET",
                "/api/v2/conversations/{media}/{conversationId}/participants/{participantId}/communications/{communicationId}/wrapup",
                "reads the wrap-up that was applied",
            ),
            (
                "GET",
                "/api/v2/conversations/{media}/{conversationId}/participants/{participantId}/wrapupcodes",
                "lists the codes that this participant may use",
            ),
        ],
    },
];

const MEDIA: &[&str] = &[
    "calls",
    "callbacks",
    "emails",
    "messages",
    "socials",
    "videos",
    "chats",
    "cobrowsesessions",
    "screenshares",
];

/// Members that make a sensible body where a model requires none: model, keys.
///
/// Source: for the PATCH every member sent takes an action, so an example that fills in all of them does harm
/// (community.genesys.com, "Update and change system wrap up codes").
const SENSIBLE: &[(&str, &[&str])] =
    &[("WrapupInput", &["code", "notes", "durationSeconds"]), ("MediaParticipantRequest", &["wrapup"])];
