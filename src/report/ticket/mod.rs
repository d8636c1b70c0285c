//! The ticket: one refused exchange with everything known about it, for a reader who was not there.
//!
//! `outline` decides what is said and `folds` what is folded; one file per format lays it out. Each is a pure
//! function from [`Ticket`]s to a string. Personal data is masked in one place, unless the user asked for it.

mod block;
mod content;
mod document;
pub mod exchanges;
mod folds;
pub mod format;
mod groups;
pub mod html;
pub mod json;
pub mod markdown;
mod messages;
mod outline;
mod parts;
pub mod phrases;
pub mod text;
mod texts;

use crate::report::ticket::content::people;
pub use crate::report::ticket::content::{People, Ticket};
use crate::report::ticket::messages::{request_text, response_text};
