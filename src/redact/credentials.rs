//! Values of `Authorization` and similar headers: the scheme stays readable, what follows it does not.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::redact::kind::SecretKind;

/// Returns what the credentials of an `Authorization` value are, and how many bytes in front of them stay.
pub(crate) fn split(value: &[u8]) -> (SecretKind, usize) {
    let scheme = value.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    let scheme = scheme.count();
    let rest = &value[scheme..];
    let gap = if let Some(tail) = rest.strip_prefix(b"%20") {
        rest.len() - tail.len()
    } else {
        rest.iter().take_while(|byte| byte.is_ascii_whitespace() || **byte == b'+').count()
    };
    // One word is no scheme but the secret itself, and so is a word too long or followed by anything but
    // space.
    if scheme == 0 || gap == 0 || gap == rest.len() || scheme > 24 {
        return (SecretKind::Credentials, 0);
    }
    let name = &value[..scheme];
    let kind = if name.eq_ignore_ascii_case(b"bearer") {
        SecretKind::Bearer
    } else if name.eq_ignore_ascii_case(b"basic") {
        SecretKind::Basic
    } else if name.eq_ignore_ascii_case(b"digest") {
        SecretKind::Digest
    } else {
        SecretKind::Credentials
    };
    (kind, scheme + gap)
}

/// Returns the password of Basic credentials: what follows the first colon of the decoded text.
pub(crate) fn basic_password(basic: &[u8]) -> Option<Vec<u8>> {
    let decoded = decode_base64(basic)?;
    let colon = decoded.iter().position(|byte| *byte == b':')?;
    let password = decoded[colon + 1..].to_vec();
    (!password.is_empty()).then_some(password)
}

/// Decodes either alphabet, padded or not.
pub(crate) fn decode_base64(text: &[u8]) -> Option<Vec<u8>> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let alphabet = if text.iter().any(|byte| matches!(byte, b'-' | b'_')) {
        alphabet::URL_SAFE
    } else {
        alphabet::STANDARD
    };
    GeneralPurpose::new(&alphabet, config).decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_stays_and_a_lone_word_does_not() {
        assert_eq!(split(b"Bearer abc"), (SecretKind::Bearer, 7));
        assert_eq!(split(b"bearer  abc"), (SecretKind::Bearer, 8));
        assert_eq!(split(b"Digest username=\"x\", response=\"y\""), (SecretKind::Digest, 7));
        assert_eq!(split(b"AWS4-HMAC-SHA256 Credential=x"), (SecretKind::Credentials, 17));
        assert_eq!(split(b"abcdef0123456789"), (SecretKind::Credentials, 0));
        assert_eq!(split(b"abc.def ghi"), (SecretKind::Credentials, 0));
    }

    #[test]
    fn the_password_of_basic_credentials_is_read() {
        assert_eq!(basic_password(b"aWQ6c2VjcmV0").unwrap(), b"secret");
        assert_eq!(basic_password(b"aWQ6c2VjcmV0OnRvbw==").unwrap(), b"secret:too");
        assert_eq!(basic_password(b"bm9jb2xvbg=="), None);
        assert_eq!(basic_password(b"not base64!"), None);
    }
}
