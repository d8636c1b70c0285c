//! Which texts of an exchange can hold a secret at all: one look at all of them together, since nearly none does.
//!
//! An exchange has some fifty texts, most of a few octets. Searching each costs far more for the beginnings than for
//! the octets, so the short ones are laid side by side and searched once; only what is suspect is then read closely.

use crate::model::passage::Side;
use crate::redact::names;
use crate::redact::spot::{Part, Spot};

/// Texts from this length on are not copied but always read closely: for them the octets are what costs.
const LONG: usize = 8 << 10;

/// Stands between two texts. No gram has it, so none is found across them.
const BETWEEN: u8 = b'\n';

/// Three octets out of each needle and mark, chosen to be rare in what is no secret. A text that has none of them has
/// no needle either.
#[rustfmt::skip]
const GRAMS: &[&[u8; 3]] = &[
    b"eyJ", b"://", b"---", b"oke", b"OKE", b"ecr", b"ECR", b"ssw", b"SSW", b"ssp", b"SSP", b"pwd", b"PWD", b"Pwd",
    b"ss\"", b"ss=", b"riz", b"RIZ", b"th\"", b"th=", b"oki", b"OKI", b"sse", b"SSE", b"rif", b"RIF", b"tia", b"TIA",
    b"gna", b"GNA", b"ig=", b"ig\"", b"_ke", b"-ke", b"-Ke", b"Key", b"_KE", b"-KE", b"pik", b"PIK", b"ssk", b"edk",
    b"ngk", b"onk", b"nsk", b"thk", b"tek", b"rer", b"RER", b"sic", b"jwt", b"JWT", b"aml", b"AML", b"ssi", b"SSI",
    b"evi", b"EVI", b"h_c", b"hCo", b"de=", b"t_t", ESCAPE,
];

/// What all escapes begin with that can hide letters.
const ESCAPE: &[u8; 3] = b"\\u0";

/// One bit for each hash that a gram has; of other grams one in a thousand passes by chance.
static FILTER: [u32; 1 << (BITS - 5)] = {
    let mut filter = [0; 1 << (BITS - 5)];
    let mut at = 0;
    while at < GRAMS.len() {
        let hash = hash(u32::from_le_bytes([GRAMS[at][0], GRAMS[at][1], GRAMS[at][2], 0]));
        filter[hash >> 5] |= 1 << (hash & 31);
        at += 1;
    }
    filter
};

const BITS: u32 = 16;

/// Returns the hash of the lower three octets.
const fn hash(gram: u32) -> usize {
    ((gram << 8).wrapping_mul(0x9e37_79b1) >> (32 - BITS)) as usize
}

/// Tells whether the lower three octets are one of the grams, or have the hash of one.
fn is_listed(gram: u32) -> bool {
    let hash = hash(gram);
    FILTER[hash >> 5] & (1 << (hash & 31)) != 0
}

/// The texts of one exchange, as far as they were laid side by side.
#[derive(Debug, Default)]
pub(crate) struct Sieve {
    octets: Vec<u8>,
    texts: Vec<Laid>,
    /// Some text has a `%`.
    percent: bool,
    /// Some text has an escape that can hide letters.
    escapes: bool,
    /// Some text is not among `octets`.
    long: bool,
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
        Self {
            octets: Vec::with_capacity(2048),
            texts: Vec::with_capacity(64),
            percent: false,
            escapes: false,
            long: false,
        }
    }

    /// Lays a text beside the others; `oauth` if the request went where logins go.
    pub(crate) fn add(&mut self, spot: Spot<'_>, text: &[u8], oauth: bool) {
        let by_place = match spot.part {
            Part::Header(_, name) | Part::Changed(name) => names::of_header(name).is_some(),
            Part::Head => true,
            Part::Body => oauth && spot.side == Some(Side::Request),
            Part::Target | Part::Other(_) => false,
        };
        let long = text.len() >= LONG;
        if long {
            self.long = true;
        } else {
            self.octets.extend_from_slice(text);
        }
        self.octets.push(BETWEEN);
        self.texts.push(Laid { end: self.octets.len(), suspect: by_place || long });
    }

    /// Looks at all of them.
    pub(crate) fn shake(&mut self) {
        let mut number = 0;
        // four at a time out of the eight octets from there on; none begins in the last two, of which one is `BETWEEN`
        self.octets.extend_from_slice(&[BETWEEN; 8]);
        for at in (0..self.octets.len() - 8).step_by(4) {
            let Some((eight, _)) = self.octets[at..].split_first_chunk::<8>() else { break };
            let eight = u64::from_le_bytes(*eight);
            let gram = |shift: u32| (eight >> (8 * shift)) as u32;
            if is_listed(gram(0)) | is_listed(gram(1)) | is_listed(gram(2)) | is_listed(gram(3)) {
                for shift in (0..4).filter(|shift| is_listed(gram(*shift))) {
                    suspect(&mut self.texts, &mut number, at + shift as usize);
                    self.escapes |= gram(shift).to_le_bytes().starts_with(ESCAPE);
                }
            }
        }
        self.percent = self.long || memchr::memchr(b'%', &self.octets).is_some();
    }

    /// Tells whether the text of this number has to be read closely.
    pub(crate) fn is_suspect(&self, number: usize) -> bool {
        self.texts.get(number).is_none_or(|laid| laid.suspect)
    }

    /// Tells whether any has to be.
    pub(crate) fn has_suspects(&self) -> bool {
        self.texts.iter().any(|laid| laid.suspect)
    }

    /// Tells whether a text may have escapes that hide letters.
    pub(crate) fn has_escapes(&self) -> bool {
        self.escapes || self.long
    }

    /// Returns all texts with one octet between them, unless one was too long to be laid there.
    pub(crate) fn all(&self) -> Option<&[u8]> {
        let length = self.texts.last().map_or(0, |laid| laid.end);
        (!self.long).then(|| &self.octets[..length])
    }

    /// Returns the number of the text that holds `start..end`, and where it begins; `None` if it reaches into another.
    pub(crate) fn place(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        let number = self.texts.partition_point(|laid| laid.end <= start);
        let from = if number == 0 { 0 } else { self.texts[number - 1].end };
        self.texts.get(number).filter(|laid| end < laid.end).map(|_| (number, from))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::scan;

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
    fn every_needle_and_mark_has_a_gram() {
        for needle in scan::NEEDLES.iter().chain(&["code=", "grant_type", "\\u00"]) {
            assert!(
                needle.as_bytes().windows(3).any(|three| GRAMS.iter().any(|gram| **gram == three)),
                "{needle}"
            );
        }
        assert!(GRAMS.iter().all(|gram| !gram.contains(&BETWEEN)));
    }

    #[test]
    fn nothing_is_found_across_two_texts() {
        assert!(suspects(&["to", "ken", "grant_", "type", "eyJ"[..2].into(), "J"]).is_empty());
    }

    #[test]
    fn places_are_those_in_the_texts() {
        let mut sieve = Sieve::new();
        for text in ["", "one", "", "two"] {
            sieve.add(Spot { side: None, part: Part::Other("x") }, text.as_bytes(), false);
        }
        assert_eq!(sieve.all(), Some(&b"\none\n\ntwo\n"[..]));
        assert_eq!(
            (sieve.place(1, 4), sieve.place(3, 4), sieve.place(6, 9)),
            (Some((1, 1)), Some((1, 1)), Some((3, 6)))
        );
        assert_eq!((sieve.place(3, 5), sieve.place(1, 7)), (None, None));
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
