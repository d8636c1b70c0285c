//! Where a command records to, and the journal it records with.

use std::path::{Path, PathBuf};

use crate::command::now;
use crate::config::Globals;
use crate::error::CommandError;
use crate::journal::{Journal, JournalError, JournalOptions};
use crate::redact::Rules;
use crate::store::locate;
use crate::store::writer::WriterError;

/// Returns the recording to write: the one given, `--recording`, else a new one in `./recordings` named by
/// the time.
pub(crate) fn path(given: Option<&PathBuf>, globals: &Globals) -> PathBuf {
    given
        .or(globals.recording.as_ref())
        .cloned()
        .unwrap_or_else(|| locate::fresh(Path::new(locate::FOLDER), now()))
}

/// A recording whose name the command itself chose; it is removed at the end if it is empty.
///
/// Without a name commands read the newest recording, and an empty one would hide those before it.
#[derive(Debug)]
pub(crate) struct UnnamedRecording(Option<PathBuf>);

impl UnnamedRecording {
    /// Returns a guard for what [`path`] chose; a recording that the user named is never removed.
    pub(crate) fn new(path: &Path, given: Option<&PathBuf>, globals: &Globals) -> Self {
        Self((given.is_none() && globals.recording.is_none()).then(|| path.to_owned()))
    }

    /// Returns whether it will be removed.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.as_ref().is_some_and(|path| path.metadata().is_ok_and(|data| data.len() == 0))
    }
}

impl Drop for UnnamedRecording {
    fn drop(&mut self) {
        if let (true, Some(path)) = (self.is_empty(), &self.0) {
            // an empty file that remains does no harm
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Opens the journal; `again` is how the command is written with another recording, such as `wraptap record
/// -w`.
pub(crate) fn open_journal(path: &Path, rules: Rules, again: &str) -> Result<Journal, CommandError> {
    Journal::open(path, JournalOptions { rules, ..JournalOptions::default() }).map_err(|error| match &error {
        JournalError::Writer(WriterError::Busy { .. }) => {
            CommandError::input(error).hint(format!("record into another file: `{again} other.ndjson …`"))
        }
        JournalError::Writer(WriterError::Link { .. }) => {
            CommandError::input(error).hint(format!("name the file itself: `{again} FILE …`"))
        }
        _ => CommandError::machine(error).hint(format!(
            "check that the folder of {} is writable, or use another file: `{again} FILE …`",
            path.display()
        )),
    })
}
