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

#[path = ""]
mod rooms {
    // floor 0, pure, below the rest of it: JSON texts, their parser, places in them and edits of them
    pub mod json;

    // floor 0, pure: the words of the field
    pub mod model;
    pub mod sync;

    // floor 1, pure: comparison, knowledge, masking
    pub mod api;
    pub mod diff;
    pub mod redact;

    // floor 2, pure: judgement, queries, pictures
    pub mod diagnose;
    pub mod query;
    pub mod report;

    // floor 3: paper and wires
    pub mod baselines;
    pub mod interchange;
    pub mod net;
    pub mod store;

    // floor 4: the one way into a recording, and what is known when an exchange is judged
    pub mod journal;
    pub mod knowledge;

    // floor 5: the services
    pub mod proxy;
    pub mod replay;
    pub mod simulator;
    pub mod web;

    // floor 6: the front door
    pub mod cli;
    pub mod command;
    pub mod config;
    pub mod error;
}

#[cfg(not(feature = "testing"))]
use rooms::*;
#[cfg(feature = "testing")]
#[doc(hidden)]
pub use rooms::*;
pub use rooms::{cli, diagnose, diff, json, model, report};
