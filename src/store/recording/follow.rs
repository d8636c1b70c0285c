//! A recording read as it grows, whether this process writes it or another one.

use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use crate::store::recording::lines::{LineReader, RecordedLine};

/// Reads on in a recording. The file is opened anew when another one is at its path, or when it was cut.
#[derive(Debug)]
pub struct Follower {
    path: PathBuf,
    lines: Option<LineReader<File>>,
    /// Where a line begins that was given out before its newline came.
    given: Option<u64>,
    /// The current line is that one.
    is_unended: bool,
}

/// What came next.
#[derive(Clone, Copy, Debug)]
pub enum Followed<'a> {
    /// The file is new, or another one by now: what was read of it before is no longer there.
    Opened,
    /// A line that is whole. A last one may lack its newline, as foreign recordings do.
    Line(RecordedLine<'a>),
    /// Nothing for now.
    End,
}

impl Follower {
    /// Returns a follower that begins at the first line. Nothing is opened yet.
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), lines: None, given: None, is_unended: false }
    }

    /// Goes on in the file.
    ///
    /// # Errors
    /// The file cannot be opened or read. It is opened anew the next time.
    pub fn advance(&mut self) -> io::Result<Followed<'_>> {
        match self.step() {
            Ok(Step::Opened) => Ok(Followed::Opened),
            Ok(Step::Line) => {
                Ok(self.lines.as_ref().map_or(Followed::End, |lines| Followed::Line(lines.current())))
            }
            Ok(Step::End) => Ok(Followed::End),
            Err(error) => {
                self.lines = None;
                Err(error)
            }
        }
    }

    fn step(&mut self) -> io::Result<Step> {
        let Some(lines) = &mut self.lines else { return self.open() };
        if std::mem::take(&mut self.is_unended) {
            lines.give_back();
        }
        while lines.advance()? {
            let line = lines.current();
            if line.ended {
                if self.given.take() == Some(line.at) {
                    continue;
                }
                return Ok(Step::Line);
            }
            let (at, is_whole) = (line.at, line.summary().is_ok());
            let is_new = is_whole && self.given != Some(at);
            self.given = is_whole.then_some(at);
            if is_new {
                self.is_unended = true;
                return Ok(Step::Line);
            }
            lines.give_back();
            break;
        }
        if is_replaced(&lines.source().metadata()?, &std::fs::metadata(&self.path)?, lines.position()) {
            return self.open();
        }
        Ok(Step::End)
    }

    fn open(&mut self) -> io::Result<Step> {
        self.lines = Some(LineReader::new(File::open(&self.path)?));
        (self.given, self.is_unended) = (None, false);
        Ok(Step::Opened)
    }
}

enum Step {
    Opened,
    Line,
    End,
}

/// Returns whether the file at the path is not the one that is open, or shorter than what was read of it.
fn is_replaced(opened: &Metadata, there: &Metadata, read: u64) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        if (opened.dev(), opened.ino()) != (there.dev(), there.ino()) {
            return true;
        }
    }
    #[cfg(not(unix))]
    let _ = opened;
    there.len() < read
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    /// Advances to the end; a line by its first byte, `!` for a file that was opened.
    fn read(follower: &mut Follower) -> String {
        let mut read = String::new();
        loop {
            match follower.advance().unwrap() {
                Followed::Opened => read.push('!'),
                Followed::Line(line) => read.push(char::from(line.bytes[0])),
                Followed::End => return read,
            }
        }
    }

    #[test]
    fn lines_come_once_they_are_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("r.ndjson");
        let mut follower = Follower::new(&path);
        assert!(follower.advance().is_err());
        let mut file = File::create(&path).unwrap();
        file.write_all(b"a\nb").unwrap();
        assert_eq!(read(&mut follower), "!a");
        file.write_all(b"b\nc\n").unwrap();
        assert_eq!(read(&mut follower), "bc");
        assert_eq!(read(&mut follower), "");
    }

    #[test]
    fn a_file_that_was_cut_or_replaced_is_read_from_its_beginning() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("r.ndjson");
        std::fs::write(&path, "a\nb\n").unwrap();
        let mut follower = Follower::new(&path);
        assert_eq!(read(&mut follower), "!ab");
        std::fs::write(&path, "c\n").unwrap();
        assert_eq!(read(&mut follower), "!c");
        let other = folder.path().join("other.ndjson");
        std::fs::write(&other, "d\ne\nf\n").unwrap();
        std::fs::rename(&other, &path).unwrap();
        #[cfg(unix)]
        assert_eq!(read(&mut follower), "!def");
        std::fs::remove_file(&path).unwrap();
        assert!(follower.advance().is_err());
    }
}
