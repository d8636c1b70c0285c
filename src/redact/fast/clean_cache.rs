//! The texts of the last exchanges with what became of them: nearly all of the next exchange are the same.
//!
//! What a text becomes depends on its place, its bytes and what is known, and on nothing else as long as
//! there are no rules of the user and no login. So a text that was searched once is compared only, until
//! something new is learned. Only equal bytes let a text through, never a hash of them.

use std::sync::{Mutex, MutexGuard};

use crate::model::exchange::Exchange;
use crate::model::passage::Side;
use crate::redact::field::{self, ExchangeField, FieldKey, FieldPart};

/// Pages for either side. Clients on other connections use other pages, unless there are more of them than
/// pages.
const PAGES: u64 = 4;

/// Texts of a page: those of a side of sixty headers, or of several that are of different make. With it and
/// `LONGEST` the memory is bounded.
const MOST: usize = 128;

/// Bytes of a text. Bodies that are longer never come again.
const LONGEST: usize = 256;

/// A generation that is never reached.
const NEVER: u64 = u64::MAX;

/// Texts passed over to find the one at the same place: the next one, unless the exchange has fewer headers
/// than others.
const AHEAD: usize = 8;

/// The pages of all clients.
#[derive(Default)]
pub(crate) struct CleanCache([[Mutex<CachePage>; PAGES as usize]; 2]);

impl CleanCache {
    /// Returns the page for one side of this client's exchanges; `None` while another thread uses it.
    pub(crate) fn page(&self, side: Side, exchange: &Exchange) -> Option<MutexGuard<'_, CachePage>> {
        let number = exchange.connection.as_ref().map_or(0, |connection| connection.id % PAGES);
        self.0[side as usize].get(usize::try_from(number).ok()?)?.try_lock().ok()
    }

    #[cfg(test)]
    pub(super) fn hold(&self) -> Vec<MutexGuard<'_, CachePage>> {
        self.0.iter().flatten().map(|page| page.lock().unwrap()).collect()
    }
}

/// What is remembered of one side of the exchanges of a client.
#[derive(Default)]
pub(crate) struct CachePage {
    /// When the texts were right.
    generation: u64,
    /// In the order of the side.
    texts: Vec<CachedText>,
    /// What texts with secrets became, and the kinds of those. Never fewer until all are dropped, so that a
    /// number stays that of one mask.
    masks: Vec<(Vec<u8>, Vec<&'static str>)>,
}

/// A text that was searched.
#[derive(Default)]
struct CachedText {
    key: FieldKey,
    /// The bytes of `held` that are the name in the place.
    name: usize,
    /// The name, and then the text.
    held: Vec<u8>,
    /// The number of what takes its place; `None` if it is clean.
    mask: Option<usize>,
}

/// What is remembered of a text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Lookup {
    /// It holds no secret.
    Clean,
    /// It holds those that it held before: the number of the mask.
    Masked(usize),
    /// Nothing.
    Unknown(Slot),
}

/// Where a text is to be remembered.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Slot {
    /// Instead of another text at the same place.
    Replace(usize),
    /// In front of this one: there is none for its place.
    Insert(usize),
}

impl CachePage {
    /// Returns whether there is anything that is right as long as this many things were learned.
    pub(crate) fn is_of(&self, generation: u64) -> bool {
        self.generation == generation && !self.texts.is_empty()
    }

    /// Drops what is no longer right; returns whether nothing was learned since the exchange before. Only
    /// then it pays to write it down: some upstreams set a new cookie with every answer.
    pub(crate) fn turn(&mut self, generation: u64) -> bool {
        let stayed = self.generation == generation;
        if !stayed {
            *self = Self { generation, ..Self::default() };
        }
        stayed
    }

