//! The published SDKs and the plain HTTP clients, run against wraptap: none of them is a mock.
//!
//! Not part of a bare `cargo test`: it needs `tests/clients/install`, which `tests/run` runs first, and fails without.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests may fail loudly and touch files")]
#![allow(clippy::expect_used, clippy::panic, reason = "what a test cannot go on without, it says")]

mod attach;
#[cfg(target_os = "linux")]
mod clock;
#[cfg(unix)]
mod docs;
mod mitmproxy;
mod mock;
#[cfg(target_os = "linux")]
mod page;
mod program;
mod retries;
mod sdk_quirks;
mod stage;
mod tap;
mod unchanged;
mod wrapup;
