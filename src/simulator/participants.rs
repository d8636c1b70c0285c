//! Media types as spelled in paths and models, and the participants with their ids.

use crate::simulator::ids::{digest, uuid_of};

/// A media type of a conversation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum MediaKind {
    /// Voice.
    Call,
    /// A callback.
    Callback,
    /// E-mail.
    Email,
    /// A message.
    Message,
    /// A social expression.
    Social,
    /// Video.
    Video,
    /// Co-browsing; deprecated.
    Cobrowse,
    /// Screen sharing; deprecated.
    Screenshare,
}

impl MediaKind {
    /// Every media type. `chats` is gone from the SDKs since August 2026.
    pub const ALL: [Self; 8] = [
        Self::Call,
        Self::Callback,
        Self::Email,
        Self::Message,
        Self::Social,
        Self::Video,
        Self::Cobrowse,
        Self::Screenshare,
    ];

    /// Returns the segment used in paths.
    pub fn segment(self) -> &'static str {
        match self {
            Self::Call => "calls",
            Self::Callback => "callbacks",
            Self::Email => "emails",
            Self::Message => "messages",
            Self::Social => "socials",
            Self::Video => "videos",
            Self::Cobrowse => "cobrowsesessions",
            Self::Screenshare => "screenshares",
        }
    }

    /// Returns the member of a participant that lists its communications.
    pub fn member(self) -> &'static str {
        match self {
            Self::Social => "socialExpressions",
            other => other.segment(),
        }
    }

    /// Returns the media type of a path segment.
    pub fn from_segment(segment: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|media| media.segment() == segment)
    }

    /// Returns whether `PATCH …/{media}/{conversationId}/participants/{participantId}` exists.
    pub fn has_patch(self) -> bool {
        matches!(self, Self::Call | Self::Callback | Self::Email | Self::Message | Self::Cobrowse)
    }
}

/// The role of a participant.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ParticipantPurpose {
    Customer,
    Acd,
    Agent,
}

impl ParticipantPurpose {
    /// Returns the word of the model's `purpose`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Acd => "acd",
            Self::Agent => "agent",
        }
    }
}

/// A participant of a conversation with its only communication.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Participant {
    pub(crate) purpose: ParticipantPurpose,
    pub(crate) id: String,
    pub(crate) communication: String,
}

impl Participant {
    /// Returns a participant whose ids follow from the conversation's.
    pub(crate) fn derived(conversation: &str, purpose: ParticipantPurpose) -> Self {
        let seed = digest(&[conversation.as_bytes(), purpose.name().as_bytes()]);
        Self { purpose, id: uuid_of(seed, 1), communication: uuid_of(seed, 2) }
    }
}
