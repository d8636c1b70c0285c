//! Which of the differences between a refused and an accepted request make it refused? Delta debugging:
//! variants of the refused request are sent, each with some of its differences mended by edits.
//!
//! [`differences`] takes the two requests apart, [`search`] is the method, [`session`] keeps the record. How
//! a variant is sent is the caller's business.

mod body_mends;
pub mod differences;
mod heads;
pub mod search;
pub mod session;
