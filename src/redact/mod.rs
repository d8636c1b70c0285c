//! Floor 1, pure: no secret leaves memory. The one function that makes an exchange fit to be stored or shown.
//!
//! `Masked` can be made by `Redactor::mask` alone, and everything that stores or publishes takes a `Masked`: a caller
//! cannot forget. Two passes: the first finds secrets by their place and shape and learns them, the second finds what
//! is known by now wherever it stands, in whatever notation.

mod credentials;
mod forms;
mod header;
mod kind;
mod known;
mod names;
mod personal;
mod scan;
mod shape;
mod spot;
mod tag;
mod value;

use std::sync::{PoisonError, RwLock};

use crate::model::exchange::{Exchange, Redaction};
use crate::model::pointer::Pointer;
use crate::redact::kind::Kind;
use crate::redact::known::Known;
use crate::redact::scan::Hit;
use crate::redact::spot::{Part, Spot, Text};
use crate::redact::tag::Tagger;

/// What is masked beyond what every recording masks.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Rules {
    /// Places in JSON bodies whose values are masked, `*` for any one step (`--redact`).
    pub pointers: Vec<Pointer>,
    /// Names of members, form fields, parameters and headers whose values are masked (`--redact-key`).
    pub keys: Vec<String>,
}

/// An exchange without secrets; only `Redactor::mask` makes one.
#[derive(Clone, Debug, PartialEq)]
pub struct Masked(Exchange);

impl Masked {
    /// Returns the exchange.
    pub fn exchange(&self) -> &Exchange {
        &self.0
    }

    /// Returns the exchange, for those who store it no more.
    pub fn into_exchange(self) -> Exchange {
        self.0
    }
}

/// Masks secrets, and remembers them for the length of a run.
///
/// Shared by all who record into one run, so that a secret seen by one is known to all.
pub struct Redactor {
    tagger: Tagger,
    known: RwLock<Known>,
    rules: Rules,
}

impl Redactor {
    /// Returns a redactor whose tags are made under `key`, which must be random and never leave memory.
    pub fn new(key: [u8; 32], rules: Rules) -> Self {
        Self { tagger: Tagger::new(&key), known: RwLock::default(), rules }
    }

    /// Masks every secret of the exchange and lists them in its `redactions`.
    ///
    /// Masks that are there already stay, so masking twice changes nothing.
    pub fn mask(&self, mut exchange: Exchange) -> Masked {
        let mut found: Vec<Found> = Vec::new();
        let mut hits: Vec<Hit> = Vec::new();
        let mut number = 0;
        spot::each(&mut exchange, &mut |spot, text| {
            self.scan(spot, text.octets(), &mut hits);
            for hit in hits.drain(..) {
                // What is personal is masked where the user said, not everywhere.
                if hit.kind != Kind::Personal {
                    self.learn(hit.kind, &text.octets()[hit.start..hit.end]);
                }
                found.push(Found { spot: number, hit, secret: None });
            }
            number += 1;
        });
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if !known.is_empty() {
            number = 0;
            spot::each(&mut exchange, &mut |_, text| {
                known.find(text.octets(), &mut |sighting| {
                    found.push(Found::known(number, &known, &sighting));
                });
                number += 1;
            });
        }
        drop(known);
        if !found.is_empty() {
            self.replace_all(&mut exchange, found);
        }
        Masked(exchange)
    }

    /// Masks the secrets in a text that is no exchange: a line of a log, an error's message.
    pub fn mask_text(&self, text: &str) -> String {
        let mut hits = Vec::new();
        scan::scan(text.as_bytes(), &mut hits);
        let mut found: Vec<Found> =
            hits.into_iter().map(|hit| Found { spot: 0, hit, secret: None }).collect();
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.find(text.as_bytes(), &mut |sighting| found.push(Found::known(0, &known, &sighting)));
        drop(known);
        if found.is_empty() {
            return text.to_owned();
        }
        found.sort_by_key(|found| (found.hit.start, std::cmp::Reverse(found.hit.end)));
        let masked = self.masked(text.as_bytes(), &found, &mut |_| {});
        String::from_utf8_lossy(&masked).into_owned()
    }

