//! Floor 5: the strict wrap-up API simulator: what the real API is said to refuse, refused for a named reason.
//!
//! The core ([`world::World`]) is a pure state machine: it takes the time and a request and gives an answer, so it
//! knows no clock, socket or file. Only [`server`] and its clock touch the machine. Every answer names the
//! [`rule::Rule`] that decided it and what that rule rests on, so nobody takes the simulator for the API.

pub mod answer;
#[cfg(test)]
mod cases;
mod clock;
mod codes;
mod control;
pub mod conversation;
mod conversation_view;
mod credentials;
mod door;
mod forum;
pub mod ids;
pub mod interaction;
mod oauth;
pub mod participants;
mod payload;
mod rates;
mod readings;
mod route;
pub mod rule;
pub mod rules;
mod sdk;
pub mod seeds;
mod server;
mod strictness;
pub mod world;
mod wrapup_input;

pub use crate::net::loopback_server::{LoopbackError, LoopbackServer};
pub use crate::simulator::server::{Options, serve};
pub use crate::simulator::world::Settings;
