//! The search of an exchange that is nearly the one before: only what differs from it is searched.
//!
//! The result is that of a search of all texts. What is remembered as clean was searched for all that is known; when
//! the rest teaches something new, all texts have to be searched for it.

use smallvec::SmallVec;

use crate::model::exchange::Exchange;
use crate::redact::Redactor;
use crate::redact::known;
use crate::redact::recall::{self, Look, Mask, Page};
use crate::redact::search::{self, Finds, Found};
use crate::redact::sieve::Sieve;
use crate::redact::spot::{self, Half, Part, Spot};

/// A text that has to be looked at, or masked as before.
struct Rest<'a> {
    number: usize,
    spot: Spot<'a>,
    text: &'a [u8],
    /// Where it would begin if all texts were laid side by side.
    from: usize,
    look: Look,
    /// Its number in the sieve; it is not there if it may stay as it became before.
    laid: Option<usize>,
}

impl Redactor {
    /// As a search of all texts of a half, for an exchange that did not go where logins go; `None` if something was
    /// learned meanwhile, so that all of them have to be searched.
    pub(super) fn find_in_rest<'page>(
        &self,
        exchange: &Exchange,
        half: Half,
        page: &'page mut Page,
    ) -> Option<Finds<'page>> {
        let mut sieve = Sieve::default();
        let mut rest: SmallVec<[Rest<'_>; 6]> = SmallVec::new();
        let mut same: SmallVec<[Rest<'_>; 2]> = SmallVec::new();
        let (mut number, mut from, mut next, mut laid) = (0, 0, 0, 0);
        spot::read(exchange, half, &mut |spot, text| {
            if !page.is_clean(&mut next, &spot, text) {
                match page.look(&mut next, &spot, text) {
                    Look::Clean => {}
                    look @ Look::Masked(_) => same.push(Rest { number, spot, text, from, look, laid: None }),
                    look => {
                        sieve.add(spot, text, false);
                        rest.push(Rest { number, spot, text, from, look, laid: Some(laid) });
                        laid += 1;
                    }
                }
            }
            number += 1;
            from += text.len() + 1;
        });
        if !rest.is_empty() {
            sieve.shake();
        }
        let mut found = Vec::new();
        let changed = |text: &Rest<'_>| match text.look {
            Look::Masked(mask) => page.mask(mask).phase != text.phase(&sieve),
            _ => true,
        };
        if sieve.has_suspects() || same.iter().any(changed) {
            // What is learned from the rest may push out what was learned from the others: all in their order.
            rest.append(&mut same);
            rest.sort_by_key(|text| text.number);
            for text in rest.iter().filter(|text| text.is_suspect(&sieve)) {
                self.find_new(text.number, text.spot, text.text, &mut found);
            }
        }
        let known = self.known();
        if !page.is_of(known.generation()) {
            return None;
        }
        if rest.is_empty() && same.is_empty() {
            return Some(Finds::default());
        }
        for Rest { number, spot, text, from, laid, .. } in &rest {
            if sieve.is_plain() {
                known.find_at(*from, text, &mut |sighting| {
                    found.push(Found::known(*number, &known, &sighting));
                });
            } else {
                let laid = (&sieve, laid.unwrap_or(usize::MAX));
                search::find_one_by_one(&known, *number, *spot, text, laid, &mut found);
            }
        }
        drop(known);
        search::sort(&mut found);
        for text in rest.iter().rev() {
            self.write(text, text.phase(&sieve), &found, page);
        }
        let page: &'page Page = page;
        let same = same.iter().filter_map(|text| match text.look {
            Look::Masked(mask) => Some((text.number, page.mask(mask))),
            _ => None,
        });
        Some(Finds { found, same: same.collect() })
    }

    /// Writes down all texts of a half on an empty page.
    pub(super) fn write_all(
        &self,
        exchange: &Exchange,
        half: Half,
        sieve: &Sieve,
        found: &[Found],
        page: &mut Page,
    ) {
        let (mut number, mut from) = (0, 0);
        spot::read(exchange, half, &mut |spot, text| {
            let rest = Rest { number, spot, text, from, look: Look::New(page.end()), laid: Some(number) };
            self.write(&rest, rest.phase(sieve), found, page);
            number += 1;
            from += text.len() + 1;
        });
    }

    /// Writes down what was found in a text, if it may be remembered.
    fn write(&self, text: &Rest<'_>, phase: usize, found: &[Found], page: &mut Page) {
        if !recall::is_fit(&text.spot, text.text) {
            return;
        }
        let own = &found[found.partition_point(|found| found.spot < text.number)..];
        let own = &own[..own.partition_point(|found| found.spot == text.number)];
        if own.is_empty() {
            page.write(text.look, &text.spot, text.text, None);
        } else if matches!(text.spot.part, Part::Header(..)) && self.learns_nothing(text.text, own, page) {
            let mut kinds = Vec::new();
            let bytes = self.masked(text.text, own, &mut |found| kinds.push(found.hit.kind.name()));
            page.write(text.look, &text.spot, text.text, Some(Mask { bytes, kinds, phase }));
        }
    }

    /// Tells whether the text would teach nothing if it were read again: a secret that came after it in the same
    /// exchange may have pushed out its own.
    fn learns_nothing(&self, text: &[u8], own: &[Found], page: &Page) -> bool {
        let known = self.known();
        page.is_at(known.generation())
            && own
                .iter()
                .all(|found| found.secret.is_some() || known.has(&text[found.hit.start..found.hit.end]))
    }
}

impl Rest<'_> {
    /// Returns where the search for known secrets looks into it first.
    fn phase(&self, sieve: &Sieve) -> usize {
        if sieve.is_plain() { known::phase(self.from) } else { 0 }
    }

    /// Tells whether it has to be read closely.
    fn is_suspect(&self, sieve: &Sieve) -> bool {
        self.laid.is_none_or(|laid| sieve.is_suspect(laid))
    }
}
