//! Lines in one write: what happens when the disk gives out in the middle.

use std::fs::File;
use std::io::{self, ErrorKind, Write};

/// What lines are appended to: a file, or in tests a disk that fills up.
pub(crate) trait Sink {
    /// Appends some of the bytes and returns how many.
    fn write_some(&mut self, bytes: &[u8]) -> io::Result<usize>;
    /// Takes this number of bytes away from the end.
    fn shorten(&mut self, by: usize) -> io::Result<()>;
}

impl Sink for File {
    fn write_some(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write(bytes)
    }

    fn shorten(&mut self, by: usize) -> io::Result<()> {
        let length = self.metadata()?.len();
        self.set_len(length.saturating_sub(by as u64))
    }
}

/// The end of a recording.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum FileEnd {
    /// The next byte begins a line.
    Whole,
    /// The next byte would go into a line that was not finished.
    Torn,
}

/// Appends lines that end in a newline; a torn line before them is ended first, never altered.
///
/// If the disk gives out, what was written of them is taken back: only the one writer of the file can have
/// written that. If even that fails, `tail` says so, and the next append ends the stump.
pub(crate) fn append(sink: &mut impl Sink, tail: &mut FileEnd, lines: &[u8]) -> io::Result<()> {
    match tail {
        FileEnd::Whole => write_all(sink, tail, lines),
        FileEnd::Torn => {
            let mut whole = Vec::with_capacity(lines.len() + 1);
            whole.push(b'\n');
            whole.extend_from_slice(lines);
            write_all(sink, tail, &whole)?;
            *tail = FileEnd::Whole;
            Ok(())
        }
    }
}

fn write_all(sink: &mut impl Sink, tail: &mut FileEnd, bytes: &[u8]) -> io::Result<()> {
    let mut written = 0;
    while written < bytes.len() {
        let error = match sink.write_some(&bytes[written..]) {
            Ok(0) => ErrorKind::WriteZero.into(),
            Ok(count) => {
                written += count;
                continue;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => error,
        };
        if written > 0 && sink.shorten(written).is_err() {
            *tail = FileEnd::Torn;
        }
        return Err(error);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A disk with room for `room` bytes.
    struct Disk {
        held: Vec<u8>,
        room: usize,
        shortens: bool,
        writes: usize,
    }

    impl Sink for Disk {
        fn write_some(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.writes += 1;
            let free = self.room - self.held.len();
            if free == 0 {
                return Err(ErrorKind::StorageFull.into());
            }
            let count = bytes.len().min(free);
            self.held.extend_from_slice(&bytes[..count]);
            Ok(count)
        }

        fn shorten(&mut self, by: usize) -> io::Result<()> {
            if !self.shortens {
                return Err(ErrorKind::PermissionDenied.into());
            }
            self.held.truncate(self.held.len() - by);
            Ok(())
        }
    }

    #[test]
    fn a_line_takes_one_write() {
        let mut disk = Disk { held: Vec::new(), room: 100, shortens: true, writes: 0 };
        append(&mut disk, &mut FileEnd::Whole, b"one\n").unwrap();
        append(&mut disk, &mut FileEnd::Torn, b"two\n").unwrap();
        assert_eq!((disk.writes, &*disk.held), (2, &b"one\n\ntwo\n"[..]));
    }

    #[test]
    fn a_disk_that_is_full_and_has_room_again_loses_only_what_came_between() {
        let mut disk = Disk { held: Vec::new(), room: 10, shortens: true, writes: 0 };
        let mut tail = FileEnd::Whole;
        append(&mut disk, &mut tail, b"first\n").unwrap();
        assert!(append(&mut disk, &mut tail, b"second\n").is_err());
        assert_eq!((&*disk.held, tail), (&b"first\n"[..], FileEnd::Whole));
        disk.room = 100;
        append(&mut disk, &mut tail, b"third\n").unwrap();
        assert_eq!(disk.held, b"first\nthird\n");
    }

    #[test]
    fn a_stump_that_cannot_be_taken_back_is_ended_by_the_next_line() {
        let mut disk = Disk { held: Vec::new(), room: 10, shortens: false, writes: 0 };
        let mut tail = FileEnd::Whole;
        append(&mut disk, &mut tail, b"first\n").unwrap();
        assert!(append(&mut disk, &mut tail, b"second\n").is_err());
        assert_eq!(tail, FileEnd::Torn);
        assert!(append(&mut disk, &mut tail, b"third\n").is_err());
        disk.room = 100;
        append(&mut disk, &mut tail, b"fourth\n").unwrap();
        assert_eq!((&*disk.held, tail), (&b"first\nseco\nfourth\n"[..], FileEnd::Whole));
    }
}
