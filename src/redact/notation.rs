//! The notations a text can be written in, undone to the last layer, with the way back to each byte.
//!
//! Percent-encoding, the escapes of JSON and JavaScript, the entities of HTML and XML, and the zero bytes
//! between the letters of UTF-16: each can lie inside another, and encoders differ in what they leave alone.
//! So nothing is looked for in a notation of its own: names, values and known secrets are looked for in the
//! text behind all of them.

use crate::redact::steps;

/// A text behind its notations.
pub(crate) struct PlainText<'a> {
    source: &'a [u8],
    /// `None` if the text is written plainly.
    undone: Option<Undone>,
}

struct Undone {
    bytes: Vec<u8>,
    /// For each byte where it was, and behind the last where the text ended.
    from: Vec<u32>,
}

impl<'a> PlainText<'a> {
    /// Undoes the notations of a text.
    pub(crate) fn new(source: &'a [u8]) -> Self {
        Self { source, undone: undo(source) }
    }

    /// Returns the bytes behind the notations.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.undone.as_ref().map_or(self.source, |undone| &undone.bytes)
    }

    /// Returns whether any notation was undone.
    pub(crate) fn is_encoded(&self) -> bool {
        self.undone.is_some()
    }

    /// Returns the range that these bytes have in the text as it was written.
    pub(crate) fn written(&self, start: usize, end: usize) -> (usize, usize) {
        match &self.undone {
            Some(undone) => (undone.from[start] as usize, undone.from[end] as usize),
            None => (start, end),
        }
    }

    /// Returns how the byte at `at` was written.
    pub(crate) fn notation(&self, at: usize) -> &'a [u8] {
        let (start, end) = self.written(at, at + 1);
        &self.source[start..end]
    }

    /// Returns how long the percent-encoding of a byte is, which is how deep it lies: 0 if there is none.
    pub(crate) fn percent_depth(&self, at: usize) -> usize {
        let notation = self.notation(at);
        if notation.starts_with(b"%") { notation.len() } else { 0 }
    }

    /// Returns whether the quotation mark at `at` ends the string that the one at `opening` begins: the same
    /// one in the same notation, or one that is written outside of it.
    pub(crate) fn closes(&self, opening: usize, at: usize) -> bool {
        let (bytes, outer, inner) = (self.bytes(), self.notation(opening), self.notation(at));
        let is_same = bytes[opening] == bytes[at];
        match (backslashes(outer), backslashes(inner)) {
            // Each level of JSON doubles the backslashes and adds one.
            (Some(own), Some(count)) if is_same => count < own || count % (2 * (own + 1)) == own,
            (Some(own), Some(count)) => own > 0 && count < own && bytes[at] == b'"',
            (None, _) if is_same && outer == inner => true,
            (None, Some(0)) => is_same || bytes[at] == b'"',
            _ if outer.starts_with(b"%") => is_same && self.percent_depth(at) < self.percent_depth(opening),
            _ => is_same && outer.starts_with(b"&") && inner.starts_with(b"&"),
        }
    }
}

/// Returns how many backslashes are in front of a quotation mark that is written in no other notation.
fn backslashes(notation: &[u8]) -> Option<usize> {
    let count = notation.iter().take_while(|byte| **byte == b'\\').count();
    (count + 1 == notation.len()).then_some(count)
}

/// Returns a text without its notations, if it has any.
pub(crate) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    undo(text).map(|undone| undone.bytes)
}

/// One pass: what a few bytes decode to is looked at as a part of the next few. Each step makes the text
/// shorter, so that their number is linear, whatever the depth.
fn undo(text: &[u8]) -> Option<Undone> {
    let escaped = memchr::memchr2(b'%', b'\\', text);
    // The `&` of forms is no notation.
    let entity = memchr::memchr(b';', text).and_then(|_| memchr::memchr(b'&', text));
    let first = [escaped, entity, memchr::memchr(0, text)].into_iter().flatten().min()?;
    let end = u32::try_from(text.len()).ok()?;
    steps::add(text.len());
    let mut bytes = Vec::with_capacity(text.len());
    bytes.extend_from_slice(&text[..first]);
    let mut from: Vec<u32> = (0..).take(first).collect();
    from.reserve(text.len() + 1 - first);
    for (at, byte) in (0..end).zip(text).skip(first) {
        if *byte == 0 {
            continue;
        }
        bytes.push(*byte);
        from.push(at);
        while let Some((length, decoded)) = decode_end(&bytes) {
            let kept = bytes.len() - length;
            let start = from[kept];
            bytes.truncate(kept);
            from.truncate(kept);
            let mut utf8 = [0; 4];
            match decoded {
                Decoded::Byte(byte) => bytes.push(byte),
                Decoded::Letter(letter) => bytes.extend_from_slice(letter.encode_utf8(&mut utf8).as_bytes()),
            }
            from.resize(bytes.len(), start);
        }
    }
    from.push(end);
    (bytes.len() < text.len()).then_some(Undone { bytes, from })
}

/// What a few bytes write.
enum Decoded {
    /// A byte, maybe one of several of a letter.
    Byte(u8),
    Letter(char),
}

