//! Reads the value that belongs to a name in a text of unknown syntax.

use crate::redact::kind::SecretKind;
use crate::redact::lookahead::{NextMatch, RunEnd};

/// The range of a value.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct ValueSpan {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// A bare number in a place where JSON wants one: its replacement needs quotes.
    pub(crate) quoted: bool,
}

/// Notations of a quotation mark: in JSON, in JSON inside a JSON string, in URLs, in HTML.
const QUOTES: &[&[u8]] = &[
    b"\"",
    b"'",
    b"\\\"",
    b"\\\\\\\"",
    b"%22",
    b"%27",
    b"&quot;",
    b"&#34;",
    b"&#39;",
    b"&#x27;",
    b"\\u0022",
];

/// Notations of what separates a name from its value.
const SEPARATORS: &[&[u8]] = &[b"=>", b":", b"=", b"%3A", b"%3a", b"%3D", b"%3d", b"&#61;", b"\\u003d"];

/// Reads values of one text. What was found ahead is remembered, so that many names before one value cost no
/// more than one.
pub(crate) struct ValueReader<'a> {
    text: &'a [u8],
    bare: RunEnd,
    digit: NextMatch,
    blank_line: NextMatch,
}

impl<'a> ValueReader<'a> {
    /// Returns a reader of this text.
    pub(crate) fn new(text: &'a [u8]) -> Self {
        let (digit, blank_line) = (NextMatch::default(), NextMatch::default());
        Self { text, bare: RunEnd::default(), digit, blank_line }
    }

    /// Returns the value behind the name at `start..end`, `None` if the name is a mere word of a sentence.
    pub(crate) fn read_after(&mut self, start: usize, end: usize, kind: SecretKind) -> Option<ValueSpan> {
        let text = self.text;
        let before = &text[..start];
        let mut at = end;
        let name_quote = quote(text, &mut at);
        if before.ends_with(b"name=\"") && name_quote.is_some() {
            return self.multipart(at);
        }
        if text.get(at) == Some(&b'>') && name_quote.is_none() {
            return element(text, before, at + 1);
        }
        if let Some(quote) = name_quote
            && let Some(value) = pair(text, before, at, quote)
        {
            return Some(value);
        }
        // `token[]=…` and `token[0]=…`, as forms write lists.
        if name_quote.is_none() && text.get(at) == Some(&b'[') {
            at += index_length(&text[at..]);
        }
        // A name that lost its opening quote lies inside a longer one, such as `x["token"]`: `]` may follow.
        if text.get(at) == Some(&b']') {
            at += 1;
        }
        let spaced = skip_space(text, &mut at);
        let separator = SEPARATORS.iter().find(|separator| text[at..].starts_with(separator))?;
        at += separator.len();
        let gap = skip_space(text, &mut at);
        if let Some(quote) = quote(text, &mut at) {
            return quoted(text, at, quote);
        }
        if text.get(at) == Some(&b'[') {
            at += 1;
            skip_space(text, &mut at);
            let quote = quote(text, &mut at)?;
            return quoted_list(text, at, quote);
        }
        let assigned = !separator.contains(&b':') && !separator.ends_with(b"A") && !separator.ends_with(b"a");
        if assigned && !spaced && !gap {
            return self.bare(at, 1);
        }
        if name_quote.is_some() {
            return number(text, at, kind);
        }
        // `X-Api-Key: value` in a dump of headers: up to the end of its line.
        if before.last().is_none_or(|byte| matches!(byte, b'\n' | b'\r' | b'>' | b'"' | b'\'')) && gap {
            return line(text, at);
        }
        // In running text: only what cannot be a word.
        let value = self.bare(at, 8)?;
        let digit =
            self.digit.after(at, || text[at..].iter().position(u8::is_ascii_digit).map(|offset| at + offset));
        digit.is_some_and(|digit| digit < value.end).then_some(value)
    }

    /// Returns the part of a multipart body whose `name="…"` this is: behind the empty line, up to the next
    /// boundary.
    fn multipart(&mut self, at: usize) -> Option<ValueSpan> {
        let text = self.text;
        let blank = self
            .blank_line
            .after(at, || memchr::memmem::find(&text[at..], b"\r\n\r\n").map(|offset| at + offset));
        let start = blank? + 4;
        let end = memchr::memmem::find(&text[start..], b"\r\n--").map_or(text.len(), |length| start + length);
        (start < end).then_some(ValueSpan { start, end, quoted: false })
    }

