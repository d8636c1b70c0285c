//! Reads exchanges by the place of their lines, found before.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::model::exchange::Exchange;
use crate::store::line;
use crate::store::recording::lines::RecordedSpan;
use crate::store::recording::reader::Recording;
use crate::store::recording::source::{ReadError, open};

/// A recording whose lines were found before: exchanges are read by their place.
#[derive(Debug)]
pub struct RecordingFile {
    path: PathBuf,
    file: File,
}

impl RecordingFile {
    /// Opens a recording; stdin (`-`) is copied into a file that goes with the process.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        let file = if path == Path::new("-") { spool_stdin(path)? } else { open(path)? };
        Ok(Self { path: path.to_owned(), file })
    }

    /// Returns the recording from its first line on. No line may be read by its place until this is over.
    ///
    /// # Errors
    /// There are no descriptors left.
    pub fn recording(&self) -> Result<Recording, ReadError> {
        let file = self.file.try_clone();
        let file = file.map_err(|source| ReadError::Open { path: self.path.clone(), source })?;
        Ok(Recording::from_source(&self.path, Box::new(file)))
    }

    /// Returns the recording from the line that begins at this byte on; its lines count from there. No line
    /// may be read by its place until this is over.
    ///
    /// # Errors
    /// There are no descriptors left, or the file cannot be read.
    pub fn recording_from(&self, at: u64) -> Result<Recording, ReadError> {
        let mut file = &self.file;
        let failed = |source| ReadError::Read { path: self.path.clone(), source };
        file.seek(SeekFrom::Start(at)).map_err(failed)?;
        self.recording()
    }

    /// Returns the exchange whose line is there.
    ///
    /// # Errors
    /// The file cannot be read, or something else is there by now.
    pub fn read(&self, span: RecordedSpan) -> Result<Exchange, ReadError> {
        let mut bytes = vec![0; span.length];
        let mut file = &self.file;
        file.seek(SeekFrom::Start(span.at))
            .and_then(|_| file.read_exact(&mut bytes))
            .map_err(|source| ReadError::Read { path: self.path.clone(), source })?;
        line::decode(&bytes).map_err(|source| ReadError::Changed { path: self.path.clone(), source })
    }
}

fn spool_stdin(path: &Path) -> Result<File, ReadError> {
    let spool = || {
        let mut file = tempfile::tempfile()?;
        io::copy(&mut io::stdin().lock(), &mut file)?;
        file.seek(SeekFrom::Start(0))?;
        Ok(file)
    };
    spool().map_err(|source| ReadError::Open { path: path.to_owned(), source })
}
