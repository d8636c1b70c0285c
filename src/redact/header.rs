//! Secrets in header values, and in the lines of a raw head.

use crate::redact::credentials;
use crate::redact::hit::Hit;
use crate::redact::kind::SecretKind;
use crate::redact::names;
use crate::redact::oauth;
use crate::redact::scan;
use crate::redact::tag;

/// Adds what the value of the header `name` holds.
pub(crate) fn scan(name: &[u8], value: &[u8], hits: &mut Vec<Hit>) {
    scan_at(name, value, 0, hits);
}

/// As `scan`, for a value that begins at `base` of a longer text.
fn scan_at(name: &[u8], value: &[u8], base: usize, hits: &mut Vec<Hit>) {
    let from = hits.len();
    match names::classify_header(name) {
        None => {
            scan::scan(value, hits);
            oauth::scan_url(value, hits);
        }
        Some(SecretKind::Cookie) => cookies(name, value, hits),
        Some(SecretKind::Credentials | SecretKind::Digest) => {
            let (kind, skipped) = credentials::split(value);
            whole(kind, value, skipped, hits);
        }
        // `X-Auth-Token: Bearer …`
        Some(kind) => match credentials::split(value) {
            (SecretKind::Credentials, _) => whole(kind, value, 0, hits),
            (scheme, skipped) => whole(scheme, value, skipped, hits),
        },
    }
    for hit in &mut hits[from..] {
        *hit = Hit { name: (hit.start, hit.start), ..*hit }.moved_by(base);
    }
}

fn whole(kind: SecretKind, value: &[u8], start: usize, hits: &mut Vec<Hit>) {
    let end = value.len();
    if start < end && !tag::is_mask(&value[start..end]) {
        hits.push(Hit::unnamed(start, end, kind));
    }
}

/// Masks the value of each cookie, keeps names and the attributes of `Set-Cookie`.
fn cookies(name: &[u8], value: &[u8], hits: &mut Vec<Hit>) {
    let set = name.len() >= 4 && name[..3].eq_ignore_ascii_case(b"set");
    let mut at = 0;
    for (number, piece) in value.split(|byte| *byte == b';').enumerate() {
        let (from, to) = (at, at + piece.len());
        at = to + 1;
        if set && number > 0 {
            let from_here = hits.len();
            scan::scan(piece, hits);
            hits[from_here..].iter_mut().for_each(|hit| *hit = hit.moved_by(from));
            continue;
        }
        // A cookie without a name is all value.
        let start = piece.iter().position(|byte| *byte == b'=').map_or(0, |equals| equals + 1);
        let text = &piece[start..];
        let start = from + start + (text.len() - text.trim_ascii_start().len());
        let end = to - (piece.len() - piece.trim_ascii_end().len()).min(to - start);
        if start < end && !tag::is_mask(&value[start..end]) {
            hits.push(Hit::unnamed(start, end, SecretKind::Cookie));
        }
    }
}

/// Adds what a raw head holds: its lines may end and fold as they like, since it is kept only if it is odd.
pub(crate) fn scan_head(head: &[u8], hits: &mut Vec<Hit>) {
    let mut at = 0;
    let mut first = true;
    while at < head.len() {
        let line_end = |from: usize| {
            from + head[from..]
                .iter()
                .position(|byte| matches!(byte, b'\r' | b'\n'))
                .unwrap_or(head.len() - from)
        };
        let mut end = line_end(at);
        let mut next = behind_break(head, end);
        // A folded value goes on in the next line.
        while next < head.len() && matches!(head[next], b' ' | b'\t') {
            end = line_end(next);
            next = behind_break(head, end);
        }
        let line = &head[at..end];
        match line.iter().position(|byte| *byte == b':') {
            Some(colon) if !first => {
                let name = line[..colon].trim_ascii();
                let value = &line[colon + 1..];
                let gap = value.len() - value.trim_ascii_start().len();
                scan_at(name, value.trim_ascii(), at + colon + 1 + gap, hits);
            }
            _ => scan_plain(line, at, hits),
        }
        first = false;
        at = next.max(at + 1);
    }
}

fn behind_break(head: &[u8], end: usize) -> usize {
    match (head.get(end), head.get(end + 1)) {
        (Some(b'\r'), Some(b'\n')) => end + 2,
        (Some(_), _) => end + 1,
        (None, _) => end,
    }
}

fn scan_plain(text: &[u8], base: usize, hits: &mut Vec<Hit>) {
    let from = hits.len();
    scan::scan(text, hits);
    hits[from..].iter_mut().for_each(|hit| *hit = hit.moved_by(base));
}
