//! The file of a recording is opened here, and the errors of reading it.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use crate::store::line::LineError;

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
    /// The file was changed by another program since its lines were found.
    #[error("{path} was changed while it was read: {source}")]
    Changed {
        /// The file.
        path: PathBuf,
        /// What is there by now.
        source: LineError,
    },
}

impl ReadError {
    /// Returns whether other lines can be read.
    pub fn is_one_line(&self) -> bool {
        matches!(self, Self::Line { .. } | Self::Changed { .. })
    }
}

/// Opens a recording for reading.
pub(crate) fn open(path: &Path) -> Result<File, ReadError> {
    let opened = File::open(path).and_then(|file| {
        if file.metadata()?.is_dir() { Err(io::ErrorKind::IsADirectory.into()) } else { Ok(file) }
    });
    opened.map_err(|source| ReadError::Open { path: path.to_owned(), source })
}
