//! Finding the secrets of an exchange: by place and shape, and then what is known by now wherever it stands.

use std::sync::RwLockReadGuard;

use crate::model::exchange::Exchange;
use crate::model::passage::Side;
use crate::redact::clean_cache::{CachePage, CachedMask};
use crate::redact::field::{self, Field, FieldPart, Half};
use crate::redact::kind::SecretKind;
use crate::redact::known::{self, KnownSecrets};
use crate::redact::prefilter::Prefilter;
use crate::redact::scan::{self, Hit};
use crate::redact::{Redactor, credentials, encodings, escaped, header, oauth, percent, user_rules};
use crate::sync;

/// What was found in a half of an exchange.
#[derive(Default)]
pub(super) struct Finds<'page> {
    /// The secrets, sorted by text, start and, from the longest on, end.
    pub(super) found: Vec<LocatedHit>,
    /// The texts that become what they became before, by their numbers.
    pub(super) same: Vec<(usize, &'page CachedMask)>,
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
        pages: [Option<&mut CachePage>; 2],
    ) -> [Finds<'static>; 2] {
        let searched = Half::BOTH.map(|half| self.find_by_place(exchange, half, oauth, taught.has(half)));
        // only now is all known that the exchange teaches
        let known = self.known();
        let searched = searched.map(|half| half.find_again(&known, exchange));
        let (generation, has_lines) = (known.generation(), known.has_lines());
        drop(known);
        for (Searched { half, prefilter, found }, page) in searched.iter().zip(pages) {
            if let Some(page) = page
                && page.turn(generation)
                && !has_lines
            {
                self.write_all(exchange, *half, prefilter, found, page);
            }
        }
        searched.map(|half| Finds { found: half.found, same: Vec::new() })
    }

    /// Searches a half for the secrets that their place or shape gives away, and learns them unless it has taught them.
    fn find_by_place(&self, exchange: &Exchange, half: Half, oauth: bool, taught: bool) -> Searched {
        let mut prefilter = Prefilter::new();
        field::read_fields(exchange, half, &mut |field, text| prefilter.add(field, text, oauth));
        prefilter.run();
        let mut found: Vec<LocatedHit> = Vec::new();
        if prefilter.has_suspects() || self.has_rules {
            let mut number = 0;
            let mut hits: Vec<Hit> = Vec::new();
            field::read_fields(exchange, half, &mut |field, text| {
                if prefilter.is_suspect(number) {
                    self.scan(field, text, oauth, &mut hits);
                }
                if self.has_rules {
                    self.scan_by_rules(field, text, &mut hits);
                }
                self.take(number, text, taught, &mut hits, &mut found);
                number += 1;
            });
        }
        Searched { half, prefilter, found }
    }

    /// Adds the secrets that the place or shape of a text gives away, and learns them.
    pub(super) fn find_new(&self, number: usize, field: Field<'_>, text: &[u8], found: &mut Vec<LocatedHit>) {
        let mut hits = Vec::new();
        self.scan(field, text, false, &mut hits);
        self.take(number, text, false, &mut hits, found);
    }

    fn take(
        &self,
        number: usize,
        text: &[u8],
        taught: bool,
        hits: &mut Vec<Hit>,
        found: &mut Vec<LocatedHit>,
    ) {
        for hit in hits.drain(..) {
            // What is personal is masked where the user said, not everywhere.
            if !taught && hit.kind != SecretKind::Personal {
                self.learn(hit.kind, &text[hit.start..hit.end]);
            }
            found.push(LocatedHit { field: number, hit, secret: None });
        }
    }

    /// Returns what is known, for reading.
    pub(super) fn known(&self) -> RwLockReadGuard<'_, KnownSecrets> {
        sync::read(&self.known)
    }

    fn scan(&self, field: Field<'_>, text: &[u8], oauth: bool, hits: &mut Vec<Hit>) {
        if text.is_empty() {
            return;
        }
        match field.part {
            FieldPart::Header(_, name) | FieldPart::Changed(name) => header::scan(name, text, hits),
            FieldPart::Head => header::scan_head(text, hits),
            FieldPart::Body => {
                scan::scan(text, hits);
                oauth::scan_body(text, oauth && field.side == Some(Side::Request), hits);
                if escaped::has_escapes(text) {
                    escaped::scan(text, hits);
                }
            }
            FieldPart::Target => {
                scan::scan(text, hits);
                oauth::scan_url(text, hits);
            }
            FieldPart::Other(_) => scan::scan(text, hits),
        }
    }

    /// Adds what the user wants masked.
    fn scan_by_rules(&self, field: Field<'_>, text: &[u8], hits: &mut Vec<Hit>) {
        match field.part {
            _ if text.is_empty() => {}
            FieldPart::Header(_, name) => user_rules::scan_header(&self.rules, name, text, hits),
            FieldPart::Target => user_rules::scan_query(&self.rules, text, hits),
            FieldPart::Body => user_rules::scan_body(&self.rules, text, hits),
            FieldPart::Head | FieldPart::Changed(_) | FieldPart::Other(_) => {}
        }
    }

    fn learn(&self, kind: SecretKind, secret: &[u8]) {
        if self.known().has(secret) {
            return;
        }
        let mut known = sync::write(&self.known);
        let plain = encodings::decode(secret);
        let tag = |secret: &[u8]| self.tagger.tag(secret);
        known.learn(&plain, kind, tag);
        // As it stood, in case what looked like an escape is part of it.
        known.learn(secret, kind, tag);
        if kind == SecretKind::Basic
            && let Some(password) = credentials::basic_password(&plain)
        {
            known.learn(&password, SecretKind::Secret, tag);
        }
    }
}

