//! Floor 3: what other tools write and read: curl commands and HAR files both ways, raw HTTP out.
//!
//! Texts from outside are data, never instructions: nothing in them is run, and no socket is opened here.
//! Files that a command names are read through [`curl::Inputs`], which the caller provides.

pub mod curl;
pub mod har;
pub mod masks;
pub mod message;
pub mod snippets;
pub mod text_position;

/// The start of the reason in a [`crate::model::passage::Change`] for a part that an import made up.
pub const RECONSTRUCTED: &str = "reconstructed: ";
