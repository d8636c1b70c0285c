//! The tap on what a client sends: every request head exactly as it came, found below the HTTP parser.
//!
//! hyper keeps neither the order of header lines nor the bytes of a head. The tap watches what hyper reads,
//! copies heads, and follows bodies only as far as needed to know where the next head begins.

use std::collections::VecDeque;
use std::time::{Instant, SystemTime};

use bytes::{Bytes, BytesMut};

use crate::model::exchange::Headers;
use crate::net::chunks::ChunkScan;
use crate::net::head::{Head, LineStart};

/// How much of one head is kept; the parser refuses heads before they get this large.
const HEAD_LIMIT: usize = 256 * 1024;

/// How many trailer sections wait to be taken; a client that pipelines more loses the spelling of the first.
const KEPT_TRAILERS: usize = 8;

/// A request head with the time at which its first byte was read.
#[derive(Clone, Debug)]
pub struct TappedHead {
    /// The head.
    pub head: Head,
    /// When its first byte was read.
    pub began: StartTime,
}

/// One point in time on both clocks: for durations, and for the recording.
#[derive(Clone, Copy, Debug)]
pub struct StartTime {
    /// On the monotonic clock.
    pub instant: Instant,
    /// On the system's clock.
    pub wall: SystemTime,
}

impl StartTime {
    /// Returns the current time.
    pub fn now() -> Self {
        Self { instant: Instant::now(), wall: SystemTime::now() }
    }
}

/// Follows the bytes of one client connection.
#[derive(Debug, Default)]
pub struct RequestTap {
    state: TapState,
    partial: BytesMut,
    began: Option<StartTime>,
    /// What came of the line being read.
    line: LineStart,
    heads: VecDeque<TappedHead>,
    /// Trailer sections, as they came.
    trailers: VecDeque<Vec<u8>>,
    /// The last bytes of HTTP versions that the parser does not know, as offsets into the bytes of the last
    /// `feed`.
    newer: Vec<usize>,
}

#[derive(Debug, Default)]
enum TapState {
    #[default]
    Head,
    Length(u64),
    Chunked(ChunkScan),
    /// The bytes are no longer HTTP.
    Raw,
}

impl RequestTap {
    /// Follows bytes that were just read.
    pub fn feed(&mut self, all: &[u8]) {
        self.newer.clear();
        let mut bytes = all;
        while !bytes.is_empty() {
            let from = all.len() - bytes.len();
            let used = match &mut self.state {
                TapState::Raw => return,
                TapState::Length(left) => {
                    let step = (*left).min(bytes.len() as u64);
                    *left -= step;
                    if *left == 0 {
                        self.state = TapState::Head;
                    }
                    usize::try_from(step).unwrap_or(bytes.len())
                }
                TapState::Chunked(scan) => {
                    let (used, ended) = scan.feed(bytes);
                    if ended {
                        let trailer = scan.take_trailer();
                        self.state = TapState::Head;
                        self.keep_trailer(trailer);
                    }
                    used
                }
                TapState::Head => self.feed_head(bytes, from),
            };
            bytes = &bytes[used..];
        }
    }

    /// Returns the offsets, in the bytes of the last `feed`, of the last digit of each request's version that
    /// is HTTP/1.2 or newer. It has to be read as 1.1, the highest version that we know (RFC 9110, 6.2). The
    /// heads are kept as they came.
    pub fn newer_versions(&self) -> &[usize] {
        &self.newer
    }

    /// Takes the oldest complete head.
    pub fn next_head(&mut self) -> Option<TappedHead> {
        self.heads.pop_front()
    }

    /// Takes the oldest trailer section that `is_it`, and drops those before it: nothing read them.
    pub fn take_trailer(&mut self, is_it: impl Fn(&[u8]) -> bool) -> Option<Vec<u8>> {
        let at = self.trailers.iter().position(|trailer| is_it(trailer))?;
        self.trailers.drain(..=at).next_back()
    }

    fn keep_trailer(&mut self, trailer: Vec<u8>) {
        if trailer.is_empty() {
            return;
        }
        if self.trailers.len() == KEPT_TRAILERS {
            self.trailers.pop_front();
        }
        self.trailers.push_back(trailer);
    }

    /// Takes the head that a parser refused: the oldest that was not taken, or else an incomplete one.
    pub fn take_refused(&mut self) -> Option<TappedHead> {
        self.heads.pop_front().or_else(|| {
            let began = self.began?;
            let bytes = self.partial.split().freeze();
            (!bytes.is_empty()).then(|| TappedHead { head: Head::parse(bytes), began })
        })
    }

    /// Returns when the head that is still incomplete began.
    pub fn incomplete_head_since(&self) -> Option<Instant> {
        self.began.map(|began| began.instant)
    }

    /// Returns whether every request that began was read to its end.
    pub fn is_between_requests(&self) -> bool {
        matches!(self.state, TapState::Head) && self.began.is_none() && self.heads.is_empty()
    }

    /// Ends the search for heads: the connection was switched to another protocol.
    pub fn go_raw(&mut self) {
        self.state = TapState::Raw;
        self.partial = BytesMut::new();
        self.began = None;
    }

