//! Floor 5: recordings put to use again, both ways: recorded requests are sent once more, recorded answers
//! are served to a client, and variants of a request are sent to find the difference that makes it refused.
//!
//! A recording is data, whoever made it: nothing in it decides where a request goes, whether it goes, or with
//! which credentials. [`prepare`] is the one place that turns a recorded request into bytes, [`sender`] the
//! one that sends.
#![allow(
    clippy::disallowed_methods,
    reason = "senders and servers have clocks, files and tasks of their own"
)]

pub mod compare;
pub mod credentials;
pub mod edits;
pub mod isolate;
pub mod login;
pub mod mock;
pub mod prepare;
pub mod rate;
pub mod sender;
pub mod volatile;
