//! The folder of recordings: for the user alone, and its recordings not for git, whichever command makes it.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use crate::store::locate::FOLDER;

/// What git leaves out. Baselines are for git.
const IGNORED: &[u8] = b"*.ndjson\n*.ndjson.lock\n";

/// Makes a folder, with mode 0700, and has git leave recordings in it alone. A folder that exists already
/// stays as it is, except that one called `recordings` gets its `.gitignore`.
///
/// # Errors
/// The folder cannot be made or written to.
pub fn make(folder: &Path) -> io::Result<()> {
    if folder.as_os_str().is_empty() {
        return Ok(());
    }
    if folder.exists() {
        return if folder.file_name().is_some_and(|name| name == FOLDER) { ignore(folder) } else { Ok(()) };
    }
    make_plain(folder)?;
    ignore(folder)
}

/// Makes a folder, with mode 0700, unless it exists.
///
/// # Errors
/// The folder cannot be made.
pub fn make_plain(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Writes the `.gitignore`, unless there is one.
fn ignore(folder: &Path) -> io::Result<()> {
    let path = folder.join(".gitignore");
    match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(mut file) => file.write_all(IGNORED),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        // a folder of others that only lets us read is no reason to fail
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_recordings_is_never_for_git_whoever_made_it() {
        let folder = tempfile::tempdir().unwrap();
        let (made, own, other) =
            (folder.path().join("a/made"), folder.path().join(FOLDER), folder.path().join("other"));
        std::fs::create_dir(&own).unwrap();
        std::fs::create_dir(&other).unwrap();
        for folder in [&made, &own, &other] {
            make(folder).unwrap();
            make(folder).unwrap();
        }
        assert_eq!(std::fs::read(made.join(".gitignore")).unwrap(), IGNORED);
        assert_eq!(std::fs::read(own.join(".gitignore")).unwrap(), IGNORED);
        assert!(!other.join(".gitignore").exists());
    }
}
