//! Texts in UTF-16 and UTF-32, which JSON and XML may be in: recognized by their mark, or by the zero bytes
//! of their first letters.

/// How the letters of a text are written.
#[derive(Clone, Copy)]
struct Width {
    /// Bytes of a unit.
    bytes: usize,
    is_big: bool,
    /// Bytes of the mark in front of the text.
    mark: usize,
}

/// Returns whether a text looks like UTF-16 or UTF-32.
pub(crate) fn is_wide(text: &[u8]) -> bool {
    width(text).is_some()
}

/// Returns the text in UTF-8, `None` if it is in no wide form.
pub(crate) fn to_utf8(text: &[u8]) -> Option<Vec<u8>> {
    let Width { bytes, is_big, mark } = width(text)?;
    let units = text[mark..].chunks_exact(bytes).map(|unit| {
        let join = |code: u32, byte: &u8| code << 8 | u32::from(*byte);
        if is_big { unit.iter().fold(0, join) } else { unit.iter().rev().fold(0, join) }
    });
    let text: String = if bytes == 2 {
        let units = units.map(|unit| u16::try_from(unit).unwrap_or(0xfffd));
        char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    } else {
        units.map(|unit| char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    Some(text.into_bytes())
}

fn width(text: &[u8]) -> Option<Width> {
    let (bytes, is_big, mark) = match text {
        [0xff, 0xfe, 0, 0, ..] => (4, false, 4),
        [0, 0, 0xfe, 0xff, ..] => (4, true, 4),
        [0xff, 0xfe, ..] => (2, false, 2),
        [0xfe, 0xff, ..] => (2, true, 2),
        [1..=u8::MAX, 0, 0, 0, 1..=u8::MAX, 0, 0, 0, ..] => (4, false, 0),
        [0, 0, 0, 1..=u8::MAX, 0, 0, 0, 1..=u8::MAX, ..] => (4, true, 0),
        [1..=u8::MAX, 0, 1..=u8::MAX, 0, ..] => (2, false, 0),
        [0, 1..=u8::MAX, 0, 1..=u8::MAX, ..] => (2, true, 0),
        _ => return None,
    };
    Some(Width { bytes, is_big, mark })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wide_text_is_recognized_with_and_without_its_mark() {
        let text = "{\"a\":\"\u{e9}\u{1f600}\"}";
        let wide = |big: bool| -> Vec<u8> {
            text.encode_utf16()
                .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
                .collect()
        };
        let long: Vec<u8> = text.chars().flat_map(|letter| u32::from(letter).to_le_bytes()).collect();
        for written in [wide(true), wide(false), [vec![0xff, 0xfe], wide(false)].concat(), long] {
            assert_eq!(to_utf8(&written).unwrap(), text.as_bytes(), "{written:?}");
        }
        assert!(!is_wide(text.as_bytes()) && !is_wide(b"\0\0\0\x05grpc") && !is_wide(b""));
    }
}
