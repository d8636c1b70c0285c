//! Values of `Authorization` and similar headers: the scheme stays readable, what follows it does not.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::redact::kind::SecretKind;
use crate::redact::token_shape;

/// Returns what the credentials of an `Authorization` value are, and how many bytes in front of them stay.
pub(crate) fn split(value: &[u8]) -> (SecretKind, usize) {
    let (mut kind, mut skipped) = split_scheme(value);
    // `Bearer Bearer …`, `Bearer: …`
    while matches!(kind, SecretKind::Bearer | SecretKind::Basic) {
        let (inner, more) = split_scheme(&value[skipped..]);
        if inner == SecretKind::Credentials {
            break;
        }
        (kind, skipped) = (inner, skipped + more);
    }
    (kind, skipped)
}

/// Takes one scheme from the beginning of a value.
fn split_scheme(value: &[u8]) -> (SecretKind, usize) {
    let scheme = value.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    let scheme = scheme.count();
    let rest = &value[scheme..];
    let kind = match &value[..scheme] {
        name if name.eq_ignore_ascii_case(b"bearer") => SecretKind::Bearer,
        name if name.eq_ignore_ascii_case(b"basic") => SecretKind::Basic,
        name if name.eq_ignore_ascii_case(b"digest") => SecretKind::Digest,
        _ => SecretKind::Credentials,
    };
    let mark = usize::from(kind != SecretKind::Credentials && matches!(rest, [b':' | b',', ..]));
    let gap = if let Some(tail) = rest.strip_prefix(b"%20") {
        rest.len() - tail.len()
    } else {
        let gap = rest[mark..].iter().take_while(|byte| byte.is_ascii_whitespace() || **byte == b'+').count();
        mark + gap
    };
    // One word is no scheme but the secret itself, and so is a word too long or followed by anything but
    // space.
    if scheme == 0 || gap == 0 || gap == rest.len() || scheme > 24 {
        return (SecretKind::Credentials, 0);
    }
    (kind, scheme + gap)
}

/// Parameters of a scheme that say who and what, and are no secret.
const OPEN_PARAMETERS: &[&str] = &[
    "username",
    "userhash",
    "realm",
    "uri",
    "algorithm",
    "qop",
    "nc",
    "opaque",
    "charset",
    "id",
    "keyid",
    "headers",
    "signedheaders",
    "version",
    "timestamp",
    "ts",
    "created",
    "expires",
    "credential",
    "nonce",
    "ext",
    "app",
    "domain",
    "path",
    "max-age",
    "samesite",
    "aud",
    "iss",
    "client_id",
    "clientid",
    "oauth_consumer_key",
    "oauth_signature_method",
    "oauth_timestamp",
    "oauth_nonce",
    "oauth_version",
];

/// Returns the parts of credentials that an answer may echo alone: what is in quotation marks, the values of
/// parameters, the words behind the scheme; and of Basic credentials what they decode to.
pub(crate) fn parts(kind: SecretKind, value: &[u8]) -> Vec<Vec<u8>> {
    let mut parts: Vec<Vec<u8>> = Vec::new();
    for piece in value.split(|byte| byte.is_ascii_whitespace() || *byte == b',') {
        let equals = piece.iter().position(|byte| *byte == b'=');
        let name = equals.map(|at| piece[..at].to_ascii_lowercase());
        let is_open =
            name.as_deref().is_some_and(|name| OPEN_PARAMETERS.iter().any(|open| open.as_bytes() == name));
        let is_named =
            name.is_some_and(|name| name.iter().all(|byte| byte.is_ascii_alphabetic() || *byte == b'_'));
        let content = match equals {
            Some(at) if is_named => &piece[at + 1..],
            _ => piece,
        };
        let content = trim(content);
        if !is_open && content.len() < value.len() && (is_named || token_shape::is_token(content, 8)) {
            parts.push(content.to_vec());
        }
    }
    if matches!(value, [b'"' | b'\'' | b'<' | b'{' | b'[' | b'(', ..]) {
        parts.push(trim(value).to_vec());
    }
    if kind == SecretKind::Basic {
        parts.extend(basic_parts(value));
    }
    parts
}

/// Takes quotation marks and punctuation from both ends.
fn trim(mut text: &[u8]) -> &[u8] {
    let is_mark = |byte: &u8| b"\"'`<>()[]{}:;,".contains(byte);
    while let [first, rest @ ..] = text
        && is_mark(first)
    {
        text = rest;
    }
    while let [rest @ .., last] = text
        && is_mark(last)
    {
        text = rest;
    }
    text
}

/// Returns the password of Basic credentials, which follows the first colon; and the user, if the password
/// is none: some services take a key in its place.
fn basic_parts(basic: &[u8]) -> Vec<Vec<u8>> {
    let Some(decoded) = decode_base64(trim(basic)) else { return Vec::new() };
    let Some(colon) = decoded.iter().position(|byte| *byte == b':') else {
        return if std::str::from_utf8(&decoded).is_ok() { vec![decoded] } else { Vec::new() };
    };
    let (user, password) = (&decoded[..colon], &decoded[colon + 1..]);
    if password.len() < 8 || password == b"x-oauth-basic" || password == b"api_token" {
        return vec![user.to_vec(), password.to_vec()];
    }
    vec![password.to_vec()]
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
        assert_eq!(split(b"Bearer: abc"), (SecretKind::Bearer, 8));
        assert_eq!(split(b"Bearer Bearer abc"), (SecretKind::Bearer, 14));
        assert_eq!(split(b"Bearer Basic YTpi"), (SecretKind::Basic, 13));
        assert_eq!(split(b"Digest username=\"x\", response=\"y\""), (SecretKind::Digest, 7));
        assert_eq!(split(b"AWS4-HMAC-SHA256 Credential=x"), (SecretKind::Credentials, 17));
        assert_eq!(split(b"abcdef0123456789"), (SecretKind::Credentials, 0));
        assert_eq!(split(b"abc.def ghi"), (SecretKind::Credentials, 0));
    }

    #[test]
    fn the_parts_that_an_answer_may_echo_are_read() {
        let read = |kind, value: &str| -> Vec<String> {
            parts(kind, value.as_bytes()).into_iter().map(|part| String::from_utf8(part).unwrap()).collect()
        };
        assert_eq!(read(SecretKind::Basic, "aWQ6Y2xpZW50LXNlY3JldA=="), ["client-secret"]);
        assert_eq!(read(SecretKind::Basic, "a2V5LWFzLXVzZXI6"), ["key-as-user", ""]);
        assert_eq!(read(SecretKind::Basic, "not base64!"), [""; 0]);
        assert_eq!(read(SecretKind::Credentials, "token=\"tok-en9\", realm=\"api realm9\""), ["tok-en9"]);
        assert_eq!(read(SecretKind::Credentials, "a\r\n  correct-horse-9"), ["correct-horse-9"]);
        assert_eq!(read(SecretKind::Cookie, "\"quoted value\""), ["quoted value"]);
    }
}
