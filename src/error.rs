//! Errors at the edge: what went wrong, why, and what to do now. The only place that knows exit statuses.

use std::process::ExitCode;

use crate::command::lock;
use crate::command::terminal::output;
use crate::report::commands::HintContext;
use crate::report::safe;

/// An error on its way to the user.
#[derive(Debug)]
pub(crate) struct CommandError {
    exit: ExitKind,
    source: anyhow::Error,
    hints: Vec<String>,
}

/// Who can fix an error; decides the exit status.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum ExitKind {
    /// Usage or input: 2.
    Input,
    /// Network or disk: 3.
    Machine,
    /// The reader of our output went away: status 0, without a message.
    ClosedOutput,
}

impl CommandError {
    /// Returns an error about what the user gave: exit status 2.
    pub(crate) fn input(source: impl Into<anyhow::Error>) -> Self {
        Self { exit: ExitKind::Input, source: source.into(), hints: Vec::new() }
    }

    /// Returns an error about network or disk: exit status 3.
    pub(crate) fn machine(source: impl Into<anyhow::Error>) -> Self {
        Self { exit: ExitKind::Machine, source: source.into(), hints: Vec::new() }
    }

    /// Adds what to do now; shown in the order given.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Prints what, causes and hints to stderr and returns the exit status. Commands in hints are completed.
    pub(crate) fn report(&self, hints: &HintContext) -> ExitCode {
        if self.exit == ExitKind::ClosedOutput {
            return ExitCode::SUCCESS;
        }
        // A message may quote what was typed, pasted or read.
        let shown = |text: &str| lock::masked(&safe::block(text));
        let red = anstyle::AnsiColor::Red.on_default().bold();
        let mut text = format!("{red}error{red:#}: {}\n", shown(&self.source.to_string()));
        for cause in self.source.chain().skip(1) {
            text.push_str(&format!("  caused by: {}\n", shown(&cause.to_string())));
        }
        for hint in &self.hints {
            text.push_str(&format!("  hint: {}\n", shown(&hints.complete(hint))));
        }
        let _ = std::io::Write::write_all(&mut output::stderr(), text.as_bytes());
        ExitCode::from(match self.exit {
            ExitKind::Input => 2,
            ExitKind::Machine => 3,
            ExitKind::ClosedOutput => 0,
        })
    }
}

/// Output that cannot be written: quiet if the reader went away, else the disk's fault.
impl From<std::io::Error> for CommandError {
    fn from(error: std::io::Error) -> Self {
        let closed = error.kind() == std::io::ErrorKind::BrokenPipe;
        Self {
            exit: if closed { ExitKind::ClosedOutput } else { ExitKind::Machine },
            source: error.into(),
            hints: Vec::new(),
        }
    }
}
