//! Finds secrets in any text by the names they stand under and by their own shape.
//!
//! One scanner for JSON at any depth (also inside strings), forms, queries, HTML and XML that echo a request, header
//! dumps, multipart: it looks for the few bytes that every telling name contains, reads the whole name, then what
//! separates it from its value, then the value. It needs no document to be well-formed, so a cut one is masked too.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::redact::credentials;
use crate::redact::kind::SecretKind;
use crate::redact::names;
use crate::redact::tag;
use crate::redact::token_patterns;
use crate::redact::value::{self, ValueSpan};

/// A secret found in a text: `start..end` is to be replaced by its mask.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Hit {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) kind: SecretKind,
    /// The name it stood under, `start..end` in the same text; empty if its shape gave it away.
    pub(crate) name: (usize, usize),
    /// The mask needs quotes, for the text to remain JSON: a number was replaced.
    pub(crate) quoted: bool,
}

/// What every telling name or shape contains. Without the first letter, so that `Token` and `token` are one needle;
/// and all in upper case.
#[rustfmt::skip]
pub(crate) const NEEDLES: &[&str] = &[
    "eyJ", "://", "-----BEGIN ", "oken", "OKEN", "ecret", "ECRET", "assw", "ASSW", "assphrase", "ASSPHRASE",
    "pwd", "PWD", "Pwd", "pass\"", "pass=", "uthoriz", "UTHORIZ", "uth\"", "uth=",
    "ookie", "OOKIE", "ssertion", "SSERTION", "erifier", "ERIFIER", "edential", "EDENTIAL", "ignature",
    "IGNATURE", "sig=", "sig\"", "_key", "-key", "Key", "_KEY", "-KEY", "pikey", "PIKEY", "sskey",
    "edkey", "ngkey", "onkey", "nskey", "thkey", "tekey", "earer", "EARER", "asic ", "asic%20", "jwt",
    "JWT", "saml", "Saml", "SAML", "ession", "ESSION", "evice", "EVICE", "uth_code", "uthCode",
];

// Above 64 the search falls back to a byte at a time.
const _: () = assert!(NEEDLES.len() <= 64);

/// Adds what `text` holds to `hits`, in the order of the text (overlaps are possible).
pub(crate) fn scan(text: &[u8], hits: &mut Vec<Hit>) {
    if is_plain(text) {
        return;
    }
    let mut done = 0;
    for needle in needles().find_iter(text) {
        if needle.start() < done {
            continue;
        }
        let hit = match NEEDLES[needle.pattern().as_usize()] {
            "eyJ" => token_patterns::jwt(text, needle.start()),
            "://" => token_patterns::userinfo(text, needle.end()),
            "-----BEGIN " => token_patterns::private_key(text, needle.start()),
            "asic " | "asic%20" => token_patterns::basic(text, needle.end()),
            "earer" | "EARER" => token_patterns::bearer(text, needle.end())
                .or_else(|| named(text, needle.start(), needle.end())),
            _ => named(text, needle.start(), needle.end()),
        };
        if let Some(hit) = hit {
            done = hit.end;
            hits.push(hit);
        }
    }
}

/// Returns whether a short text, as most header values are, has nothing that could set a name off from its value, and
/// is no token itself: one look at its bytes instead of a search.
fn is_plain(text: &[u8]) -> bool {
    text.len() < SHORTEST_TOKEN
        && !text
            .iter()
            .any(|byte| matches!(byte, b'=' | b':' | b'>' | b'%' | b' ' | b'+' | b',' | b'&' | b'\\'))
}

/// Bytes of the shortest JSON Web Token or PEM label.
const SHORTEST_TOKEN: usize = 24;

fn needles() -> &'static AhoCorasick {
    static AUTOMATON: OnceLock<AhoCorasick> = OnceLock::new();
    AUTOMATON.get_or_init(|| automaton(NEEDLES))
}

/// Returns what looks for all needles at once; above 64 of them it falls back to a byte at a time.
pub(crate) fn automaton<'a>(needles: impl IntoIterator<Item = &'a &'a str>) -> AhoCorasick {
    // Leftmost, because only then aho-corasick looks for them with SIMD: four times as fast on 64 KiB of JSON.
    let built = AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(needles);
    #[allow(clippy::expect_used, reason = "fixed short lists")]
    built.expect("a fixed list of short needles makes an automaton")
}

/// Reads the name around `start..end` and what stands under it.
fn named(text: &[u8], start: usize, end: usize) -> Option<Hit> {
    let (start, end) = name_around(text, start, end);
    let name = &text[start..end];
    let kind = names::classify_member(name)?;
    let ValueSpan { start: from, end: to, quoted } = value::read_after(text, start, end, kind)?;
    let value = &text[from..to];
    let (kind, skipped) = match kind {
        // Echoed headers: the scheme stays readable.
        SecretKind::Credentials => credentials::split(value),
        kind => (kind, 0),
    };
    let from = from + skipped;
    if from >= to || tag::is_mask(&text[from..to]) {
        return None;
    }
    Some(Hit { start: from, end: to, kind, name: (start, end), quoted })
}

/// Extends a needle to the whole name: letters, digits, `_`, `-`, `.` and percent-encoded bytes of these.
fn name_around(text: &[u8], mut start: usize, mut end: usize) -> (usize, usize) {
    // A needle can end in the separator (`sig=`, `auth"`): give that back.
    while end > start && !is_name(text[end - 1]) {
        end -= 1;
    }
    while start > 0 {
        match text[start - 1] {
            byte if is_name(byte) => start -= 1,
            _ => break,
        }
    }
    // `%22access_token`: the encoded quote in front is no part of the name.
    if start > 0 && text[start - 1] == b'%' && end - start >= 2 {
        let encoded = &text[start..start + 2];
        start = if encoded.eq_ignore_ascii_case(b"5f") || encoded.eq_ignore_ascii_case(b"2d") {
            name_around(text, start - 1, end).0
        } else {
            start + 2
        };
    }
    loop {
        match text.get(end) {
            Some(byte) if is_name(*byte) => end += 1,
            Some(b'%')
                if text.get(end + 1..end + 3).is_some_and(|code| {
                    code.eq_ignore_ascii_case(b"5f") || code.eq_ignore_ascii_case(b"2d")
                }) =>
            {
                end += 3;
            }
            _ => return (start, end),
        }
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}
