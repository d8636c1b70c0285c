//! Everything that a simulator knows: its interactions, conversations, rates and clock offset.

use std::collections::BTreeMap;

use crate::model::exchange::Request;
use crate::simulator::conversation::{Conversation, WrapupPrompt};
use crate::simulator::ids::{Millis, digest, uuid, uuid_of};
use crate::simulator::interaction::Interaction;
use crate::simulator::lifecycle::{InteractionState, Phase};
use crate::simulator::participants::MediaKind;
use crate::simulator::rates::Rates;
use crate::simulator::response::ApiError;
use crate::simulator::route::{Endpoint, RouteMatch, route};
use crate::simulator::rules::common;
use crate::simulator::seeds;

/// How a simulator behaves.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Settings {
    /// Every well-formed id is ready and nothing is consumed: a response depends on its request alone.
    pub fresh: bool,
    /// The time moves only by `POST /_simulator/advance`.
    pub test_clock: bool,
    /// Requests per minute and token; `None`: not limited.
    pub rate_limit: Option<u64>,
}

/// Everything that the simulator knows.
#[derive(Debug)]
pub struct SimulatorState {
    pub(crate) settings: Settings,
    /// How far the test clock was moved.
    pub(crate) clock_offset: Millis,
    pub(crate) rates: Rates,
    /// Correlation ids are made of the seed and the number of the response.
    seed: u64,
    responses: u64,
    interactions: BTreeMap<String, Interaction>,
    conversations: BTreeMap<String, Conversation>,
}

impl SimulatorState {
    /// Returns a state with the seeds in it, at `now`.
    pub fn new(settings: Settings, now: Millis) -> Self {
        let mut state = Self::empty(settings, now);
        for (id, initial) in seeds::INTERACTIONS {
            let interaction = match id {
                seeds::INTERACTION_MOVING => Interaction::moving(id, now),
                _ => Interaction::new(id, initial, now),
            };
            state.interactions.insert(id.to_owned(), interaction);
        }
        for seed in seeds::conversations() {
            let mut conversation = Conversation::new(seed.conversation, seed.media, seed.phase, now)
                .with_agent(seed.participant, seed.communication);
            if let Some(after) = seed.timeout {
                conversation.prompt = WrapupPrompt::Timeout(after);
            }
            state.conversations.insert(seed.conversation.to_owned(), conversation);
        }
        state
    }

    /// Returns a state made for one request: whatever its path names exists and is ready for the operation.
    pub(crate) fn ready_for(settings: Settings, request: &Request) -> Self {
        let now = seeds::TEST_CLOCK_START;
        let (method, path) = (request.method_text(), request.path());
        let seed = digest(&[method.as_bytes(), request.target.as_bytes(), &request.body.bytes]);
        let mut state = Self::empty(settings, seed);
        let RouteMatch::Found(endpoint, ids) = route(&method, &path) else { return state };
        if let Some(id) = uuid(ids.interaction) {
            let needed = match endpoint {
                Endpoint::WrapUpOfClosed => InteractionState::Closed,
                Endpoint::DisconnectInteraction => InteractionState::Active,
                _ => InteractionState::Wrapup,
            };
            state.interactions.insert(id.clone(), Interaction::new(&id, needed, now));
        }
        if let Some(id) = uuid(ids.conversation) {
            let media = ids.media.unwrap_or(MediaKind::Call);
            let mut conversation = Conversation::new(&id, media, Phase::Pending, now);
            let agent = conversation.agent().clone();
            let participant = uuid(ids.participant).unwrap_or(agent.id);
            let communication = uuid(ids.communication).unwrap_or(agent.communication);
            conversation = conversation.with_agent(&participant, &communication);
            state.conversations.insert(id, conversation);
        }
        state
    }

    fn empty(settings: Settings, seed: u64) -> Self {
        Self {
            settings,
            seed,
            responses: 0,
            clock_offset: 0,
            interactions: BTreeMap::new(),
            conversations: BTreeMap::new(),
            rates: Rates::default(),
        }
    }

    /// Returns the correlation id of the next response.
    pub(crate) fn next_correlation_id(&mut self) -> String {
        let id = uuid_of(self.seed, self.responses);
        self.responses += 1;
        id
    }

    /// Returns an interaction.
    pub(crate) fn interaction(&mut self, id: &str) -> Option<&mut Interaction> {
        self.interactions.get_mut(&uuid(id)?)
    }

    /// Returns a conversation.
    pub(crate) fn conversation(&mut self, id: &str) -> Option<&mut Conversation> {
        self.conversations.get_mut(&uuid(id)?)
    }

    /// Returns every interaction, by id.
    pub(crate) fn interactions(&self) -> impl Iterator<Item = &Interaction> {
        self.interactions.values()
    }

    /// Returns every conversation, by id.
    pub(crate) fn conversations(&self) -> impl Iterator<Item = &Conversation> {
        self.conversations.values()
    }

    /// Adds an interaction or replaces the one of its id; refused under `fresh`, which keeps nothing.
    pub(crate) fn put_interaction(&mut self, interaction: Interaction) -> Result<(), ApiError> {
        self.require_kept()?;
        self.interactions.insert(interaction.id.clone(), interaction);
        Ok(())
    }

    /// Adds a conversation or replaces the one of its id; refused under `fresh`, which keeps nothing.
    pub(crate) fn put_conversation(&mut self, conversation: Conversation) -> Result<(), ApiError> {
        self.require_kept()?;
        self.conversations.insert(conversation.id.clone(), conversation);
        Ok(())
    }

    fn require_kept(&self) -> Result<(), ApiError> {
        if self.settings.fresh {
            return Err(ApiError::control(&common::CONTROL_SEED, "Under --fresh nothing is kept."));
        }
        Ok(())
    }
}
