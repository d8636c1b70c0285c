//! The files that a curl command names, read by the caller.

use std::io;

/// Reads the files that a curl command names.
pub trait CurlFiles {
    /// Returns the bytes of the file with this name, as the command writes it.
    ///
    /// # Errors
    /// The file is missing, unreadable, too large, or the caller wants no files read.
    fn read(&self, name: &str) -> io::Result<Vec<u8>>;
}

/// Refuses every file: for texts whose sender must not choose what is read.
#[cfg(test)]
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoFiles;

#[cfg(test)]
impl CurlFiles for NoFiles {
    fn read(&self, _name: &str) -> io::Result<Vec<u8>> {
        Err(io::Error::new(io::ErrorKind::PermissionDenied, "files named by a command are not read here"))
    }
}
