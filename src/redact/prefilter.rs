//! Which texts of an exchange can hold a secret at all: one look at all of them together, since nearly none does.
//!
//! An exchange has some fifty texts, most of a few bytes. Searching each costs far more for the beginnings than for
//! the bytes, so the short ones are laid side by side and searched once; only what is suspect is then read closely.

use std::sync::OnceLock;

use aho_corasick::AhoCorasick;
use smallvec::SmallVec;

use crate::model::passage::Side;
use crate::redact::field::{Field, FieldPart};
use crate::redact::{names, scan};

/// Texts from this length on are not copied but always read closely: for them the bytes are what costs.
const LONG: usize = 8 << 10;

/// Stands between two texts. No needle or mark has it, so none is found across them.
const BETWEEN: u8 = b'\n';

/// What all escapes begin with that can hide letters.
const ESCAPE: &str = "\\u0";

/// What a login's URL or form has that needs no needle of `scan`.
const LOGIN: [&str; 2] = ["code=", "grant_type"];

/// Looks for every needle and mark at once; a text that has none of them holds no secret but by its place.
fn marks() -> &'static AhoCorasick {
    static AUTOMATON: OnceLock<AhoCorasick> = OnceLock::new();
    AUTOMATON.get_or_init(|| scan::automaton(scan::NEEDLES.iter().chain(&LOGIN).chain(&[ESCAPE])))
}

// Above 64 the search falls back to a byte at a time.
const _: () = assert!(scan::NEEDLES.len() + LOGIN.len() < 64);

/// The texts of half an exchange, as far as they were laid side by side; there is room for some without memory from the
/// heap.
#[derive(Debug, Default)]
pub(crate) struct Prefilter {
    bytes: SmallVec<[u8; 512]>,
    texts: SmallVec<[PrefilteredText; 12]>,
    /// Some text has a `%`.
    percent: bool,
    /// Some text has an escape that can hide letters.
    escapes: bool,
    /// Some text is not among `bytes`.
    long: bool,
}

#[derive(Clone, Copy, Debug)]
struct PrefilteredText {
    /// Where it ends in `bytes`.
    end: usize,
    suspect: bool,
}

impl Prefilter {
    /// Returns a prefilter with room for the texts of half a usual exchange.
    pub(crate) fn new() -> Self {
        Self { bytes: SmallVec::with_capacity(2048), texts: SmallVec::with_capacity(48), ..Self::default() }
    }

    /// Lays a text beside the others; `oauth` if the request went where logins go.
    pub(crate) fn add(&mut self, field: Field<'_>, text: &[u8], oauth: bool) {
        let by_place = match field.part {
            FieldPart::Header(_, name) | FieldPart::Changed(name) => names::classify_header(name).is_some(),
            FieldPart::Head => true,
            FieldPart::Body => oauth && field.side == Some(Side::Request),
            FieldPart::Target | FieldPart::Other(_) => false,
        };
        let long = text.len() >= LONG;
        if long {
            self.long = true;
        } else {
            self.bytes.extend_from_slice(text);
        }
        self.bytes.push(BETWEEN);
        self.texts.push(PrefilteredText { end: self.bytes.len(), suspect: by_place || long });
    }

    /// Looks at all of them.
    pub(crate) fn run(&mut self) {
        let mut number = 0;
        for mark in marks().find_iter(&self.bytes) {
            suspect(&mut self.texts, &mut number, mark.start());
            self.escapes |= self.bytes[mark.range()] == *ESCAPE.as_bytes();
        }
        self.percent = self.long || memchr::memchr(b'%', &self.bytes).is_some();
    }

    /// Returns whether the text of this number has to be read closely.
    pub(crate) fn is_suspect(&self, number: usize) -> bool {
        self.texts.get(number).is_none_or(|laid| laid.suspect)
    }

    /// Returns whether any has to be.
    pub(crate) fn has_suspects(&self) -> bool {
        self.texts.iter().any(|laid| laid.suspect)
    }

    /// Returns whether every text stands as it is meant: known secrets can then be looked for in all at once.
    pub(crate) fn is_plain(&self) -> bool {
        !self.percent && !self.escapes && !self.long
    }

    /// Returns all texts with one byte between them, unless one was too long to be laid there.
    pub(crate) fn all(&self) -> Option<&[u8]> {
        (!self.long).then_some(&self.bytes)
    }

    /// Returns the number of the text that holds `start..end`, and where it begins; `None` if it reaches into another.
    pub(crate) fn place(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        let number = self.texts.partition_point(|laid| laid.end <= start);
        let from = if number == 0 { 0 } else { self.texts[number - 1].end };
        self.texts.get(number).filter(|laid| end < laid.end).map(|_| (number, from))
    }

    /// Returns whether a text may have percent-encoded bytes.
    pub(crate) fn has_percent(&self) -> bool {
        self.percent
    }
}

/// Marks the text that holds this byte; `number` is that of the text before or of itself.
fn suspect(texts: &mut [PrefilteredText], number: &mut usize, at: usize) {
    while let Some(laid) = texts.get_mut(*number) {
        if at < laid.end {
            laid.suspect = true;
            return;
        }
        *number += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suspects(texts: &[&str]) -> Vec<usize> {
        let mut prefilter = Prefilter::new();
        for text in texts {
            prefilter.add(Field::new(None, FieldPart::Other("x")), text.as_bytes(), false);
        }
        prefilter.run();
        (0..texts.len()).filter(|number| prefilter.is_suspect(*number)).collect()
    }

    #[test]
    fn a_text_with_a_needle_or_mark_is_suspect_and_its_neighbours_are_not() {
        let texts = ["", "plain", "access_token=x", "", "a grant_type", "plain", "?code=1", r"\u0041", "end"];
        assert_eq!(suspects(&texts), [2, 4, 6, 7]);
    }

    #[test]
    fn no_needle_reaches_from_one_text_into_the_next() {
        assert!(scan::NEEDLES.iter().chain(&LOGIN).all(|needle| !needle.as_bytes().contains(&BETWEEN)));
    }

    #[test]
    fn nothing_is_found_across_two_texts() {
        assert!(suspects(&["to", "ken", "grant_", "type", "eyJ"[..2].into(), "J"]).is_empty());
    }

    #[test]
    fn places_are_those_in_the_texts() {
        let mut prefilter = Prefilter::new();
        for text in ["", "one", "", "two"] {
            prefilter.add(Field::new(None, FieldPart::Other("x")), text.as_bytes(), false);
        }
        assert_eq!(prefilter.all(), Some(&b"\none\n\ntwo\n"[..]));
        assert_eq!(
            (prefilter.place(1, 4), prefilter.place(3, 4), prefilter.place(6, 9)),
            (Some((1, 1)), Some((1, 1)), Some((3, 6)))
        );
        assert_eq!((prefilter.place(3, 5), prefilter.place(1, 7)), (None, None));
    }

    #[test]
    fn a_header_is_suspect_by_its_name_and_a_long_text_by_its_length() {
        let mut prefilter = Prefilter::new();
        let header = |name: &'static str| {
            Field::new(Some(Side::Request), FieldPart::Header("headers", name.as_bytes()))
        };
        for name in ["Content-Length", "Authorization", "Host", "X-Api-Key", "Set-Cookie"] {
            prefilter.add(header(name), b"1", false);
        }
        let long = "x".repeat(LONG);
        prefilter.add(Field::new(None, FieldPart::Body), long.as_bytes(), false);
        prefilter.run();
        let suspects: Vec<usize> = (0..6).filter(|number| prefilter.is_suspect(*number)).collect();
        assert_eq!(suspects, [1, 3, 4, 5]);
    }
}
