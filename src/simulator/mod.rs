//! Floor 5: the strict wrap-up API simulator: it refuses what the real API is said to refuse, with a named
//! rule.
//!
//! The core ([`dispatch::respond`]) is a pure function of a state, the time and a request; it uses no clock,
//! socket or file. Only [`server`] and its clock do. Every response names the [`rule::Rule`] that decided it
//! and the basis of that rule, so that the simulator is not mistaken for the API.

mod authorized;
#[cfg(test)]
mod cases;
mod clock;
mod codes;
mod control;
mod conversation;
mod conversation_view;
mod credentials;
pub mod dispatch;
mod forum;
mod forum_payload;
mod http_checks;
pub mod ids;
mod interaction;
mod lifecycle;
mod oauth;
pub mod participants;
mod rates;
pub mod response;
mod route;
pub mod rule;
pub mod rules;
mod sdk;
pub mod seeds;
mod server;
pub mod state;
mod strict_json;
mod validate;
mod wrapup_input;

pub use crate::net::loopback_server::{LoopbackError, LoopbackServer};
pub use crate::simulator::server::{SimulatorOptions, serve};
pub use crate::simulator::state::Settings;