    /// Reads up to the end of a head; returns how many bytes were used. `offset` is where `bytes` begin in
    /// the piece.
    fn feed_head(&mut self, bytes: &[u8], offset: usize) -> usize {
        let mut at = 0;
        if self.began.is_none() {
            // empty lines before a request line are not part of it (RFC 9112, 2.2)
            while at < bytes.len() && matches!(bytes[at], b'\r' | b'\n') {
                at += 1;
            }
            if at == bytes.len() {
                return at;
            }
            self.began = Some(StartTime::now());
            self.line = LineStart::Empty;
            if let Some(head) = Head::parse_one_read(&bytes[at..]) {
                let length = head.bytes.len();
                if is_newer(head.start()) {
                    self.newer.push(offset + at + head.start().len() - 1);
                }
                self.finish(head);
                return at + length;
            }
        }
        let from = at;
        while at < bytes.len() {
            let Some(length) = memchr::memchr(b'\n', &bytes[at..]) else {
                self.line = self.line.after(&bytes[at..]);
                at = bytes.len();
                break;
            };
            let line = self.line.after(&bytes[at..at + length]);
            at += length + 1;
            self.line = LineStart::Empty;
            if line != LineStart::Filled {
                self.keep(&bytes[from..at]);
                let head = Head::parse(self.partial.split().freeze());
                self.finish(head);
                return at;
            }
        }
        self.keep(&bytes[from..at]);
        at
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = HEAD_LIMIT.saturating_sub(self.partial.len()).min(bytes.len());
        self.partial.extend_from_slice(&bytes[..room]);
    }

    fn finish(&mut self, head: Head) {
        self.state = state_after(&head.headers);
        let began = self.began.take().unwrap_or_else(StartTime::now);
        self.heads.push_back(TappedHead { head, began });
    }
}

/// Returns whether a request line ends in HTTP/1.2 or a newer version with the same major number.
fn is_newer(start: &[u8]) -> bool {
    matches!(start, [before @ .., b'2'..=b'9'] if before.ends_with(b" HTTP/1."))
}

/// Returns what follows a head. The parser refuses ambiguous framing, so it does not matter how it is read
/// here.
fn state_after(headers: &Headers) -> TapState {
    let mut length = None;
    for header in headers.iter() {
        if header.name.eq_ignore_case("transfer-encoding") {
            return TapState::Chunked(ChunkScan::new());
        }
        if header.name.eq_ignore_case("content-length") {
            length = header.value.as_str().and_then(|text| text.parse::<u64>().ok());
        }
    }
    match length {
        Some(length) if length > 0 => TapState::Length(length),
        _ => TapState::Head,
    }
}

/// Returns the bytes of a head with this start line and these header lines, written in the usual way.
pub fn rebuild(start: &[u8], headers: &Headers) -> Bytes {
    let mut bytes = BytesMut::with_capacity(512);
    bytes.extend_from_slice(start);
    bytes.extend_from_slice(b"\r\n");
    for header in headers.iter() {
        bytes.extend_from_slice(header.name.as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(header.value.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.freeze()
}

#[cfg(test)]
mod tests {
    use super::*;

    const THREE: &[u8] = b"\r\nPOST /0 HTTP/1.1\r\nContent-Length: 19\r\n\r\nGET /no HTTP/1.1\r\n\n\
        POST /1 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nGET /2 HTTP/1.1\nHost: x\n\n";

    fn targets(bytes: &[u8], step: usize) -> Vec<Bytes> {
        let mut tap = RequestTap::default();
        bytes.chunks(step).for_each(|part| tap.feed(part));
        std::iter::from_fn(|| tap.next_head())
            .map(|tapped| Bytes::copy_from_slice(tapped.head.request_line().target))
            .collect()
    }

    #[test]
    fn finds_every_pipelined_head_however_the_bytes_are_split() {
        for step in 1..THREE.len() {
            assert_eq!(targets(THREE, step), ["/0", "/1", "/2"], "step {step}");
        }
    }

    #[test]
    fn finds_versions_that_are_too_new() {
        let mut tap = RequestTap::default();
        let bytes =
            b"GET / HTTP/1.1\r\n\r\nPUT /a HTTP/1.2\r\nContent-Length: 1\r\n\r\nxGET / HTTP/1.9\r\n\r\n";
        tap.feed(bytes);
        let found: Vec<u8> = tap.newer_versions().iter().map(|at| bytes[*at]).collect();
        assert_eq!(found, b"29");
        tap.feed(b"GET / HTTP/2.2\r\n\r\n");
        assert!(tap.newer_versions().is_empty());
    }

    #[test]
    fn keeps_the_beginning_of_a_head_that_never_ended() {
        let mut tap = RequestTap::default();
        tap.feed(b"GET / HTTP/1.1\r\nX-A: b\0");
        assert!(tap.incomplete_head_since().is_some());
        assert_eq!(tap.take_refused().unwrap().head.bytes, &b"GET / HTTP/1.1\r\nX-A: b\0"[..]);
    }

    #[test]
    fn keeps_a_bounded_part_of_an_endless_head() {
        let mut tap = RequestTap::default();
        for _ in 0..100 {
            tap.feed(&[b'a'; 8192]);
        }
        assert_eq!(tap.take_refused().unwrap().head.bytes.len(), HEAD_LIMIT);
    }

    #[test]
    fn a_plain_head_is_rebuilt_byte_for_byte() {
        let bytes = Bytes::from_static(b"GET /a?b HTTP/1.1\r\nHost: a\r\nX: \r\nx: 2\r\n\r\n");
        let head = Head::parse(bytes.clone());
        assert!(head.plain);
        assert_eq!(rebuild(head.start(), &head.headers), bytes);
    }
}
