//! Ctrl-C and SIGTERM: the ways a server is ended.

use crate::error::CommandError;

/// A request to end the program.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Signal {
    /// Ctrl-C: the terminal sent it to a running command as well.
    Interrupt,
    /// SIGTERM, sent to wraptap alone; or the terminal was closed, which may not have reached all its
    /// programs.
    Terminate,
}

/// Receives the signals from its creation on: create it before the server is announced as ready.
#[cfg(unix)]
pub(crate) struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    /// The terminal was closed.
    hangup: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Signals {
    pub(crate) fn listen() -> Result<Self, CommandError> {
        use tokio::signal::unix::{SignalKind, signal};
        // nohup(1) takes the terminal away and has this signal ignored, which listening to it would undo
        let terminal = std::io::IsTerminal::is_terminal(&std::io::stderr());
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: if terminal { Some(signal(SignalKind::hangup())?) } else { None },
        })
    }

    /// Returns the next signal.
    pub(crate) async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.terminate.recv() => Signal::Terminate,
            () = hung_up(&mut self.hangup) => Signal::Terminate,
        }
    }
}

#[cfg(unix)]
async fn hung_up(signal: &mut Option<tokio::signal::unix::Signal>) {
    match signal {
        Some(signal) => drop(signal.recv().await),
        None => std::future::pending().await,
    }
}

/// Receives the signals from its creation on: create it before the server is announced as ready.
#[cfg(not(unix))]
pub(crate) struct Signals {
    interrupt: tokio::signal::windows::CtrlC,
    close: tokio::signal::windows::CtrlClose,
}

#[cfg(not(unix))]
impl Signals {
    pub(crate) fn listen() -> Result<Self, CommandError> {
        Ok(Self {
            interrupt: tokio::signal::windows::ctrl_c()?,
            close: tokio::signal::windows::ctrl_close()?,
        })
    }

    /// Returns the next signal.
    pub(crate) async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.close.recv() => Signal::Terminate,
        }
    }
}
