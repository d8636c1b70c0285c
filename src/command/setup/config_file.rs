//! One SDK's config file on disk: written with a backup beside it, and restored. The user loses nothing.

use std::fmt;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::command::attach::Attachable;
use crate::command::attach::address::Address;
use crate::command::attach::gateway_file::{self, Change, MADE_BY_WRAPTAP};
use crate::error::CommandError;

/// The config file of one SDK, there or not.
#[derive(Debug)]
pub(super) struct ConfigFile {
    sdk: &'static str,
    path: PathBuf,
}

/// What a write did.
#[derive(Debug)]
pub(super) struct Written {
    /// Settings that are other than before.
    pub(super) changes: Vec<Change>,
    /// The file as it was before wraptap first wrote it; `None` if there was none.
    pub(super) backup: Option<PathBuf>,
}

/// What an undo did.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum UndoResult {
    /// wraptap has not written this file.
    NothingToUndo,
    /// The backup is back in its place; the file that was there is kept as `aside` if it was changed since
    /// the write.
    Restored { aside: Option<PathBuf> },
    /// The file that wraptap made is gone, or kept as `aside` if it was changed since the write.
    Removed { aside: Option<PathBuf> },
}

impl ConfigFile {
    /// Returns the file this client reads under `home`; `None` if it reads none.
    pub(super) fn find(client: Attachable, home: &Path) -> Option<Self> {
        let folder = client.config_folder?;
        Some(Self { sdk: client.name, path: home.join(folder).join("config") })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn backup(&self) -> PathBuf {
        self.path.with_file_name("config.before-wraptap")
    }

    /// Puts the gateway into the file, making file and folder where there are none. Keeps the first backup
    /// there is.
    pub(super) fn attach(&self, address: &Address) -> Result<Written, CommandError> {
        let existing = read(&self.path)?;
        let text = existing.as_deref().unwrap_or_default();
        let edited = gateway_file::attach(text, address).map_err(|error| {
            CommandError::input(
                anyhow::Error::new(error).context(format!("cannot edit {}", self.path.display())),
            )
            .hint(format!("correct the file, or attach in code: `wraptap setup {}`", self.sdk))
        })?;
        let backup = self.backup();
        let ours = text.starts_with(MADE_BY_WRAPTAP);
        let kept = existing.is_some() && !ours;
        if kept && !edited.changes.is_empty() && !backup.exists() {
            fs::copy(&self.path, &backup)
                .with_context(|| format!("cannot write the backup {}", backup.display()))
                .map_err(CommandError::machine)?;
        }
        if !edited.changes.is_empty() {
            self.replace(&edited.text)?;
        }
        Ok(Written { changes: edited.changes, backup: backup.exists().then_some(backup) })
    }

    /// Puts the file back as it was before the first write.
    pub(super) fn detach(&self) -> Result<UndoResult, CommandError> {
        let Some(current) = read(&self.path)? else {
            return Ok(UndoResult::NothingToUndo);
        };
        let backup = self.backup();
        let original = read(&backup)?;
        if original.is_none() && !current.starts_with(MADE_BY_WRAPTAP) {
            return Ok(UndoResult::NothingToUndo);
        }
        // as written: the original with the gateway at the address in the current file
        let written = gateway_file::address_in(&current)
            .and_then(|address| gateway_file::attach(original.as_deref().unwrap_or_default(), &address).ok());
        let untouched = written.is_some_and(|written| written.text == current);
        let aside = if untouched { None } else { Some(self.set_aside()?) };
        match original {
            Some(original) => {
                self.replace(&original)?;
                remove(&backup)?;
                Ok(UndoResult::Restored { aside })
            }
            None => {
                remove(&self.path)?;
                // only an empty folder is removed: other files in it are the user's
                let _ = self.path.parent().map(fs::remove_dir);
                Ok(UndoResult::Removed { aside })
            }
        }
    }

    /// Keeps a copy of the current file under a free name.
    fn set_aside(&self) -> Result<PathBuf, CommandError> {
        let mut number = 1;
        let mut aside = self.path.with_file_name("config.after-wraptap");
        while aside.exists() {
            number += 1;
            aside = self.path.with_file_name(format!("config.after-wraptap-{number}"));
        }
        fs::copy(&self.path, &aside)
            .with_context(|| format!("cannot keep the changed file as {}", aside.display()))
            .map_err(CommandError::machine)?;
        Ok(aside)
    }

    /// Replaces the file in one step, so that an SDK that reloads it never sees half; a link stays a link.
    fn replace(&self, text: &str) -> Result<(), CommandError> {
        let target = fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone());
        let failed = || format!("cannot write {}", self.path.display());
        let folder = target.parent().unwrap_or(Path::new("."));
        let write = || -> std::io::Result<()> {
            fs::create_dir_all(folder)?;
            let mut file = tempfile::NamedTempFile::new_in(folder)?;
            file.write_all(text.as_bytes())?;
            if let Ok(before) = fs::metadata(&target) {
                fs::set_permissions(file.path(), before.permissions())?;
            }
            file.persist(&target).map_err(|error| error.error)?;
            Ok(())
        };
        write().with_context(failed).map_err(CommandError::machine)
    }
}

impl UndoResult {
    /// Returns its name in JSON.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::NothingToUndo => "nothing_to_undo",
            Self::Restored { .. } => "restored",
            Self::Removed { .. } => "removed",
        }
    }

    /// Returns where a file that was changed since the write was kept.
    pub(super) fn set_aside(&self) -> Option<&Path> {
        match self {
            Self::NothingToUndo => None,
            Self::Restored { aside } | Self::Removed { aside } => aside.as_deref(),
        }
    }
}

impl fmt::Display for UndoResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NothingToUndo => "nothing to undo: wraptap has not written it",
            Self::Restored { .. } => "restored",
            Self::Removed { .. } => "removed, because there was none before",
        })?;
        match self.set_aside() {
            Some(aside) => write!(f, "; the changed file is kept as {}", aside.display()),
            None => Ok(()),
        }
    }
}

/// Reads a text file; `None` if there is none.
fn read(path: &Path) -> Result<Option<String>, CommandError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => {
            let input = error.kind() == ErrorKind::InvalidData;
            let error = anyhow::Error::new(error).context(format!("cannot read {}", path.display()));
            Err(if input { CommandError::input(error) } else { CommandError::machine(error) })
        }
    }
}

fn remove(path: &Path) -> Result<(), CommandError> {
    fs::remove_file(path)
        .with_context(|| format!("cannot remove {}", path.display()))
        .map_err(CommandError::machine)
}
