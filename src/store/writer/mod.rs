//! Appends lines to a recording: one write for those that come together, one writer a file, nothing written
//! before is ever altered.

mod disturbance;

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::store::append::{self, FileEnd};
use crate::store::{folder, tail};

pub use crate::store::writer::disturbance::Disturbance;

/// In a burst of lines the file is checked this often in each span of time, else before every line.
const CHECKS: u32 = 16;
/// That span.
const SPAN: Duration = Duration::from_millis(20);

/// Why a recording cannot be written to.
#[derive(Debug, thiserror::Error)]
pub enum WriterError {
    /// The folder cannot be made.
    #[error("cannot make the folder {path}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file cannot be opened for appending.
    #[error("cannot open the recording {path}")]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The path is a symbolic link, which could lead anywhere.
    #[error("the recording {path} is a symbolic link, and wraptap follows none")]
    Link {
        /// The link.
        path: PathBuf,
    },
    /// Another process records into the file.
    #[error("{path} is being recorded to by {holder}")]
    Busy {
        /// The file.
        path: PathBuf,
        /// `process 1234`, or `another process` if that is not known.
        holder: String,
    },
}

/// The one writer of a recording.
#[derive(Debug)]
pub struct Writer {
    path: PathBuf,
    file: File,
    tail: FileEnd,
    /// The length of the file after the last write.
    length: u64,
    /// What others did to the file, until it is taken.
    disturbance: Option<Disturbance>,
    last_id: u64,
    /// When the current span of time began, and how often the file was checked in it.
    checked: (Instant, u32),
}

impl Writer {
    /// Opens or makes the recording, mode 0600, in a folder that is made with mode 0700 if there is none.
    ///
    /// Takes the lock that keeps other writers away until the writer is dropped.
    ///
    /// # Errors
    /// Folder or file cannot be made or opened, the path is a symbolic link, or another process is writing to
    /// it.
    pub fn open(path: &Path) -> Result<Self, WriterError> {
        outlive_file_size_limit();
        make_folder(path)?;
        let file = open_file(path)?;
        lock(&file, path)?;
        let (tail, last_id) =
            tail::survey(&file).map_err(|source| WriterError::Open { path: path.to_owned(), source })?;
        let mut writer = Self {
            path: path.to_owned(),
            file,
            tail,
            length: 0,
            disturbance: None,
            last_id,
            checked: (Instant::now(), 0),
        };
        writer.length = writer.measure();
        Ok(writer)
    }

    /// Returns the highest id in the file when it was opened, 0 for none.
    pub fn last_id(&self) -> u64 {
        self.last_id
    }

    /// Appends lines, the last of which has to end in a newline, in one write.
    ///
    /// A file that was deleted or replaced since is made anew or continued. What others did to the file is
    /// noticed 20 ms later at most, and by [`Self::check`]. After a failure the file is as it was before, or
    /// the next append ends the torn line first.
    ///
    /// # Errors
    /// The disk is full or failing, or the file is gone and cannot be made anew.
    pub fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        if self.has_to_check() {
            self.check()?;
        }
        let ended = u64::from(self.tail == FileEnd::Torn);
        let appended = append::append(&mut self.file, &mut self.tail, lines);
        self.length = match appended {
            Ok(()) => self.length + ended + lines.len() as u64,
            Err(_) => self.measure(),
        };
        appended
    }

    /// Looks for what others did to the file, and makes it ready for the next line.
    ///
    /// # Errors
    /// The file cannot be looked at, or is gone and cannot be made anew.
    pub fn check(&mut self) -> io::Result<()> {
        let Some(found) = disturbance::find(&self.file, &self.path, self.length)? else { return Ok(()) };
        self.disturbance = Some(found);
        match found {
            Disturbance::Gone | Disturbance::Replaced => self.open_anew()?,
            Disturbance::Shortened | Disturbance::Extended => self.tail = disturbance::end(&self.file)?,
        }
        self.length = self.measure();
        Ok(())
    }

    /// Takes what others did to the file since the last call.
    pub fn take_disturbance(&mut self) -> Option<Disturbance> {
        self.disturbance.take()
    }

    /// Returns the length of the file; of a device, which is never checked, anything.
    fn measure(&self) -> u64 {
        self.file.metadata().map_or(0, |data| data.len())
    }

    /// Returns whether it is time to check that the file is still there: under load that costs as much as the
    /// line.
    fn has_to_check(&mut self) -> bool {
        let (since, checks) = &mut self.checked;
        if *checks < CHECKS {
            *checks += 1;
            return true;
        }
        let now = Instant::now();
        let over = now.duration_since(*since) >= SPAN;
        if over {
            self.checked = (now, 1);
        }
        over
    }

    fn open_anew(&mut self) -> io::Result<()> {
        let anew = make_folder(&self.path).and_then(|()| open_file(&self.path)).and_then(|file| {
            lock(&file, &self.path)?;
            Ok(file)
        });
        let file = anew.map_err(io::Error::other)?;
        (self.tail, _) = tail::survey(&file)?;
        self.file = file;
        Ok(())
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // Only a note for others: if it stays, the lock still holds.
        let _ = std::fs::remove_file(note(&self.path));
    }
}

/// Makes a file that must not exist yet, mode 0600, for what comes from recordings.
///
/// # Errors
/// The file is there already (`AlreadyExists`), or cannot be made.
pub fn create_private(path: &Path) -> io::Result<File> {
    options().write(true).create_new(true).open(path)
}

/// A limit to the size of files (`ulimit -f`) is to fail the write, not to end the process.
fn outlive_file_size_limit() {
    #[cfg(unix)]
    // where it cannot be done, such a limit ends the process, as it does any other
    let _ = signal_hook::flag::register(libc::SIGXFSZ, std::sync::Arc::default());
}

fn make_folder(path: &Path) -> Result<(), WriterError> {
    let folder = path.parent().unwrap_or(Path::new(""));
    folder::make(folder).map_err(|source| WriterError::Folder { path: folder.to_owned(), source })
}

fn options() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "modes and links are Unix's"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600).custom_flags(libc::O_NOFOLLOW);
    }
    options
}

fn open_file(path: &Path) -> Result<File, WriterError> {
    options().read(true).append(true).create(true).open(path).map_err(|source| {
        let path = path.to_owned();
        match path.symlink_metadata() {
            Ok(data) if data.is_symlink() => WriterError::Link { path },
            _ => WriterError::Open { path, source },
        }
    })
}

fn lock(file: &File, path: &Path) -> Result<(), WriterError> {
    // A device (`/dev/null`) has no lines to protect.
    if !file.metadata().is_ok_and(|data| data.is_file()) {
        return Ok(());
    }
    match file.try_lock() {
        Ok(()) => {
            // The holder, for programs that are refused. Not worth failing for.
            let _ = options()
                .write(true)
                .create(true)
                .truncate(true)
                .open(note(path))
                .and_then(|mut note| writeln!(note, "{}", std::process::id()));
            Ok(())
        }
        Err(TryLockError::WouldBlock) => {
            let pid =
                std::fs::read_to_string(note(path)).ok().and_then(|text| text.trim().parse::<u32>().ok());
            let holder = pid.map_or("another process".to_owned(), |pid| format!("process {pid}"));
            Err(WriterError::Busy { path: path.to_owned(), holder })
        }
        // Some file systems have no locks: better an unlocked recording than none.
        Err(TryLockError::Error(_)) => Ok(()),
    }
}

/// The file beside a recording that names the process writing to it.
fn note(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    name.into()
}

#[cfg(test)]
mod tests;
