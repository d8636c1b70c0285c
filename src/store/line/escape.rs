//! The text between the quotes of a JSON string, byte by byte.

/// A control character as those below the space are, which must not reach a terminal.
pub(super) const DEL: u8 = 0x7f;

/// Appends bytes as the inside of a string if they are UTF-8. Returns false, and appends nothing, if they are
/// not.
pub(super) fn escape_bytes(out: &mut Vec<u8>, bytes: &[u8]) -> bool {
    let is_text = std::str::from_utf8(bytes).is_ok();
    if is_text {
        bytes.iter().for_each(|byte| escape_byte(out, *byte));
    }
    is_text
}

/// Appends bytes as the inside of a string of U+0000 to U+00FF, one a character.
pub(super) fn escape_latin1(out: &mut Vec<u8>, bytes: &[u8]) {
    for byte in bytes {
        match byte {
            0x80.. => out.extend_from_slice(char::from(*byte).encode_utf8(&mut [0; 2]).as_bytes()),
            _ => escape_byte(out, *byte),
        }
    }
}

/// Appends a byte as it is written in a string.
pub(super) fn escape_byte(out: &mut Vec<u8>, byte: u8) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    match byte {
        b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
        b'\n' => out.extend_from_slice(b"\\n"),
        b'\r' => out.extend_from_slice(b"\\r"),
        b'\t' => out.extend_from_slice(b"\\t"),
        0..b' ' | DEL => {
            let (high, low) = (HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]);
            out.extend_from_slice(&[b'\\', b'u', b'0', b'0', high, low]);
        }
        _ => out.push(byte),
    }
}
