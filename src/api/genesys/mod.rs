//! Floor 1: what is known about the Genesys Cloud API and its SDKs, as data: regions, catalogue, error
//! shapes, habits. Pure.
//!
//! Everything here came from the published SDK packages, the vendor's documentation or measured requests, and
//! says which. A fact is one row of data; no judgement lives here (that is `diagnose`).

pub mod catalogue;
mod cloud;
pub mod forum_body;
pub mod habits;
pub mod permissions;
mod probe_questions;
pub mod refusal_codes;
pub mod region;
pub mod sdk;
pub mod wire_names;

pub use cloud::GenesysCloud;
