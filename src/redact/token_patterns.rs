//! Secrets that their own shape gives away, whatever name they stand under.

use crate::redact::credentials;
use crate::redact::kind::SecretKind;
use crate::redact::scan::Hit;
use crate::redact::tag;

/// A JSON Web Token at `start` (which is where `eyJ` stands): two and more parts in Base64 with dots between them.
/// A first part alone is no token but Base64 of some JSON, such as the cursor of a paged list.
pub(crate) fn jwt(text: &[u8], start: usize) -> Option<Hit> {
    let part = |from: usize| from + text[from..].iter().take_while(|byte| is_base64url(**byte)).count();
    let mut end = part(start);
    let mut parts = 1;
    while let Some(next) = dot(text, end) {
        let to = part(next);
        if parts == 1 && to - next < 8 {
            return None;
        }
        parts += 1;
        end = to;
        if parts == 5 {
            break;
        }
    }
    let long_enough = parts >= 2 && end - start >= 24;
    // A token that a body limit cut off inside its first part.
    let cut = parts == 1 && end == text.len() && end - start >= 24;
    (long_enough || cut).then(|| hit(start, end, SecretKind::Jwt))
}

fn dot(text: &[u8], at: usize) -> Option<usize> {
    let rest = &text[at..];
    if rest.starts_with(b".") {
        Some(at + 1)
    } else if rest.len() >= 3 && rest[..3].eq_ignore_ascii_case(b"%2e") {
        Some(at + 3)
    } else {
        None
    }
}

fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// What follows the word `Bearer`, whose end is at `end`: a long run without spaces, as tokens are and words are not.
pub(crate) fn bearer(text: &[u8], end: usize) -> Option<Hit> {
    let start = skip_gap(text, end)?;
    let length = text[start..].iter().take_while(|byte| is_token68(**byte)).count();
    let run = &text[start..start + length];
    let digits = run.iter().any(u8::is_ascii_digit);
    if !(length >= 8 && digits || length >= 24) || tag::is_mask(run) {
        return None;
    }
    Some(hit(start, start + length, SecretKind::Bearer))
}

/// What follows `Basic `, whose end is at `end`: Base64 of a text with a colon.
pub(crate) fn basic(text: &[u8], end: usize) -> Option<Hit> {
    let length = text[end..].iter().take_while(|byte| is_token68(**byte)).count();
    let run = &text[end..end + length];
    if length < 6 || !credentials::decode_base64(run)?.contains(&b':') {
        return None;
    }
    Some(hit(end, end + length, SecretKind::Basic))
}

/// One or more spaces, plain or as URLs and quoted lists write them.
fn skip_gap(text: &[u8], mut at: usize) -> Option<usize> {
    let from = at;
    loop {
        let rest = &text[at..];
        if rest.starts_with(b"%20") {
            at += 3;
        } else if rest.first().is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'+' | b',' | b':' | b'.')) {
            at += 1;
        } else {
            return (at > from).then_some(at);
        }
    }
}

fn is_token68(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/' | b'=' | b'%')
}

/// The password in `scheme://user:password@host`; `start` is behind the `://`.
pub(crate) fn userinfo(text: &[u8], start: usize) -> Option<Hit> {
    let authority = text[start..]
        .iter()
        .take(512)
        .position(|byte| matches!(byte, b'/' | b'?' | b'#' | b'"' | b'\'' | b'\\' | b'<' | b'>' | 0..=b' '))
        .map_or(text.len().min(start + 512), |length| start + length);
    let at = start + text[start..authority].iter().rposition(|byte| *byte == b'@')?;
    let colon = start + text[start..at].iter().position(|byte| *byte == b':')?;
    if colon + 1 == at || tag::is_mask(&text[colon + 1..at]) {
        return None;
    }
    Some(hit(colon + 1, at, SecretKind::Password))
}

/// A private key as PEM writes it, up to its end line or, cut off, to the end of the text.
pub(crate) fn private_key(text: &[u8], start: usize) -> Option<Hit> {
    let rest = &text[start..];
    let label_end = memchr::memmem::find(&rest[..rest.len().min(64)], b"PRIVATE KEY-----")? + 16;
    let end = memchr::memmem::find(&rest[label_end..], b"-----END")
        .map_or(text.len(), |length| start + label_end + length);
    let start = start + label_end;
    (start < end).then(|| hit(start, end, SecretKind::Key))
}

fn hit(start: usize, end: usize, kind: SecretKind) -> Hit {
    Hit { start, end, kind, name: (start, start), quoted: false }
}
