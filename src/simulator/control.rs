//! The simulator's own paths, `/_simulator/…`: see the state, set it, move the time.

use serde_json::{Value, json};

use crate::model::exchange::Request;
use crate::simulator::conversation::Conversation;
use crate::simulator::ids::{Millis, iso, uuid};
use crate::simulator::interaction::Interaction;
use crate::simulator::lifecycle::{InteractionState, Phase};
use crate::simulator::participants::MediaKind;
use crate::simulator::response::{ApiError, SimulatedResponse};
use crate::simulator::rules::common;
use crate::simulator::state::SimulatorState;

/// The longest step of the clock: ten years.
const LONGEST_STEP: u64 = 10 * 366 * 86_400_000;

/// Carries out `GET /_simulator/state`.
pub(crate) fn show_state(state: &SimulatorState, now: Millis) -> SimulatedResponse {
    let interactions: Vec<Value> = state
        .interactions()
        .map(|interaction| json!({ "id": interaction.id, "state": interaction.state(now).name() }))
        .collect();
    let conversations: Vec<Value> =
        state.conversations().map(|conversation| describe(conversation, now)).collect();
    let document = json!({
        "schema_version": 1,
        "now": iso(now),
        "interactions": interactions,
        "conversations": conversations,
    });
    SimulatedResponse::document(&common::CONTROL_STATE, document)
}

/// Carries out `PUT /_simulator/interactions/{id}`.
pub(crate) fn seed_interaction(
    state: &mut SimulatorState,
    id: &str,
    request: &Request,
    now: Millis,
) -> Result<SimulatedResponse, ApiError> {
    let initial = object(request)["state"].as_str().and_then(InteractionState::from_name);
    let (Some(id), Some(initial)) = (uuid(id), initial) else {
        let names = InteractionState::ALL.map(InteractionState::name).join(", ");
        return Err(ApiError::control(
            &common::CONTROL_SEED,
            &format!("The path needs a uuid, the body a `state`, one of {names}."),
        ));
    };
    let interaction = Interaction::new(&id, initial, now);
    state.put_interaction(interaction)?;
    Ok(SimulatedResponse::document(&common::CONTROL_SEED, json!({ "id": id, "state": initial.name() })))
}

/// Carries out `PUT /_simulator/conversations/{id}`.
pub(crate) fn seed_conversation(
    state: &mut SimulatorState,
    id: &str,
    request: &Request,
    now: Millis,
) -> Result<SimulatedResponse, ApiError> {
    let body = object(request);
    let phase = body["state"].as_str().and_then(Phase::from_name);
    let media = match &body["media"] {
        Value::Null => Some(MediaKind::Call),
        media => media.as_str().and_then(MediaKind::from_segment),
    };
    let (Some(id), Some(phase), Some(media)) = (uuid(id), phase, media) else {
        let phases = Phase::ALL.map(Phase::name).join(", ");
        let media = MediaKind::ALL.map(MediaKind::segment).join(", ");
        return Err(ApiError::control(
            &common::CONTROL_SEED,
            &format!(
                "The path needs a uuid, the body a `state`, one of {phases}, and may have a `media`, one of {media}."
            ),
        ));
    };
    let mut conversation = Conversation::new(&id, media, phase, now);
    if let Some(known) = state.conversation(&id) {
        let agent = known.agent().clone();
        conversation = conversation.with_agent(&agent.id, &agent.communication);
    }
    let document = describe(&conversation, now);
    state.put_conversation(conversation)?;
    Ok(SimulatedResponse::document(&common::CONTROL_SEED, document))
}

/// Reads the body of `POST /_simulator/advance`: how far to move the clock.
pub(crate) fn parse_step(request: &Request) -> Result<Millis, ApiError> {
    let step = object(request)["ms"].as_u64().filter(|step| *step <= LONGEST_STEP);
    step.ok_or_else(|| {
        let message = format!("The body is {{\"ms\":N}} with N from 0 to {LONGEST_STEP}.");
        ApiError::control(&common::CONTROL_CLOCK, &message)
    })
}

fn object(request: &Request) -> Value {
    serde_json::from_slice(&request.body.bytes).unwrap_or_default()
}

fn describe(conversation: &Conversation, now: Millis) -> Value {
    json!({
        "conversation": conversation.id,
        "participant": conversation.agent().id,
        "communication": conversation.agent().communication,
        "media": conversation.media.segment(),
        "state": conversation.phase(now).name(),
    })
}
