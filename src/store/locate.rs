//! Where recordings are: the one that is meant when none is named, and the name of a new one.

use std::io;
use std::path::{Path, PathBuf};

use crate::model::timestamp::Timestamp;

/// The folder for recordings, below the working directory.
pub const FOLDER: &str = "recordings";

/// Why no recording can be chosen.
#[derive(Debug, thiserror::Error)]
pub enum LocateError {
    /// There is no recording in the folder.
    #[error("there is no recording in ./{folder}")]
    None {
        /// The folder.
        folder: PathBuf,
    },
    /// The folder cannot be listed.
    #[error("cannot list {folder}")]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Returns the recording of `folder` that was written to last.
///
/// # Errors
/// The folder holds no recording or cannot be listed.
pub fn newest(folder: &Path) -> Result<PathBuf, LocateError> {
    let failed = |source| LocateError::Folder { folder: folder.to_owned(), source };
    let none = || LocateError::None { folder: folder.to_owned() };
    let mut newest = None;
    let listing = match folder.read_dir() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(none()),
        listing => listing.map_err(failed)?,
    };
    for item in listing {
        let path = item.map_err(failed)?.path();
        if path.extension().is_some_and(|extension| extension == "ndjson")
            && let Ok(data) = path.metadata()
            && data.is_file()
            && let Ok(written) = data.modified()
        {
            // The name is a time: it decides between files written to at the same moment.
            newest = newest.max(Some((written, path)));
        }
    }
    newest.map(|(_, path)| path).ok_or_else(none)
}

/// Returns the path of a recording that begins now: `recordings/20261120T083015Z.ndjson`, or the next free
/// name.
pub fn fresh(folder: &Path, now: Timestamp) -> PathBuf {
    let text = now.to_string();
    let stamp: String =
        text.split('.').next().unwrap_or(&text).chars().filter(|c| !matches!(c, '-' | ':')).collect();
    let first = folder.join(format!("{stamp}Z.ndjson"));
    if !first.exists() {
        return first;
    }
    (2..)
        .map(|number| folder.join(format!("{stamp}Z-{number}.ndjson")))
        .find(|path| !path.exists())
        .unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recording_written_to_last_is_the_newest() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(newest(folder.path()), Err(LocateError::None { .. })));
        assert!(matches!(newest(&folder.path().join("none")), Err(LocateError::None { .. })));
        let old = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1);
        for (name, written) in [("b.ndjson", Some(old)), ("a.ndjson", None), ("c.txt", None)] {
            let file = std::fs::File::create(folder.path().join(name)).unwrap();
            if let Some(written) = written {
                file.set_modified(written).unwrap();
            }
        }
        assert_eq!(newest(folder.path()).unwrap(), folder.path().join("a.ndjson"));
    }

    #[test]
    fn a_new_recording_is_named_by_its_time_and_never_takes_a_name_in_use() {
        let folder = tempfile::tempdir().unwrap();
        let now = Timestamp::parse("2026-11-20T08:30:15.5Z").unwrap();
        let first = fresh(folder.path(), now);
        assert!(first.ends_with("20261120T083015Z.ndjson"));
        std::fs::write(&first, "").unwrap();
        assert!(fresh(folder.path(), now).ends_with("20261120T083015Z-2.ndjson"));
    }
}
