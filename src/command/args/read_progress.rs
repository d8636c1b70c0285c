//! The progress of a long read: a bar on stderr, only on a terminal.

use std::io::Read;
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;

use crate::command::args::recording_arg;
use crate::command::terminal::{self, progress};
use crate::config::Globals;
use crate::error::CommandError;
use crate::knowledge::refusals::RefusalJudge;
use crate::knowledge::selection::Selection;
use crate::model::exchange::Exchange;
use crate::query::Query;
use crate::report::safe;
use crate::store::recording::{self, ReadError, RecordedLine, Recording};

/// Lines that are not exchanges are reported one by one up to this number; further ones are only counted.
const REPORTED: u64 = 20;

/// A bar is shown from this size on.
const LONG: u64 = 16 << 20;

/// The bar of one read through files.
#[derive(Clone, Debug)]
pub(crate) struct ReadProgress(ProgressBar);

impl ReadProgress {
    /// Starts a read of all these files; what is not a file (`-`, a pipe) is not counted.
    pub(crate) fn over(files: &[PathBuf], globals: &Globals) -> Self {
        let bytes = files.iter().filter_map(|path| path.metadata().ok()).map(|data| data.len()).sum();
        let template = "{bar:32} {binary_bytes}/{binary_total_bytes}  {eta} left";
        Self(progress::bar(globals, bytes, LONG, template))
    }

    /// Opens a recording whose bytes count; `-` is stdin.
    ///
    /// # Errors
    /// The recording cannot be opened, or is a HAR.
    pub(crate) fn open(&self, path: &Path) -> Result<Recording, CommandError> {
        if path == Path::new("-") {
            return Recording::open(path).map_err(recording_arg::read_error);
        }
        recording_arg::refuse_har(path)?;
        let file = recording::open(path).map_err(recording_arg::read_error)?;
        Ok(Recording::from_source(path, Box::new(self.0.wrap_read(file))))
    }

    /// Counts the bytes of a source.
    pub(crate) fn counted<R: Read>(&self, source: R) -> impl Read + use<R> {
        self.0.wrap_read(source)
    }

    /// Hides the bar while something is printed.
    pub(crate) fn suspend<T>(&self, print: impl FnOnce() -> T) -> T {
        self.0.suspend(print)
    }

    /// Ends the read.
    pub(crate) fn done(&self) {
        self.0.finish_and_clear();
    }
}

/// Reads the exchanges of all these recordings, each with the name of its recording, and returns the number
/// of lines that are not exchanges; the first of them are reported.
///
/// # Errors
/// A recording cannot be opened or read, or is a HAR.
pub(crate) fn each_exchange(
    recordings: &[PathBuf],
    globals: &Globals,
    take: impl FnMut(&str, Exchange),
) -> Result<u64, CommandError> {
    each_selected(recordings, &Query::default(), globals, take)
}

/// As [`each_exchange`], for the exchanges that a query means.
///
/// # Errors
/// As there.
pub(crate) fn each_selected(
    recordings: &[PathBuf],
    query: &Query,
    globals: &Globals,
    mut take: impl FnMut(&str, Exchange),
) -> Result<u64, CommandError> {
    let redactor = recording_arg::redactor()?;
    let bar = ReadProgress::over(recordings, globals);
    let mut skipped = 0;
    for path in recordings {
        let name = path.display().to_string();
        let (selection, mut judge) = (Selection::new(query, &redactor), RefusalJudge::new(path));
        let mut recording = bar.open(path)?;
        let mut select = |line: &RecordedLine<'_>| {
            let named = |source| ReadError::Line { path: path.clone(), number: line.number, source };
            if query.is_empty() {
                return line.exchange().map(Some).map_err(named);
            }
            judge.pass(line);
            let meant = selection.selects(line, &line.summary().map_err(named)?, &mut judge)?;
            meant.then(|| line.exchange().map_err(named)).transpose()
        };
        while let Some(exchange) = recording.next_line().map(|line| line.and_then(|line| select(&line))) {
            let Some(exchange) = exchange.transpose() else { continue };
            match exchange {
                Ok(exchange) => take(&name, exchange),
                Err(error) if error.is_one_line() => {
                    skipped += 1;
                    if !globals.quiet && skipped <= REPORTED {
                        let error = safe::line(&error.to_string()).into_owned();
                        bar.suspend(|| terminal::warn(&format!("{error} (skipped)")));
                    }
                }
                Err(error) => return Err(recording_arg::read_error(error)),
            }
        }
    }
    bar.done();
    if skipped > REPORTED && !globals.quiet {
        terminal::warn(&format!("{} more lines are not exchanges (skipped)", skipped - REPORTED));
    }
    Ok(skipped)
}
