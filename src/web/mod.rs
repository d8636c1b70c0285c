//! Floor 5: the page: shows what is recorded, live, in a browser on this machine.
//!
//! HTML is made here from the report's blocks; a little JavaScript of ours (`assets/`) fetches windows of the
//! list and links findings to places in the body. Never allowed: a route without the access check, a change
//! of state by GET, recorded bytes that are not escaped, anything fetched from elsewhere.
#![allow(
    clippy::disallowed_methods,
    reason = "a service: it owns its tasks, and its baselines contain the current date"
)]

mod actions;
mod assets;
mod auth;
mod compare;
mod copy;
mod download;
mod empty;
mod events;
mod exchange;
mod exchange_head;
mod filter;
mod found;
mod index;
mod list;
mod matrix;
mod message;
mod page;
mod recording;
pub mod routes;
mod row;
mod row_markup;
mod search;
mod search_form;
pub mod server;
mod sort;
mod state;
mod tail;
mod tokens;
mod verdict;
