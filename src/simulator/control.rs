//! The simulator's own paths, `/_simulator/…`: see the state, set it, move the time.

use serde_json::{Value, json};

use crate::model::exchange::Request;
use crate::simulator::answer::{Answer, Refusal};
use crate::simulator::conversation::{Conversation, Phase};
use crate::simulator::ids::{Millis, iso, uuid};
use crate::simulator::interaction::{Interaction, State};
use crate::simulator::participants::Media;
use crate::simulator::rule::Rule;
use crate::simulator::rules::common;
use crate::simulator::world::World;

/// The longest step of the clock: ten years.
const LONGEST_STEP: u64 = 10 * 366 * 86_400_000;

/// Answers `GET /_simulator/state`.
pub(crate) fn state(world: &World, now: Millis) -> Answer {
    let interactions: Vec<Value> = world
        .interactions()
        .map(|interaction| json!({ "id": interaction.id, "state": interaction.state(now).name() }))
        .collect();
    let conversations: Vec<Value> =
        world.conversations().map(|conversation| shown(conversation, now)).collect();
    let document = json!({
        "schema_version": 1,
        "now": iso(now),
        "interactions": interactions,
        "conversations": conversations,
    });
    Answer::document(&common::CONTROL_STATE, document)
}

/// Answers `PUT /_simulator/interactions/{id}`.
pub(crate) fn seed_interaction(
    world: &mut World,
    id: &str,
    request: &Request,
    now: Millis,
) -> Result<Answer, Refusal> {
    let body = object(request);
    let state = body["state"].as_str().and_then(State::of_name);
    let (Some(id), Some(state)) = (uuid(id), state) else {
        let names = State::ALL.map(State::name).join(", ");
        return Err(refused(
            &common::CONTROL_SEED,
            &format!("The path needs a uuid, the body a `state`, one of {names}."),
        ));
    };
    let interaction = Interaction::new(&id, state, now);
    world.put_interaction(interaction)?;
    Ok(Answer::document(&common::CONTROL_SEED, json!({ "id": id, "state": state.name() })))
}

/// Answers `PUT /_simulator/conversations/{id}`.
pub(crate) fn seed_conversation(
    world: &mut World,
    id: &str,
    request: &Request,
    now: Millis,
) -> Result<Answer, Refusal> {
    let body = object(request);
    let phase = body["state"].as_str().and_then(Phase::of_name);
    let media = match &body["media"] {
        Value::Null => Some(Media::Call),
        media => media.as_str().and_then(Media::of_segment),
    };
    let (Some(id), Some(phase), Some(media)) = (uuid(id), phase, media) else {
        let phases = Phase::ALL.map(Phase::name).join(", ");
        let media = Media::ALL.map(Media::segment).join(", ");
        return Err(refused(
            &common::CONTROL_SEED,
            &format!(
                "The path needs a uuid, the body a `state`, one of {phases}, and may have a `media`, one of {media}."
            ),
        ));
    };
    let mut conversation = Conversation::new(&id, media, phase, now);
    if let Some(known) = world.conversation(&id) {
        let agent = known.agent().clone();
        conversation = conversation.with_agent(&agent.id, &agent.communication);
    }
    let document = shown(&conversation, now);
    world.put_conversation(conversation)?;
    Ok(Answer::document(&common::CONTROL_SEED, document))
}

/// Answers `POST /_simulator/advance`: returns how far to move, and nothing is moved here.
pub(crate) fn step(request: &Request) -> Result<Millis, Refusal> {
    let step = object(request)["ms"].as_u64().filter(|step| *step <= LONGEST_STEP);
    step.ok_or_else(|| {
        let message = format!("The body is {{\"ms\":N}} with N from 0 to {LONGEST_STEP}.");
        refused(&common::CONTROL_CLOCK, &message)
    })
}

/// Returns a refusal of the simulator's own paths.
pub(crate) fn refused(rule: &'static Rule, message: &str) -> Refusal {
    Refusal::api(rule, 400, "bad.request", message)
}

fn object(request: &Request) -> Value {
    serde_json::from_slice(&request.body.bytes).unwrap_or_default()
}

fn shown(conversation: &Conversation, now: Millis) -> Value {
    json!({
        "conversation": conversation.id,
        "participant": conversation.agent().id,
        "communication": conversation.agent().communication,
        "media": conversation.media.segment(),
        "state": conversation.phase(now).name(),
    })
}
