//! The tap on what an upstream sends: the head of each response exactly as it came, interim responses
//! separately, and its trailer section.

use bytes::BytesMut;

use crate::net::chunks::ChunkScan;
use crate::net::head::{Head, LineStart};

/// How much of one head is kept; the parser refuses heads before they get this large.
const HEAD_LIMIT: usize = 256 * 1024;

/// Follows the bytes of one upstream connection, one request at a time.
#[derive(Debug, Default)]
pub struct ResponseTap {
    listening: bool,
    partial: BytesMut,
    line: LineStart,
    interim: Vec<Head>,
    last: Option<Head>,
    begun: bool,
    /// Follows a body in chunks.
    chunks: Option<ChunkScan>,
    /// The trailer section, as it came.
    trailer: Vec<u8>,
}

impl ResponseTap {
    /// Prepares for the response to the request that is about to be sent.
    pub fn arm(&mut self) {
        *self = Self { listening: true, partial: std::mem::take(&mut self.partial), ..Self::default() };
        self.partial.clear();
    }

    /// Follows bytes that were just read.
    pub fn feed(&mut self, mut bytes: &[u8]) {
        self.begun |= !bytes.is_empty();
        while self.listening && !bytes.is_empty() {
            if self.partial.is_empty()
                && !matches!(bytes[0], b'\r' | b'\n')
                && let Some(head) = Head::parse_one_read(bytes)
            {
                bytes = &bytes[head.bytes.len()..];
                self.finish(head);
                continue;
            }
            let Some(length) = memchr::memchr(b'\n', bytes) else {
                self.line = self.line.after(bytes);
                self.keep(bytes);
                return;
            };
            let line = self.line.after(&bytes[..length]);
            self.keep(&bytes[..=length]);
            bytes = &bytes[length + 1..];
            self.line = LineStart::Empty;
            if line != LineStart::Filled {
                let head = Head::parse(self.partial.split().freeze());
                self.finish(head);
            }
        }
        self.follow_chunks(bytes);
    }

    fn follow_chunks(&mut self, bytes: &[u8]) {
        if let Some(scan) = &mut self.chunks
            && scan.feed(bytes).1
        {
            self.trailer = scan.take_trailer();
            self.chunks = None;
        }
    }

    /// Takes the trailer section, with its line ends; empty if there is none.
    pub fn take_trailer(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.trailer)
    }

    /// Takes the head of the final response, once it is complete.
    pub fn take_final(&mut self) -> Option<Head> {
        self.last.take()
    }

    /// Takes the heads of interim responses that were read and not taken yet.
    pub fn take_interim(&mut self) -> Vec<Head> {
        std::mem::take(&mut self.interim)
    }

    /// Returns whether the first byte of the response was read.
    pub fn has_begun(&self) -> bool {
        self.begun
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = HEAD_LIMIT.saturating_sub(self.partial.len()).min(bytes.len());
        self.partial.extend_from_slice(&bytes[..room]);
    }

    fn finish(&mut self, head: Head) {
        match head.status_line().status {
            status @ 100..200 if status != 101 => self.interim.push(head),
            _ => {
                let coded = head.headers.iter().any(|header| header.name.eq_ignore_case("transfer-encoding"));
                self.chunks = coded.then(ChunkScan::new);
                self.last = Some(head);
                self.listening = false;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ResponseTap;

    const RESPONSES: &[u8] = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nX-Z: 1\r\nX-A: 2\r\nX-Z: 3\r\n\r\nbody\r\n\r\n";

    #[test]
    fn separates_interim_heads_from_the_final_one_however_the_bytes_are_split() {
        for step in 1..RESPONSES.len() {
            let mut tap = ResponseTap::default();
            tap.arm();
            RESPONSES.chunks(step).for_each(|part| tap.feed(part));
            assert_eq!(tap.take_interim().len(), 1, "step {step}");
            let head = tap.take_final().unwrap();
            assert_eq!(head.headers.iter().map(|header| header.value.lossy()).collect::<String>(), "123");
        }
    }

    #[test]
    fn keeps_nothing_before_it_is_armed() {
        let mut tap = ResponseTap::default();
        tap.feed(RESPONSES);
        assert!(tap.take_final().is_none());
    }
}
