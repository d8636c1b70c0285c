//! What others did to a recording while it was being written: deleted, replaced or shortened it, or wrote
//! into it.

use std::fs::{File, Metadata};
use std::io;
use std::path::Path;

use crate::store::append::FileEnd;

/// What others did to a recording that is being written.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Disturbance {
    /// It is no longer at its path.
    #[error("was deleted or moved away")]
    Gone,
    /// Another file is at its path.
    #[error("was replaced by another file")]
    Replaced,
    /// It is shorter than what was written.
    #[error("was shortened")]
    Shortened,
    /// It is longer than what was written.
    #[error("was written into by another program")]
    Extended,
}

/// Compares the file at `path` with the one that is open and should have `length` bytes.
pub(super) fn find(file: &File, path: &Path, length: u64) -> io::Result<Option<Disturbance>> {
    let open = file.metadata()?;
    if !open.is_file() {
        return Ok(None);
    }
    Ok(match path.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Some(Disturbance::Gone),
        // a folder that cannot be looked into says nothing
        Err(_) => None,
        Ok(at_path) if !is_same(&open, &at_path) => Some(Disturbance::Replaced),
        Ok(_) if open.len() < length => Some(Disturbance::Shortened),
        Ok(_) if open.len() > length => Some(Disturbance::Extended),
        Ok(_) => None,
    })
}

/// Returns whether the next byte begins a line.
pub(super) fn end(file: &File) -> io::Result<FileEnd> {
    let length = file.metadata()?.len();
    let mut last = [b'\n'];
    if length > 0 {
        read_at(file, &mut last, length - 1)?;
    }
    Ok(if last == *b"\n" { FileEnd::Whole } else { FileEnd::Torn })
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
}

#[cfg(not(unix))]
fn read_at(mut file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    io::Seek::seek(&mut file, io::SeekFrom::Start(offset))?;
    io::Read::read_exact(&mut file, bytes)
}

#[cfg(unix)]
fn is_same(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(not(unix))]
fn is_same(_: &Metadata, _: &Metadata) -> bool {
    true
}
