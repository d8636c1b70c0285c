//! Gives trailer fields their letter case back on the way from hyper to a socket.
//!
//! hyper writes the names in lower case. Letter case and order change no length, so the bytes of the wire
//! take the place of hyper's one for one, however little the socket takes at a time.

use std::io::IoSlice;

/// What hyper writes before trailer fields: the last chunk.
const LAST_CHUNK: &[u8] = b"0\r\n";

/// The trailer section that hyper is about to write.
#[derive(Debug)]
pub struct TrailerLines {
    /// As hyper writes it: one piece, after the last chunk.
    by_hyper: Vec<u8>,
    /// As it is to be written: of the same length.
    wanted: Vec<u8>,
    /// A part of the last chunk is written.
    in_last_chunk: bool,
    /// How much of the section is written; `None` until the last chunk is.
    written: Option<usize>,
}

impl TrailerLines {
    /// Returns the replacement of what hyper writes; `None` if the lengths differ or there is nothing to
    /// replace.
    pub fn new(by_hyper: Vec<u8>, wanted: Vec<u8>) -> Option<Self> {
        let differs = by_hyper.len() == wanted.len() && by_hyper != wanted;
        differs.then_some(Self { by_hyper, wanted, in_last_chunk: false, written: None })
    }

    /// Returns which piece is the section, and the bytes to write for it.
    pub fn find(&self, pieces: &[IoSlice<'_>]) -> Option<(usize, &[u8])> {
        if let Some(written) = self.written {
            let first = pieces.first()?;
            return (**first == self.by_hyper[written..]).then_some((0, &self.wanted[written..]));
        }
        // data is never preceded by a last chunk, so nothing else can be taken for the section
        let at = pieces.windows(2).position(|pair| {
            let rest = self.in_last_chunk && !pair[0].is_empty() && LAST_CHUNK.ends_with(&pair[0]);
            (rest || *pair[0] == *LAST_CHUNK) && *pair[1] == *self.by_hyper
        })?;
        Some((at + 1, &self.wanted))
    }

    /// Notes that this number of bytes of `pieces` was written; returns whether the section is done with.
    pub fn advance(&mut self, pieces: &[IoSlice<'_>], mut written: usize) -> bool {
        let Some((at, _)) = self.find(pieces) else { return false };
        let before: usize = pieces[..at].iter().map(|piece| piece.len()).sum();
        if written < before {
            self.in_last_chunk |= written + LAST_CHUNK.len() > before;
            return false;
        }
        written -= before;
        let done = self.written.unwrap_or(0) + written;
        self.written = Some(done);
        done >= self.by_hyper.len()
    }
}
