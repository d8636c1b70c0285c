//! Floor 3: recordings on disk: the line format, the writer, the reader, and how a REF finds its exchange.
//!
//! One file an idea: `line` is the format, and the only place that knows it. No network, no pairing, no
//! judgement.
#![allow(clippy::disallowed_methods, reason = "this is where recordings are opened, and file times compared")]

mod append;
pub mod folder;
pub mod line;
pub mod locate;
pub mod recording;
pub mod summary;
mod tail;
pub mod writer;
