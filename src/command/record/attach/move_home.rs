//! Moves a file, link or folder from one home to another, and never replaces anything.

use std::fs;
use std::io;
use std::path::Path;

/// Makes a link at `at` to `target`.
pub(super) fn link(target: &Path, at: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(target, at)
    }
    #[cfg(not(unix))]
    {
        if target.is_dir() {
            std::os::windows::fs::symlink_dir(target, at)
        } else {
            std::os::windows::fs::symlink_file(target, at)
        }
    }
}

/// Moves `from` to `to`, on the same file system or across two. A link to something inside the first of
/// `homes` is made one to the same place in the second.
///
/// # Errors
/// `AlreadyExists` if there is anything at `to`, `Unsupported` for sockets and pipes. What was not moved
/// whole is still at `from`.
pub(super) fn move_into(from: &Path, to: &Path, homes: (&Path, &Path)) -> io::Result<()> {
    let kind = fs::symlink_metadata(from)?.file_type();
    if fs::symlink_metadata(to).is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    if kind.is_symlink() {
        let target = fs::read_link(from)?;
        let target = target.strip_prefix(homes.0).map_or(target.clone(), |inside| homes.1.join(inside));
        link(&target, to)?;
        fs::remove_file(from)
    } else if kind.is_dir() {
        match fs::rename(from, to) {
            Err(error) if error.kind() == io::ErrorKind::CrossesDevices => across(from, to, homes),
            renamed => renamed,
        }
    } else if kind.is_file() {
        // a hard link, because renaming would replace what appeared there in the meantime
        match fs::hard_link(from, to) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => copy(from, to)?,
            linked => linked?,
        }
        fs::remove_file(from)
    } else {
        Err(io::Error::new(io::ErrorKind::Unsupported, "it is neither a file nor a folder nor a link"))
    }
}

/// Moves a folder to another file system, piece by piece.
fn across(from: &Path, to: &Path, homes: (&Path, &Path)) -> io::Result<()> {
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let name = entry?.file_name();
        move_into(&from.join(&name), &to.join(&name), homes)?;
    }
    fs::set_permissions(to, fs::metadata(from)?.permissions())?;
    fs::remove_dir(from)
}

/// Copies a file with its mode and times to where there is none.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let mut source = fs::File::open(from)?;
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(to)?;
    let written = io::copy(&mut source, &mut file).and_then(|_| {
        let about = source.metadata()?;
        fs::set_permissions(to, about.permissions())?;
        file.set_times(fs::FileTimes::new().set_modified(about.modified()?).set_accessed(about.accessed()?))
    });
    written.inspect_err(|_| {
        // half a file is useless, and the whole one is still in its old place
        let _ = fs::remove_file(to);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_there_is_ever_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("new"), "new").unwrap();
        fs::write(at("old"), "old").unwrap();
        fs::create_dir(at("empty")).unwrap();
        for taken in ["old", "empty"] {
            let error = move_into(&at("new"), &at(taken), (folder.path(), folder.path())).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        }
        assert!(copy(&at("new"), &at("old")).is_err());
        assert_eq!(fs::read(at("new")).unwrap(), b"new");
        assert_eq!(fs::read(at("old")).unwrap(), b"old");
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_goes_to_another_file_system_with_its_modes_its_times_and_its_links() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (one, two) = (folder.path().join("one"), folder.path().join("two"));
        fs::create_dir_all(one.join("made/inner")).unwrap();
        fs::create_dir(&two).unwrap();
        let script = one.join("made/inner/run.sh");
        fs::write(&script, "exit 0").unwrap();
        fs::set_permissions(&script, fs::Permissions::from_mode(0o700)).unwrap();
        let then = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
        fs::File::options().append(true).open(&script).unwrap().set_modified(then).unwrap();
        link(&script, &one.join("made/latest")).unwrap();
        link(Path::new("inner/run.sh"), &one.join("made/beside")).unwrap();
        across(&one.join("made"), &two.join("made"), (&one, &two)).unwrap();
        let script = two.join("made/inner/run.sh");
        assert_eq!(fs::metadata(&script).unwrap().permissions().mode() & 0o777, 0o700);
        assert_eq!(fs::metadata(&script).unwrap().modified().unwrap(), then);
        assert_eq!(fs::read_link(two.join("made/latest")).unwrap(), script);
        assert_eq!(fs::read_link(two.join("made/beside")).unwrap(), Path::new("inner/run.sh"));
        assert_eq!(fs::read_dir(&one).unwrap().count(), 0);
    }
}
