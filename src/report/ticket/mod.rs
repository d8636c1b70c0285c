//! The ticket: one refused exchange with everything known about it, for a reader who was not there.
//!
//! One file per format; each is a pure function from [`Ticket`]s to a string. Personal data is masked in one
//! place, unless the user asked for it.

mod content;
pub mod exchanges;
pub mod format;
pub mod html;
pub mod json;
pub mod markdown;
pub mod phrases;
pub mod text;
mod texts;

pub use crate::report::ticket::content::{People, Ticket};
use crate::report::ticket::content::{masked, people, request_text, response_text};
