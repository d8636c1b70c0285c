//! An interaction of the forum's vocabulary: active, WRAPUP, closed but settling, closed.

use serde_json::{Value, json};

use crate::simulator::ids::{Millis, iso};
use crate::simulator::lifecycle::InteractionState;
use crate::simulator::participants::MediaKind;
use crate::simulator::seeds;

/// How long a closed interaction refuses wrap-up codes, in milliseconds.
const SETTLING: Millis = 2_000;

/// An interaction. Its state depends only on the time and the times set here.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Interaction {
    pub(crate) id: String,
    started: Millis,
    wrapup: Option<Millis>,
    closed: Option<Millis>,
    /// The applied codes, as shown in `wrapupCodes`.
    applied: Vec<Value>,
}

impl Interaction {
    /// The media type of every interaction here; the document calls it `voice`.
    pub(crate) const MEDIA: MediaKind = MediaKind::Call;
    /// The division of every interaction here.
    pub(crate) const DIVISION: &'static str = seeds::DIVISION_HOME;

    /// Returns an interaction that is in `state` at `now`.
    pub(crate) fn new(id: &str, state: InteractionState, now: Millis) -> Self {
        let mut interaction = Self {
            id: id.to_owned(),
            started: now.saturating_sub(120_000),
            wrapup: None,
            closed: None,
            applied: Vec::new(),
        };
        match state {
            InteractionState::Active => {}
            InteractionState::Wrapup => interaction.wrapup = Some(now),
            InteractionState::Settling => (interaction.wrapup, interaction.closed) = (Some(now), Some(now)),
            InteractionState::Closed => {
                let ago = now.saturating_sub(60_000);
                (interaction.wrapup, interaction.closed) = (Some(ago), Some(ago));
            }
        }
        interaction
    }

    /// Returns an active interaction that goes to WRAPUP and closes by itself.
    pub(crate) fn moving(id: &str, now: Millis) -> Self {
        let mut interaction = Self::new(id, InteractionState::Active, now);
        (interaction.wrapup, interaction.closed) = (Some(now + 2_000), Some(now + 4_000));
        interaction
    }

    /// Returns the state at `now`.
    pub(crate) fn state(&self, now: Millis) -> InteractionState {
        let reached = |at: Option<Millis>| at.is_some_and(|at| at <= now);
        match self.closed {
            Some(closed) if closed + SETTLING <= now => InteractionState::Closed,
            Some(closed) if closed <= now => InteractionState::Settling,
            _ if reached(self.wrapup) => InteractionState::Wrapup,
            _ => InteractionState::Active,
        }
    }

    /// Moves it to WRAPUP; a moving one stays there.
    pub(crate) fn disconnect(&mut self, now: Millis) {
        (self.wrapup, self.closed) = (Some(now), None);
    }

    /// Replaces the codes, and closes the interaction if it is not closed.
    pub(crate) fn apply(&mut self, codes: Vec<Value>, now: Millis) {
        self.applied = codes;
        if self.closed.is_none_or(|closed| closed > now) {
            self.closed = Some(now);
        }
    }

    /// Returns the document that GET returns.
    pub(crate) fn document(&self, now: Millis) -> Value {
        let state = self.state(now);
        let mut document = json!({
            "id": self.id,
            "state": state.api_name(),
            "mediaType": "voice",
            "division": { "id": Self::DIVISION },
            "startTime": iso(self.started),
        });
        if state != InteractionState::Active {
            document["wrapupTime"] = self.wrapup.map(iso).into();
        }
        if matches!(state, InteractionState::Settling | InteractionState::Closed) {
            document["endTime"] = self.closed.map(iso).into();
        }
        document["wrapupCodes"] = self.applied.clone().into();
        document["selfUri"] = format!("/api/v2/interactions/{}", self.id).into();
        document
    }
}

#[cfg(test)]
mod tests {
    use super::Interaction;
    use crate::simulator::lifecycle::InteractionState;

    #[test]
    fn passes_through_every_state_by_time() {
        let moving = Interaction::moving("x", 1_000_000);
        let states = [0, 1_999, 2_000, 3_999, 4_000, 5_999, 6_000].map(|ms| moving.state(1_000_000 + ms));
        use InteractionState::{Active, Closed, Settling, Wrapup};
        assert_eq!(states, [Active, Active, Wrapup, Wrapup, Settling, Settling, Closed]);
    }

    #[test]
    fn starts_in_the_state_asked_for() {
        for state in InteractionState::ALL {
            assert_eq!(Interaction::new("x", state, 1_000_000).state(1_000_000), state);
        }
    }

    #[test]
    fn a_code_in_wrapup_closes_and_a_later_one_keeps_the_time() {
        let mut interaction = Interaction::new("x", InteractionState::Wrapup, 1_000_000);
        interaction.apply(vec![], 1_000_100);
        assert_eq!(interaction.state(1_000_100), InteractionState::Settling);
        interaction.apply(vec![], 1_002_100);
        assert_eq!(interaction.state(1_002_100), InteractionState::Closed);
        assert_eq!(interaction.document(1_002_100)["state"], "closed");
    }
}
