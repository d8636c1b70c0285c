//! The head of a message: start line and header lines, sliced from the bytes of the wire.

use bytes::Bytes;

use crate::model::exchange::{Header, Headers};
use crate::model::wire_bytes::WireBytes;

/// The initial capacity for header lines.
const LINES: usize = 12;

/// How many bytes are searched for the end of a head.
const SEARCHED: usize = 2048;

/// A message head as it was on the wire, parsed without copying.
#[derive(Clone, Debug, Default)]
pub struct Head {
    /// All bytes from the start line to the empty line.
    pub bytes: Bytes,
    /// The length of the start line, without its line end.
    start: usize,
    /// The header lines: names and values without surrounding white space.
    pub headers: Headers,
    /// Whether start line and header lines, written in the usual way, give exactly `bytes` again.
    pub plain: bool,
}

/// What came of a line that may come in pieces: an empty one ends a head.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum LineStart {
    /// Nothing.
    #[default]
    Empty,
    /// A CR.
    Cr,
    /// More than a line end has.
    Filled,
}

impl LineStart {
    /// Returns what came with these bytes of the line, its line feed left out.
    pub(crate) fn after(self, bytes: &[u8]) -> Self {
        match (self, bytes) {
            (same, []) => same,
            (Self::Empty, b"\r") => Self::Cr,
            _ => Self::Filled,
        }
    }
}

/// The parts of a request line.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct RequestLine<'a> {
    /// The method.
    pub method: &'a [u8],
    /// The request-target, as sent.
    pub target: &'a [u8],
    /// `HTTP/1.1`.
    pub version: &'a [u8],
}

/// The parts of a status line.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct StatusLine<'a> {
    /// `HTTP/1.1`.
    pub version: &'a [u8],
    /// The status code; 0 if there is none.
    pub status: u16,
    /// The reason phrase, which may be empty.
    pub reason: &'a [u8],
}

impl Head {
    /// Parses a head. It never fails: lines without a colon become names without a value, and `plain` is
    /// false.
    pub fn parse(bytes: Bytes) -> Self {
        Self::parse_first(&bytes).unwrap_or_else(|head| head)
    }

    /// Parses the head at the beginning of `bytes`, and ignores what follows its empty line. The error is a
    /// head without an end.
    ///
    /// # Errors
    /// There is no empty line: more of the head is to come, or it is cut.
    pub fn parse_first(bytes: &Bytes) -> Result<Self, Self> {
        let mut lines = LineSpans { bytes, feeds: memchr::memchr_iter(b'\n', bytes), at: 0 };
        let start = lines.next().unwrap_or_default();
        let mut plain = start.crlf;
        let mut headers = Vec::with_capacity(LINES);
        while let Some(line) = lines.next() {
            plain &= line.crlf;
            if line.from == line.to {
                return Ok(Self {
                    start: start.to,
                    headers: Headers(headers),
                    plain,
                    bytes: bytes.slice(..lines.at),
                });
            }
            let text = &bytes[line.from..line.to];
            // names are short: a loop costs less than a call of memchr
            let colon = text.iter().position(|byte| *byte == b':');
            let (name_end, value_start) = match colon {
                Some(colon) => (line.from + colon, line.from + colon + 1),
                None => (line.to, line.to),
            };
            let (from, to) = trim(bytes, value_start, line.to);
            let spaced = to > from && from == value_start + 1 && bytes[value_start] == b' ' && to == line.to;
            let empty = from == to && to == line.to && from <= value_start + 1;
            plain &= colon.is_some()
                && (spaced || (empty && is_single_space_or_none(bytes, value_start, line.to)));
            headers.push(Header {
                name: WireBytes::part(bytes, line.from..name_end),
                value: WireBytes::part(bytes, from..to),
            });
        }
        Err(Self { start: start.to, headers: Headers(headers), plain: false, bytes: bytes.clone() })
    }

    /// Parses the lines of a trailer section; returns them, and how many bytes follow an empty line in them.
    pub fn parse_trailer(lines: &[u8]) -> (Headers, usize) {
        let bytes = Bytes::from([b"\r\n", lines, b"\r\n"].concat());
        let head = Self::parse(bytes.clone());
        (head.headers, bytes.len() - head.bytes.len())
    }

    /// Parses a head that was read from the wire in one piece, as nearly all are; `None` if the bytes hold no
    /// whole head, or its end is not among the first of them.
    pub fn parse_one_read(bytes: &[u8]) -> Option<Self> {
        if bytes.len() <= SEARCHED {
            return Self::parse_first(&Bytes::copy_from_slice(bytes)).ok();
        }
        let end = memchr::memmem::find(&bytes[..SEARCHED], b"\r\n\r\n")? + 4;
        Self::parse_first(&Bytes::copy_from_slice(&bytes[..end])).ok()
    }

    /// Returns the start line without its line end.
    pub fn start(&self) -> &[u8] {
        &self.bytes[..self.start]
    }

