//! The command of `record -- COMMAND`: given the variables that attach it.

use std::ffi::OsString;
use std::future::pending;
use std::process::ExitStatus;

use tokio::process::Command;

use crate::command::terminal::signals::Signal;
use crate::error::CommandError;

/// A command that is running.
pub(super) struct ChildProcess(tokio::process::Child);

impl ChildProcess {
    /// Starts the command, if there is one.
    pub(super) fn start(
        words: &[String],
        url: &str,
        variables: &[(&'static str, OsString)],
    ) -> Result<Option<Self>, CommandError> {
        let Some((program, arguments)) = words.split_first() else { return Ok(None) };
        let mut command = Command::new(program.replace("{url}", url));
        command.args(arguments.iter().map(|argument| argument.replace("{url}", url)));
        command.env("WRAPTAP_URL", url).envs(variables.iter().map(|(name, value)| (name, value)));
        command.kill_on_drop(true);
        let child = command.spawn().map_err(|error| {
            let missing = error.kind() == std::io::ErrorKind::NotFound;
            let error =
                CommandError::input(anyhow::Error::new(error).context(format!("cannot start `{program}`")));
            if missing {
                error.hint("shell syntax needs a shell: `wraptap record … -- sh -c '…'`")
            } else {
                error
            }
        })?;
        Ok(Some(Self(child)))
    }

    /// Passes on a signal that only wraptap received.
    pub(super) fn pass_on(&mut self, signal: Signal) {
        if signal == Signal::Terminate
            && let Some(id) = self.0.id()
        {
            #[cfg(unix)]
            {
                // it may have ended meanwhile
                let _ = std::process::Command::new("kill").args(["-TERM", &id.to_string()]).status();
            }
            #[cfg(not(unix))]
            {
                let _ = (id, self.0.start_kill());
            }
        }
    }
}

/// Kills the command, and waits until it has ended.
pub(super) async fn kill(child: &mut Option<ChildProcess>) {
    if let Some(child) = child {
        // it may have ended meanwhile
        let _ = child.0.kill().await;
    }
}

/// Waits until the command has ended; forever if there is none.
pub(super) async fn ended(child: &mut Option<ChildProcess>) -> Result<ExitStatus, CommandError> {
    match child {
        Some(child) => Ok(child.0.wait().await?),
        None => pending().await,
    }
}

/// Returns the status that a shell would give: 128+n for signal n.
pub(super) fn status(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;
        if let Some(signal) = status.signal() {
            return u8::try_from(128 + signal).unwrap_or(u8::MAX);
        }
    }
    status.code().map_or(1, |code| u8::try_from(code & 0xff).unwrap_or(1))
}
