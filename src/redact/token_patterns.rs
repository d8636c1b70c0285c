//! Secrets that are recognised by their own pattern, whatever their name is.

use crate::redact::credentials;
use crate::redact::hit::Hit;
use crate::redact::kind::SecretKind;
use crate::redact::lookahead::RunEnd;
use crate::redact::tag;

/// Returns the JSON Web Token at `start`, where `eyJ` is: two or more parts in Base64 with dots between them.
/// A first part alone is no token but Base64 of some JSON, such as the cursor of a paged list.
pub(crate) fn match_jwt(text: &[u8], start: usize, first_part: &mut RunEnd) -> Option<Hit> {
    let mut end = first_part.after(text, start, is_base64url);
    let mut parts = 1;
    while let Some(next) = dot(text, end) {
        let to = next + text[next..].iter().take_while(|byte| is_base64url(**byte)).count();
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
    (long_enough || cut).then(|| Hit::unnamed(start, end, SecretKind::Jwt))
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

/// Returns what follows the word `Bearer`, whose end is at `end`: a long run without spaces, as tokens are
/// and words are not.
pub(crate) fn match_bearer(text: &[u8], end: usize) -> Option<Hit> {
    let start = skip_gap(text, end)?;
    let length = text[start..].iter().take_while(|byte| is_token68(**byte)).count();
    let run = &text[start..start + length];
    let digits = run.iter().any(u8::is_ascii_digit);
    if !(length >= 8 && digits || length >= 24) || tag::is_mask(run) {
        return None;
    }
    Some(Hit::unnamed(start, start + length, SecretKind::Bearer))
}

/// Bytes of Basic credentials that are decoded to find the colon in them.
const LONGEST_USER: usize = 512;

/// Returns what follows `Basic `, whose end is at `end`, if it is Base64 of a text with a colon.
pub(crate) fn match_basic(text: &[u8], end: usize, token68: &mut RunEnd) -> Option<Hit> {
    let to = token68.after(text, end, is_token68);
    let run = &text[end..to];
    let beginning = if run.len() > LONGEST_USER { &run[..LONGEST_USER] } else { run };
    if run.len() < 6 || !credentials::decode_base64(beginning)?.contains(&b':') {
        return None;
    }
    Some(Hit::unnamed(end, to, SecretKind::Basic))
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

/// Returns the password in `scheme://user:password@host`; `start` is behind the `://`.
pub(crate) fn match_userinfo(text: &[u8], start: usize) -> Option<Hit> {
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
    Some(Hit::unnamed(colon + 1, at, SecretKind::Password))
}

/// Returns a private key as PEM writes it, up to its end line or, cut off, to the end of the text.
pub(crate) fn match_private_key(text: &[u8], start: usize) -> Option<Hit> {
    let rest = &text[start..];
    let label_end = memchr::memmem::find(&rest[..rest.len().min(64)], b"PRIVATE KEY-----")? + 16;
    let end = memchr::memmem::find(&rest[label_end..], b"-----END")
        .map_or(text.len(), |length| start + label_end + length);
    let start = start + label_end;
    (start < end).then(|| Hit::unnamed(start, end, SecretKind::Key))
}
