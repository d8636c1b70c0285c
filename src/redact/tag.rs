//! The mask itself: `redacted-KIND-TAG`.

use ring::hmac;

use crate::redact::kind::SecretKind;

/// What every mask starts with; a value that is one already is left alone.
const PREFIX: &[u8] = b"redacted-";

/// Hexadecimal digits of a tag: 48 bits, enough to distinguish the secrets of one run.
const DIGITS: usize = 12;

/// Letters of the longest kind, its dash included; a longer run of letters is no mask.
const LONGEST_KIND: usize = 16;

/// Makes masks under a key that lives only in memory.
///
/// The tag depends on the secret alone, so that a token looks the same in the answer that issued it and in
/// the request that used it.
pub(crate) struct Tagger(hmac::Key);

impl Tagger {
    /// Returns the tagger with this key.
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// Returns the tag of a secret.
    pub(crate) fn tag(&self, secret: &[u8]) -> Tag {
        let sum = hmac::sign(&self.0, secret);
        let mut tag = Tag::default();
        for (digits, byte) in tag.0.chunks_exact_mut(2).zip(sum.as_ref()) {
            digits[0] = HEX[usize::from(byte >> 4)];
            digits[1] = HEX[usize::from(byte & 15)];
        }
        tag
    }
}

/// The digits that distinguish one secret from another.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tag([u8; DIGITS]);

impl Tag {
    /// Appends the mask of the secret that has this tag to `out`: ASCII, unreserved characters only.
    pub(crate) fn write(&self, kind: SecretKind, out: &mut Vec<u8>) {
        out.extend_from_slice(PREFIX);
        out.extend_from_slice(kind.name().as_bytes());
        out.push(b'-');
        out.extend_from_slice(&self.0);
    }
}

const HEX: &[u8; 16] = b"0123456789abcdef";

/// What a hint shows in the place of a value that the user is to give.
const ELLIPSIS: &[u8] = "…".as_bytes();

/// Returns whether a value is a mask, or an ellipsis, and nothing else but punctuation behind it.
pub(crate) fn is_mask(value: &[u8]) -> bool {
    let behind = value.iter().rev().take_while(|byte| byte.is_ascii_punctuation()).count();
    let value = &value[..value.len() - behind];
    let is_tagged = |rest: &[u8]| {
        let digits = rest.len().saturating_sub(DIGITS);
        let (kind, tag) = rest.split_at(digits);
        (2..=LONGEST_KIND).contains(&kind.len())
            && kind.ends_with(b"-")
            && kind[..kind.len() - 1].iter().all(u8::is_ascii_lowercase)
            && tag.iter().all(u8::is_ascii_hexdigit)
    };
    value == ELLIPSIS || value.strip_prefix(PREFIX).is_some_and(is_tagged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_secrets_look_equal_under_one_key_and_differ_under_another() {
        let mask = |key: u8, secret: &[u8]| {
            let mut out = Vec::new();
            Tagger::new(&[key; 32]).tag(secret).write(SecretKind::Bearer, &mut out);
            out
        };
        assert_eq!(mask(1, b"s"), mask(1, b"s"));
        assert_ne!(mask(1, b"s"), mask(1, b"t"));
        assert_ne!(mask(1, b"s"), mask(2, b"s"));
        assert!(is_mask(&mask(1, b"s")), "{:?}", String::from_utf8(mask(1, b"s")));
    }

    #[test]
    fn what_only_begins_like_a_mask_is_none() {
        for text in ["redacted-", "redacted-bearer-", "redacted-bearer-0123", "redacted-X-0123456789ab", "x"]
        {
            assert!(!is_mask(text.as_bytes()), "{text}");
        }
    }
}
