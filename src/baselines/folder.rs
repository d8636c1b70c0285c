//! The folder of baseline files: `recordings/baselines/NAME.json`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::baselines::file::{self, FormatError};
use crate::model::baseline::Baseline;

/// Where a project keeps its baselines, seen from its top folder.
pub const DEFAULT: &str = "recordings/baselines";

/// What a folder holds.
#[derive(Debug, Default)]
pub struct BaselineFolder {
    /// Those that could be read, by name.
    pub baselines: Vec<Baseline>,
    /// The files that could not, by name: one broken file does not hide the others.
    pub faults: Vec<FolderError>,
}

/// A baseline file or folder that cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The folder cannot be listed.
    #[error("cannot read the baseline folder {path}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file cannot be read.
    #[error("cannot read the baseline {path}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file is no baseline.
    #[error("{path} is not a baseline")]
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: FormatError,
    },
    /// The name is taken.
    #[error("{path} exists already")]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// There is no baseline of this name.
    #[error("there is no baseline `{name}` in {folder}")]
    Missing {
        /// The name asked for.
        name: String,
        /// The folder.
        folder: PathBuf,
    },
    /// A name that is no file name.
    #[error(
        "`{0}` is not a name for a baseline: use letters, digits, `.`, `-` and `_`, not starting with `.` or `-`"
    )]
    Name(String),
    /// A file cannot be written or removed.
    #[error("cannot write the baseline {path}")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// What to do where a file of the name exists.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Existing {
    /// Refuse.
    Keep,
    /// Put the new one in its place.
    Replace,
}

/// Reads every `*.json` of a folder, ordered by name; a folder that does not exist is empty.
///
/// # Errors
/// The folder exists and cannot be listed. Files that cannot be read are among the faults.
pub fn load(folder: &Path) -> Result<BaselineFolder, FolderError> {
    let failed = |source| FolderError::Folder { path: folder.to_owned(), source };
    let listing = match fs::read_dir(folder) {
        Ok(listing) => listing,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BaselineFolder::default()),
        Err(error) => return Err(failed(error)),
    };
    let mut paths = Vec::new();
    for entry in listing {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            paths.push(path);
        }
    }
    paths.sort();
    let mut result = BaselineFolder::default();
    for path in paths {
        match read(&path) {
            Ok(baseline) => result.baselines.push(baseline),
            Err(fault) => result.faults.push(fault),
        }
    }
    Ok(result)
}

/// Reads one baseline file.
///
/// # Errors
/// It cannot be read, or is no baseline.
pub fn read(path: &Path) -> Result<Baseline, FolderError> {
    let text =
        fs::read_to_string(path).map_err(|source| FolderError::Read { path: path.to_owned(), source })?;
    let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    file::parse(&name, &text).map_err(|source| FolderError::Format { path: path.to_owned(), source })
}

/// Reads the baseline of this name.
///
/// # Errors
/// There is none, or it cannot be read.
pub fn find(folder: &Path, name: &str) -> Result<Baseline, FolderError> {
    let path = path_of(folder, name)?;
    if !path.exists() {
        return Err(FolderError::Missing { name: name.to_owned(), folder: folder.to_owned() });
    }
    read(&path)
}

/// Writes a baseline under its name and returns the path. The folder is made where it is missing.
///
/// The file appears whole or not at all: it is written beside its place and renamed.
///
/// # Errors
/// The name is no file name, is taken and shall be kept, or the disk refuses.
pub fn write(folder: &Path, baseline: &Baseline, existing: Existing) -> Result<PathBuf, FolderError> {
    let path = path_of(folder, &baseline.name)?;
    let failed = |source| FolderError::Write { path: path.clone(), source };
    fs::create_dir_all(folder).map_err(failed)?;
    let mut draft = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    io::Write::write_all(&mut draft, file::render(baseline).as_bytes()).map_err(failed)?;
    match existing {
        Existing::Replace => draft.persist(&path).map_err(|error| failed(error.error))?,
        Existing::Keep => match draft.persist_noclobber(&path) {
            Ok(file) => file,
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(FolderError::Exists { path });
            }
            Err(error) => return Err(failed(error.error)),
        },
    };
    Ok(path)
}

/// Removes the baseline of this name and returns the path it had.
///
/// # Errors
/// There is none, or the disk refuses.
pub fn remove(folder: &Path, name: &str) -> Result<PathBuf, FolderError> {
    let path = path_of(folder, name)?;
    match fs::remove_file(&path) {
        Ok(()) => Ok(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(FolderError::Missing { name: name.to_owned(), folder: folder.to_owned() })
        }
        Err(source) => Err(FolderError::Write { path, source }),
    }
}

/// Returns the file of a name, which may not lead out of the folder.
fn path_of(folder: &Path, name: &str) -> Result<PathBuf, FolderError> {
    let shaped = !name.is_empty()
        && name.len() <= 100
        && !name.starts_with(['.', '-'])
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte));
    if shaped { Ok(folder.join(format!("{name}.json"))) } else { Err(FolderError::Name(name.to_owned())) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::baseline::Provenance;

    fn baseline(name: &str) -> Baseline {
        Baseline {
            name: name.to_owned(),
            operation: file::operation("PUT /a/{id}").unwrap(),
            provenance: Provenance::Documented,
            source: "a test".to_owned(),
            date: "2026-11-20".to_owned(),
            content_type: None,
            body: "{\"a\":1.0}".to_owned(),
            ignore: Vec::new(),
            exact: false,
        }
    }

    #[test]
    fn a_folder_gives_back_what_was_written_and_names_what_is_broken() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b", "a"] {
            write(folder.path(), &baseline(name), Existing::Keep).unwrap();
        }
        fs::write(folder.path().join("broken.json"), "{").unwrap();
        fs::write(folder.path().join("notes.txt"), "no baseline").unwrap();
        let loaded = load(folder.path()).unwrap();
        assert_eq!(loaded.baselines, [baseline("a"), baseline("b")]);
        assert_eq!(loaded.faults.len(), 1);
        assert!(loaded.faults[0].to_string().contains("broken.json"));
        assert_eq!(find(folder.path(), "a").unwrap(), baseline("a"));
    }

    #[test]
    fn a_name_that_is_taken_is_kept_unless_replaced() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &baseline("a"), Existing::Keep).unwrap();
        let other = Baseline { body: "[]".to_owned(), ..baseline("a") };
        let error = write(folder.path(), &other, Existing::Keep).unwrap_err();
        assert!(matches!(error, FolderError::Exists { .. }), "{error}");
        assert_eq!(find(folder.path(), "a").unwrap().body, "{\"a\":1.0}");
        write(folder.path(), &other, Existing::Replace).unwrap();
        assert_eq!(find(folder.path(), "a").unwrap().body, "[]");
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        for name in ["../a", "a/b", "", ".hidden", "-x", "a b", "ä"] {
            assert!(matches!(path_of(Path::new("f"), name), Err(FolderError::Name(_))), "{name}");
        }
    }

    #[test]
    fn a_folder_that_is_not_there_is_empty_and_a_missing_name_is_named() {
        let folder = Path::new("no/such/folder");
        assert!(load(folder).unwrap().baselines.is_empty());
        assert!(remove(folder, "x").unwrap_err().to_string().contains("no baseline `x`"));
    }
}
