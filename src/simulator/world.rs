//! The core: a world of interactions, conversations, codes and tokens that answers requests, given the time.

use std::collections::BTreeMap;

use crate::model::exchange::Request;
use crate::simulator::answer::{Answer, Refusal};
use crate::simulator::codes::Codes;
use crate::simulator::control;
use crate::simulator::conversation::{Conversation, Phase, Prompt};
use crate::simulator::credentials::Bearer;
use crate::simulator::door;
use crate::simulator::forum;
use crate::simulator::ids::{Millis, digest, iso, uuid, uuid_of};
use crate::simulator::interaction::{Interaction, State};
use crate::simulator::oauth;
use crate::simulator::participants::Media;
use crate::simulator::rates::{Rate, Rates};
use crate::simulator::route::{Operation, Route, route};
use crate::simulator::rule::MARK;
use crate::simulator::rules::common;
use crate::simulator::sdk;
use crate::simulator::seeds;

/// How a simulator behaves.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Settings {
    /// Every well-formed id is ready and nothing is consumed: an answer depends on its request alone.
    pub fresh: bool,
    /// Time stands still but for `POST /_simulator/advance`.
    pub test_clock: bool,
    /// Requests per minute and token; none: not limited.
    pub rate_limit: Option<u64>,
}

/// Everything that the simulator knows.
#[derive(Debug)]
pub struct World {
    settings: Settings,
    /// What correlation ids are made of, together with the number of the answer.
    seed: u64,
    answered: u64,
    /// How far the test clock was moved.
    moved: Millis,
    interactions: BTreeMap<String, Interaction>,
    conversations: BTreeMap<String, Conversation>,
    rates: Rates,
}

impl World {
    /// Returns a world with the seeds in it, at `now`.
    pub fn new(settings: Settings, now: Millis) -> Self {
        let mut world = Self::empty(settings, now);
        for (id, state) in seeds::INTERACTIONS {
            let interaction = match id {
                seeds::INTERACTION_MOVING => Interaction::moving(id, now),
                _ => Interaction::new(id, state, now),
            };
            world.interactions.insert(id.to_owned(), interaction);
        }
        for seed in seeds::conversations() {
            let mut conversation = Conversation::new(seed.conversation, seed.media, seed.phase, now)
                .with_agent(seed.participant, seed.communication);
            if let Some(after) = seed.timeout {
                conversation.prompt = Prompt::Timeout(after);
            }
            world.conversations.insert(seed.conversation.to_owned(), conversation);
        }
        world
    }

    /// Answers a request that came at `now`. Under `fresh` the answer depends on the request alone.
    pub fn answer(&mut self, now: Millis, request: &Request) -> Answer {
        if self.settings.fresh {
            return Self::prepared(self.settings, request)
                .answer_from_state(seeds::TEST_CLOCK_START, request);
        }
        self.answer_from_state(now + self.moved, request)
    }

    fn empty(settings: Settings, seed: u64) -> Self {
        Self {
            settings,
            seed,
            answered: 0,
            moved: 0,
            interactions: BTreeMap::new(),
            conversations: BTreeMap::new(),
            rates: Rates::default(),
        }
    }

    /// A world made for one request, in which what its path names is ready for it.
    fn prepared(settings: Settings, request: &Request) -> Self {
        let now = seeds::TEST_CLOCK_START;
        let (method, path) = (request.method_text(), request.path());
        let seed = digest(&[method.as_bytes(), request.target.as_bytes(), &request.body.bytes]);
        let mut world = Self::empty(settings, seed);
        let Route::To(operation, ids) = route(&method, &path) else { return world };
        if let Some(id) = uuid(ids.interaction) {
            let state = match operation {
                Operation::WrapUpOfClosed => State::Closed,
                Operation::DisconnectInteraction => State::Active,
                _ => State::Wrapup,
            };
            world.interactions.insert(id.clone(), Interaction::new(&id, state, now));
        }
        if let Some(id) = uuid(ids.conversation) {
            let media = ids.media.unwrap_or(Media::Call);
            let mut conversation = Conversation::new(&id, media, Phase::Pending, now);
            let agent = conversation.agent().clone();
            let participant = uuid(ids.participant).unwrap_or(agent.id);
            let communication = uuid(ids.communication).unwrap_or(agent.communication);
            conversation = conversation.with_agent(&participant, &communication);
            world.conversations.insert(id, conversation);
        }
        world
    }

