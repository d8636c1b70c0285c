//! Floor 6: one file per command: its arguments, and a `run` that calls the floors below.
#![allow(
    clippy::disallowed_methods,
    reason = "commands are the edge: files, clock and environment enter here"
)]

mod args;
mod attach;
pub(crate) mod baseline;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod demo;
pub(crate) mod diff;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod isolate;
pub(crate) mod list;
pub(crate) mod lock;
pub(crate) mod matrix;
pub(crate) mod mock;
pub(crate) mod operation;
pub(crate) mod record;
pub(crate) mod redact;
pub(crate) mod replay;
pub(crate) mod report;
pub(crate) mod rules;
pub(crate) mod setup;
pub(crate) mod show;
pub(crate) mod simulate;
pub(crate) mod terminal;
pub(crate) mod ui;

use std::process::ExitCode;

use crate::config::Globals;
use crate::model::timestamp::Timestamp;
use crate::report::commands::HintContext;

/// How a command that did its work ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum CommandOutcome {
    /// Nothing wrong: 0.
    Fine,
    /// There are findings, or the answer was not the wanted one: 1.
    Findings,
    /// The status of the command that was run.
    Status(u8),
}

impl From<CommandOutcome> for ExitCode {
    fn from(outcome: CommandOutcome) -> Self {
        match outcome {
            CommandOutcome::Fine => Self::SUCCESS,
            CommandOutcome::Findings => Self::from(1),
            CommandOutcome::Status(status) => Self::from(status),
        }
    }
}

/// Returns what commands in hints need, for the recording that the user named.
pub(crate) fn hints(globals: &Globals) -> HintContext {
    terminal::hints(globals.recording.as_deref())
}

/// Returns the time of day.
pub(crate) fn now() -> Timestamp {
    Timestamp(jiff::Timestamp::now().as_microsecond())
}
