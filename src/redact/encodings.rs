//! The notations in which a known secret can appear elsewhere: escaped, or inside a larger Base64 text.
//! Percent-encoding is undone before the search, since no two encoders agree on what they leave alone.

use std::borrow::Cow;
use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use crate::redact::json_members;
use crate::redact::percent;

/// Returns every notation of `secret` that is looked for, the plain one first, each at least `least` bytes
/// long.
pub(crate) fn encode_all(secret: &[u8], least: usize) -> Vec<Vec<u8>> {
    let mut forms = BTreeSet::new();
    forms.insert(secret.iter().map(|byte| if *byte == b' ' { b'+' } else { *byte }).collect());
    forms.insert(json(secret, Slash::Plain));
    forms.insert(json(secret, Slash::Escaped));
    forms.insert(go_json(secret));
    forms.insert(html(secret));
    forms.insert(hex(secret, b"0123456789abcdef"));
    forms.insert(hex(secret, b"0123456789ABCDEF"));
    for shift in 0..3 {
        forms.insert(base64(secret, shift, &STANDARD_NO_PAD));
        forms.insert(base64(secret, shift, &URL_SAFE_NO_PAD));
    }
    forms.remove(secret);
    std::iter::once(secret.to_vec()).chain(forms).filter(|form| form.len() >= least).collect()
}

/// Returns a secret without the escapes of the place it was found in, so that it is the same one everywhere.
pub(crate) fn decode(secret: &[u8]) -> Cow<'_, [u8]> {
    if secret.contains(&b'\\') {
        return Cow::Owned(json_members::unescape(secret).into_bytes());
    }
    if let Some(decoded) = percent::decode(secret) {
        return Cow::Owned(decoded.bytes);
    }
    if secret.contains(&b'&') && secret.contains(&b';') {
        let text = String::from_utf8_lossy(secret);
        let text =
            text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
        return Cow::Owned(text.replace("&amp;", "&").into_bytes());
    }
    Cow::Borrowed(secret)
}

enum Slash {
    Plain,
    Escaped,
}

fn json(secret: &[u8], slash: Slash) -> Vec<u8> {
    let mut out = Vec::with_capacity(secret.len() + 8);
    for byte in secret {
        match byte {
            b'"' | b'\\' => out.extend([b'\\', *byte]),
            b'/' if matches!(slash, Slash::Escaped) => out.extend(b"\\/"),
            byte => out.push(*byte),
        }
    }
    out
}

/// Go's encoder escapes what HTML would misread.
fn go_json(secret: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(secret.len() + 8);
    for byte in secret {
        match byte {
            b'"' | b'\\' => out.extend([b'\\', *byte]),
            b'<' | b'>' | b'&' => {
                out.extend(b"\\u00");
                push_hex(*byte, b"0123456789abcdef", &mut out);
            }
            byte => out.push(*byte),
        }
    }
    out
}

fn html(secret: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(secret.len() + 8);
    for byte in secret {
        match byte {
            b'&' => out.extend(b"&amp;"),
            b'<' => out.extend(b"&lt;"),
            b'>' => out.extend(b"&gt;"),
            b'"' => out.extend(b"&quot;"),
            b'\'' => out.extend(b"&#39;"),
            byte => out.push(*byte),
        }
    }
    out
}

fn hex(secret: &[u8], digits: &[u8; 16]) -> Vec<u8> {
    let mut out = Vec::with_capacity(secret.len() * 2);
    for byte in secret {
        push_hex(*byte, digits, &mut out);
    }
    out
}

fn push_hex(byte: u8, digits: &[u8; 16], out: &mut Vec<u8>) {
    out.push(digits[usize::from(byte >> 4)]);
    out.push(digits[usize::from(byte & 15)]);
}

/// Returns the characters that `secret` always has inside the Base64 text of a longer one, when `shift` bytes
/// (modulo 3) precede it. The characters at both ends depend on the neighbours, and are left out.
fn base64(secret: &[u8], shift: usize, alphabet: &impl Engine) -> Vec<u8> {
    let mut padded = vec![0; shift];
    padded.extend_from_slice(secret);
    let text = alphabet.encode(&padded);
    let first = [0, 2, 3][shift];
    let last = padded.len() * 8 / 6;
    text.as_bytes().get(first..last).unwrap_or_default().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::STANDARD;

    fn holds(text: &[u8], secret: &str) -> bool {
        encode_all(secret.as_bytes(), 8)
            .iter()
            .any(|form| text.windows(form.len()).any(|window| window == form.as_slice()))
    }

    #[test]
    fn a_secret_is_found_inside_base64_at_every_alignment() {
        for before in ["", "a", "ab", "client:", "some-id-12:"] {
            for after in ["", "x", "xy", "xyz"] {
                let text = STANDARD.encode(format!("{before}s3cret/+value{after}"));
                assert!(holds(text.as_bytes(), "s3cret/+value"), "{before} {after}");
            }
        }
    }

    #[test]
    fn escaped_notations_are_found() {
        let secret = "p&ss/w\"rd one<";
        for text in [
            "p&ss/w\"rd+one<",
            "p&ss\\/w\\\"rd one<",
            "p\\u0026ss/w\\\"rd one\\u003c",
            "p&amp;ss/w&quot;rd one&lt;",
            "70267373",
        ] {
            assert_eq!(holds(text.as_bytes(), secret), text != "70267373", "{text}");
        }
    }
}
