//! Floor 1: what is known about the APIs that wraptap judges, behind one trait: one room per API, chosen by
//! upstream.
//!
//! To add an API: a room with a type that implements [`Api`], and a line in [`ALL`]. To add a client of an
//! API: its marks, its habits and its call syntax in the API's room.

pub mod catalogue;
pub mod client;
mod contract;
pub mod error_body;
pub mod genesys;

pub use contract::{Api, LoginPlace, RefusalCode, Removed};

/// Every API that is known, the one of unknown upstreams first.
static ALL: [&dyn Api; 1] = [&genesys::GenesysCloud];

/// Returns the API of an upstream: the one whose host it is, else the first, because a gateway, a simulator
/// or an import does not say what it replaces.
pub fn for_upstream(upstream: &str) -> &'static dyn Api {
    ALL.into_iter().find(|api| api.is_own_host(upstream)).unwrap_or_else(assumed)
}

/// Returns whether a host is one of a known API's own.
pub fn has_host(host: &str) -> bool {
    ALL.into_iter().any(|api| api.is_own_host(host))
}

/// Returns the API that is assumed where no upstream is known.
pub fn assumed() -> &'static dyn Api {
    ALL[0]
}
