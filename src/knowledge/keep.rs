//! Keeps a baseline beside the recordings.

use std::path::{Path, PathBuf};

use crate::baselines::folder::{self, Existing, FolderError};
use crate::model::baseline::Baseline;
use crate::store;

/// Writes a baseline under its name and returns the path. Folders that are missing are made for the user
/// alone, and so that git leaves recordings out.
///
/// # Errors
/// The name is no file name, is taken and shall be kept, or the disk refuses.
pub fn keep(folder: &Path, baseline: &Baseline, existing: Existing) -> Result<PathBuf, FolderError> {
    let parent = folder.parent().unwrap_or(Path::new(""));
    store::folder::make(parent)
        .and_then(|()| store::folder::make_plain(folder))
        .map_err(|source| FolderError::Write { path: folder.to_owned(), source })?;
    folder::write(folder, baseline, existing)
}