/// A half whose texts were all laid in a prefilter, and what was found in them.
struct Searched {
    half: Half,
    prefilter: Prefilter,
    found: Vec<LocatedHit>,
}

impl Searched {
    /// Adds the secrets that are known by now.
    fn find_again(mut self, known: &KnownSecrets, exchange: &Exchange) -> Self {
        let Self { half, prefilter, found } = &mut self;
        if !known.is_empty() && !find_side_by_side(known, prefilter, found) {
            let mut number = 0;
            field::read_fields(exchange, *half, &mut |field, text| {
                find_one_by_one(known, number, field, text, (prefilter, number), found);
                number += 1;
            });
        }
        sort(found);
        self
    }
}

/// Adds the known secrets of all texts at once; false if they have to be searched one by one.
fn find_side_by_side(known: &KnownSecrets, prefilter: &Prefilter, found: &mut Vec<LocatedHit>) -> bool {
    let Some(all) = prefilter.all().filter(|_| prefilter.is_plain()) else { return false };
    let before = found.len();
    let mut across = false;
    known.find(all, &mut |occurrence| match prefilter.place(occurrence.start, occurrence.end) {
        Some((number, from)) => found.push(LocatedHit::known(number, known, &occurrence.moved_back(from))),
        None => across = true,
    });
    if across {
        // A secret with a line end in it, found where there is none: what lies below it may have been missed.
        found.truncate(before);
    }
    !across
}

/// Adds the known secrets of a text that may have them in another notation; `laid` is its number in the prefilter.
pub(super) fn find_one_by_one(
    known: &KnownSecrets,
    number: usize,
    field: Field<'_>,
    text: &[u8],
    (prefilter, laid): (&Prefilter, usize),
    found: &mut Vec<LocatedHit>,
) {
    known.find(text, &mut |occurrence| found.push(LocatedHit::known(number, known, &occurrence)));
    if prefilter.has_percent() {
        find_encoded(known, number, text, found);
    }
    if matches!(field.part, FieldPart::Body) && prefilter.is_suspect(laid) && escaped::has_escapes(text) {
        escaped::find(known, text, &mut |hit| found.push(LocatedHit { field: number, hit, secret: None }));
    }
}

/// Sorts as masks are put in: those of a text together, from its beginning on, what is longer before what is in it.
pub(super) fn sort(found: &mut [LocatedHit]) {
    found.sort_by_key(|found| (found.field, found.hit.start, std::cmp::Reverse(found.hit.end)));
}

/// Adds every known secret in a text, percent-encoded or not.
pub(super) fn find_known(known: &KnownSecrets, field: usize, text: &[u8], found: &mut Vec<LocatedHit>) {
    known.find(text, &mut |occurrence| found.push(LocatedHit::known(field, known, &occurrence)));
    find_encoded(known, field, text, found);
}

/// Adds every known secret in a text that is percent-encoded.
fn find_encoded(known: &KnownSecrets, field: usize, text: &[u8], found: &mut Vec<LocatedHit>) {
    if !known.is_empty()
        && let Some(decoded) = percent::decode(text)
    {
        known.find(&decoded.bytes, &mut |occurrence| {
            let mut here = LocatedHit::known(field, known, &occurrence);
            (here.hit.start, here.hit.end) = decoded.encoded(occurrence.start, occurrence.end);
            found.push(here);
        });
    }
}

/// A hit with the number of the text that it is in.
pub(super) struct LocatedHit {
    pub(super) field: usize,
    pub(super) hit: Hit,
    /// The secret itself, where the text has another notation of it.
    pub(super) secret: Option<Vec<u8>>,
}

impl LocatedHit {
    pub(super) fn known(field: usize, known: &KnownSecrets, occurrence: &known::Occurrence) -> Self {
        let (start, end) = (occurrence.start, occurrence.end);
        let hit = Hit { start, end, kind: occurrence.kind, name: (start, start), quoted: false };
        Self { field, hit, secret: Some(known.plain(occurrence).to_vec()) }
    }
}
