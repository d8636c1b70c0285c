//! The folder of one run: readable only by its owner, and removed file by file, never with files it does not
//! know.
//!
//! A file in it describes it, locked while its wraptap runs. So a later run finds what was left by one that
//! was killed, or for processes that have ended since, and can move it to the real home.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// How the names of the folders begin.
const PREFIX: &str = "wraptap-run-";
/// The file that says what a folder is.
const ABOUT: &str = "about.json";

/// A folder with the files that were written into it.
#[derive(Debug)]
pub(super) struct RunFolder {
    path: PathBuf,
    files: Vec<PathBuf>,
    /// Held locked.
    about: Option<File>,
}

impl RunFolder {
    /// Makes one below the temporary folder.
    pub(super) fn make() -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let path = builder.prefix(PREFIX).tempdir()?.keep();
        Ok(Self { path, files: Vec::new(), about: None })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a file and returns where it is.
    pub(super) fn write(&mut self, name: &str, text: impl AsRef<[u8]>) -> io::Result<PathBuf> {
        let path = self.path.join(name);
        self.files.push(path.clone());
        fs::write(&path, text)?;
        Ok(path)
    }

    /// Says what the folder is, to a later run that finds it abandoned.
    pub(super) fn describe(&mut self, about: &impl Serialize) -> io::Result<()> {
        let path = self.path.join(ABOUT);
        self.files.push(path.clone());
        let mut file = File::create(path)?;
        // where there are no locks, nothing is ever taken for abandoned
        let _ = file.lock();
        file.write_all(&serde_json::to_vec(about)?)?;
        self.about = Some(file);
        Ok(())
    }

    /// Returns the folders of earlier runs of the same user whose wraptap is gone, each with what its
    /// file says of the run.
    pub(super) fn abandoned<T: DeserializeOwned>(&self) -> Vec<(Self, T)> {
        let siblings = self.path.parent().and_then(|folder| fs::read_dir(folder).ok());
        let others = siblings.into_iter().flatten().flatten().map(|entry| entry.path());
        let named = |path: &PathBuf| {
            path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(PREFIX.as_bytes()))
        };
        others.filter(named).filter(|path| is_as_private(path, &self.path)).filter_map(taken_over).collect()
    }

    /// Removes the files, and the folder if it is empty then.
    pub(super) fn remove(&self) {
        for file in &self.files {
            // roots and options: no secret stays behind
            let _ = fs::remove_file(file);
        }
        let _ = fs::remove_dir(&self.path);
    }
}

/// Takes over a folder whose wraptap has ended.
fn taken_over<T: DeserializeOwned>(path: PathBuf) -> Option<(RunFolder, T)> {
    let about = File::open(path.join(ABOUT)).ok()?;
    about.try_lock().ok()?;
    let what = serde_json::from_reader(&about).ok()?;
    let entries = fs::read_dir(&path).ok()?.flatten();
    let files = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
    let files = files.map(|entry| entry.path()).collect();
    Some((RunFolder { path, files, about: Some(about) }, what))
}

/// Returns whether a folder belongs to the owner of `own`, and no other user can write into it: in a
/// temporary folder that all users share, someone could plant one.
#[cfg(unix)]
fn is_as_private(path: &Path, own: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let owner_and_mode = |path: &Path| {
        let about = fs::symlink_metadata(path).ok()?;
        about.is_dir().then(|| (about.uid(), about.mode() & 0o777))
    };
    let own = owner_and_mode(own);
    own.is_some() && owner_and_mode(path) == own
}

/// Returns whether a path is a folder: the temporary folder is the user's own.
#[cfg(not(unix))]
fn is_as_private(path: &Path, _own: &Path) -> bool {
    path.is_dir()
}
