//! Finding the secrets of an exchange: by place and shape, and then what is known by now wherever it stands.

use std::sync::PoisonError;

use crate::model::exchange::Exchange;
use crate::model::passage::Side;
use crate::redact::kind::Kind;
use crate::redact::known::{self, Known};
use crate::redact::scan::{self, Hit};
use crate::redact::sieve::Sieve;
use crate::redact::spot::{self, Part, Spot};
use crate::redact::{Redactor, credentials, escaped, forms, header, oauth, percent, personal};

impl Redactor {
    /// Returns every secret of the exchange with the number of the text it stands in.
    pub(super) fn find(&self, exchange: &mut Exchange, oauth: bool) -> Vec<Found> {
        let mut sieve = Sieve::new();
        spot::each(exchange, &mut |spot, text| sieve.add(spot, text.octets(), oauth));
        sieve.shake();
        let mut found: Vec<Found> = Vec::new();
        if sieve.has_suspects() || self.has_rules {
            self.find_new(exchange, oauth, &sieve, &mut found);
        }
        self.find_again(exchange, &sieve, &mut found);
        found
    }

    /// Adds the secrets that their place or shape gives away, and learns them.
    fn find_new(&self, exchange: &mut Exchange, oauth: bool, sieve: &Sieve, found: &mut Vec<Found>) {
        let mut hits: Vec<Hit> = Vec::new();
        let mut number = 0;
        spot::each(exchange, &mut |spot, text| {
            if sieve.is_suspect(number) {
                self.scan(spot, text.octets(), oauth, &mut hits);
            }
            if self.has_rules {
                self.scan_by_rules(spot, text.octets(), &mut hits);
            }
            for hit in hits.drain(..) {
                // What is personal is masked where the user said, not everywhere.
                if hit.kind != Kind::Personal {
                    self.learn(hit.kind, &text.octets()[hit.start..hit.end]);
                }
                found.push(Found { spot: number, hit, secret: None });
            }
            number += 1;
        });
    }

    /// Adds the secrets that are known by now.
    fn find_again(&self, exchange: &mut Exchange, sieve: &Sieve, found: &mut Vec<Found>) {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if known.is_empty() {
            return;
        }
        if !sieve.has_percent()
            && !sieve.has_escapes()
            && let Some(all) = sieve.all()
        {
            let before = found.len();
            let mut across = false;
            known.find(all, &mut |sighting| match sieve.place(sighting.start, sighting.end) {
                Some((number, from)) => found.push(Found::known(number, &known, &sighting.moved_back(from))),
                None => across = true,
            });
            if !across {
                return;
            }
            // A secret with a line end in it, found where there is none: what lies below it may have been missed.
            found.truncate(before);
        }
        let mut number = 0;
        spot::each(exchange, &mut |spot, text| {
            let text = text.octets();
            known.find(text, &mut |sighting| found.push(Found::known(number, &known, &sighting)));
            if sieve.has_percent() {
                find_encoded(&known, number, text, found);
            }
            if matches!(spot.part, Part::Body) && sieve.is_suspect(number) && escaped::is(text) {
                escaped::find(&known, text, &mut |hit| {
                    found.push(Found { spot: number, hit, secret: None });
                });
            }
            number += 1;
        });
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
        if self.known.read().unwrap_or_else(PoisonError::into_inner).has(secret) {
            return;
        }
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
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
        known.find(&decoded.octets, &mut |sighting| {
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
    fn known(spot: usize, known: &Known, sighting: &known::Sighting) -> Self {
        let (start, end) = (sighting.start, sighting.end);
        let hit = Hit { start, end, kind: sighting.kind, name: (start, start), quoted: false };
        Self { spot, hit, secret: Some(known.plain(sighting).to_vec()) }
    }
}
