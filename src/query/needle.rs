//! A text that is searched for.

use aho_corasick::{AhoCorasick, AhoCorasickKind};

/// What can hide a text on the line of an exchange: an escape, base64, a content coding.
const HIDING: [&str; 4] = ["\\u", "\\/", "body_base64\":", "content-encoding"];

/// A text that is searched for; ASCII letters match in either case.
#[derive(Clone, Debug)]
pub(super) struct Needle {
    text: String,
    search: Option<AhoCorasick>,
    /// Finds the text, or what can hide it; `None` if a line always can.
    line_search: Option<AhoCorasick>,
}

impl Needle {
    pub(super) fn new(text: &str) -> Self {
        let any_of = |patterns: &[&str]| {
            let mut builder = AhoCorasick::builder();
            builder.ascii_case_insensitive(true).kind(Some(AhoCorasickKind::DFA)).build(patterns).ok()
        };
        let line_search = is_plain(text).then(|| {
            let [escape, slash, base64, coding] = HIDING;
            any_of(&[text, escape, slash, base64, coding])
        });
        Self { text: text.to_owned(), search: any_of(&[text]), line_search: line_search.flatten() }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Returns whether it occurs in a text.
    pub(super) fn is_in(&self, text: &[u8]) -> bool {
        self.search.as_ref().is_some_and(|search| search.is_match(text))
    }

    /// Returns whether it occurs in a body: as it is, or with the escapes of JSON strings undone.
    pub(super) fn is_in_body(&self, body: &[u8]) -> bool {
        self.is_in(body) || memchr::memchr(b'\\', body).is_some() && self.is_in(&unescape(body))
    }

    /// Returns false only if nothing of the exchange on this line of a recording holds it.
    pub(super) fn may_be_on(&self, line: &[u8]) -> bool {
        self.line_search.as_ref().is_none_or(|search| search.is_match(line))
    }
}

/// Returns whether a text is the same on a line as in the body it comes from. The word of a mask is not: a
/// secret of a foreign recording is masked after reading.
fn is_plain(text: &str) -> bool {
    let plain = |byte: u8| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\';
    let lower = text.to_ascii_lowercase();
    text.bytes().all(plain) && !"redacted-".contains(&lower) && !lower.contains("redacted-")
}

/// Undoes the escapes of JSON strings, wherever they are; what is no escape stays.
fn unescape(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at + 1..];
        let Some((escape, behind)) = rest.split_first() else { break };
        match escape {
            b'n' => out.push(b'\n'),
            b't' => out.push(b'\t'),
            b'r' => out.push(b'\r'),
            b'b' | b'f' => out.push(b' '),
            b'u' => {
                let (code, length) = code_point(rest);
                if let Some(c) = code {
                    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                    rest = &rest[length..];
                    continue;
                }
                out.extend_from_slice(b"\\u");
            }
            other => out.push(*other),
        }
        rest = behind;
    }
    out.extend_from_slice(rest);
    out
}

/// Reads `uXXXX`, or `uXXXX\uXXXX` for a pair; returns how many bytes that is.
fn code_point(text: &[u8]) -> (Option<char>, usize) {
    let unit = |text: &[u8]| {
        let digits = std::str::from_utf8(text.get(1..5)?).ok()?;
        u32::from_str_radix(digits, 16).ok()
    };
    let Some(first) = unit(text) else { return (None, 0) };
    let second = text.get(5..).filter(|rest| rest.starts_with(b"\\u")).and_then(|rest| unit(&rest[1..]));
    match (first, second) {
        (0xd800..=0xdbff, Some(second @ 0xdc00..=0xdfff)) => {
            (char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)), 11)
        }
        _ => (char::from_u32(first), 5),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_in_any_case_and_behind_escapes() {
        let found = |text: &str, body: &str| Needle::new(text).is_in_body(body.as_bytes());
        assert!(found("LOREM", r#"{"a":"lorem ipsum"}"#) && !found("lorem ipsam", "lorem ipsum"));
        assert!(found("a/b \"c\"", r#""a\/b \"c\"""#) && found("für 😀", r#""f\u00fcr \ud83d\ude00""#));
        assert!(found("\\u12", r"x\u12") && found("x\\", r"x\\"));
    }
}
