//! Finds the end of a chunked body, and keeps its trailer section: a scanner that follows chunk sizes as
//! hyper's decoder does, and keeps no data.
//!
//! Where the two ended a body at different bytes, the rest of it would be read as another request. So the
//! states are those of hyper, byte for byte (`proto/h1/decode.rs` of hyper 1.12): a line feed alone ends no
//! line of a trailer section. After what hyper refuses there is no further message on the connection.

/// How much of a trailer section is kept; hyper refuses larger ones.
const TRAILER_LIMIT: usize = 16 * 1024;

/// Follows a chunked body and finds its end. It does not validate: the decoder of the body does.
#[derive(Clone, Debug)]
pub struct ChunkScan {
    state: ChunkState,
    /// The trailer section, from the byte after the line of the last chunk.
    trailer: Vec<u8>,
}

#[derive(Clone, Copy, Debug)]
enum ChunkState {
    /// In the digits of a chunk-size.
    Size { size: u64 },
    /// After the digits, up to the line feed.
    Rest { size: u64 },
    /// In the data of a chunk and its line end.
    Data { left: u64 },
    /// In a line of the trailer section.
    Line,
    /// After the CR of such a line.
    LineFeed,
    /// At the beginning of a line of the trailer section.
    LineStart,
    /// After a CR there: the body ends with the next byte.
    LastFeed,
}

impl ChunkScan {
    /// Returns a scan at the beginning of the first chunk-size.
    pub fn new() -> Self {
        Self { state: ChunkState::Size { size: 0 }, trailer: Vec::new() }
    }

    /// Follows `bytes`; returns how many of them belong to the body, and whether the body ended there.
    pub fn feed(&mut self, bytes: &[u8]) -> (usize, bool) {
        let mut at = 0;
        while at < bytes.len() {
            if let ChunkState::Data { left } = self.state {
                let step = left.min((bytes.len() - at) as u64);
                at += usize::try_from(step).unwrap_or(bytes.len() - at);
                self.state = match left - step {
                    0 => ChunkState::Size { size: 0 },
                    left => ChunkState::Data { left },
                };
                continue;
            }
            let byte = bytes[at];
            at += 1;
            if matches!(self.state, ChunkState::LastFeed) {
                return (at, true);
            }
            self.state = self.after(byte);
        }
        (at, false)
    }

    /// Takes the lines of the trailer section, with their line ends.
    pub fn take_trailer(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.trailer)
    }

    /// Returns the state after a byte that is not data.
    fn after(&mut self, byte: u8) -> ChunkState {
        match self.state {
            ChunkState::Size { size } => match char::from(byte).to_digit(16) {
                Some(digit) => {
                    ChunkState::Size { size: size.saturating_mul(16).saturating_add(digit.into()) }
                }
                None if byte == b'\n' => after_size(size),
                None => ChunkState::Rest { size },
            },
            ChunkState::Rest { size } if byte == b'\n' => after_size(size),
            ChunkState::LineStart if byte == b'\r' => ChunkState::LastFeed,
            ChunkState::LineFeed => {
                self.keep(byte);
                ChunkState::LineStart
            }
            ChunkState::LineStart | ChunkState::Line => {
                self.keep(byte);
                if byte == b'\r' { ChunkState::LineFeed } else { ChunkState::Line }
            }
            same @ (ChunkState::Rest { .. } | ChunkState::Data { .. } | ChunkState::LastFeed) => same,
        }
    }

    fn keep(&mut self, byte: u8) {
        if self.trailer.len() < TRAILER_LIMIT {
            self.trailer.push(byte);
        }
    }
}

impl Default for ChunkScan {
    fn default() -> Self {
        Self::new()
    }
}

/// Returns what follows the line of a chunk-size: data with its CRLF, or after size 0 the trailer section.
fn after_size(size: u64) -> ChunkState {
    if size == 0 { ChunkState::LineStart } else { ChunkState::Data { left: size.saturating_add(2) } }
}

#[cfg(test)]
mod tests {
    use super::ChunkScan;

    fn end_of(body: &[u8], step: usize) -> Option<(usize, Vec<u8>)> {
        let mut scan = ChunkScan::new();
        let mut seen = 0;
        for part in body.chunks(step) {
            let (used, ended) = scan.feed(part);
            seen += used;
            if ended {
                return Some((seen, scan.take_trailer()));
            }
        }
        None
    }

    #[test]
    fn finds_the_end_and_the_trailer_however_the_bytes_are_split() {
        let body = b"000A;ext=\"x\"\r\n0123456789\r\n1\r\n\n\r\n0\r\nX-Sum: a\r\n\r\n";
        let mut more = body.to_vec();
        more.extend_from_slice(b"GET / HTTP/1.1\r\n\r\n");
        for step in 1..more.len() {
            assert_eq!(end_of(&more, step), Some((body.len(), b"X-Sum: a\r\n".to_vec())), "step {step}");
        }
    }

    #[test]
    fn has_no_end_before_the_last_chunk() {
        assert_eq!(end_of(b"5\r\nhello\r\n", 3), None);
        assert_eq!(end_of(b"0\r\nX: y\r\n", 3), None);
    }

    #[test]
    fn a_line_feed_alone_ends_neither_a_trailer_line_nor_the_body() {
        let body = b"0\r\nX: a\n\nDELETE / HTTP/1.1\r\nHost: x\r\n\r\n";
        assert_eq!(end_of(body, 5).unwrap().0, body.len());
        let body = b"0\r\n\nGET / HTTP/1.1\r\n\r\n";
        assert_eq!(end_of(body, 4).unwrap().0, body.len());
        assert_eq!(end_of(b"0\r\nX: a\n\n", 1), None);
    }

    #[test]
    fn an_endless_trailer_is_kept_in_part() {
        let mut scan = ChunkScan::new();
        scan.feed(b"0\r\n");
        (0..100).for_each(|_| assert!(!scan.feed(&[b'a'; 1000]).1));
        assert_eq!(scan.take_trailer().len(), super::TRAILER_LIMIT);
    }
}