    /// Returns whether the next text is this one and clean, as it nearly always is; `next` is then moved on.
    #[inline]
    pub(crate) fn is_next_clean(&self, next: &mut usize, field: &ExchangeField<'_>, text: &[u8]) -> bool {
        let clean = self.texts.get(*next).is_some_and(|line| line.mask.is_none() && line.is(field, text));
        *next += usize::from(clean);
        clean
    }

    /// Returns what is known of a text; `next` is the one to begin with, and is moved on.
    pub(crate) fn look_up(&self, next: &mut usize, field: &ExchangeField<'_>, text: &[u8]) -> Lookup {
        let from = *next;
        let ahead = self.texts.get(from..).unwrap_or_default();
        let ahead = &ahead[..ahead.len().min(AHEAD)];
        let Some(first) = ahead.iter().position(|line| line.is_at(field)) else {
            return Lookup::Unknown(Slot::Insert(from));
        };
        let equal = match field.part {
            // Texts without a name, such as the names themselves, differ by their bytes alone.
            FieldPart::Other(_) | FieldPart::Name => {
                ahead[first..].iter().position(|line| line.is(field, text))
            }
            _ => ahead[first].is(field, text).then_some(0),
        };
        let at = first + equal.unwrap_or(0);
        *next = from + at + 1;
        match equal {
            None => Lookup::Unknown(Slot::Replace(from + at)),
            Some(_) => ahead[at].mask.map_or(Lookup::Clean, Lookup::Masked),
        }
    }

    /// Returns what takes the place of a text, and the kinds of the secrets in it.
    pub(crate) fn mask(&self, number: usize) -> (&[u8], &[&'static str]) {
        let (bytes, kinds) = &self.masks[number];
        (bytes, kinds)
    }

    /// Writes down a text that was searched. One that is not overwritten stays right: it is as clean as it
    /// was.
    pub(crate) fn write(
        &mut self,
        slot: Slot,
        field: &ExchangeField<'_>,
        text: &[u8],
        mask: Option<(Vec<u8>, Vec<&'static str>)>,
    ) {
        if self.texts.len() >= MOST || self.masks.len() >= MOST {
            // It begins anew with the next exchange.
            self.generation = NEVER;
            return;
        }
        let at = match slot {
            Slot::Replace(at) => at,
            Slot::Insert(at) => {
                self.texts.insert(at, CachedText::default());
                at
            }
        };
        let line = &mut self.texts[at];
        let name = field.name();
        (line.key, line.name) = (field.key, name.len());
        line.held.clear();
        line.held.extend_from_slice(name);
        line.held.extend_from_slice(text);
        line.mask = mask.map(|mask| match line.mask {
            Some(number) => {
                self.masks[number] = mask;
                number
            }
            None => {
                self.masks.push(mask);
                self.masks.len() - 1
            }
        });
    }

    /// Returns how many texts there are.
    pub(crate) fn end(&self) -> usize {
        self.texts.len()
    }
}

/// Returns whether a text may be remembered. Targets and bodies of requests are hardly ever the same twice.
pub(crate) fn is_fit(field: &ExchangeField<'_>, text: &[u8]) -> bool {
    let is_unique =
        field.side == Some(Side::Request) && matches!(field.part, FieldPart::Target | FieldPart::Body);
    !is_unique
        && !field::is_folded(field, text)
        && !matches!(field.part, FieldPart::Head)
        && field.name().len() + text.len() <= LONGEST
}

impl CachedText {
    #[inline]
    fn is(&self, field: &ExchangeField<'_>, text: &[u8]) -> bool {
        if self.key != field.key || self.held.len() - self.name != text.len() {
            return false;
        }
        self.held[self.name..] == *text && self.is_under(field)
    }

    fn is_at(&self, field: &ExchangeField<'_>) -> bool {
        self.key == field.key && self.is_under(field)
    }

    #[inline]
    fn is_under(&self, field: &ExchangeField<'_>) -> bool {
        let name = field.name();
        name.len() == self.name && (name.is_empty() || self.held[..self.name] == *name)
    }
}
