//! The inside of strings: quotes off, escapes decoded.

/// Returns a string's lexeme without its quotes; a missing closing quote is no matter.
pub(super) fn inside_quotes(lexeme: &str) -> &str {
    let inner = lexeme.strip_prefix(['"', '\'']).unwrap_or(lexeme);
    match lexeme.as_bytes().first() {
        Some(quote @ (b'"' | b'\'')) => inner.strip_suffix(*quote as char).unwrap_or(inner),
        _ => inner,
    }
}

/// What decoding met besides text.
#[derive(Debug, Default)]
pub(super) struct Decoded {
    /// The text.
    pub(super) text: String,
    /// Offsets of backslashes that start no escape of RFC 8259, relative to the inside.
    pub(super) wrong: Option<usize>,
    /// The offset of the first escape that is half a surrogate pair.
    pub(super) lone: Option<usize>,
}

/// Decodes the inside of a string.
pub(super) fn decode(inside: &str) -> Decoded {
    let mut out = Decoded { text: String::with_capacity(inside.len()), ..Decoded::default() };
    let mut rest = inside;
    while let Some(at) = rest.find('\\') {
        out.text.push_str(&rest[..at]);
        rest = &rest[at..];
        let offset = inside.len() - rest.len();
        let plain = match rest.as_bytes().get(1) {
            Some(b'"') => Some('"'),
            Some(b'\\') => Some('\\'),
            Some(b'/') => Some('/'),
            Some(b'b') => Some('\u{8}'),
            Some(b'f') => Some('\u{c}'),
            Some(b'n') => Some('\n'),
            Some(b'r') => Some('\r'),
            Some(b't') => Some('\t'),
            _ => None,
        };
        if let Some(plain) = plain {
            out.text.push(plain);
            rest = &rest[2..];
            continue;
        }
        let Some(unit) = unit(rest) else {
            // not an escape: the backslash is a character, and what follows is read as text
            out.wrong.get_or_insert(offset);
            out.text.push('\\');
            rest = &rest[1..];
            continue;
        };
        rest = &rest[6..];
        let low = match unit {
            0xD800..=0xDBFF => self::unit(rest).filter(|low| (0xDC00..=0xDFFF).contains(low)),
            _ => None,
        };
        match (char::from_u32(unit), low) {
            (Some(c), _) => out.text.push(c),
            (None, Some(low)) => {
                let scalar = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                out.text.push(char::from_u32(scalar).unwrap_or('\u{FFFD}'));
                rest = &rest[6..];
            }
            (None, None) => {
                out.lone.get_or_insert(offset);
                out.text.push_str(&format!("\u{FFFD}{unit:04x}"));
            }
        }
    }
    out.text.push_str(rest);
    out
}

/// Reads `\uXXXX` at the start of a text.
fn unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.as_bytes().get(..4)?;
    digits.iter().try_fold(0, |value, digit| Some(value * 16 + (*digit as char).to_digit(16)?))
}

/// Returns the first bytes that are not UTF-8, at most `most` places, and the text with `?` in their place.
pub(super) fn patched(bytes: &[u8], most: usize) -> (String, Vec<usize>) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), Vec::new()),
        Err(_) => {
            let mut text = String::with_capacity(bytes.len());
            let mut wrong = Vec::new();
            for chunk in bytes.utf8_chunks() {
                text.push_str(chunk.valid());
                if !chunk.invalid().is_empty() {
                    if wrong.len() < most {
                        wrong.push(text.len());
                    }
                    text.extend(std::iter::repeat_n('?', chunk.invalid().len()));
                }
            }
            (text, wrong)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_escape_of_the_rfc_is_decoded() {
        let decoded = decode(r#"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00x"#);
        assert_eq!(decoded.text, "\"\\/\u{8}\u{c}\n\r\té😀x");
        assert!(decoded.wrong.is_none() && decoded.lone.is_none());
    }

    #[test]
    fn a_wrong_escape_and_a_lone_surrogate_are_located() {
        assert_eq!(decode(r"ab\x").wrong, Some(2));
        assert_eq!(decode(r"\u12g4").wrong, Some(0));
        let lone = decode(r"a\ud800\u0041");
        assert_eq!((lone.lone, lone.text.as_str()), (Some(1), "a\u{FFFD}d800A"));
        assert_ne!(decode(r"\ud800").text, decode(r"\ud801").text);
    }

    #[test]
    fn offsets_survive_bytes_that_are_not_utf8() {
        let (text, wrong) = patched(b"a\xff\xfeb\xc3", 8);
        assert_eq!((text.as_str(), wrong), ("a??b?", vec![1, 2, 4]));
    }
}
