//! No secret leaves memory: what makes an exchange fit to be stored or shown.
//!
//! `Masked` can be made by `Redactor::mask` alone, and everything that stores or publishes takes a `Masked`:
//! a caller cannot forget. Two passes: the first finds secrets by their place and pattern and learns them,
//! the second finds what is known by now wherever it appears, in whatever notation. Both read every byte a
//! bounded number of times.

mod charset;
mod credentials;
mod encodings;
mod fast;
pub(crate) mod field;
mod header;
mod hit;
mod json_members;
mod kind;
mod known;
pub mod leak_check;
mod location;
mod lookahead;
mod markup;
mod named;
mod names;
mod notation;
mod oauth;
mod packed;
mod people;
mod redactor;
mod replace;
mod rules;
mod scan;
mod search;
mod secrets;
mod siblings;
mod steps;
mod tag;
mod token_patterns;
mod token_shape;
mod unpack;
mod user_rules;
mod value;
mod withhold;

pub use redactor::{Masked, Redactor};
pub use rules::{People, Rules};

#[cfg(test)]
mod tests;
