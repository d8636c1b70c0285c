//! Answers a client from a recording.
//!
//! [`index`] knows what was recorded, [`key`] what makes two requests the same, [`fit`] turns a recorded answer into one
//! for this client, [`nearest`] explains a miss. [`server`] alone touches sockets and the file. Nothing here ever asks
//! anybody else: what is not in the recording is a miss.

pub mod answer;
pub mod fit;
pub mod index;
pub mod key;
pub mod mint;
pub mod nearest;
pub mod responder;
pub mod server;
pub mod strict;

pub use crate::net::loopback_server::{LoopbackError, LoopbackServer};
pub use crate::replay::mock::server::{Options, serve};
