//! Answers a client from a recording.
//!
//! [`index`] knows what was recorded, [`key`] what makes two requests the same, [`adapt`] turns a recorded
//! answer into one for this client, [`nearest`] explains a miss. [`server`] alone touches sockets and the
//! file. Nothing here ever asks anybody else: what is not in the recording is a miss.

pub mod adapt;
pub mod answer;
pub mod index;
pub mod key;
pub mod nearest;
pub mod responder;
pub mod server;
pub mod strict;
pub mod tokens;

pub use crate::net::loopback_server::LoopbackError;
pub use crate::replay::mock::server::{Options, serve};
