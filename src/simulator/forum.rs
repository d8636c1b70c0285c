//! The operations on `/api/v2/interactions/{id}`.

use crate::simulator::authorized::AuthorizedRequest;
use crate::simulator::forum_payload;
use crate::simulator::http_checks::require_json;
use crate::simulator::interaction::Interaction;
use crate::simulator::lifecycle::InteractionState;
use crate::simulator::response::{ApiError, SimulatedResponse};
use crate::simulator::route::Endpoint;
use crate::simulator::rule::Rule;
use crate::simulator::rules::forum;

/// Carries out an operation on an interaction. Order of checks: scope, media type, existence, payload, state.
pub(crate) fn respond(
    call: &AuthorizedRequest<'_>,
    interaction: Option<&mut Interaction>,
) -> Result<SimulatedResponse, ApiError> {
    let reads = call.endpoint == Endpoint::ReadInteraction;
    let scope = if reads { "interaction:view" } else { "interaction:write" };
    if !call.token.scopes().contains(&scope) {
        let message = format!("Unable to perform the requested action. The token lacks the scope {scope}.");
        return Err(ApiError::api(&forum::INTERACTION_SCOPE, 403, "not.authorized", message));
    }
    require_json(call.request)?;
    let Some(interaction) = interaction else {
        return Err(ApiError::not_found(&forum::INTERACTION_EXISTS));
    };
    let (now, codes) = (call.now, call.codes);
    let state = interaction.state(now);
    let refused = |rule: &'static Rule| Err(ApiError::validation_failed(rule));
    match call.endpoint {
        Endpoint::ReadInteraction => {
            Ok(SimulatedResponse::document(&forum::INTERACTION_READ, interaction.document(now)))
        }
        Endpoint::DisconnectInteraction => {
            if state != InteractionState::Active {
                return refused(&forum::INTERACTION_DISCONNECT);
            }
            interaction.disconnect(now);
            Ok(SimulatedResponse::empty(&forum::INTERACTION_DISCONNECT, 204))
        }
        Endpoint::WrapUpOfClosed => {
            let applied = forum_payload::code_and_duration(call.body(), codes)?;
            match state {
                InteractionState::Active | InteractionState::Wrapup => return refused(&forum::STATE_CLOSED),
                InteractionState::Settling => return refused(&forum::STATE_SETTLED),
                InteractionState::Closed => interaction.apply(applied, now),
            }
            Ok(SimulatedResponse::empty(&forum::WRAP_UP_WHEN_CLOSED, 204))
        }
        _ => {
            let (applied, rule) = if call.endpoint == Endpoint::CodesOnInteraction {
                (forum_payload::wrapup_codes(call.body(), codes)?, &forum::CODES_IN_WRAPUP)
            } else {
                (forum_payload::code_and_duration(call.body(), codes)?, &forum::WRAPUP_IN_WRAPUP)
            };
            if state != InteractionState::Wrapup {
                return refused(&forum::STATE_WRAPUP);
            }
            interaction.apply(applied, now);
            Ok(SimulatedResponse::empty(rule, 204))
        }
    }
}
