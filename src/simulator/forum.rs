//! The operations on `/api/v2/interactions/{id}`.

use crate::model::exchange::Request;
use crate::simulator::answer::{Answer, Refusal};
use crate::simulator::credentials::Bearer;
use crate::simulator::door::require_json;
use crate::simulator::ids::Millis;
use crate::simulator::interaction::State;
use crate::simulator::readings;
use crate::simulator::route::Operation;
use crate::simulator::rule::Rule;
use crate::simulator::rules::forum;
use crate::simulator::world::World;

/// Answers an operation on the interaction `id`: scope, media type, existence, payload, state, in this order.
pub(crate) fn answer(
    world: &mut World,
    now: Millis,
    operation: Operation,
    id: &str,
    request: &Request,
    bearer: &Bearer,
) -> Result<Answer, Refusal> {
    let scope =
        if operation == Operation::ReadInteraction { "interaction:view" } else { "interaction:write" };
    if !bearer.scopes().contains(&scope) {
        let message = format!("Unable to perform the requested action. The token lacks the scope {scope}.");
        return Err(Refusal::api(&forum::INTERACTION_SCOPE, 403, "not.authorized", message));
    }
    require_json(request)?;
    let codes = world.codes();
    let Some(interaction) = world.interaction(id) else {
        let message = "The requested resource was not found.";
        return Err(Refusal::api(&forum::INTERACTION_EXISTS, 404, "not.found", message));
    };
    let state = interaction.state(now);
    let body = &request.body.bytes;
    let refused = |rule: &'static Rule| Err(Refusal::validation_failed(rule));
    match operation {
        Operation::ReadInteraction => {
            Ok(Answer::document(&forum::INTERACTION_READ, interaction.document(now)))
        }
        Operation::DisconnectInteraction => {
            if state != State::Active {
                return refused(&forum::INTERACTION_DISCONNECT);
            }
            interaction.disconnect(now);
            Ok(Answer::empty(&forum::INTERACTION_DISCONNECT, 204))
        }
        Operation::WrapUpOfClosed => {
            let applied = readings::code_and_duration(body, codes)?;
            match state {
                State::Active | State::Wrapup => return refused(&forum::STATE_CLOSED),
                State::Settling => return refused(&forum::STATE_SETTLED),
                State::Closed => interaction.apply(applied, now),
            }
            Ok(Answer::empty(&forum::WRAP_UP_WHEN_CLOSED, 204))
        }
        _ => {
            let (applied, rule) = if operation == Operation::CodesOnInteraction {
                (readings::wrapup_codes(body, codes)?, &forum::CODES_IN_WRAPUP)
            } else {
                (readings::code_and_duration(body, codes)?, &forum::WRAPUP_IN_WRAPUP)
            };
            if state != State::Wrapup {
                return refused(&forum::STATE_WRAPUP);
            }
            interaction.apply(applied, now);
            Ok(Answer::empty(rule, 204))
        }
    }
}
