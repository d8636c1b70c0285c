//! Finds secrets in any text by the names of their values and by their own pattern.
//!
//! One scanner for JSON at any depth (also inside strings), forms, queries, HTML and XML that echo a request,
//! header dumps, multipart: it looks for the few bytes that the name of every secret contains, reads the
//! whole name, then what separates it from its value, then the value. It needs no document to be well-formed,
//! so a cut one is masked too. What is encoded is read behind its notations (`notation`).
//!
//! Every byte is read a bounded number of times, whatever the text: what was found ahead is remembered.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::redact::credentials;
use crate::redact::hit::Hit;
use crate::redact::kind::SecretKind;
use crate::redact::lookahead::RunEnd;
use crate::redact::named::NamedValueReader;
use crate::redact::notation::PlainText;
use crate::redact::tag;
use crate::redact::token_patterns;
use crate::redact::value::ValueSpan;
use crate::redact::{names, packed, steps};

/// What every name of a secret or token pattern contains. Without the first letter, so that `Token` and
/// `token` are one needle; and all in upper case.
#[rustfmt::skip]
pub(crate) const NEEDLES: &[&str] = &[
    "eyJ", "://", "-----BEGIN ", "oken", "OKEN", "ecret", "ECRET", "pass", "Pass", "PASS", "pwd", "PWD", "Pwd",
    "uth", "UTH", "ookie", "OOKIE", "ssertion", "SSERTION", "erifier", "ERIFIER", "edential", "EDENTIAL",
    "ignature", "IGNATURE", "sig=", "sig\"", "sig]", "_key", "-key", "Key", "_KEY", "-KEY", "pikey", "PIKEY",
    "sskey", "edkey", "ngkey", "onkey", "nskey", "thkey", "tekey", "ntkey", "erkey", "earer", "EARER", "asic ",
    "ASIC ", "jwt", "JWT", "saml", "Saml", "SAML", "ession", "ESSION", "evice", "EVICE", "sessid", "Sessid",
];

// Above 64 the search falls back to one byte at a time.
const _: () = assert!(NEEDLES.len() <= 64);

/// Adds what `text` holds to `hits` (overlaps are possible).
pub(crate) fn scan(text: &[u8], hits: &mut Vec<Hit>) {
    if !is_plain(text) {
        scan_with(text, hits, &|plain, hits| {
            scan_names(plain, hits);
            packed::scan(plain.bytes(), &scan_without_runs, hits);
        });
    }
}

/// As `scan`, but for what lies inside Base64.
fn scan_without_runs(text: &[u8], hits: &mut Vec<Hit>) {
    scan_with(text, hits, &scan_names);
}

