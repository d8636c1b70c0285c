//! What a known secret can look like elsewhere: in hexadecimal digits, or inside a larger Base64 text.
//! Escapes are undone before the search (`notation`), since no two encoders agree on what they leave alone.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// Returns every notation of `secret` that is looked for, the plain one first, each at least `least` bytes
/// long.
pub(crate) fn encode_all(secret: &[u8], least: usize) -> Vec<Vec<u8>> {
    let mut forms = BTreeSet::new();
    forms.insert(secret.iter().map(|byte| if *byte == b' ' { b'+' } else { *byte }).collect());
    forms.insert(hex(secret, b"0123456789abcdef"));
    forms.insert(hex(secret, b"0123456789ABCDEF"));
    for shift in 0..3 {
        forms.insert(base64(secret, shift, &STANDARD_NO_PAD));
        forms.insert(base64(secret, shift, &URL_SAFE_NO_PAD));
    }
    forms.remove(secret);
    std::iter::once(secret.to_vec()).chain(forms).filter(|form| form.len() >= least).collect()
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
    fn hexadecimal_digits_and_spaces_of_forms_are_found() {
        assert!(
            holds(b"x=73656372657420616e64", "secret and") && holds(b"73656372657420616E64", "secret and")
        );
        assert!(holds(b"a=secret+and", "secret and"));
    }
}
