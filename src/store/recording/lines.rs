//! The lines of a recording, one after the other, in flat memory.

use std::io::{self, BufRead, BufReader, Read};

use crate::model::exchange::Exchange;
use crate::store::line::{self, LineError};
use crate::store::summary::Summary;

/// A line longer than this is no exchange but a file without lines; the rest of it is not held.
const LONGEST: usize = 256 << 20;

/// Reads lines by reference: nothing is allocated for a line that lies within the buffer.
#[derive(Debug)]
pub(crate) struct LineReader<R> {
    inner: BufReader<R>,
    /// A line that spans buffers.
    held: Vec<u8>,
    /// Length of the current line if it lies in the buffer, else it is `held`.
    buffered: Option<usize>,
    ended: bool,
    /// `held` is the beginning of the next line.
    given_back: bool,
    number: u64,
    /// Bytes behind us, and how many of them were behind us when the current line began.
    behind: u64,
    at: u64,
}

/// One line of a recording.
#[derive(Clone, Copy, Debug)]
pub struct RecordedLine<'a> {
    /// From 1.
    pub number: u64,
    /// The byte at which it begins, counted from where reading began.
    pub at: u64,
    /// Without its newline; of a line above 256 MiB, its beginning.
    pub bytes: &'a [u8],
    /// It had a newline: it is neither torn nor still being written.
    pub ended: bool,
}

/// Where a line is in its file, without its newline.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct RecordedSpan {
    /// The byte at which it begins.
    pub at: u64,
    /// Its bytes.
    pub length: usize,
}

impl<'a> RecordedLine<'a> {
    /// Reads what a list needs of the exchange.
    ///
    /// # Errors
    /// The line is no exchange.
    pub fn summary(&self) -> Result<Summary<'a>, LineError> {
        Summary::parse(self.bytes)
    }

    /// Reads the whole exchange.
    ///
    /// # Errors
    /// The line is no exchange.
    pub fn exchange(&self) -> Result<Exchange, LineError> {
        line::decode(self.bytes)
    }

    /// Returns where it is in its file.
    pub fn span(&self) -> RecordedSpan {
        RecordedSpan { at: self.at, length: self.bytes.len() }
    }
}

impl<R: Read> LineReader<R> {
    /// Returns the lines of `source`.
    pub(crate) fn new(source: R) -> Self {
        Self::with_capacity(1 << 20, source)
    }

    /// As `new`, for callers that want a few lines only: reads `bytes` at a time.
    pub(crate) fn with_capacity(bytes: usize, source: R) -> Self {
        let inner = BufReader::with_capacity(bytes, source);
        Self {
            inner,
            held: Vec::new(),
            buffered: None,
            ended: false,
            given_back: false,
            number: 0,
            behind: 0,
            at: 0,
        }
    }

    /// Returns what is read from.
    pub(crate) fn source(&self) -> &R {
        self.inner.get_ref()
    }

    /// Returns how many bytes were read.
    pub(crate) fn position(&self) -> u64 {
        self.behind + self.buffered.map_or(0, |length| length as u64 + 1)
    }

    /// Goes to the next line that is not empty; false at the end.
    ///
    /// At the end of a growing file it can be called again later; a line that still lacks its newline can be
    /// given back, to come again whole.
    ///
    /// # Errors
    /// The source cannot be read.
    pub(crate) fn advance(&mut self) -> io::Result<bool> {
        loop {
            if !self.step()? {
                return Ok(false);
            }
            if !self.current().bytes.is_empty() {
                return Ok(true);
            }
        }
    }

    /// Returns the line that `advance` went to.
    pub(crate) fn current(&self) -> RecordedLine<'_> {
        let bytes = match self.buffered {
            Some(length) => &self.inner.buffer()[..length],
            None => &self.held,
        };
        RecordedLine { number: self.number, at: self.at, bytes, ended: self.ended }
    }

    /// Makes the next `advance` go on with the current line, which lacked its newline.
    pub(crate) fn give_back(&mut self) {
        if !self.ended && self.number > 0 {
            self.number -= 1;
            self.given_back = true;
        }
    }

    fn step(&mut self) -> io::Result<bool> {
        if let Some(length) = self.buffered.take() {
            self.consume(length + 1);
        }
        if !std::mem::take(&mut self.given_back) {
            self.held.clear();
            self.at = self.behind;
        }
        loop {
            let length = match self.inner.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
                Ok(buffer) => buffer.len(),
            };
            if length == 0 {
                self.ended = false;
                self.number += u64::from(!self.held.is_empty());
                return Ok(!self.held.is_empty());
            }
            let end = memchr::memchr(b'\n', self.inner.buffer());
            if let Some(end) = end {
                self.ended = true;
                self.number += 1;
                if self.held.is_empty() {
                    self.buffered = Some(end);
                    return Ok(true);
                }
            }
            let part = end.unwrap_or(length);
            if self.held.len() + part <= LONGEST {
                self.held.extend_from_slice(&self.inner.buffer()[..part]);
            }
            self.consume(end.map_or(length, |end| end + 1));
            if end.is_some() {
                return Ok(true);
            }
        }
    }

    fn consume(&mut self, bytes: usize) {
        self.inner.consume(bytes);
        self.behind += bytes as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_whole_whatever_their_length() {
        let long = "x".repeat(3 << 20);
        let text = format!("a\n\n{long}\nb");
        let mut lines = LineReader::new(text.as_bytes());
        let mut all = Vec::new();
        while lines.advance().unwrap() {
            let line = lines.current();
            all.push((line.number, line.at, line.bytes.len(), line.ended));
        }
        assert_eq!(all, [(1, 0, 1, true), (3, 3, 3 << 20, true), (4, (3 << 20) + 4, 1, false)]);
        assert!(!lines.advance().unwrap());
    }

    #[test]
    fn an_unfinished_line_comes_again_whole() {
        struct Growing(Vec<&'static [u8]>);
        impl Read for Growing {
            fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
                let part = if self.0.is_empty() { &b""[..] } else { self.0.remove(0) };
                into[..part.len()].copy_from_slice(part);
                Ok(part.len())
            }
        }
        let mut lines = LineReader::new(Growing(vec![b"one\ntw", b"", b"o\n", b""]));
        assert!(lines.advance().unwrap());
        assert!(lines.advance().unwrap());
        assert!(!lines.current().ended);
        lines.give_back();
        assert!(lines.advance().unwrap());
        let line = lines.current();
        assert_eq!((line.number, line.at, line.bytes, line.ended), (2, 4, &b"two"[..], true));
        assert!(!lines.advance().unwrap());
    }
}
