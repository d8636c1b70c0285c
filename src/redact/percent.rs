//! Percent-encoding undone to its last layer, with the way back to where each byte was.
//!
//! Encoders differ in what they leave alone (`/`, `~`, `!`), and a URL inside a URL is encoded once more, so
//! a known secret is looked for behind all of it.

/// A text without its percent-encoding.
pub(crate) struct PercentDecoded {
    pub(crate) bytes: Vec<u8>,
    /// For each byte where it was, and behind the last where the text ended.
    from: Vec<u32>,
}

impl PercentDecoded {
    /// Returns the range that decoded bytes have in the encoded text.
    pub(crate) fn encoded(&self, start: usize, end: usize) -> (usize, usize) {
        (self.from[start] as usize, self.from[end] as usize)
    }
}

/// Decodes a text, `%2541` to `A`; `None` if nothing in it is encoded.
///
/// One pass: what three bytes decode to is looked at as the beginning, middle or end of the next such three.
/// Each step makes the text shorter, so that their number is linear, whatever the depth.
pub(crate) fn decode(text: &[u8]) -> Option<PercentDecoded> {
    let first = memchr::memchr(b'%', text)?;
    let end = u32::try_from(text.len()).ok()?;
    let mut bytes = Vec::with_capacity(text.len());
    bytes.extend_from_slice(&text[..first]);
    let mut from: Vec<u32> = (0..).take(first).collect();
    from.reserve(text.len() + 1 - first);
    for (at, byte) in (0..end).zip(text).skip(first) {
        bytes.push(*byte);
        from.push(at);
        while let Some(decoded) = bytes.last_chunk().and_then(decode_byte) {
            bytes.truncate(bytes.len() - 3);
            bytes.push(decoded);
            from.truncate(bytes.len());
        }
    }
    from.push(end);
    (bytes.len() < text.len()).then_some(PercentDecoded { bytes, from })
}

fn decode_byte(code: &[u8; 3]) -> Option<u8> {
    let digit = |digit: u8| char::from(digit).to_digit(16);
    match code {
        [b'%', high, low] => u8::try_from(digit(*high)? << 4 | digit(*low)?).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_lead_back_to_the_encoded_text() {
        let text = b"a%2Fb%zz%41";
        let decoded = decode(text).unwrap();
        assert_eq!(decoded.bytes, b"a/b%zzA");
        assert_eq!(decoded.encoded(1, 3), (1, 5));
        assert_eq!(decoded.encoded(6, 7), (8, 11));
        assert!(decode(b"100% sure").is_none());
    }

    #[test]
    fn every_layer_is_undone_in_one_pass() {
        let decoded = |text: &str| String::from_utf8(decode(text.as_bytes()).unwrap().bytes).unwrap();
        assert_eq!(decoded("x%252Fy"), "x/y");
        assert_eq!(decoded("%%34%31"), "A");
        let deep = format!("<%{}2f>", "25".repeat(200_000));
        assert_eq!(decoded(&deep), "</>");
        let whole = decode(deep.as_bytes()).unwrap();
        assert_eq!(whole.encoded(1, 2), (1, deep.len() - 1));
    }
}
