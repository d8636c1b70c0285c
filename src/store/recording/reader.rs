//! A recording from its first line to its last.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::model::exchange::Exchange;
use crate::store::line::LineError;
use crate::store::recording::lines::{LineReader, RecordedLine};
use crate::store::recording::source::{ReadError, open};

/// A recording being read from its first line to its last, in flat memory.
///
/// As an iterator it yields whole exchanges. After an error about one line it goes on with the next.
pub struct Recording {
    path: PathBuf,
    lines: LineReader<Box<dyn Read>>,
    over: bool,
}

impl Recording {
    /// Opens a recording; `-` is stdin.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        if path == Path::new("-") {
            return Ok(Self::from_source(path, Box::new(io::stdin())));
        }
        Ok(Self::from_source(path, Box::new(open(path)?)))
    }

    /// Reads from any source; `path` is what messages call it.
    pub fn from_source(path: &Path, source: Box<dyn Read>) -> Self {
        Self { path: path.to_owned(), lines: LineReader::new(source), over: false }
    }

    /// Returns the next line, whatever it is; `None` at the end.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn next_line(&mut self) -> Option<Result<RecordedLine<'_>, ReadError>> {
        if self.over {
            return None;
        }
        match self.lines.advance() {
            Ok(true) => Some(Ok(self.lines.current())),
            Ok(false) => None,
            Err(source) => {
                self.over = true;
                Some(Err(ReadError::Read { path: self.path.clone(), source }))
            }
        }
    }

    fn name_line(&self, number: u64, source: LineError) -> ReadError {
        ReadError::Line { path: self.path.clone(), number, source }
    }
}

impl Iterator for Recording {
    type Item = Result<Exchange, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Err(error) = self.next_line()? {
            return Some(Err(error));
        }
        let line = self.lines.current();
        Some(line.exchange().map_err(|source| self.name_line(line.number, source)))
    }
}
