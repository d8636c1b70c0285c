//! The core: responds to a request from a state and the time. Checks, routing, token and rate come before the
//! operation.

use crate::model::exchange::Request;
use crate::simulator::authorized::AuthorizedRequest;
use crate::simulator::codes::Codes;
use crate::simulator::control;
use crate::simulator::credentials::BearerToken;
use crate::simulator::forum;
use crate::simulator::http_checks;
use crate::simulator::ids::{Millis, iso};
use crate::simulator::oauth;
use crate::simulator::rates::Rate;
use crate::simulator::response::{ApiError, SimulatedResponse};
use crate::simulator::route::{Endpoint, PathIds, RouteMatch, route};
use crate::simulator::rule::RULE_HEADER;
use crate::simulator::rules::common;
use crate::simulator::sdk;
use crate::simulator::seeds;
use crate::simulator::state::SimulatorState;

/// Responds to a request received at `now`. Under `fresh` the response depends on the request alone.
pub fn respond(state: &mut SimulatorState, now: Millis, request: &Request) -> SimulatedResponse {
    if state.settings.fresh {
        let mut state = SimulatorState::ready_for(state.settings, request);
        return respond_at(&mut state, seeds::TEST_CLOCK_START, request);
    }
    let now = now + state.clock_offset;
    respond_at(state, now, request)
}

fn respond_at(state: &mut SimulatorState, now: Millis, request: &Request) -> SimulatedResponse {
    let correlation = state.next_correlation_id();
    let mut rate = None;
    let mut response = evaluate(state, now, request, &mut rate)
        .unwrap_or_else(|error: ApiError| error.into_response(&correlation));
    let rate = rate.unwrap_or_else(|| state.rates.count("", now, state.settings.rate_limit));
    // Every response has the headers of a 200 captured in 2021, without those of the content delivery network
    // and without Strict-Transport-Security, which has no meaning over plain HTTP.
    if response.body.is_some() {
        response.headers.push(("content-type", "application/json".to_owned()));
    }
    response.headers.extend([
        ("inin-correlation-id", correlation),
        ("inin-ratelimit-count", rate.count.to_string()),
        ("inin-ratelimit-allowed", rate.allowed.to_string()),
        ("inin-ratelimit-reset", rate.reset.to_string()),
        ("cache-control", "no-cache, no-store, must-revalidate".to_owned()),
        ("pragma", "no-cache".to_owned()),
        ("expires", "0".to_owned()),
        (RULE_HEADER, response.rule.header_value()),
    ]);
    response
}

/// Checks, routes and authorizes a request, and carries out its operation. `rate` gets the token's count.
fn evaluate(
    state: &mut SimulatorState,
    now: Millis,
    request: &Request,
    rate: &mut Option<Rate>,
) -> Result<SimulatedResponse, ApiError> {
    http_checks::check(request)?;
    let (method, path) = (request.method_text(), request.path());
    let (endpoint, ids) = find_endpoint(&method, &path)?;
    match endpoint {
        Endpoint::Token => return oauth::token(request, now),
        Endpoint::ShowState => return Ok(control::show_state(state, now)),
        Endpoint::SeedInteraction => {
            return control::seed_interaction(state, ids.interaction, request, now);
        }
        Endpoint::SeedConversation => {
            return control::seed_conversation(state, ids.conversation, request, now);
        }
        Endpoint::Advance => return advance_clock(state, now, request),
        _ => {}
    }
    let token = BearerToken::from_request(request, now, state.settings.fresh)?;
    let limit = state.settings.rate_limit;
    let counted = *rate.insert(state.rates.count(&token.token, now, limit));
    if let Some(seconds) = counted.retry_after(limit, token.is_throttled()) {
        let message = format!("Rate limit exceeded the maximum. Retry the request in [{seconds}] seconds");
        let code = "too.many.requests.retry.after";
        return Err(ApiError::api(&common::RATE_LIMIT, 429, code, message)
            .with_header("retry-after", seconds.to_string()));
    }
    let codes = Codes { any: state.settings.fresh };
    let call = AuthorizedRequest { now, endpoint, ids, request, token: &token, codes };
    match endpoint {
        Endpoint::TokensMe => Ok(oauth::tokens_me(&token)),
        Endpoint::ListCodes | Endpoint::ReadCode => sdk::read_codes(&call),
        Endpoint::ReadInteraction
        | Endpoint::DisconnectInteraction
        | Endpoint::CodesOnInteraction
        | Endpoint::WrapupOfInteraction
        | Endpoint::WrapUpOfClosed => forum::respond(&call, state.interaction(ids.interaction)),
        _ => sdk::respond(&call, state.conversation(ids.conversation)),
    }
}

fn find_endpoint<'a>(method: &str, path: &'a str) -> Result<(Endpoint, PathIds<'a>), ApiError> {
    match route(method, path) {
        RouteMatch::Found(endpoint, ids) => Ok((endpoint, ids)),
        RouteMatch::OtherMethods(methods) => {
            let methods = methods.join(", ");
            let message = format!("This path has no {method}; it has {methods}.");
            Err(ApiError::api(&common::KNOWN_METHOD, 405, "method.not.allowed", message)
                .with_header("allow", methods))
        }
        RouteMatch::UnknownPath => {
            let message = "The simulator has no such operation. The public API may have it.";
            Err(ApiError::api(&common::KNOWN_PATH, 404, "not.found", message))
        }
    }
}

fn advance_clock(
    state: &mut SimulatorState,
    now: Millis,
    request: &Request,
) -> Result<SimulatedResponse, ApiError> {
    if !state.settings.test_clock {
        let message = "The time is real; start the simulator with --test-clock to move it.";
        return Err(ApiError::control(&common::CONTROL_CLOCK, message));
    }
    let step = control::parse_step(request)?;
    state.clock_offset += step;
    let document = serde_json::json!({ "now": iso(now + step) });
    Ok(SimulatedResponse::document(&common::CONTROL_CLOCK, document))
}