fn scan_with(text: &[u8], hits: &mut Vec<Hit>, look: &dyn Fn(&PlainText<'_>, &mut Vec<Hit>)) {
    let plain = PlainText::new(text);
    let from = hits.len();
    look(&plain, hits);
    if plain.is_encoded() {
        for hit in &mut hits[from..] {
            (hit.start, hit.end) = plain.written(hit.start, hit.end);
            hit.name = plain.written(hit.name.0, hit.name.1);
        }
    }
}

/// Adds the values of one name, where it is a whole name.
pub(crate) fn scan_for(text: &[u8], name: &str, kind: SecretKind, hits: &mut Vec<Hit>) {
    if memchr::memmem::find(text, name.as_bytes()).is_none()
        && !text.iter().any(|byte| b"%\\&\0".contains(byte))
    {
        return;
    }
    scan_with(text, hits, &|plain, hits| {
        let bytes = plain.bytes();
        let mut values = NamedValueReader::new(plain);
        let mut done = 0;
        for start in memchr::memmem::find_iter(bytes, name) {
            let end = start + name.len();
            let is_whole = !start.checked_sub(1).is_some_and(|before| is_name(bytes[before]))
                && !bytes.get(end).is_some_and(|behind| is_name(*behind));
            if start >= done
                && is_whole
                && let Some(value) = values.read_after(start, end, kind)
                && !tag::is_mask(&bytes[value.start..value.end])
            {
                done = value.end.max(done);
                let ValueSpan { start: from, end: to, quoted } = value;
                hits.push(Hit { start: from, end: to, kind, name: (start, end), quoted });
            }
        }
    });
}

fn scan_names(text: &PlainText<'_>, hits: &mut Vec<Hit>) {
    let mut scanner = Scanner::new(text);
    let mut done = 0;
    for needle in needles().find_iter(text.bytes()) {
        if needle.start() < done {
            continue;
        }
        if let Some(hit) = scanner.judge(NEEDLES[needle.pattern().as_usize()], needle.start(), needle.end()) {
            done = done.max(hit.end);
            hits.push(hit);
            let more = scanner.values.others.drain(..);
            hits.extend(
                more.map(|value| Hit {
                    quoted: value.quoted,
                    ..Hit::unnamed(value.start, value.end, hit.kind)
                }),
            );
        }
    }
    token_patterns::find_jwts(text.bytes(), hits);
}

/// Returns whether a short text, as most header values are, has nothing that could set a name off from its
/// value, and is no token itself: its bytes are compared instead of searched.
fn is_plain(text: &[u8]) -> bool {
    text.len() < SHORTEST_TOKEN
        && !text
            .iter()
            .any(|byte| matches!(byte, b'=' | b':' | b'>' | b'%' | b' ' | b'+' | b',' | b'&' | b'\\' | 0))
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
struct Scanner<'t> {
    text: &'t PlainText<'t>,
    bytes: &'t [u8],
    values: NamedValueReader<'t>,
    /// The last name that was judged, so that a name with many needles in it is judged once.
    judged: (usize, usize),
    jwt: RunEnd,
    token68: RunEnd,
}

impl<'t> Scanner<'t> {
    fn new(text: &'t PlainText<'t>) -> Self {
        let (jwt, token68) = (RunEnd::default(), RunEnd::default());
        Self { text, bytes: text.bytes(), values: NamedValueReader::new(text), judged: (0, 0), jwt, token68 }
    }

    /// Returns the secret that a needle at `start..end` leads to.
    fn judge(&mut self, needle: &str, start: usize, end: usize) -> Option<Hit> {
        match needle {
            "eyJ" => token_patterns::match_jwt(self.bytes, start, &mut self.jwt),
            "://" => token_patterns::match_userinfo(self.text, end),
            "-----BEGIN " => token_patterns::match_private_key(self.bytes, start),
            "asic " | "ASIC " => token_patterns::match_basic(self.bytes, end, &mut self.token68),
            "earer" | "EARER" => {
                token_patterns::match_bearer(self.bytes, end).or_else(|| self.judge_name(start, end))
            }
            _ => self.judge_name(start, end),
        }
    }

    /// Reads the name around `start..end` and the value behind it.
    fn judge_name(&mut self, start: usize, end: usize) -> Option<Hit> {
        if (self.judged.0..self.judged.1).contains(&start) {
            return None;
        }
        let (start, end) = name_around(self.bytes, start, end);
        self.judged = (start, end);
        let kind = names::classify_member(&self.bytes[start..end])
            .or_else(|| names::classify_member(&self.name_behind_escape(start, end)?))?;
        let ValueSpan { start: from, end: to, quoted } = self.values.read_after(start, end, kind)?;
        let value = &self.bytes[from..to];
        let (kind, skipped) = match kind {
            // Echoed headers: the scheme stays readable.
            SecretKind::Credentials => credentials::split(value),
            kind => (kind, 0),
        };
        let from = from + skipped;
        if from >= to || tag::is_mask(&self.bytes[from..to]) {
            return None;
        }
        Some(Hit { start: from, end: to, kind, name: (start, end), quoted })
    }

    /// Returns a name with the letter that looks like the escape of a control character: `\token`.
    fn name_behind_escape(&self, start: usize, end: usize) -> Option<Vec<u8>> {
        match self.text.notation(start.checked_sub(1)?) {
            [b'\\', letter] if letter.is_ascii_alphabetic() => {
                Some([&[*letter], &self.bytes[start..end]].concat())
            }
            _ => None,
        }
    }
}

/// Extends a needle to the whole name: letters, digits, `_`, `-` and `.`.
fn name_around(text: &[u8], mut start: usize, mut end: usize) -> (usize, usize) {
    // A needle can end in what follows the name (`sig=`): give that back.
    while end > start && !is_name(text[end - 1]) {
        end -= 1;
    }
    while start > 0 && is_name(text[start - 1]) {
        start -= 1;
    }
    while text.get(end).is_some_and(|byte| is_name(*byte)) {
        end += 1;
    }
    steps::add(end - start);
    (start, end)
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}
