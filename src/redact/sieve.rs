//! Which texts of an exchange can hold a secret at all: one look at all of them together, since nearly none does.
//!
//! An exchange has some fifty texts, most of a few octets. Searching each costs far more for the beginnings than for
//! the octets, so the short ones are laid side by side and searched once; only what is suspect is then read closely.

use std::sync::OnceLock;

use memchr::memmem::Finder;

use crate::model::exchange::Side;
use crate::redact::names;
use crate::redact::scan;
use crate::redact::spot::{Part, Spot};

/// Texts from this length on are not copied but always read closely: for them the octets are what costs.
const LONG: usize = 8 << 10;

/// Stands between two texts. No needle has it, so none is found across them.
const BETWEEN: u8 = b'\n';

/// Marks of OAuth's own fields and of escapes, which the needles do not have.
const MARKS: [&[u8]; 3] = [b"code=", b"grant_type", b"\\u00"];

/// The texts of one exchange, as far as they were laid side by side.
#[derive(Debug, Default)]
pub(crate) struct Sieve {
    octets: Vec<u8>,
    texts: Vec<Laid>,
    /// Some text has a `%`.
    percent: bool,
}

#[derive(Clone, Copy, Debug)]
struct Laid {
    /// Where it ends in `octets`.
    end: usize,
    suspect: bool,
}

impl Sieve {
    /// Returns a sieve with room for the texts of a usual exchange.
    pub(crate) fn new() -> Self {
        Self { octets: Vec::with_capacity(2048), texts: Vec::with_capacity(64), percent: false }
    }

    /// Lays a text beside the others; `oauth` if the request went where logins go.
    pub(crate) fn add(&mut self, spot: Spot<'_>, text: &[u8], oauth: bool) {
        let by_place = match spot.part {
            Part::Header(_, name) | Part::Changed(name) => names::may_tell_of_header(name),
            Part::Head => true,
            Part::Body => oauth && spot.side == Some(Side::Request),
            Part::Target | Part::Other(_) => false,
        };
        let long = text.len() >= LONG;
        if long {
            self.percent = true;
        } else {
            self.octets.extend_from_slice(text);
        }
        self.octets.push(BETWEEN);
        self.texts.push(Laid { end: self.octets.len(), suspect: by_place || long });
    }

    /// Looks at all of them.
    pub(crate) fn shake(&mut self) {
        let mut number = 0;
        for needle in scan::needles().find_iter(&self.octets) {
            suspect(&mut self.texts, &mut number, needle.start());
        }
        for finder in marks() {
            number = 0;
            for start in finder.find_iter(&self.octets) {
                suspect(&mut self.texts, &mut number, start);
            }
        }
        self.percent |= memchr::memchr(b'%', &self.octets).is_some();
    }

    /// Tells whether the text of this number has to be read closely.
    pub(crate) fn is_suspect(&self, number: usize) -> bool {
        self.texts.get(number).is_none_or(|laid| laid.suspect)
    }

    /// Tells whether any has to be.
    pub(crate) fn has_suspects(&self) -> bool {
        self.texts.iter().any(|laid| laid.suspect)
    }

    /// Tells whether a text may have percent-encoded octets.
    pub(crate) fn has_percent(&self) -> bool {
        self.percent
    }
}

/// Marks the text that holds this octet; `number` is that of the text before or of itself.
fn suspect(texts: &mut [Laid], number: &mut usize, at: usize) {
    while let Some(laid) = texts.get_mut(*number) {
        if at < laid.end {
            laid.suspect = true;
            return;
        }
        *number += 1;
    }
}

fn marks() -> &'static [Finder<'static>; 3] {
    static FINDERS: OnceLock<[Finder<'static>; 3]> = OnceLock::new();
    FINDERS.get_or_init(|| MARKS.map(|mark| Finder::new(mark)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suspects(texts: &[&str]) -> Vec<usize> {
        let mut sieve = Sieve::new();
        for text in texts {
            sieve.add(Spot { side: None, part: Part::Other("x") }, text.as_bytes(), false);
        }
        sieve.shake();
        (0..texts.len()).filter(|number| sieve.is_suspect(*number)).collect()
    }

    #[test]
    fn a_text_with_a_needle_or_mark_is_suspect_and_its_neighbours_are_not() {
        let texts = ["", "plain", "access_token=x", "", "a grant_type", "plain", "?code=1", r"\u0041", "end"];
        assert_eq!(suspects(&texts), [2, 4, 6, 7]);
    }

    #[test]
    fn nothing_is_found_across_two_texts() {
        assert!(suspects(&["to", "ken", "grant_", "type", "eyJ"[..2].into(), "J"]).is_empty());
    }

    #[test]
    fn a_header_is_suspect_by_its_name_and_a_long_text_by_its_length() {
        let mut sieve = Sieve::new();
        let header = |name: &'static str| Spot {
            side: Some(Side::Request),
            part: Part::Header("headers", name.as_bytes()),
        };
        for name in ["Content-Length", "Authorization", "Host", "X-Api-Key", "Set-Cookie"] {
            sieve.add(header(name), b"1", false);
        }
        let long = "x".repeat(LONG);
        sieve.add(Spot { side: None, part: Part::Body }, long.as_bytes(), false);
        sieve.shake();
        let suspects: Vec<usize> = (0..6).filter(|number| sieve.is_suspect(*number)).collect();
        assert_eq!(suspects, [1, 3, 4, 5]);
    }
}
