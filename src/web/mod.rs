//! Floor 5: the page: what is recorded, as it happens, in a browser on this machine.
//!
//! HTML is made here, of the report's own pieces; a little JavaScript of ours (`assets/`) fetches windows of the list
//! and ties findings to places. What must never enter: a route that the guard does not stand before, a change of state
//! by GET, recorded bytes that are not escaped, anything fetched from elsewhere.
#![allow(
    clippy::disallowed_methods,
    reason = "a service: it owns its tasks, and its baselines carry the date of the day"
)]

mod actions;
mod assets;
mod compare;
mod desk;
mod download;
mod events;
mod exchange;
mod filter;
mod follow;
mod guard;
mod index;
mod keys;
mod list;
mod matrix;
mod message;
mod page;
pub mod routes;
mod row;
pub mod server;
mod verdict;
