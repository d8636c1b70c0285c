//! The states that an interaction and a conversation go through, by name.

/// The state of an interaction at a moment.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum InteractionState {
    /// Going on.
    Active,
    /// Over, waiting for its code.
    Wrapup,
    /// Closed less than 2 s ago; reads as closed.
    Settling,
    /// Closed.
    Closed,
}

impl InteractionState {
    /// Every state, in their order in time.
    pub const ALL: [Self; 4] = [Self::Active, Self::Wrapup, Self::Settling, Self::Closed];

    /// Returns the word that `/_simulator/` uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Wrapup => "WRAPUP",
            Self::Settling => "settling",
            Self::Closed => "closed",
        }
    }

    /// Returns the word that the API shows: settling reads as closed.
    pub fn api_name(self) -> &'static str {
        match self {
            Self::Settling => "closed",
            other => other.name(),
        }
    }

    /// Returns the state of this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// How far an agent's part in a conversation is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Phase {
    /// The communication is connected.
    Connected,
    /// The communication is disconnected, after-call work is pending.
    Pending,
    /// After-call work is complete: a code was assigned, by the agent or by the system, or it was skipped.
    Complete,
}

impl Phase {
    /// Every phase, in order.
    pub const ALL: [Self; 3] = [Self::Connected, Self::Pending, Self::Complete];

    /// Returns the word that `/_simulator/` uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::Pending => "pending",
            Self::Complete => "complete",
        }
    }

    /// Returns the phase of this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.name() == name)
    }
}