    /// Returns method, target and version; what is missing is empty.
    pub fn request_line(&self) -> RequestLine<'_> {
        let line = self.start();
        let Some(first) = line.iter().position(|byte| *byte == b' ') else {
            return RequestLine { method: line, ..RequestLine::default() };
        };
        let (method, rest) = (&line[..first], &line[first + 1..]);
        match rest.iter().rposition(|byte| *byte == b' ') {
            Some(last) => RequestLine { method, target: &rest[..last], version: &rest[last + 1..] },
            None => RequestLine { method, target: rest, version: b"" },
        }
    }

    /// Returns version, status and reason; what is missing is empty or 0.
    pub fn status_line(&self) -> StatusLine<'_> {
        let line = self.start();
        let Some(first) = line.iter().position(|byte| *byte == b' ') else {
            return StatusLine { version: line, ..StatusLine::default() };
        };
        let (version, rest) = (&line[..first], &line[first + 1..]);
        let end = rest.iter().position(|byte| *byte == b' ');
        let code = &rest[..end.unwrap_or(rest.len())];
        StatusLine {
            version,
            status: std::str::from_utf8(code).ok().and_then(|code| code.parse().ok()).unwrap_or(0),
            reason: end.map_or(b"", |end| &rest[end + 1..]),
        }
    }

    /// Returns a part of the head as a value of its own.
    pub fn to_owned_part(&self, part: &[u8]) -> WireBytes {
        WireBytes::slice(&self.bytes, part)
    }

    /// Returns the bytes, unless they can be rebuilt exactly from the start line and the header lines.
    pub fn unusual_bytes(&self) -> Option<WireBytes> {
        (!self.plain).then(|| WireBytes::from(self.bytes.clone()))
    }
}

/// The range of one line, without its line end.
#[derive(Default)]
struct LineSpan {
    from: usize,
    to: usize,
    crlf: bool,
}

struct LineSpans<'a> {
    bytes: &'a [u8],
    feeds: memchr::Memchr<'a>,
    at: usize,
}

impl Iterator for LineSpans<'_> {
    type Item = LineSpan;

    fn next(&mut self) -> Option<LineSpan> {
        if self.at >= self.bytes.len() {
            return None;
        }
        let from = self.at;
        let Some(feed) = self.feeds.next() else {
            self.at = self.bytes.len();
            return Some(LineSpan { from, to: self.bytes.len(), crlf: false });
        };
        self.at = feed + 1;
        let crlf = feed > from && self.bytes[feed - 1] == b'\r';
        Some(LineSpan { from, to: if crlf { feed - 1 } else { feed }, crlf })
    }
}

fn trim(bytes: &[u8], mut from: usize, mut to: usize) -> (usize, usize) {
    while from < to && matches!(bytes[from], b' ' | b'\t') {
        from += 1;
    }
    while to > from && matches!(bytes[to - 1], b' ' | b'\t') {
        to -= 1;
    }
    (from, to)
}

fn is_single_space_or_none(bytes: &[u8], from: usize, to: usize) -> bool {
    to - from == 1 && bytes[from] == b' '
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_keeps_order_case_duplicates_and_bytes() {
        let head = Head::parse(Bytes::from_static(
            b"POST //a%2Fb?  HTTP/1.1\r\nX-A: 1\r\nx-b:2\r\nX-A:  3 \t\r\nX-Obs: caf\xe9\r\nEmpty:\r\n\r\n",
        ));
        let line = head.request_line();
        assert_eq!(
            (line.method, line.target, line.version),
            (&b"POST"[..], &b"//a%2Fb? "[..], &b"HTTP/1.1"[..])
        );
        let lines: Vec<(&[u8], &[u8])> =
            head.headers.iter().map(|header| (header.name.as_bytes(), header.value.as_bytes())).collect();
        assert_eq!(
            lines,
            [
                (&b"X-A"[..], &b"1"[..]),
                (b"x-b", b"2"),
                (b"X-A", b"3"),
                (b"X-Obs", b"caf\xe9"),
                (b"Empty", b"")
            ]
        );
        assert!(!head.plain, "odd white space cannot be rebuilt from the fields");
        assert!(head.unusual_bytes().is_some());
    }

    #[test]
    fn a_usual_head_is_rebuilt_from_its_fields() {
        let head = Head::parse(Bytes::from_static(b"GET / HTTP/1.1\r\nHost: a\r\nX: \r\n\r\n"));
        assert!(head.plain);
        let bare = Head::parse(Bytes::from_static(b"GET / HTTP/1.1\nHost: a\n\n"));
        assert!(!bare.plain, "bare line feeds are not the usual way");
        let cut = Head::parse(Bytes::from_static(b"GET / HTTP/1.1\r\nHost: a"));
        assert!(!cut.plain, "a head that stops in the middle");
    }

    #[test]
    fn a_status_line_may_lack_its_reason() {
        let head = |text: &'static str| Head::parse(Bytes::from_static(text.as_bytes()));
        let status = |text| head(text).status_line().status;
        assert_eq!(
            head("HTTP/1.1 400 Validation failed - see errors\r\n\r\n").status_line().reason,
            b"Validation failed - see errors"
        );
        assert_eq!((status("HTTP/1.1 200 \r\n\r\n"), status("HTTP/1.1 200\r\n\r\n")), (200, 200));
        assert_eq!(status("garbage\r\n\r\n"), 0);
    }
}
