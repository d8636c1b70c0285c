//! The search of an exchange that is nearly the one before: only what differs from it is searched.
//!
//! The result is that of a search of all texts. What is remembered as clean was searched for all that is known; when
//! the rest teaches something new, all texts have to be searched for it.

use smallvec::SmallVec;

use crate::model::exchange::Exchange;
use crate::redact::Redactor;
use crate::redact::clean_cache::{self, CachePage, CachedMask, Remembered};
use crate::redact::field::{self, Field, FieldPart, Half};
use crate::redact::known;
use crate::redact::prefilter::Prefilter;
use crate::redact::search::{self, Finds, LocatedHit};

/// A text that has to be looked at, or masked as before.
struct Remaining<'a> {
    number: usize,
    field: Field<'a>,
    text: &'a [u8],
    /// Where it would begin if all texts were laid side by side.
    from: usize,
    look: Remembered,
    /// Its number in the prefilter; it is not there if it may stay as it became before.
    laid: Option<usize>,
}

impl Redactor {
    /// As a search of all texts of a half, for an exchange that did not go where logins go; `None` if something was
    /// learned meanwhile, so that all of them have to be searched.
    pub(super) fn find_in_rest<'page>(
        &self,
        exchange: &Exchange,
        half: Half,
        page: &'page mut CachePage,
    ) -> Option<Finds<'page>> {
        let mut prefilter = Prefilter::default();
        let mut rest: SmallVec<[Remaining<'_>; 6]> = SmallVec::new();
        let mut same: SmallVec<[Remaining<'_>; 2]> = SmallVec::new();
        let (mut number, mut from, mut next, mut laid) = (0, 0, 0, 0);
        field::read_fields(exchange, half, &mut |field, text| {
            if !page.is_clean(&mut next, &field, text) {
                match page.look(&mut next, &field, text) {
                    Remembered::Clean => {}
                    look @ Remembered::Masked(_) => {
                        same.push(Remaining { number, field, text, from, look, laid: None })
                    }
                    look => {
                        prefilter.add(field, text, false);
                        rest.push(Remaining { number, field, text, from, look, laid: Some(laid) });
                        laid += 1;
                    }
                }
            }
            number += 1;
            from += text.len() + 1;
        });
        if !rest.is_empty() {
            prefilter.run();
        }
        let mut found = Vec::new();
        let changed = |text: &Remaining<'_>| match text.look {
            Remembered::Masked(mask) => page.mask(mask).phase != text.phase(&prefilter),
            _ => true,
        };
        if prefilter.has_suspects() || same.iter().any(changed) {
            // What is learned from the rest may push out what was learned from the others: all in their order.
            rest.append(&mut same);
            rest.sort_by_key(|text| text.number);
            for text in rest.iter().filter(|text| text.is_suspect(&prefilter)) {
                self.find_new(text.number, text.field, text.text, &mut found);
            }
        }
        let known = self.known();
        if !page.is_of(known.generation()) {
            return None;
        }
        if rest.is_empty() && same.is_empty() {
            return Some(Finds::default());
        }
        for Remaining { number, field, text, from, laid, .. } in &rest {
            if prefilter.is_plain() {
                known.find_at(*from, text, &mut |occurrence| {
                    found.push(LocatedHit::known(*number, &known, &occurrence));
                });
            } else {
                let laid = (&prefilter, laid.unwrap_or(usize::MAX));
                search::find_one_by_one(&known, *number, *field, text, laid, &mut found);
            }
        }
        drop(known);
        search::sort(&mut found);
        for text in rest.iter().rev() {
            self.write(text, text.phase(&prefilter), &found, page);
        }
        let page: &'page CachePage = page;
        let same = same.iter().filter_map(|text| match text.look {
            Remembered::Masked(mask) => Some((text.number, page.mask(mask))),
            _ => None,
        });
        Some(Finds { found, same: same.collect() })
    }

    /// Writes down all texts of a half on an empty page.
    pub(super) fn write_all(
        &self,
        exchange: &Exchange,
        half: Half,
        prefilter: &Prefilter,
        found: &[LocatedHit],
        page: &mut CachePage,
    ) {
        let (mut number, mut from) = (0, 0);
        field::read_fields(exchange, half, &mut |field, text| {
            let rest = Remaining {
                number,
                field,
                text,
                from,
                look: Remembered::New(page.end()),
                laid: Some(number),
            };
            self.write(&rest, rest.phase(prefilter), found, page);
            number += 1;
            from += text.len() + 1;
        });
    }

    /// Writes down what was found in a text, if it may be remembered.
    fn write(&self, text: &Remaining<'_>, phase: usize, found: &[LocatedHit], page: &mut CachePage) {
        if !clean_cache::is_fit(&text.field, text.text) {
            return;
        }
        let own = &found[found.partition_point(|found| found.field < text.number)..];
        let own = &own[..own.partition_point(|found| found.field == text.number)];
        if own.is_empty() {
            page.write(text.look, &text.field, text.text, None);
        } else if matches!(text.field.part, FieldPart::Header(..))
            && self.learns_nothing(text.text, own, page)
        {
            let mut kinds = Vec::new();
            let bytes = self.masked(text.text, own, &mut |found| kinds.push(found.hit.kind.name()));
            page.write(text.look, &text.field, text.text, Some(CachedMask { bytes, kinds, phase }));
        }
    }

    /// Returns whether the text would teach nothing if it were read again: a secret that came after it in the same
    /// exchange may have pushed out its own.
    fn learns_nothing(&self, text: &[u8], own: &[LocatedHit], page: &CachePage) -> bool {
        let known = self.known();
        page.is_at(known.generation())
            && own
                .iter()
                .all(|found| found.secret.is_some() || known.has(&text[found.hit.start..found.hit.end]))
    }
}

impl Remaining<'_> {
    /// Returns where the search for known secrets looks into it first.
    fn phase(&self, prefilter: &Prefilter) -> usize {
        if prefilter.is_plain() { known::phase(self.from) } else { 0 }
    }

    /// Returns whether it has to be read closely.
    fn is_suspect(&self, prefilter: &Prefilter) -> bool {
        self.laid.is_none_or(|laid| prefilter.is_suspect(laid))
    }
}