    /// Returns a run without spaces and punctuation, at least `least` bytes long, that is no literal of JSON.
    fn bare(&mut self, start: usize, least: usize) -> Option<ValueSpan> {
        let end = self
            .bare
            .after(self.text, start, |byte| !matches!(byte, 0..=b' ') && !b"&\"'<>;,#)]}\\".contains(&byte));
        let literals = [&b"null"[..], b"true", b"false", b"none", b"None", b"undefined"];
        let literal = literals.contains(&&self.text[start..end]);
        (end - start >= least && !literal).then_some(ValueSpan { start, end, quoted: false })
    }
}

/// Returns the length of `[]` or `[0]` at the beginning of a text, 0 if there is none.
fn index_length(text: &[u8]) -> usize {
    let index = text[1..].iter().take(16).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    if text.get(1 + index) == Some(&b']') { index + 2 } else { 0 }
}

fn quote(text: &[u8], at: &mut usize) -> Option<&'static [u8]> {
    let found = *QUOTES.iter().find(|quote| text[*at..].starts_with(quote))?;
    *at += found.len();
    Some(found)
}

fn skip_space(text: &[u8], at: &mut usize) -> bool {
    let from = *at;
    loop {
        let rest = &text[*at..];
        match rest.first() {
            Some(b' ' | b'\t' | b'\r' | b'\n') => *at += 1,
            Some(b'%') if rest.starts_with(b"%20") => *at += 3,
            _ => return *at > from,
        }
    }
}

/// Up to the same quote again; escaped ones of a plain `"` string do not end it.
fn quoted(text: &[u8], start: usize, quote: &[u8]) -> Option<ValueSpan> {
    let mut at = start;
    while at < text.len() && !text[at..].starts_with(quote) {
        at += if text[at] == b'\\' && quote.len() == 1 { 2 } else { 1 };
    }
    let end = at.min(text.len());
    (start < end).then_some(ValueSpan { start, end, quoted: false })
}

/// All strings of an array, as one value from the first to the last: `["a","b"]` becomes `["…"]`.
fn quoted_list(text: &[u8], start: usize, quote: &[u8]) -> Option<ValueSpan> {
    let mut last = quoted(text, start, quote)?;
    loop {
        let mut at = (last.end + quote.len()).min(text.len());
        skip_space(text, &mut at);
        if text.get(at) != Some(&b',') {
            return Some(ValueSpan { start, end: last.end, quoted: false });
        }
        at += 1;
        skip_space(text, &mut at);
        let Some(next) = text[at..].starts_with(quote).then_some(at + quote.len()) else {
            return Some(ValueSpan { start, end: last.end, quoted: false });
        };
        last = quoted(text, next, quote).unwrap_or(ValueSpan { start: next, end: next, quoted: false });
    }
}

/// `["Authorization","…"]` and `{"name":"Authorization","value":"…"}`: headers as data.
fn pair(text: &[u8], before: &[u8], at: usize, mark: &[u8]) -> Option<ValueSpan> {
    let opening = before.strip_suffix(mark)?;
    let mut at = at;
    skip_space(text, &mut at);
    if text.get(at) != Some(&b',') {
        return None;
    }
    at += 1;
    skip_space(text, &mut at);
    let in_list = opening.trim_ascii_end().ends_with(b"[");
    if quote(text, &mut at)? != mark {
        return None;
    }
    if !in_list {
        at += text[at..].starts_with(b"value").then_some(5)?;
        if quote(text, &mut at)? != mark {
            return None;
        }
        skip_space(text, &mut at);
        at += text[at..].starts_with(b":").then_some(1)?;
        skip_space(text, &mut at);
        if quote(text, &mut at)? != mark {
            return None;
        }
    }
    quoted(text, at, mark)
}

/// `<password>…</password>`.
fn element(text: &[u8], before: &[u8], start: usize) -> Option<ValueSpan> {
    if !before.ends_with(b"<") && !before.ends_with(b":") {
        return None;
    }
    let end = memchr::memchr(b'<', &text[start..]).map_or(text.len(), |length| start + length);
    (start < end).then_some(ValueSpan { start, end, quoted: false })
}

/// A JSON number under a name such as `password`; `"token": 5` says where, not what.
fn number(text: &[u8], start: usize, kind: SecretKind) -> Option<ValueSpan> {
    let length = text[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let telling = matches!(kind, SecretKind::Password | SecretKind::Secret | SecretKind::Key);
    (telling && length >= 3).then_some(ValueSpan { start, end: start + length, quoted: true })
}

fn line(text: &[u8], start: usize) -> Option<ValueSpan> {
    let length = text[start..].iter().take_while(|byte| !matches!(byte, b'\r' | b'\n' | b'<' | b'"')).count();
    (length > 0).then_some(ValueSpan { start, end: start + length, quoted: false })
}
