//! wraptap: a diagnostic HTTP proxy and request recorder. It records what an SDK really sent, compares it
//! with a known-good payload, says why the request was refused, and writes the ticket.
//!
//! The table of contents is the house, lowest floor first. A module uses only floors below its own, and rooms
//! on one floor do not know each other; `tests/cli/house/` checks it.
//!
//! For other programs the pure rooms are public: `json`, `model`, `diff`, `diagnose`, `report`. The rest is
//! the program's own; the feature `testing` opens it to the tests and benches of this crate.
//!
//! Two bodies and what makes them differ:
//!
//! ```
//! let good = br#"{"code":"vip","durationSeconds":60}"#;
//! let sent = br#"{"code":"vip","durationSeconds":null}"#;
//! let comparison = wraptap::diff::bodies(good, sent, &wraptap::diff::Options::default());
//! let finding = &comparison.findings[0];
//! assert_eq!(finding.class.name(), "null_field");
//! assert_eq!(finding.candidate_path.as_ref().map(|place| place.as_str()), Some("/durationSeconds"));
//! ```

// without `testing` most rooms are private, so that `pub` in them reaches no further than the crate
#![cfg_attr(not(feature = "testing"), allow(unreachable_pub, reason = "judged with the feature testing"))]

// floor 0, pure, below the rest of it: JSON texts, their parser, places in them and edits of them
pub mod json;

// floor 0, pure: the words of the field
pub mod model;
mod sync;

// floor 1, pure: comparison, knowledge, masking
#[cfg(feature = "testing")]
#[doc(hidden)]
pub mod api;
#[cfg(not(feature = "testing"))]
mod api;
pub mod diff;
#[cfg(feature = "testing")]
#[doc(hidden)]
pub mod redact;
#[cfg(not(feature = "testing"))]
mod redact;

// floor 2, pure: judgement, pictures
pub mod diagnose;
pub mod report;

// floor 3: paper and wires
#[cfg(feature = "testing")]
#[doc(hidden)]
pub mod baselines;
#[cfg(not(feature = "testing"))]
mod baselines;
#[cfg(feature = "testing")]
#[doc(hidden)]
pub mod interchange;
#[cfg(not(feature = "testing"))]
mod interchange;
#[cfg(feature = "testing")]
#[doc(hidden)]
pub mod net;
#[cfg(not(feature = "testing"))]
mod net;
#[cfg(feature = "testing")]
#[doc(hidden)]
pub mod store;
#[cfg(not(feature = "testing"))]
mod store;

// floor 4: the one way into a recording, and what is known when an exchange is judged
#[cfg(feature = "testing")]
#[doc(hidden)]
pub mod journal;
#[cfg(not(feature = "testing"))]
mod journal;
#[cfg(feature = "testing")]
#[doc(hidden)]
pub mod knowledge;
#[cfg(not(feature = "testing"))]
mod knowledge;

// floor 5: the services
#[cfg(feature = "testing")]
#[doc(hidden)]
pub mod proxy;
#[cfg(not(feature = "testing"))]
mod proxy;
#[cfg(feature = "testing")]
#[doc(hidden)]
pub mod replay;
#[cfg(not(feature = "testing"))]
mod replay;
#[cfg(feature = "testing")]
#[doc(hidden)]
pub mod simulator;
#[cfg(not(feature = "testing"))]
mod simulator;
#[cfg(feature = "testing")]
#[doc(hidden)]
pub mod web;
#[cfg(not(feature = "testing"))]
mod web;

// floor 6: the front door
pub mod cli;
mod command;
mod config;
mod error;
