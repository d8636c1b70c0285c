//! Floor 1: what is known about the Genesys Cloud API and its SDKs, as data: regions, catalogue, error
//! shapes, habits. Pure.
//!
//! Everything here came from the published SDK packages, the vendor's documentation or measured requests, and
//! says which. A fact is one row of data; the rules and checks here are those that no other API has.

mod access;
pub mod catalogue;
mod checks;
mod clients;
mod cloud;
mod evidence;
mod foreign_body;
mod forum_body;
mod member_facts;
mod mistakes;
mod probe_questions;
mod refusal_codes;
pub mod region;
mod rules;

pub use cloud::GenesysCloud;
