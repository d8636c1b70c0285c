//! Finding the secrets of an exchange: by place and shape, and then what is known by now wherever it stands.

use std::sync::RwLockReadGuard;

use crate::model::exchange::Exchange;
use crate::model::passage::Side;
use crate::redact::kind::Kind;
use crate::redact::known::{self, Known};
use crate::redact::recall::{Mask, Page};
use crate::redact::scan::{self, Hit};
use crate::redact::sieve::Sieve;
use crate::redact::spot::{self, Half, Part, Spot};
use crate::redact::{Redactor, credentials, escaped, forms, header, oauth, percent, personal};
use crate::sync;

/// What was found in a half of an exchange.
#[derive(Default)]
pub(super) struct Finds<'page> {
    /// The secrets, sorted by text, start and, from the longest on, end.
    pub(super) found: Vec<Found>,
    /// The texts that become what they became before, by their numbers.
    pub(super) same: Vec<(usize, &'page Mask)>,
}

/// Which halves of an exchange have taught already what they have to teach. They do not teach it again: what was learned
/// from the one may have pushed out what was learned from the other.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Taught {
    None,
    Asked,
    Both,
}

impl Taught {
    fn has(self, half: Half) -> bool {
        self == Self::Both || (self == Self::Asked && half == Half::Asked)
    }
}

impl Redactor {
    /// Returns every secret of either half with the number of the text it stands in; `pages` are what is remembered of
    /// the exchanges before, and are brought up to date.
    pub(super) fn find_in_all(
        &self,
        exchange: &Exchange,
        oauth: bool,
        taught: Taught,
        pages: [Option<&mut Page>; 2],
    ) -> [Finds<'static>; 2] {
        let searched = Half::BOTH.map(|half| self.find_by_place(exchange, half, oauth, taught.has(half)));
        // only now is all known that the exchange teaches
        let known = self.known();
        let searched = searched.map(|half| half.find_again(&known, exchange));
        let (generation, has_lines) = (known.generation(), known.has_lines());
        drop(known);
        for (Searched { half, sieve, found }, page) in searched.iter().zip(pages) {
            if let Some(page) = page
                && page.turn(generation)
                && !has_lines
            {
                self.write_all(exchange, *half, sieve, found, page);
            }
        }
        searched.map(|half| Finds { found: half.found, same: Vec::new() })
    }

    /// Searches a half for the secrets that their place or shape gives away, and learns them unless it has taught them.
    fn find_by_place(&self, exchange: &Exchange, half: Half, oauth: bool, taught: bool) -> Searched {
        let mut sieve = Sieve::new();
        spot::read(exchange, half, &mut |spot, text| sieve.add(spot, text, oauth));
        sieve.shake();
        let mut found: Vec<Found> = Vec::new();
        if sieve.has_suspects() || self.has_rules {
            let mut number = 0;
            let mut hits: Vec<Hit> = Vec::new();
            spot::read(exchange, half, &mut |spot, text| {
                if sieve.is_suspect(number) {
                    self.scan(spot, text, oauth, &mut hits);
                }
                if self.has_rules {
                    self.scan_by_rules(spot, text, &mut hits);
                }
                self.take(number, text, taught, &mut hits, &mut found);
                number += 1;
            });
        }
        Searched { half, sieve, found }
    }

    /// Adds the secrets that the place or shape of a text gives away, and learns them.
    pub(super) fn find_new(&self, number: usize, spot: Spot<'_>, text: &[u8], found: &mut Vec<Found>) {
        let mut hits = Vec::new();
        self.scan(spot, text, false, &mut hits);
        self.take(number, text, false, &mut hits, found);
    }

    fn take(&self, number: usize, text: &[u8], taught: bool, hits: &mut Vec<Hit>, found: &mut Vec<Found>) {
        for hit in hits.drain(..) {
            // What is personal is masked where the user said, not everywhere.
            if !taught && hit.kind != Kind::Personal {
                self.learn(hit.kind, &text[hit.start..hit.end]);
            }
            found.push(Found { spot: number, hit, secret: None });
        }
    }

