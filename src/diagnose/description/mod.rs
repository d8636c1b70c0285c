//! The sent body against the API's own description of it, at any depth: what is wrong, and how the text has to change.

mod duplicates;
mod members;
pub(crate) mod names;
mod neighbour;
pub(crate) mod reading;
mod repair;
mod scalar;
mod stray;
pub(crate) mod walk;
