//! An interaction of the forum's vocabulary: active, WRAPUP, closed but settling, closed.

use serde_json::{Value, json};

use crate::simulator::ids::{Millis, iso};
use crate::simulator::participants::Media;
use crate::simulator::seeds;

/// How long a closed interaction refuses wrap-up codes, in milliseconds.
pub const SETTLING: Millis = 2_000;

/// The state of an interaction at a moment.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum State {
    /// Going on.
    Active,
    /// Over, waiting for its code.
    Wrapup,
    /// Closed less than 2 s ago; reads as closed.
    Settling,
    /// Closed.
    Closed,
}

impl State {
    /// Every state, in the order in which they are gone through.
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

    /// Returns the word that the API shows: settling is not told from closed.
    pub fn shown(self) -> &'static str {
        match self {
            Self::Settling => "closed",
            other => other.name(),
        }
    }

    /// Returns the state of this name.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// An interaction. It moves by time alone once the times are set.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Interaction {
    pub(crate) id: String,
    started: Millis,
    wrapup: Option<Millis>,
    closed: Option<Millis>,
    /// What was applied, as `wrapupCodes` shows it.
    applied: Vec<Value>,
}

impl Interaction {
    /// The media type of every interaction here; the document calls it `voice`.
    pub(crate) const MEDIA: Media = Media::Call;
    /// The division of every interaction here.
    pub(crate) const DIVISION: &'static str = seeds::DIVISION_HOME;

    /// Returns an interaction that is in `state` at `now`.
    pub(crate) fn new(id: &str, state: State, now: Millis) -> Self {
        let mut interaction = Self {
            id: id.to_owned(),
            started: now.saturating_sub(120_000),
            wrapup: None,
            closed: None,
            applied: Vec::new(),
        };
        match state {
            State::Active => {}
            State::Wrapup => interaction.wrapup = Some(now),
            State::Settling => (interaction.wrapup, interaction.closed) = (Some(now), Some(now)),
            State::Closed => {
                let ago = now.saturating_sub(60_000);
                (interaction.wrapup, interaction.closed) = (Some(ago), Some(ago));
            }
        }
        interaction
    }

    /// Returns an active interaction that goes to WRAPUP and closes by itself.
    pub(crate) fn moving(id: &str, now: Millis) -> Self {
        let mut interaction = Self::new(id, State::Active, now);
        (interaction.wrapup, interaction.closed) = (Some(now + 2_000), Some(now + 4_000));
        interaction
    }

    /// Returns the state at `now`.
    pub(crate) fn state(&self, now: Millis) -> State {
        let reached = |at: Option<Millis>| at.is_some_and(|at| at <= now);
        match self.closed {
            Some(closed) if closed + SETTLING <= now => State::Closed,
            Some(closed) if closed <= now => State::Settling,
            _ if reached(self.wrapup) => State::Wrapup,
            _ => State::Active,
        }
    }

    /// Takes it to WRAPUP; what moved by itself stays there now.
    pub(crate) fn disconnect(&mut self, now: Millis) {
        (self.wrapup, self.closed) = (Some(now), None);
    }

    /// Takes these codes in place of earlier ones, and closes what is not closed.
    pub(crate) fn apply(&mut self, codes: Vec<Value>, now: Millis) {
        self.applied = codes;
        if self.closed.is_none_or(|closed| closed > now) {
            self.closed = Some(now);
        }
    }

    /// Returns the document that GET shows.
    pub(crate) fn document(&self, now: Millis) -> Value {
        let state = self.state(now);
        let mut document = json!({
            "id": self.id,
            "state": state.shown(),
            "mediaType": "voice",
            "division": { "id": Self::DIVISION },
            "startTime": iso(self.started),
        });
        if state != State::Active {
            document["wrapupTime"] = self.wrapup.map(iso).into();
        }
        if matches!(state, State::Settling | State::Closed) {
            document["endTime"] = self.closed.map(iso).into();
        }
        document["wrapupCodes"] = self.applied.clone().into();
        document["selfUri"] = format!("/api/v2/interactions/{}", self.id).into();
        document
    }
}

#[cfg(test)]
mod tests {
    use super::{Interaction, State};

    #[test]
    fn goes_through_every_state_by_time() {
        let moving = Interaction::moving("x", 1_000_000);
        let states = [0, 1_999, 2_000, 3_999, 4_000, 5_999, 6_000].map(|ms| moving.state(1_000_000 + ms));
        use State::{Active, Closed, Settling, Wrapup};
        assert_eq!(states, [Active, Active, Wrapup, Wrapup, Settling, Settling, Closed]);
    }

    #[test]
    fn starts_in_the_state_asked_for() {
        for state in State::ALL {
            assert_eq!(Interaction::new("x", state, 1_000_000).state(1_000_000), state);
        }
    }

    #[test]
    fn a_code_in_wrapup_closes_and_a_later_one_keeps_the_time() {
        let mut interaction = Interaction::new("x", State::Wrapup, 1_000_000);
        interaction.apply(vec![], 1_000_100);
        assert_eq!(interaction.state(1_000_100), State::Settling);
        interaction.apply(vec![], 1_002_100);
        assert_eq!(interaction.state(1_002_100), State::Closed);
        assert_eq!(interaction.document(1_002_100)["state"], "closed");
    }
}
