//! Values in quotation marks, brackets and objects, in a text of unknown syntax.

use crate::redact::kind::SecretKind;
use crate::redact::notation::PlainText;
use crate::redact::steps;

/// The range of a value.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct ValueSpan {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// A bare number in a place where JSON wants one: its replacement needs quotes.
    pub(crate) quoted: bool,
}

impl ValueSpan {
    /// Returns the range of a text, `None` if it is empty.
    pub(crate) fn of_text(start: usize, end: usize) -> Option<Self> {
        (start < end).then_some(Self { start, end, quoted: false })
    }
}

/// Bytes of a member's name.
const LONGEST_KEY: usize = 128;

/// Reads values of one text.
#[derive(Clone, Copy)]
pub(crate) struct ValueReader<'t> {
    text: &'t PlainText<'t>,
    bytes: &'t [u8],
}

impl<'t> ValueReader<'t> {
    /// Returns a reader of this text.
    pub(crate) fn new(text: &'t PlainText<'t>) -> Self {
        Self { text, bytes: text.bytes() }
    }

    /// Returns the text with its notations.
    pub(crate) fn text(&self) -> &'t PlainText<'t> {
        self.text
    }

    /// Returns the value that begins at `at`, where a quotation mark or bracket is or a number.
    pub(crate) fn value_at(&self, mut at: usize, kind: SecretKind) -> Option<ValueSpan> {
        // `b'…'`, `u"…"`
        if is_letter_of_string(self.bytes.get(at)) && is_quote(self.bytes.get(at + 1)) {
            at += 1;
        }
        match self.bytes.get(at)? {
            b'"' | b'\'' | b'`' => self.quoted(at),
            b'[' => {
                let opened = |at: &usize| self.bytes.get(*at) == Some(&b'[');
                while opened(&at) {
                    at = skip_space(self.bytes, at + 1);
                }
                self.quoted_list(at)
            }
            b'{' => self.value_in_object(at, kind),
            _ => number(self.bytes, at, kind),
        }
    }

    /// Returns the value in quotation marks of which the opening one is at `opening`.
    pub(crate) fn quoted(&self, opening: usize) -> Option<ValueSpan> {
        ValueSpan::of_text(opening + 1, self.string_end(opening))
    }

    /// Returns where the string that begins with the mark at `opening` ends: at its closing mark, or at the
    /// end of the text.
    pub(crate) fn string_end(&self, opening: usize) -> usize {
        self.string_end_within(opening, self.bytes.len()).unwrap_or(self.bytes.len())
    }

    /// As `string_end`, if the string is not longer than this.
    pub(crate) fn string_end_within(&self, opening: usize, most: usize) -> Option<usize> {
        let (start, mark) = (opening + 1, self.bytes[opening]);
        let limit = self.bytes.len().min(start.saturating_add(most));
        let end = memchr::memchr2_iter(mark, b'"', &self.bytes[start..limit])
            .map(|offset| start + offset)
            .find(|at| self.text.closes(opening, *at));
        steps::add(end.unwrap_or(limit).saturating_sub(start));
        end
    }

    /// All strings of an array, as one value from the first to the last: `["a","b"]` becomes `["…"]`.
    fn quoted_list(&self, first: usize) -> Option<ValueSpan> {
        let bytes = self.bytes;
        let mut opening = first;
        let mut end = None;
        while is_quote(bytes.get(opening)) {
            let string_end = self.string_end(opening);
            end = Some(string_end);
            let comma = skip_space(bytes, (string_end + 1).min(bytes.len()));
            if bytes.get(comma) != Some(&b',') {
                break;
            }
            opening = skip_space(bytes, comma + 1);
        }
        ValueSpan::of_text(first + 1, end?)
    }

    /// `{"value":"…"}` under a name.
    fn value_in_object(&self, brace: usize, kind: SecretKind) -> Option<ValueSpan> {
        let at = skip_space(self.bytes, brace + 1);
        let (name, at) = self.read_key(at)?;
        if !is_value_name(&self.bytes[name.0..name.1]) || self.bytes.get(at) == Some(&b'{') {
            return None;
        }
        self.value_at(at, kind)
    }

    /// Returns the name of a member that begins at `at`, and where its value begins.
    pub(crate) fn read_key(&self, at: usize) -> Option<((usize, usize), usize)> {
        let bytes = self.bytes;
        let (name, end) = if is_quote(bytes.get(at)) {
            let end = self.string_end_within(at, LONGEST_KEY)?;
            ((at + 1, end), end + 1)
        } else {
            let length = bytes[at..].iter().take(64).take_while(|byte| is_bare_key(**byte)).count();
            ((at, at + length), at + length)
        };
        let colon = skip_space(bytes, end);
        if name.0 == name.1 || bytes.get(colon) != Some(&b':') {
            return None;
        }
        Some((name, skip_space(bytes, colon + 1)))
    }
}

/// Returns whether a member or element of this name holds the value that another one names.
pub(crate) fn is_value_name(name: &[u8]) -> bool {
    let ends = |ending: &[u8]| {
        name.len().checked_sub(ending.len()).is_some_and(|at| name[at..].eq_ignore_ascii_case(ending))
    };
    ends(b"value") || ends(b"values") || [&b"val"[..], b"v", b"secret"].contains(&name)
}

/// Returns whether a byte can be in a name that has no quotation marks.
pub(crate) fn is_bare_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'-')
}

/// Returns whether a byte is a quotation mark.
pub(crate) fn is_quote(byte: Option<&u8>) -> bool {
    matches!(byte, Some(b'"' | b'\'' | b'`'))
}

/// Returns whether a byte is a letter that some languages put in front of a string.
pub(crate) fn is_letter_of_string(byte: Option<&u8>) -> bool {
    matches!(byte, Some(b'b' | b'u' | b'r' | b'f' | b'@' | b'$'))
}

/// Returns the first place from `at` on that is no white space.
pub(crate) fn skip_space(text: &[u8], mut at: usize) -> usize {
    loop {
        at += match text.get(at..).unwrap_or_default() {
            [b' ' | b'\t' | b'\r' | b'\n', ..] => 1,
            // a space that does not break a line
            [0xc2, 0xa0, ..] => 2,
            _ => return at,
        };
    }
}

/// A JSON number under a name such as `password`; `"token": 5` says where, not what.
pub(crate) fn number(text: &[u8], start: usize, kind: SecretKind) -> Option<ValueSpan> {
    let length =
        text[start..].iter().take_while(|byte| byte.is_ascii_digit() || b"-.".contains(byte)).count();
    let telling =
        matches!(kind, SecretKind::Password | SecretKind::Secret | SecretKind::Key | SecretKind::Personal);
    (telling && length >= 3).then_some(ValueSpan { start, end: start + length, quoted: true })
}
