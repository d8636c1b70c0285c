//! Finds secrets in any text by the names of their values and by their own pattern.
//!
//! One scanner for JSON at any depth (also inside strings), forms, queries, HTML and XML that echo a request,
//! header dumps, multipart: it looks for the few bytes that the name of every secret contains, reads the
//! whole name, then what separates it from its value, then the value. It needs no document to be well-formed,
//! so a cut one is masked too.

//!
//! Every byte is read a bounded number of times, whatever the text: what was found ahead is remembered.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::redact::credentials;
use crate::redact::hit::Hit;
use crate::redact::kind::SecretKind;
use crate::redact::lookahead::RunEnd;
use crate::redact::names;
use crate::redact::percent;
use crate::redact::tag;
use crate::redact::token_patterns;
use crate::redact::value::{ValueReader, ValueSpan};

/// What every name of a secret or token pattern contains. Without the first letter, so that `Token` and
/// `token` are one needle; and all in upper case.
#[rustfmt::skip]
pub(crate) const NEEDLES: &[&str] = &[
    "eyJ", "://", "-----BEGIN ", "oken", "OKEN", "ecret", "ECRET", "assw", "ASSW", "assphrase", "ASSPHRASE",
    "pwd", "PWD", "Pwd", "pass\"", "pass=", "uthoriz", "UTHORIZ", "uth\"", "uth=",
    "ookie", "OOKIE", "ssertion", "SSERTION", "erifier", "ERIFIER", "edential", "EDENTIAL", "ignature",
    "IGNATURE", "sig=", "sig\"", "_key", "-key", "Key", "_KEY", "-KEY", "pikey", "PIKEY", "sskey",
    "edkey", "ngkey", "onkey", "nskey", "thkey", "tekey", "earer", "EARER", "asic ", "asic%20", "jwt",
    "JWT", "saml", "Saml", "SAML", "ession", "ESSION", "evice", "EVICE", "uth_code", "uthCode",
];

// Above 64 the search falls back to one byte at a time.
const _: () = assert!(NEEDLES.len() <= 64);

/// Adds what `text` holds to `hits`, as it is written and behind its percent-encoding (overlaps are
/// possible).
pub(crate) fn scan(text: &[u8], hits: &mut Vec<Hit>) {
    if is_plain(text) {
        return;
    }
    scan_written(text, hits);
    if let Some(decoded) = percent::decode(text) {
        let mut inner = Vec::new();
        scan_written(&decoded.bytes, &mut inner);
        hits.extend(inner.into_iter().map(|hit| {
            let (start, end) = decoded.encoded(hit.start, hit.end);
            Hit { start, end, name: decoded.encoded(hit.name.0, hit.name.1), ..hit }
        }));
    }
}

fn scan_written(text: &[u8], hits: &mut Vec<Hit>) {
    let mut scanner = Scanner::new(text);
    let mut done = 0;
    for needle in needles().find_iter(text) {
        if needle.start() < done {
            continue;
        }
        if let Some(hit) = scanner.judge(NEEDLES[needle.pattern().as_usize()], needle.start(), needle.end()) {
            done = hit.end;
            hits.push(hit);
        }
    }
}

/// Returns whether a short text, as most header values are, has nothing that could set a name off from its
/// value, and is no token itself: its bytes are compared instead of searched.
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
fn automaton<'a>(needles: impl IntoIterator<Item = &'a &'a str>) -> AhoCorasick {
    // Leftmost, because only then aho-corasick looks for them with SIMD: four times as fast on 64 KiB of
    // JSON.
    let built = AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(needles);
    #[allow(clippy::expect_used, reason = "fixed short lists")]
    built.expect("a fixed list of short needles makes an automaton")
}

/// A text being scanned, with what is known of the part ahead.
struct Scanner<'a> {
    text: &'a [u8],
    values: ValueReader<'a>,
    /// The last name that was judged, so that a name with many needles in it is judged once.
    judged: (usize, usize),
    jwt: RunEnd,
    token68: RunEnd,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a [u8]) -> Self {
        let (jwt, token68) = (RunEnd::default(), RunEnd::default());
        Self { text, values: ValueReader::new(text), judged: (0, 0), jwt, token68 }
    }

    /// Returns the secret that a needle at `start..end` leads to.
    fn judge(&mut self, needle: &str, start: usize, end: usize) -> Option<Hit> {
        match needle {
            "eyJ" => token_patterns::match_jwt(self.text, start, &mut self.jwt),
            "://" => token_patterns::match_userinfo(self.text, end),
            "-----BEGIN " => token_patterns::match_private_key(self.text, start),
            "asic " | "asic%20" => token_patterns::match_basic(self.text, end, &mut self.token68),
            "earer" | "EARER" => {
                token_patterns::match_bearer(self.text, end).or_else(|| self.judge_name(start, end))
            }
            _ => self.judge_name(start, end),
        }
    }

    /// Reads the name around `start..end` and the value behind it.
    fn judge_name(&mut self, start: usize, end: usize) -> Option<Hit> {
        if (self.judged.0..self.judged.1).contains(&start) {
            return None;
        }
        let (start, end) = name_around(self.text, start, end);
        self.judged = (start, end);
        let kind = names::classify_member(&self.text[start..end])?;
        let ValueSpan { start: from, end: to, quoted } = self.values.read_after(start, end, kind)?;
        let value = &self.text[from..to];
        let (kind, skipped) = match kind {
            // Echoed headers: the scheme stays readable.
            SecretKind::Credentials => credentials::split(value),
            kind => (kind, 0),
        };
        let from = from + skipped;
        if from >= to || tag::is_mask(&self.text[from..to]) {
            return None;
        }
        Some(Hit { start: from, end: to, kind, name: (start, end), quoted })
    }
}

/// Extends a needle to the whole name: letters, digits, `_`, `-`, `.` and percent-encoded bytes of these.
fn name_around(text: &[u8], mut start: usize, mut end: usize) -> (usize, usize) {
    // A needle can end in the separator (`sig=`, `auth"`): give that back.
    while end > start && !is_name(text[end - 1]) {
        end -= 1;
    }
    loop {
        while start > 0 && is_name(text[start - 1]) {
            start -= 1;
        }
        let Some([b'%', high, low]) = start.checked_sub(1).and_then(|at| text.get(at..at + 3)) else { break };
        if is_encoded_name_byte(&[*high, *low]) {
            start -= 1;
        } else {
            // `%22access_token`: the encoded quote in front is no part of the name.
            if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() {
                start = (start + 2).min(end);
            }
            break;
        }
    }
    loop {
        match text.get(end) {
            Some(byte) if is_name(*byte) => end += 1,
            Some(b'%') if text.get(end + 1..end + 3).is_some_and(is_encoded_name_byte) => end += 3,
            _ => return (start, end),
        }
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// Returns whether two digits behind a `%` are those of `_` or `-`.
fn is_encoded_name_byte(code: &[u8]) -> bool {
    code.eq_ignore_ascii_case(b"5f") || code.eq_ignore_ascii_case(b"2d")
}
