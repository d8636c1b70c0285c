//! The state that every route of the page reads.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock, mpsc};

use tokio::sync::watch;

use crate::journal::Journal;
use crate::redact::Redactor;
use crate::web::index::RecordingIndex;
use crate::web::tail::TailCommand;
use crate::web::tokens::AccessTokens;

/// How a client is pointed at the recorder.
#[derive(Clone, Debug)]
pub struct AttachLine {
    /// Where the recorder listens.
    pub url: String,
    /// Code to paste.
    pub line: String,
}

/// The state that every route reads.
pub(super) struct PageState {
    pub(super) tokens: AccessTokens,
    pub(super) port: u16,
    pub(super) indexes: Vec<Arc<RecordingIndex>>,
    pub(super) redactor: Redactor,
    pub(super) baselines: PathBuf,
    pub(super) journal: Option<Arc<Journal>>,
    /// How a client is pointed at the recorder, once it listens.
    pub(super) attach: Arc<OnceLock<AttachLine>>,
    /// Counts the changes of what is recorded.
    pub(super) changes: watch::Receiver<u64>,
    /// To the thread that tails the recordings.
    pub(super) tail: mpsc::Sender<TailCommand>,
}

impl PageState {
    /// Starts reading the recordings.
    pub(super) fn start_reading(&self) {
        // a thread that has ended does not need the command
        let _ = self.tail.send(TailCommand::Begin);
    }
}
