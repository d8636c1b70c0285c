//! Which recording a command reads, and the errors of one that cannot be read.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::command::{demo, terminal};
use crate::config::Globals;
use crate::error::CommandError;
use crate::journal;
use crate::redact::{Redactor, Rules};
use crate::store::locate;
use crate::store::recording::ReadError;

/// Returns the recording to read: `--recording`, `WRAPTAP_RECORDING`, else the newest in `./recordings`.
pub(crate) fn resolve(globals: &Globals) -> Result<PathBuf, CommandError> {
    if let Some(path) = &globals.recording {
        return Ok(path.clone());
    }
    locate::newest(Path::new(locate::FOLDER)).map_err(|error| {
        let error = CommandError::input(error);
        match locate::newest(Path::new(demo::FOLDER)) {
            Ok(path) => error
                .hint(format!("use that of the demo with `--recording {}`", terminal::shell_word(&path)))
                .hint("create one with `wraptap record --region mypurecloud.de`"),
            Err(_) => error
                .hint("create one with `wraptap record --region mypurecloud.de`, or `wraptap demo`")
                .hint("name one with `--recording FILE`"),
        }
    })
}

/// Returns the recordings named as arguments, else the one of [`resolve`].
pub(crate) fn resolve_all(named: &[PathBuf], globals: &Globals) -> Result<Vec<PathBuf>, CommandError> {
    if named.is_empty() { Ok(vec![resolve(globals)?]) } else { Ok(named.to_vec()) }
}

/// Returns a redactor for what is read from a recording: what is masked already stays as it is.
pub(crate) fn redactor() -> Result<Redactor, CommandError> {
    journal::redactor(Rules::default()).map_err(CommandError::machine)
}

/// Refuses a HAR that is given as a recording: otherwise each of its lines would be reported.
pub(crate) fn refuse_har(path: &Path) -> Result<(), CommandError> {
    let mut start = Vec::new();
    let read =
        path.is_file() && File::open(path).is_ok_and(|file| file.take(1024).read_to_end(&mut start).is_ok());
    let start = String::from_utf8_lossy(&start);
    let inner = start.trim_start_matches('\u{feff}').trim_start().strip_prefix('{');
    if !read || !inner.is_some_and(|inner| inner.trim_start().starts_with("\"log\"")) {
        return Ok(());
    }
    Err(CommandError::input(anyhow::anyhow!("{} is a HAR, not a recording", path.display()))
        .hint(format!("import it: `wraptap import {}`", terminal::shell_word(path))))
}

/// Returns the error of a recording that cannot be opened (2) or read (3).
pub(crate) fn read_error(error: ReadError) -> CommandError {
    match error {
        ReadError::Open { .. } => CommandError::input(error)
            .hint("recordings are the `.ndjson` files that `wraptap record` writes to ./recordings"),
        _ => CommandError::machine(error),
    }
}
