//! JSON text written straight into one buffer.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Appends a number.
pub(super) fn number(out: &mut Vec<u8>, mut number: u64) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

/// Appends a string with its quotes.
pub(super) fn string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    escaped(out, text.as_bytes());
    out.push(b'"');
}

/// Appends octets as a string of U+0000 to U+00FF, one a character.
pub(super) fn latin1(out: &mut Vec<u8>, octets: &[u8]) {
    out.push(b'"');
    for octet in octets {
        let mut buffer = [0; 4];
        escaped(out, char::from(*octet).encode_utf8(&mut buffer).as_bytes());
    }
    out.push(b'"');
}

/// Appends octets as a Base64 string.
pub(super) fn base64(out: &mut Vec<u8>, octets: &[u8]) {
    out.push(b'"');
    let from = out.len();
    out.resize(from + octets.len().div_ceil(3) * 4, 0);
    let written = STANDARD.encode_slice(octets, &mut out[from..]).unwrap_or(0);
    out.truncate(from + written);
    out.push(b'"');
}

/// Copies runs of what needs no escape, which is nearly everything.
fn escaped(out: &mut Vec<u8>, text: &[u8]) {
    let mut done = 0;
    for (at, octet) in text.iter().enumerate() {
        if PLAIN[usize::from(*octet)] {
            continue;
        }
        out.extend_from_slice(&text[done..at]);
        done = at + 1;
        match octet {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            other => {
                const HEX: &[u8; 16] = b"0123456789abcdef";
                out.extend_from_slice(b"\\u00");
                out.push(HEX[usize::from(other >> 4)]);
                out.push(HEX[usize::from(other & 15)]);
            }
        }
    }
    out.extend_from_slice(&text[done..]);
}

/// Which octets stand as they are: all but control characters (DEL too, for terminals), `"` and `\`.
const PLAIN: [bool; 256] = {
    let mut plain = [true; 256];
    let mut octet = 0;
    while octet < 32 {
        plain[octet] = false;
        octet += 1;
    }
    plain[127] = false;
    plain[b'"' as usize] = false;
    plain[b'\\' as usize] = false;
    plain
};