    fn answer_from_state(&mut self, now: Millis, request: &Request) -> Answer {
        let context = uuid_of(self.seed, self.answered);
        self.answered += 1;
        let mut rate = None;
        let mut answer = self
            .respond(now, request, &mut rate)
            .unwrap_or_else(|refusal: Refusal| refusal.into_answer(&context));
        let rate = rate.unwrap_or_else(|| self.rates.count("", now, self.settings.rate_limit));
        // The same headers on every answer, as a captured 200 of 2021 has them; those of the content delivery network
        // and Strict-Transport-Security, which says nothing over plain HTTP, are left out.
        if answer.body.is_some() {
            answer.headers.push(("content-type", "application/json".to_owned()));
        }
        answer.headers.extend([
            ("inin-correlation-id", context),
            ("inin-ratelimit-count", rate.count.to_string()),
            ("inin-ratelimit-allowed", rate.allowed.to_string()),
            ("inin-ratelimit-reset", rate.reset.to_string()),
            ("cache-control", "no-cache, no-store, must-revalidate".to_owned()),
            ("pragma", "no-cache".to_owned()),
            ("expires", "0".to_owned()),
            (MARK, answer.rule.mark()),
        ]);
        answer
    }

    fn respond(
        &mut self,
        now: Millis,
        request: &Request,
        rate: &mut Option<Rate>,
    ) -> Result<Answer, Refusal> {
        door::check(request)?;
        let (method, path) = (request.method_text(), request.path());
        let (operation, ids) = match route(&method, &path) {
            Route::To(operation, ids) => (operation, ids),
            Route::OtherMethods(methods) => {
                let methods = methods.join(", ");
                let message = format!("This path has no {method}; it has {methods}.");
                return Err(Refusal::api(&common::KNOWN_METHOD, 405, "method.not.allowed", message)
                    .with_header("allow", methods));
            }
            Route::Nowhere => {
                let message = "The requested resource was not found.";
                return Err(Refusal::api(&common::KNOWN_PATH, 404, "not.found", message));
            }
        };
        match operation {
            Operation::Token => return oauth::token(request, now),
            Operation::ShowState => return Ok(control::state(self, now)),
            Operation::SeedInteraction => {
                return control::seed_interaction(self, ids.interaction, request, now);
            }
            Operation::SeedConversation => {
                return control::seed_conversation(self, ids.conversation, request, now);
            }
            Operation::Advance => return self.advance(now, request),
            _ => {}
        }
        let bearer = Bearer::of(request, now, self.settings.fresh)?;
        let limit = self.settings.rate_limit;
        let counted = *rate.insert(self.rates.count(&bearer.token, now, limit));
        if let Some(seconds) = counted.retry_after(limit, bearer.is_throttled()) {
            let message =
                format!("Rate limit exceeded the maximum. Retry the request in [{seconds}] seconds");
            let code = "too.many.requests.retry.after";
            return Err(Refusal::api(&common::RATE_LIMIT, 429, code, message)
                .with_header("retry-after", seconds.to_string()));
        }
        match operation {
            Operation::TokensMe => Ok(oauth::tokens_me(&bearer)),
            Operation::ListCodes | Operation::ReadCode => sdk::codes(self.codes(), ids, &bearer),
            Operation::ReadInteraction
            | Operation::DisconnectInteraction
            | Operation::CodesOnInteraction
            | Operation::WrapupOfInteraction
            | Operation::WrapUpOfClosed => {
                forum::answer(self, now, operation, ids.interaction, request, &bearer)
            }
            _ => sdk::answer(self, now, operation, ids, request, &bearer),
        }
    }

    fn advance(&mut self, now: Millis, request: &Request) -> Result<Answer, Refusal> {
        if !self.settings.test_clock {
            let message = "The time is real; start the simulator with --test-clock to move it.";
            return Err(control::refused(&common::CONTROL_CLOCK, message));
        }
        let step = control::step(request)?;
        self.moved += step;
        let document = serde_json::json!({ "now": iso(now + step) });
        Ok(Answer::document(&common::CONTROL_CLOCK, document))
    }

    /// Returns the codes that there are.
    pub(crate) fn codes(&self) -> Codes {
        Codes { any: self.settings.fresh }
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

    /// Puts an interaction in place of the one of its id; not under `fresh`, where nothing is kept.
    pub(crate) fn put_interaction(&mut self, interaction: Interaction) -> Result<(), Refusal> {
        self.keeps()?;
        self.interactions.insert(interaction.id.clone(), interaction);
        Ok(())
    }

    /// Puts a conversation in place of the one of its id; not under `fresh`, where nothing is kept.
    pub(crate) fn put_conversation(&mut self, conversation: Conversation) -> Result<(), Refusal> {
        self.keeps()?;
        self.conversations.insert(conversation.id.clone(), conversation);
        Ok(())
    }

    fn keeps(&self) -> Result<(), Refusal> {
        if self.settings.fresh {
            return Err(control::refused(&common::CONTROL_SEED, "Under --fresh nothing is kept."));
        }
        Ok(())
    }
}
