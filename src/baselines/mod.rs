//! Floor 3: known-good payloads: the folder of a project, and the ones that the program carries.
//!
//! A baseline is one JSON file, made for review in git; [`file`] knows its text, [`folder`] its place on
//! disk.
#![allow(clippy::disallowed_methods, reason = "this floor reads and writes the baseline folder")]

pub mod edit;
pub mod embedded;
pub mod file;
pub mod folder;
