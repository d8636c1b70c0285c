//! Secrets that are recognised by their own pattern, whatever their name is.

use crate::redact::credentials;
use crate::redact::hit::Hit;
use crate::redact::kind::SecretKind;
use crate::redact::lookahead::RunEnd;
use crate::redact::notation::PlainText;
use crate::redact::tag;
use crate::redact::token_shape::is_token;

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
    let cut = parts == 1 && end == text.len() && end - start >= 24 && !is_whole_object(&text[start..end]);
    (long_enough || cut).then(|| Hit::unnamed(start, end, SecretKind::Jwt))
}

/// Returns whether Base64 is all of some JSON that is no token's head.
fn is_whole_object(text: &[u8]) -> bool {
    credentials::decode_base64(text).is_some_and(|json| {
        json.trim_ascii_end().ends_with(b"}") && memchr::memmem::find(&json, b"\"alg\"").is_none()
    })
}

fn dot(text: &[u8], at: usize) -> Option<usize> {
    (text.get(at) == Some(&b'.')).then_some(at + 1)
}

/// Bytes of the shortest first part of a token.
const SHORTEST_PART: usize = 16;

/// Adds the JSON Web Tokens that begin with anything but `eyJ`, because their JSON begins with white space.
pub(crate) fn find_jwts(text: &[u8], hits: &mut Vec<Hit>) {
    let mut done = 0;
    for dot in memchr::memchr_iter(b'.', text) {
        if dot < done {
            continue;
        }
        let length = text[done..dot].iter().rev().take_while(|byte| is_base64url(**byte)).count();
        let start = dot - length;
        done = dot + 1;
        if length < SHORTEST_PART || text[start..].starts_with(b"eyJ") {
            continue;
        }
        let beginning = credentials::decode_base64(&text[start..start + SHORTEST_PART]);
        let is_object = beginning.is_some_and(|json| json.trim_ascii_start().starts_with(b"{"));
        if is_object && let Some(hit) = match_jwt(text, start, &mut RunEnd::default()) {
            done = hit.end;
            hits.push(hit);
        }
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
        if rest.first().is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'+' | b',' | b':' | b'.')) {
            at += 1;
        } else {
            return (at > from).then_some(at);
        }
    }
}

fn is_token68(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/' | b'=' | b'%')
}

/// Returns the password in `scheme://user:password@host`, or the user that is a token; `start` is behind the
/// `://`.
pub(crate) fn match_userinfo(plain: &PlainText<'_>, start: usize) -> Option<Hit> {
    let text = plain.bytes();
    let ends = |at: &usize| {
        matches!(text[*at], b'/' | b'?' | b'#' | b'"' | b'\'' | b'\\' | b'<' | b'>' | 0..=b' ')
            && plain.percent_depth(*at) <= plain.percent_depth(start - 1)
    };
    let limit = text.len().min(start + 512);
    let authority = (start..limit).find(ends).unwrap_or(limit);
    let at = start + text[start..authority].iter().rposition(|byte| *byte == b'@')?;
    let colon = text[start..at].iter().position(|byte| *byte == b':').map(|length| start + length);
    let user = &text[start..colon.unwrap_or(at)];
    let password = colon.map_or(&b""[..], |colon| &text[colon + 1..at]);
    // A token takes the place of the user, with nothing or a fixed word as its password.
    if (password.is_empty() || password == b"x-oauth-basic") && is_token(user, 8) {
        return (!tag::is_mask(user)).then(|| Hit::unnamed(start, start + user.len(), SecretKind::Token));
    }
    if password.is_empty() || tag::is_mask(password) {
        return None;
    }
    Some(Hit::unnamed(at - password.len(), at, SecretKind::Password))
}

/// Returns a private key as PEM writes it, up to its end line or, cut off, to the end of the text.
pub(crate) fn match_private_key(text: &[u8], start: usize) -> Option<Hit> {
    let rest = &text[start..];
    let label_end = memchr::memmem::find(&rest[..rest.len().min(64)], b"PRIVATE KEY-----")? + 16;
    let end = memchr::memmem::find(&rest[label_end..], b"-----END")
        .map_or(text.len(), |length| start + label_end + length);
    let start = start + label_end;
    let is_open = start < end && !tag::is_mask(text[start..end].trim_ascii());
    is_open.then(|| Hit::unnamed(start, end, SecretKind::Key))
}
