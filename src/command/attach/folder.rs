//! The folder of one run: readable by its owner alone, and taken away piece by piece, never with what it does not know.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A folder with the files that were written into it.
#[derive(Debug)]
pub(super) struct RunFolder {
    path: PathBuf,
    files: Vec<PathBuf>,
}

impl RunFolder {
    /// Makes one below the temporary folder.
    pub(super) fn make() -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let path = builder.prefix("wraptap-").tempdir()?.keep();
        Ok(Self { path, files: Vec::new() })
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

    /// Takes the files away, and the folder if nothing else is in it.
    pub(super) fn remove(&self) {
        for file in &self.files {
            // roots and options: no secret stays behind
            let _ = fs::remove_file(file);
        }
        let _ = fs::remove_dir(&self.path);
    }
}
