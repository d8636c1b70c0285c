//! Percent-encoding undone, with the way back to where each byte stood.
//!
//! Encoders differ in what they leave alone (`/`, `~`, `!`), so a known secret is looked for behind the encoding.

/// A text without its percent-encoding.
pub(crate) struct PercentDecoded {
    pub(crate) bytes: Vec<u8>,
    /// For each byte where it stood, and behind the last where the text ended.
    from: Vec<usize>,
}

impl PercentDecoded {
    /// Returns the place of decoded bytes in the encoded text.
    pub(crate) fn encoded(&self, start: usize, end: usize) -> (usize, usize) {
        (self.from[start], self.from[end])
    }
}

/// Decodes a text, `None` if nothing in it is encoded.
pub(crate) fn decode(text: &[u8]) -> Option<PercentDecoded> {
    let first = memchr::memchr(b'%', text)?;
    let mut bytes = text[..first].to_vec();
    let mut from: Vec<usize> = (0..first).collect();
    let mut at = first;
    let mut any = false;
    while at < text.len() {
        from.push(at);
        match text.get(at..at + 3).and_then(byte) {
            Some(byte) => {
                bytes.push(byte);
                any = true;
                at += 3;
            }
            None => {
                bytes.push(text[at]);
                at += 1;
            }
        }
    }
    from.push(at);
    any.then_some(PercentDecoded { bytes, from })
}

fn byte(code: &[u8]) -> Option<u8> {
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
        assert!(super::decode(b"100% sure").is_none());
    }
}
