//! Floor 6: one file per command: its arguments, and a `run` that calls the floors below.
#![allow(
    clippy::disallowed_methods,
    reason = "commands are the edge: files, clock and environment enter here"
)]

mod attach;
pub(crate) mod baseline;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod demo;
pub(crate) mod diff;
pub(crate) mod export;
pub(crate) mod import;
mod inputs;
pub(crate) mod isolate;
mod known_good;
pub(crate) mod list;
pub(crate) mod matrix;
pub(crate) mod mock;
pub(crate) mod operation;
mod outbound;
mod progress;
pub(crate) mod record;
mod recorder;
pub(crate) mod redact;
pub(crate) mod replay;
pub(crate) mod report;
pub(crate) mod rules;
pub(crate) mod select;
mod sending;
pub(crate) mod setup;
pub(crate) mod show;
mod signals;
pub(crate) mod simulate;
mod subject;
mod terminal;
pub(crate) mod ui;

use std::process::ExitCode;

/// How a command that did its work ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Outcome {
    /// Nothing wrong: 0.
    Fine,
    /// There are findings, or the answer was not the wanted one: 1.
    Findings,
    /// The status of the command that was run.
    Status(u8),
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Fine => Self::SUCCESS,
            Outcome::Findings => Self::from(1),
            Outcome::Status(status) => Self::from(status),
        }
    }
}
