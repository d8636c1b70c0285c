//! Reads recordings as streams: one exchange at a time, bad lines named and passed over.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::model::exchange::Exchange;
use crate::store::line::{self, LineError};
use crate::store::lines::LineReader;
use crate::store::summary::Summary;

/// Why something of a recording cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file is missing or may not be read.
    #[error("cannot open the recording {path}")]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The disk failed in the middle.
    #[error("cannot read on in the recording {path}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// One line is not an exchange; the rest can be read.
    #[error("{path}:{number}: {source}")]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        number: u64,
        /// What it is instead.
        source: LineError,
    },
}

impl ReadError {
    /// Returns whether reading can go on behind it.
    pub fn is_one_line(&self) -> bool {
        matches!(self, Self::Line { .. })
    }
}

/// A recording being read from its first line to its last, in flat memory.
///
/// As an iterator it yields whole exchanges. After an error about one line it goes on with the next.
pub struct Reader {
    path: PathBuf,
    lines: LineReader<Box<dyn Read>>,
    over: bool,
}

impl Reader {
    /// Opens a recording; `-` is stdin.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        if path == Path::new("-") {
            return Ok(Self::over(path, Box::new(io::stdin())));
        }
        let file = open(path)?;
        Ok(Self::over(path, Box::new(file)))
    }

    /// Reads from any source; `path` is what messages call it.
    pub fn over(path: &Path, source: Box<dyn Read>) -> Self {
        Self { path: path.to_owned(), lines: LineReader::new(source), over: false }
    }

    /// Returns the next exchange's summary, without reading the rest of it; `None` at the end.
    ///
    /// # Errors
    /// As for the iterator.
    pub fn next_summary(&mut self) -> Option<Result<Summary<'_>, ReadError>> {
        if let Err(error) = self.advance()? {
            return Some(Err(error));
        }
        let line = self.lines.current();
        Some(Summary::parse(line.bytes).map_err(|source| self.bad(line.number, source)))
    }

    /// As `next_summary` for a file that is still being written: a last line without its newline is not there yet.
    ///
    /// # Errors
    /// As for the iterator.
    pub fn next_ended_summary(&mut self) -> Option<Result<Summary<'_>, ReadError>> {
        match self.advance()? {
            Ok(()) if !self.lines.current().ended => {
                self.lines.give_back();
                None
            }
            Ok(()) => {
                let line = self.lines.current();
                Some(Summary::parse(line.bytes).map_err(|source| self.bad(line.number, source)))
            }
            Err(error) => Some(Err(error)),
        }
    }

    fn advance(&mut self) -> Option<Result<(), ReadError>> {
        if self.over {
            return None;
        }
        match self.lines.advance() {
            Ok(true) => Some(Ok(())),
            Ok(false) => None,
            Err(source) => {
                self.over = true;
                Some(Err(ReadError::Read { path: self.path.clone(), source }))
            }
        }
    }

    fn bad(&self, number: u64, source: LineError) -> ReadError {
        ReadError::Line { path: self.path.clone(), number, source }
    }
}

impl Iterator for Reader {
    type Item = Result<Exchange, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Err(error) = self.advance()? {
            return Some(Err(error));
        }
        let line = self.lines.current();
        Some(line::decode(line.bytes).map_err(|source| self.bad(line.number, source)))
    }
}

/// A recording whose lines were counted before: exchanges are read by their place.
#[derive(Debug)]
pub struct Places {
    path: PathBuf,
    file: File,
}

impl Places {
    /// Opens a recording.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        Ok(Self { path: path.to_owned(), file: open(path)? })
    }

    /// Returns the exchange whose line stands at `at` (bytes from the beginning) and has `length` bytes.
    ///
    /// # Errors
    /// The file cannot be read, or another line stands there by now.
    pub fn at(&mut self, at: u64, length: usize) -> Result<Exchange, ReadError> {
        let mut bytes = vec![0; length];
        self.file
            .seek(SeekFrom::Start(at))
            .and_then(|_| self.file.read_exact(&mut bytes))
            .map_err(|source| ReadError::Read { path: self.path.clone(), source })?;
        line::decode(&bytes).map_err(|source| ReadError::Line { path: self.path.clone(), number: 0, source })
    }
}

/// Opens a recording for reading.
pub(crate) fn open(path: &Path) -> Result<File, ReadError> {
    let opened = File::open(path).and_then(|file| {
        if file.metadata()?.is_dir() { Err(io::ErrorKind::IsADirectory.into()) } else { Ok(file) }
    });
    opened.map_err(|source| ReadError::Open { path: path.to_owned(), source })
}
