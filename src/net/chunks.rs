//! Finds the end of a chunked body: a scanner that follows chunk sizes and keeps no data.

/// Follows a chunked body and finds its end. It does not validate: the decoder of the body does.
#[derive(Clone, Copy, Debug)]
pub struct ChunkScan {
    state: ChunkState,
}

#[derive(Clone, Copy, Debug)]
enum ChunkState {
    /// In the digits of a chunk-size.
    Size { size: u64 },
    /// After the digits, up to the line feed.
    Rest { size: u64 },
    /// In the data of a chunk and its line end.
    Data { left: u64 },
    /// In the trailer section; `length` bytes of the current line were seen, not counting a CR.
    Trailer { length: u64 },
}

impl ChunkScan {
    /// Returns a scan at the beginning of the first chunk-size.
    pub fn new() -> Self {
        Self { state: ChunkState::Size { size: 0 } }
    }

    /// Follows `bytes`; returns how many of them belong to the body, and whether the body ended there.
    pub fn feed(&mut self, bytes: &[u8]) -> (usize, bool) {
        let mut at = 0;
        while at < bytes.len() {
            let byte = bytes[at];
            self.state = match self.state {
                ChunkState::Data { left } => {
                    let step = left.min((bytes.len() - at) as u64);
                    at += usize::try_from(step).unwrap_or(bytes.len() - at);
                    match left - step {
                        0 => ChunkState::Size { size: 0 },
                        left => ChunkState::Data { left },
                    }
                }
                ChunkState::Size { size } => {
                    at += 1;
                    match char::from(byte).to_digit(16) {
                        Some(digit) => {
                            ChunkState::Size { size: size.saturating_mul(16).saturating_add(digit.into()) }
                        }
                        None if byte == b'\n' => after_size(size),
                        None => ChunkState::Rest { size },
                    }
                }
                ChunkState::Rest { size } => {
                    at += 1;
                    if byte == b'\n' { after_size(size) } else { ChunkState::Rest { size } }
                }
                ChunkState::Trailer { length } => {
                    at += 1;
                    match byte {
                        b'\n' if length == 0 => return (at, true),
                        b'\n' => ChunkState::Trailer { length: 0 },
                        b'\r' => ChunkState::Trailer { length },
                        _ => ChunkState::Trailer { length: length + 1 },
                    }
                }
            };
        }
        (at, false)
    }
}

impl Default for ChunkScan {
    fn default() -> Self {
        Self::new()
    }
}

/// Returns what follows the line of a chunk-size: data with its CRLF, or after size 0 the trailer section.
fn after_size(size: u64) -> ChunkState {
    if size == 0 {
        ChunkState::Trailer { length: 0 }
    } else {
        ChunkState::Data { left: size.saturating_add(2) }
    }
}

#[cfg(test)]
mod tests {
    use super::ChunkScan;

    fn end_of(body: &[u8], step: usize) -> Option<usize> {
        let mut scan = ChunkScan::new();
        let mut seen = 0;
        for part in body.chunks(step) {
            let (used, ended) = scan.feed(part);
            seen += used;
            if ended {
                return Some(seen);
            }
        }
        None
    }

    #[test]
    fn finds_the_end_however_the_bytes_are_split() {
        let body = b"000A;ext=\"x\"\r\n0123456789\r\n1\r\n\n\r\n0\r\nX-Sum: a\r\n\r\n";
        let mut more = body.to_vec();
        more.extend_from_slice(b"GET / HTTP/1.1\r\n\r\n");
        for step in 1..more.len() {
            assert_eq!(end_of(&more, step), Some(body.len()), "step {step}");
        }
    }

    #[test]
    fn has_no_end_before_the_last_chunk() {
        assert_eq!(end_of(b"5\r\nhello\r\n", 3), None);
        assert_eq!(end_of(b"0\r\nX: y\r\n", 3), None);
    }
}