/// Returns what the last bytes of a text write in some notation, and how many they are.
#[inline]
fn decode_end(text: &[u8]) -> Option<(usize, Decoded)> {
    let last = *text.last()?;
    if last.is_ascii_hexdigit()
        && let Some(found) = decode_hex(text)
    {
        return Some(found);
    }
    match last {
        b';' => decode_entity(text),
        b'"' | b'\'' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' if text.ends_with(&[b'\\', last]) => {
            let byte = match last {
                b'b' => 8,
                b'f' => 12,
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                other => other,
            };
            Some((2, Decoded::Byte(byte)))
        }
        _ => None,
    }
}

/// `%41`, `\x41`, `\u0041`, `%u0041`.
fn decode_hex(text: &[u8]) -> Option<(usize, Decoded)> {
    let code = |digits: usize| number(&text[text.len() - digits..], 16);
    let byte = || Some(Decoded::Byte(u8::try_from(code(2)?).ok()?));
    match text {
        [.., b'%', _, _] => Some((3, byte()?)),
        [.., b'\\', b'x', _, _] => Some((4, byte()?)),
        [.., b'\\' | b'%', b'u', _, _, _, _] => Some((6, Decoded::Letter(char::from_u32(code(4)?)?))),
        _ => None,
    }
}

/// Bytes of the longest entity.
const LONGEST_ENTITY: usize = 10;

/// The entities by name that write what names and values are set off with.
const ENTITIES: &[(&[u8], char)] = &[
    (b"quot", '"'),
    (b"apos", '\''),
    (b"amp", '&'),
    (b"lt", '<'),
    (b"gt", '>'),
    (b"colon", ':'),
    (b"equals", '='),
    (b"nbsp", ' '),
    (b"Tab", '\t'),
    (b"NewLine", '\n'),
    (b"lowbar", '_'),
    (b"percnt", '%'),
    (b"sol", '/'),
    (b"plus", '+'),
    (b"period", '.'),
    (b"lsqb", '['),
    (b"rsqb", ']'),
];

/// `&quot;`, `&#34;`, `&#x22;`.
fn decode_entity(text: &[u8]) -> Option<(usize, Decoded)> {
    let ending = &text[text.len().saturating_sub(LONGEST_ENTITY)..];
    let start = memchr::memrchr(b'&', ending)?;
    let name = &ending[start + 1..ending.len() - 1];
    let letter = match name {
        [b'#', b'x' | b'X', digits @ ..] => char::from_u32(number(digits, 16)?)?,
        [b'#', digits @ ..] => char::from_u32(number(digits, 10)?)?,
        name => ENTITIES.iter().find(|(entity, _)| *entity == name)?.1,
    };
    Some((ending.len() - start, Decoded::Letter(letter)))
}

fn number(digits: &[u8], radix: u32) -> Option<u32> {
    let code = digits.iter().try_fold(0_u32, |code, digit| {
        let digit = char::from(*digit).to_digit(radix)?;
        code.checked_mul(radix)?.checked_add(digit)
    });
    code.filter(|_| !digits.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        String::from_utf8(PlainText::new(text.as_bytes()).bytes().to_vec()).unwrap()
    }

    #[test]
    fn places_lead_back_to_the_written_text() {
        let text = PlainText::new(b"a%2Fb%zz%41");
        assert_eq!(text.bytes(), b"a/b%zzA");
        assert_eq!(text.written(1, 3), (1, 5));
        assert_eq!((text.written(6, 7), text.notation(1)), ((8, 11), &b"%2F"[..]));
        assert!(!PlainText::new(b"100% sure & more").is_encoded());
    }

    #[test]
    fn every_layer_is_undone_in_one_pass() {
        for (written, read) in [
            ("x%252Fy", "x/y"),
            ("%%34%31", "A"),
            (r#"\\\"a\\\\n\/"#, "\"a\n/"),
            (r"\u0074ok\u00e9n\x41%u0041", "tok\u{e9}nAA"),
            ("&amp;quot;&#34;&#x22;&#x0022;&lt;&nope;", "\"\"\"\"<&nope;"),
            ("%5Cu0022 &#37;41 \\u00253d", "\" A ="),
            ("t\0o\0k\0e\0n\0", "token"),
        ] {
            assert_eq!(plain(written), read, "{written}");
        }
        let deep = format!("<%{}2f>", "25".repeat(200_000));
        assert_eq!(plain(&deep), "</>");
        assert_eq!(PlainText::new(deep.as_bytes()).written(1, 2), (1, deep.len() - 1));
    }

    #[test]
    fn a_string_ends_at_the_mark_of_its_own_level() {
        for (text, content) in [
            (r#""a\"b","c""#, r#"a\"b"#),
            (r#""a\\","c""#, "a"),
            (r#"\"a\\\"b\",\"c\""#, r#"a\\\"b"#),
            (r#"\"cut","c""#, "cut"),
            ("%22a%2522b%22%2C%22c%22", "a%2522b"),
            ("&quot;a'b&#34;c", "a'b"),
            (r"\u0022a'b\u0022c", "a'b"),
        ] {
            let read = PlainText::new(text.as_bytes());
            let end = (1..read.bytes().len())
                .find(|at| matches!(read.bytes()[*at], b'"' | b'\'') && read.closes(0, *at));
            let (start, end) = read.written(1, end.unwrap());
            assert_eq!(&text[start..end], content, "{text}");
        }
    }
}