    /// Returns what is known, for reading.
    pub(super) fn known(&self) -> RwLockReadGuard<'_, Known> {
        sync::read(&self.known)
    }

    fn scan(&self, spot: Spot<'_>, text: &[u8], oauth: bool, hits: &mut Vec<Hit>) {
        if text.is_empty() {
            return;
        }
        match spot.part {
            Part::Header(_, name) | Part::Changed(name) => header::scan(name, text, hits),
            Part::Head => header::scan_head(text, hits),
            Part::Body => {
                scan::scan(text, hits);
                oauth::scan_body(text, oauth && spot.side == Some(Side::Request), hits);
                if escaped::is(text) {
                    escaped::scan(text, hits);
                }
            }
            Part::Target => {
                scan::scan(text, hits);
                oauth::scan_url(text, hits);
            }
            Part::Other(_) => scan::scan(text, hits),
        }
    }

    /// Adds what the user wants masked.
    fn scan_by_rules(&self, spot: Spot<'_>, text: &[u8], hits: &mut Vec<Hit>) {
        match spot.part {
            _ if text.is_empty() => {}
            Part::Header(_, name) => personal::scan_header(&self.rules, name, text, hits),
            Part::Target => personal::scan_query(&self.rules, text, hits),
            Part::Body => personal::scan_body(&self.rules, text, hits),
            Part::Head | Part::Changed(_) | Part::Other(_) => {}
        }
    }

    fn learn(&self, kind: Kind, secret: &[u8]) {
        if self.known().has(secret) {
            return;
        }
        let mut known = sync::write(&self.known);
        let plain = forms::plain(secret);
        let tag = |secret: &[u8]| self.tagger.tag(secret);
        known.learn(&plain, kind, tag);
        // As it stood, in case what looked like an escape is part of it.
        known.learn(secret, kind, tag);
        if kind == Kind::Basic
            && let Some(password) = credentials::password(&plain)
        {
            known.learn(&password, Kind::Secret, tag);
        }
    }
}

/// A half whose texts were all laid in a sieve, and what was found in them.
struct Searched {
    half: Half,
    sieve: Sieve,
    found: Vec<Found>,
}

impl Searched {
    /// Adds the secrets that are known by now.
    fn find_again(mut self, known: &Known, exchange: &Exchange) -> Self {
        let Self { half, sieve, found } = &mut self;
        if !known.is_empty() && !find_side_by_side(known, sieve, found) {
            let mut number = 0;
            spot::read(exchange, *half, &mut |spot, text| {
                find_one_by_one(known, number, spot, text, (sieve, number), found);
                number += 1;
            });
        }
        sort(found);
        self
    }
}

/// Adds the known secrets of all texts at once; false if they have to be searched one by one.
fn find_side_by_side(known: &Known, sieve: &Sieve, found: &mut Vec<Found>) -> bool {
    let Some(all) = sieve.all().filter(|_| sieve.is_plain()) else { return false };
    let before = found.len();
    let mut across = false;
    known.find(all, &mut |sighting| match sieve.place(sighting.start, sighting.end) {
        Some((number, from)) => found.push(Found::known(number, known, &sighting.moved_back(from))),
        None => across = true,
    });
    if across {
        // A secret with a line end in it, found where there is none: what lies below it may have been missed.
        found.truncate(before);
    }
    !across
}

/// Adds the known secrets of a text that may have them in another notation; `laid` is its number in the sieve.
pub(super) fn find_one_by_one(
    known: &Known,
    number: usize,
    spot: Spot<'_>,
    text: &[u8],
    (sieve, laid): (&Sieve, usize),
    found: &mut Vec<Found>,
) {
    known.find(text, &mut |sighting| found.push(Found::known(number, known, &sighting)));
    if sieve.has_percent() {
        find_encoded(known, number, text, found);
    }
    if matches!(spot.part, Part::Body) && sieve.is_suspect(laid) && escaped::is(text) {
        escaped::find(known, text, &mut |hit| found.push(Found { spot: number, hit, secret: None }));
    }
}

/// Sorts as masks are put in: those of a text together, from its beginning on, what is longer before what is in it.
pub(super) fn sort(found: &mut [Found]) {
    found.sort_by_key(|found| (found.spot, found.hit.start, std::cmp::Reverse(found.hit.end)));
}

/// Adds every known secret in a text, percent-encoded or not.
pub(super) fn find_known(known: &Known, spot: usize, text: &[u8], found: &mut Vec<Found>) {
    known.find(text, &mut |sighting| found.push(Found::known(spot, known, &sighting)));
    find_encoded(known, spot, text, found);
}

/// Adds every known secret in a text that is percent-encoded.
fn find_encoded(known: &Known, spot: usize, text: &[u8], found: &mut Vec<Found>) {
    if !known.is_empty()
        && let Some(decoded) = percent::decoded(text)
    {
        known.find(&decoded.bytes, &mut |sighting| {
            let mut here = Found::known(spot, known, &sighting);
            (here.hit.start, here.hit.end) = decoded.encoded(sighting.start, sighting.end);
            found.push(here);
        });
    }
}

/// A hit with the number of the text that it is in.
pub(super) struct Found {
    pub(super) spot: usize,
    pub(super) hit: Hit,
    /// The secret itself, where the text has another notation of it.
    pub(super) secret: Option<Vec<u8>>,
}

impl Found {
    pub(super) fn known(spot: usize, known: &Known, sighting: &known::Sighting) -> Self {
        let (start, end) = (sighting.start, sighting.end);
        let hit = Hit { start, end, kind: sighting.kind, name: (start, start), quoted: false };
        Self { spot, hit, secret: Some(known.plain(sighting).to_vec()) }
    }
}
