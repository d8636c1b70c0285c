//! Media types as paths and models spell them, and the ids of those who take part.

use crate::simulator::ids::{digest, uuid_of};

/// A media type of a conversation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Media {
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

impl Media {
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

    /// Returns the segment that stands in paths.
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
    pub fn of_segment(segment: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|media| media.segment() == segment)
    }

    /// Tells whether `PATCH …/{media}/{conversationId}/participants/{participantId}` exists.
    pub fn has_patch(self) -> bool {
        matches!(self, Self::Call | Self::Callback | Self::Email | Self::Message | Self::Cobrowse)
    }
}

/// What somebody is in a conversation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Purpose {
    Customer,
    Acd,
    Agent,
}

impl Purpose {
    /// Returns the word of the model's `purpose`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Acd => "acd",
            Self::Agent => "agent",
        }
    }
}

/// Somebody who takes part in a conversation, with the one communication that they have.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Participant {
    pub(crate) purpose: Purpose,
    pub(crate) id: String,
    pub(crate) communication: String,
}

impl Participant {
    /// Returns a participant whose ids follow from the conversation's.
    pub(crate) fn derived(conversation: &str, purpose: Purpose) -> Self {
        let seed = digest(&[conversation.as_bytes(), purpose.name().as_bytes()]);
        Self { purpose, id: uuid_of(seed, 1), communication: uuid_of(seed, 2) }
    }
}
