//! Texts inside Base64: what a name or pattern gives away in there is masked with the whole run.

use crate::redact::credentials;
use crate::redact::hit::Hit;
use crate::redact::kind::SecretKind;
use crate::redact::steps;

/// Bytes of a run that can hold a name and a value.
const SHORTEST: usize = 24;

/// How often Base64 is undone inside Base64.
const DEEPEST: u8 = 3;

/// Looks for secrets in a decoded text.
type Look = dyn Fn(&[u8], &mut Vec<Hit>);

/// Adds each run of Base64 in which `look` finds a secret.
pub(crate) fn scan(text: &[u8], look: &Look, hits: &mut Vec<Hit>) {
    scan_at_depth(text, look, DEEPEST, hits);
}

fn scan_at_depth(text: &[u8], look: &Look, depth: u8, hits: &mut Vec<Hit>) {
    if depth == 0 {
        return;
    }
    each_run(text, &mut |start, end| {
        let run = &text[start..end];
        if let Some(decoded) = decode(run) {
            hits.extend(kind_inside(&decoded, look, depth).map(|kind| Hit::unnamed(start, end, kind)));
        } else if run.contains(&b'/') {
            // The slashes are those of a path.
            let mut from = start;
            for piece in run.split(|byte| *byte == b'/') {
                let to = from + piece.len();
                if piece.len() >= SHORTEST
                    && let Some(kind) = decode(piece).and_then(|decoded| kind_inside(&decoded, look, depth))
                {
                    hits.push(Hit::unnamed(from, to, kind));
                }
                from = to + 1;
            }
        }
    });
}

/// Returns what a run says, if it is a text.
fn decode(run: &[u8]) -> Option<Vec<u8>> {
    let beginning = credentials::decode_base64(&run[..run.len().min(SHORTEST)])?;
    if !beginning.iter().all(is_sound) {
        return None;
    }
    credentials::decode_base64(run).filter(|decoded| std::str::from_utf8(decoded).is_ok())
}

/// Returns the kind of the first secret in a decoded text.
fn kind_inside(decoded: &[u8], look: &Look, depth: u8) -> Option<SecretKind> {
    let mut inner = Vec::new();
    look(decoded, &mut inner);
    if inner.is_empty() {
        scan_at_depth(decoded, look, depth - 1, &mut inner);
    }
    inner.first().map(|hit| hit.kind)
}

/// Calls `see` with the range of every run. A step as long as the shortest one misses none.
fn each_run(text: &[u8], see: &mut dyn FnMut(usize, usize)) {
    let mut done = 0;
    let mut at = SHORTEST - 1;
    while at < text.len() {
        let before = text[done..=at].iter().rev().take_while(|byte| is_base64(**byte)).count();
        if before == 0 {
            at += SHORTEST;
            continue;
        }
        let end = at + text[at..].iter().take_while(|byte| is_base64(**byte)).count();
        let start = at + 1 - before;
        steps::add(end - start);
        if end - start >= SHORTEST {
            see(start, end);
        }
        done = end;
        at = end + SHORTEST;
    }
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// Returns whether a decoded byte can be one of a text: nearly all that is no Base64 decodes to something
/// else. Zero bytes are those of UTF-16.
fn is_sound(byte: &u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\r' | b'\n' | b' '..=b'~' | 0x80..)
}
