//! Floor 1, pure: no secret leaves memory. The one function that makes an exchange fit to be stored or shown.
//!
//! `Masked` can be made by `Redactor::mask` alone, and everything that stores or publishes takes a `Masked`: a caller
//! cannot forget. Two passes: the first finds secrets by their place and shape and learns them, the second finds what
//! is known by now wherever it stands, in whatever notation.

mod credentials;
mod escaped;
mod forms;
mod header;
mod kind;
mod known;
pub mod last_look;
mod members;
mod names;
mod oauth;
mod percent;
mod personal;
mod scan;
mod shape;
mod sieve;
pub(crate) mod spot;
mod tag;
mod unpack;
mod value;

use std::sync::{PoisonError, RwLock};

use crate::model::exchange::{Body, Exchange};
use crate::model::passage::{Redaction, Side};
use crate::model::pointer::Pointer;
use crate::redact::kind::Kind;
use crate::redact::known::Known;
use crate::redact::scan::Hit;
use crate::redact::sieve::Sieve;
use crate::redact::spot::{Part, Spot, Text};
use crate::redact::tag::{Tag, Tagger};
use crate::redact::unpack::Look;

/// The kind of a redaction that took a whole body away, because nobody could look into it.
pub const WITHHELD: &str = "withheld";

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
    /// There are any.
    has_rules: bool,
}

impl Redactor {
    /// Returns a redactor whose tags are made under `key`, which must be random and never leave memory.
    pub fn new(key: [u8; 32], rules: Rules) -> Self {
        let has_rules = rules != Rules::default();
        Self { tagger: Tagger::new(&key), known: RwLock::default(), rules, has_rules }
    }

    /// Masks every secret of the exchange and lists them in its `redactions`.
    ///
    /// Masks that are there already stay, so masking twice changes nothing.
    pub fn mask(&self, mut exchange: Exchange) -> Masked {
        let oauth = oauth::is_path(exchange.request.target.as_bytes());
        let request = unpack::open(&exchange.request.headers, &mut exchange.request.body);
        let response = match &mut exchange.response {
            Some(response) => unpack::open(&response.headers, &mut response.body),
            None => Look::AsSent,
        };
        let found = self.find(&mut exchange, oauth);
        let masked =
            if found.is_empty() { Bodies::default() } else { self.replace_all(&mut exchange, found) };
        let redactions = &mut exchange.redactions;
        settle(Side::Request, &mut exchange.request.body, request, masked.request, oauth, redactions);
        if let Some(answer) = &mut exchange.response {
            settle(Side::Response, &mut answer.body, response, masked.response, oauth, redactions);
        }
        Masked(exchange)
    }

    /// Returns every secret of the exchange with the number of the text it stands in.
    fn find(&self, exchange: &mut Exchange, oauth: bool) -> Vec<Found> {
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

    /// Masks the secrets in a text that is no exchange: a line of a log, an error's message.
    pub fn mask_text(&self, text: &str) -> String {
        self.masked_text(text).unwrap_or_else(|| text.to_owned())
    }

    /// As `mask_text`; `None` if there is nothing to mask, which costs no copy.
    pub fn masked_text(&self, text: &str) -> Option<String> {
        let mut hits = Vec::new();
        scan::scan(text.as_bytes(), &mut hits);
        let mut found: Vec<Found> =
            hits.into_iter().map(|hit| Found { spot: 0, hit, secret: None }).collect();
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        find_known(&known, 0, text.as_bytes(), &mut found);
        drop(known);
        if found.is_empty() {
            return None;
        }
        found.sort_by_key(|found| (found.hit.start, std::cmp::Reverse(found.hit.end)));
        let masked = self.masked(text.as_bytes(), &found, &mut |_| {});
        Some(String::from_utf8_lossy(&masked).into_owned())
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

    /// Puts masks in the place of secrets, and tells which bodies had some.
    fn replace_all(&self, exchange: &mut Exchange, mut found: Vec<Found>) -> Bodies {
        let mut bodies = Bodies::default();
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
            text.put(masked);
            match (spot.part, spot.side) {
                (Part::Body, Some(Side::Request)) => bodies.request = true,
                (Part::Body, Some(Side::Response)) => bodies.response = true,
                _ => {}
            }
        });
        exchange.redactions = redactions;
        bodies
    }

    /// Returns the tag of a secret, looked up or made.
    fn tag(&self, secret: &[u8]) -> Tag {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).tag(secret);
        known.unwrap_or_else(|| self.tagger.tag(secret))
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
                let tag = match &found.secret {
                    Some(secret) => self.tag(secret),
                    None => self.tag(&forms::plain(&text[hit.start..hit.end])),
                };
                tag.write(hit.kind, &mut out);
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

/// Adds every known secret in a text, percent-encoded or not.
fn find_known(known: &Known, spot: usize, text: &[u8], found: &mut Vec<Found>) {
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

/// Which bodies had secrets in them.
#[derive(Clone, Copy, Debug, Default)]
struct Bodies {
    request: bool,
    response: bool,
}

/// Settles what is kept of a body that was opened or could not be.
fn settle(
    side: Side,
    body: &mut Body,
    look: Look,
    masked: bool,
    oauth: bool,
    redactions: &mut Vec<Redaction>,
) {
    match look {
        Look::Opened(opened) => unpack::settle(body, opened, masked),
        Look::Closed if oauth => {
            unpack::withhold(body);
            redactions.push(Redaction { place: format!("{}.body", side.name()), kind: WITHHELD.to_owned() });
        }
        Look::AsSent | Look::Closed => {}
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