    fn scan(&self, spot: Spot<'_>, text: &[u8], hits: &mut Vec<Hit>) {
        if text.is_empty() {
            return;
        }
        match spot.part {
            Part::Header(_, name) | Part::Changed(name) => header::scan(name, text, hits),
            Part::Head => header::scan_head(text, hits),
            Part::Target | Part::Body | Part::Other(_) => scan::scan(text, hits),
        }
        if !self.rules.keys.is_empty() {
            match spot.part {
                Part::Header(_, name) => personal::scan_header(&self.rules.keys, name, text, hits),
                Part::Target | Part::Body => personal::scan_text(&self.rules.keys, text, hits),
                Part::Head | Part::Changed(_) | Part::Other(_) => {}
            }
        }
    }

    fn learn(&self, kind: Kind, secret: &[u8]) {
        if self.known.read().unwrap_or_else(PoisonError::into_inner).has(secret) {
            return;
        }
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.learn(secret, kind);
        if kind == Kind::Basic
            && let Some(password) = credentials::password(secret)
        {
            known.learn(&password, Kind::Secret);
        }
    }

    fn replace_all(&self, exchange: &mut Exchange, mut found: Vec<Found>) {
        found.sort_by_key(|found| (found.spot, found.hit.start, std::cmp::Reverse(found.hit.end)));
        let mut redactions = std::mem::take(&mut exchange.redactions);
        let mut rest = found.as_slice();
        let mut number = 0;
        spot::each(exchange, &mut |spot: Spot<'_>, text: &mut dyn Text| {
            let here = rest.iter().take_while(|found| found.spot == number).count();
            let (own, others) = rest.split_at(here);
            rest = others;
            number += 1;
            if own.is_empty() {
                return;
            }
            let masked = self.masked(text.octets(), own, &mut |found| {
                let name = &text.octets()[found.hit.name.0..found.hit.name.1];
                let member = match spot.part {
                    Part::Body | Part::Target if !name.is_empty() => {
                        format!("/{}", String::from_utf8_lossy(name))
                    }
                    _ => String::new(),
                };
                let redaction =
                    Redaction { place: spot.place(&member), kind: found.hit.kind.name().to_owned() };
                if !redactions.contains(&redaction) {
                    redactions.push(redaction);
                }
            });
            text.replace(masked);
        });
        exchange.redactions = redactions;
    }

    /// Returns `text` with its hits replaced; they have to be sorted by start, the longest first.
    fn masked(&self, text: &[u8], found: &[Found], said: &mut dyn FnMut(&Found)) -> Vec<u8> {
        let mut out = Vec::with_capacity(text.len() + 16 * found.len());
        let mut done = 0;
        for found in found {
            let hit = &found.hit;
            if hit.end <= done {
                continue;
            }
            let start = hit.start.max(done);
            if start > done || hit.start >= done {
                out.extend_from_slice(&text[done..start]);
                if hit.quoted {
                    out.push(b'"');
                }
                let secret = found.secret.as_deref().unwrap_or(&text[hit.start..hit.end]);
                self.tagger.write(hit.kind, secret, &mut out);
                if hit.quoted {
                    out.push(b'"');
                }
                said(found);
            }
            // An overlap goes into the mask before it.
            done = hit.end;
        }
        out.extend_from_slice(&text[done..]);
        out
    }
}

/// A hit with the number of the text that it is in.
struct Found {
    spot: usize,
    hit: Hit,
    /// The secret itself, where the text has another notation of it.
    secret: Option<Vec<u8>>,
}

impl Found {
    fn known(spot: usize, known: &Known, sighting: &known::Sighting) -> Self {
        let (start, end) = (sighting.start, sighting.end);
        let hit = Hit { start, end, kind: sighting.kind, name: (start, start), quoted: false };
        Self { spot, hit, secret: Some(known.plain(sighting).to_vec()) }
    }
}

#[cfg(test)]
mod tests;
