//! The sent body against the API's own description of it, at any depth: what is wrong, and how the text has
//! to change.

pub(crate) mod duplicates;
mod members;
mod mended_place;
pub(crate) mod names;
mod neighbour;
mod phrases;
pub(crate) mod reading;
mod repair;
pub(crate) mod restored;
mod scalar;
mod stray;
pub(crate) mod walk;
