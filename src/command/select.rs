//! From what a user typed to exchanges: which recording, which of its exchanges, and what to try if there is none.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use crate::command::demo;
use crate::config::Globals;
use crate::error::CommandError;
use crate::journal;
use crate::model::reference::Reference;
use crate::redact::{Masked, Redactor, Rules};
use crate::store::find::{self, FindError};
use crate::store::locate;
use crate::store::reader::ReadError;

/// Exchanges with the recording they stand in.
#[derive(Debug)]
pub(crate) struct Selected {
    /// The recording.
    #[allow(dead_code, reason = "goes with the first command that names it")]
    pub(crate) path: PathBuf,
    /// At least one, in the order of the ids. Masked again, because a foreign recording may hold secrets.
    pub(crate) exchanges: Vec<Masked>,
}

/// Returns the recording that is meant: `--recording`, `WRAPTAP_RECORDING`, else the newest in `./recordings`.
pub(crate) fn recording(globals: &Globals) -> Result<PathBuf, CommandError> {
    if let Some(path) = &globals.recording {
        return Ok(path.clone());
    }
    locate::newest(Path::new(locate::FOLDER)).map_err(|error| {
        let error = CommandError::input(error);
        match locate::newest(Path::new(demo::FOLDER)) {
            Ok(path) => error
                .hint(format!("name the demo's with `--recording {}`", shell_word(&path)))
                .hint("make one with `wraptap record --region mypurecloud.de`"),
            Err(_) => error
                .hint("make one with `wraptap record --region mypurecloud.de`, or `wraptap demo`")
                .hint("name one with `--recording FILE`"),
        }
    })
}

/// Returns the exchanges that a REF names.
pub(crate) fn exchanges(reference: &str, globals: &Globals) -> Result<Selected, CommandError> {
    let reference = Reference::parse(reference)
        .map_err(|error| CommandError::input(error).hint("list what there is with `wraptap list`"))?;
    let path = match &reference.file {
        Some(file) => PathBuf::from(file),
        None => recording(globals)?,
    };
    no_har(&path)?;
    match find::find(&path, reference.which) {
        Ok(exchanges) => {
            let redactor = redactor()?;
            let exchanges = exchanges.into_iter().map(|exchange| redactor.mask(exchange)).collect();
            Ok(Selected { path, exchanges })
        }
        Err(FindError::Read(error)) => Err(unreadable(error)),
        Err(error @ FindError::None { .. }) => Err(CommandError::input(error)
            .hint(format!("list what there is with `wraptap list {}`", shell_word(&path)))),
    }
}

/// Returns a redactor for what is read from a recording: what is masked already stays as it is.
pub(crate) fn redactor() -> Result<Redactor, CommandError> {
    journal::redactor(Rules::default()).map_err(CommandError::machine)
}

/// Refuses a HAR that is given as a recording: every one of its lines would be told of.
pub(crate) fn no_har(path: &Path) -> Result<(), CommandError> {
    let mut start = Vec::new();
    let read =
        path.is_file() && File::open(path).is_ok_and(|file| file.take(1024).read_to_end(&mut start).is_ok());
    let start = String::from_utf8_lossy(&start);
    let inner = start.trim_start_matches('\u{feff}').trim_start().strip_prefix('{');
    if !read || !inner.is_some_and(|inner| inner.trim_start().starts_with("\"log\"")) {
        return Ok(());
    }
    Err(CommandError::input(anyhow::anyhow!("{} is a HAR, not a recording", path.display()))
        .hint(format!("make a recording of it: `wraptap import {}`", shell_word(path))))
}

/// Returns the error of a recording that cannot be opened (2) or read (3).
pub(crate) fn unreadable(error: ReadError) -> CommandError {
    match error {
        ReadError::Open { .. } => CommandError::input(error)
            .hint("recordings are the `.ndjson` files that `wraptap record` makes in ./recordings"),
        ReadError::Read { .. } | ReadError::Line { .. } => CommandError::machine(error),
    }
}

/// Returns a path as it can be typed into a shell.
pub(crate) fn shell_word(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/._-+:=@%,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

/// Says on stderr what was passed over.
pub(crate) fn warn(text: &str) {
    let yellow = anstyle::AnsiColor::Yellow.on_default().bold();
    let _ = writeln!(anstream::stderr(), "{yellow}warning{yellow:#}: {text}");
}
