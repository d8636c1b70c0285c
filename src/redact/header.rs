//! Secrets in header values, and in the lines of a raw head.

use crate::redact::credentials;
use crate::redact::hit::Hit;
use crate::redact::kind::SecretKind;
use crate::redact::{location, names, oauth, scan, tag, token_shape};

/// Adds what the value of the header `name` holds.
pub(crate) fn scan(name: &[u8], value: &[u8], hits: &mut Vec<Hit>) {
    scan_at(name, value, 0, hits);
}

/// As `scan`, for a value that begins at `base` of a longer text.
fn scan_at(name: &[u8], value: &[u8], base: usize, hits: &mut Vec<Hit>) {
    let from = hits.len();
    let kind = names::classify_header(name);
    // What is in quotation marks is masked between them.
    let is_quoted = kind.is_some() && matches!(value, [b'"', _, .., b'"'] | [b'\'', _, .., b'\'']);
    let (value, base) = if is_quoted { (&value[1..value.len() - 1], base + 1) } else { (value, base) };
    match kind {
        None if name.eq_ignore_ascii_case(b"sec-websocket-protocol") => protocols(value, hits),
        None => {
            scan::scan(value, hits);
            oauth::scan_url(value, hits);
            if location::is_location(name) {
                location::scan(value, hits);
            }
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
    let (start, end) = match &value[start.min(value.len())..] {
        [b'"', _, .., b'"'] | [b'\'', _, .., b'\''] => (start + 1, value.len() - 1),
        _ => (start, value.len()),
    };
    if start < end && !tag::is_mask(&value[start..end]) {
        hits.push(Hit::unnamed(start, end, kind));
    }
}

/// Masks the tokens among WebSocket protocols, where browsers have to put them: behind a word such as
/// `bearer`, behind it in the same protocol, or by their look.
fn protocols(value: &[u8], hits: &mut Vec<Hit>) {
    scan::scan(value, hits);
    let mut at = 0;
    let mut is_announced = false;
    for piece in value.split(|byte| *byte == b',') {
        let (from, to) = (at, at + piece.len());
        at = to + 1;
        let word = piece.trim_ascii();
        let start = from + (piece.len() - piece.trim_ascii_start().len());
        let announces = names::is_announced_token(word);
        let own = word.iter().rposition(|byte| matches!(byte, b'.' | b':' | b'=')).map_or(0, |dot| dot + 1);
        let is_own = own > 0 && own < word.len() && names::is_announced_token(&word[..own - 1]);
        let own = if is_own { own } else { 0 };
        if (is_announced && !announces) || is_own || token_shape::is_random(word) {
            whole(SecretKind::Token, &value[..start + word.len()], start + own, hits);
        }
        is_announced = announces;
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
        let (start, end) = match &value[start..end] {
            [b'"', _, .., b'"'] => (start + 1, end - 1),
            _ => (start, end),
        };
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
        let from = hits.len();
        if first {
            scan::scan(&head[at..end], hits);
            location::scan_path(&head[at..end], hits);
        } else {
            scan_line(&head[at..end], hits);
        }
        hits[from..].iter_mut().for_each(|hit| *hit = hit.moved_by(at));
        first = false;
        at = next.max(at + 1);
    }
}

/// Adds what one line of a head holds. A line without a colon may be a name and its value all the same.
pub(crate) fn scan_line(line: &[u8], hits: &mut Vec<Hit>) {
    let is_end = |byte: &u8| matches!(byte, b':' | b' ' | b'\t' | b'=');
    let Some(end) = line.iter().position(|byte| *byte == b':').or_else(|| line.iter().position(is_end))
    else {
        return scan::scan(line, hits);
    };
    let name = line[..end].trim_ascii();
    let value = &line[end + 1..];
    let gap = value.len() - value.trim_ascii_start().len();
    scan_at(name, value.trim_ascii(), end + 1 + gap, hits);
    if line[end] != b':' {
        scan::scan(line, hits);
    }
}

fn behind_break(head: &[u8], end: usize) -> usize {
    match (head.get(end), head.get(end + 1)) {
        (Some(b'\r'), Some(b'\n')) => end + 2,
        (Some(_), _) => end + 1,
        (None, _) => end,
    }
}
