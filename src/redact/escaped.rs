//! Secrets that JSON's `\u` escapes hide from a scan of the bytes.

use crate::redact::hit::Hit;
use crate::redact::json_members::{self, JsonKind};
use crate::redact::known::KnownSecrets;
use crate::redact::names;
use crate::redact::scan;
use crate::redact::tag;

/// Returns whether a text has escapes that can hide letters.
pub(crate) fn has_escapes(text: &[u8]) -> bool {
    memchr::memmem::find(text, b"\\u00").is_some()
}

/// Adds strings whose unescaped name or text gives them away; a string is masked as a whole.
pub(crate) fn scan(text: &[u8], hits: &mut Vec<Hit>) {
    let mut inner = Vec::new();
    each(text, &mut |start, end, name, plain| {
        inner.clear();
        scan::scan(plain.as_bytes(), &mut inner);
        let kind = name
            .and_then(|name| names::classify_member(name.as_bytes()))
            .or(inner.first().map(|hit| hit.kind));
        if let Some(kind) = kind {
            hits.push(Hit::unnamed(start, end, kind));
        }
    });
}

/// Calls `see` for strings that hold a known secret once they are unescaped.
pub(crate) fn find(known: &KnownSecrets, text: &[u8], see: &mut dyn FnMut(Hit)) {
    each(text, &mut |start, end, _, plain| {
        let mut kind = None;
        known.find(plain.as_bytes(), &mut |occurrence| kind = Some(occurrence.kind));
        if let Some(kind) = kind {
            see(Hit::unnamed(start, end, kind));
        }
    });
}

/// Calls `see` with the place of every string, its name and its text, both unescaped.
fn each(text: &[u8], see: &mut impl FnMut(usize, usize, Option<&str>, &str)) {
    json_members::walk(text, &mut |place| {
        let inner = &text[place.start..place.end];
        if place.kind == JsonKind::String && !inner.is_empty() && !tag::is_mask(inner) {
            see(place.start, place.end, place.name().as_deref(), &json_members::unescape(inner));
        }
    });
}
