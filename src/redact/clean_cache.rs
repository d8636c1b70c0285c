//! The texts of the last exchanges that held no secret: nearly all of the next one are the same, byte for byte.
//!
//! What a text holds depends on its place, its bytes and what is known, and on nothing else as long as there are no
//! rules of the user and no login. So a text that was searched once is let through by a comparison until something
//! new is learned. Only equal bytes let a text through, never a hash of them.

use std::sync::{Mutex, MutexGuard};

use crate::model::exchange::Exchange;
use crate::model::passage::Side;
use crate::redact::field::{Field, FieldKey, FieldPart, Half};

/// Clients that take turns have each a page for either half; who comes while another holds it goes without.
const PAGES: u64 = 4;

/// Lines of a page: the texts of a half of sixty headers, or of several that are of different make. With it and `LONGEST`
/// the memory is bounded.
const MOST: usize = 128;

/// Bytes of a line. Bodies that are longer are never the same again.
const LONGEST: usize = 256;

/// A generation that is never reached.
const NEVER: u64 = u64::MAX;

/// Lines passed over to find the one of a text: the next one, unless the exchange has fewer headers than others.
const AHEAD: usize = 8;

/// The pages of all clients. There is no `Debug`: they hold secrets.
#[derive(Default)]
pub(crate) struct CleanCache([[Mutex<CachePage>; PAGES as usize]; Half::BOTH.len()]);

impl CleanCache {
    /// Returns the page for a half of the exchanges of this one's client, unless someone else reads it.
    pub(crate) fn page(&self, half: Half, exchange: &Exchange) -> Option<MutexGuard<'_, CachePage>> {
        let number = exchange.connection.as_ref().map_or(0, |connection| connection.id % PAGES);
        self.0[half as usize].get(usize::try_from(number).ok()?)?.try_lock().ok()
    }

    /// Holds all pages, so that every exchange goes without.
    #[cfg(test)]
    pub(crate) fn hold(&self) -> Vec<MutexGuard<'_, CachePage>> {
        self.0.iter().flatten().map(|page| page.lock().unwrap()).collect()
    }
}

/// What is remembered of one half of the exchanges of a client.
#[derive(Default)]
pub(crate) struct CachePage {
    /// When `lines` and `masks` were right.
    generation: u64,
    /// In the order of the half.
    lines: Vec<CachedText>,
    /// Never fewer until all are dropped, so that a number stays that of one mask.
    masks: Vec<CachedMask>,
}

/// A text that was searched.
#[derive(Default)]
struct CachedText {
    place: FieldKey,
    /// The bytes of `held` that are the name in the place.
    name: usize,
    /// The name, and then the text.
    held: Vec<u8>,
    /// The number of what takes its place; `None` if it is clean.
    mask: Option<usize>,
}

/// What a text with secrets became.
pub(crate) struct CachedMask {
    /// What takes its place.
    pub(crate) bytes: Vec<u8>,
    /// What the secrets in it were.
    pub(crate) kinds: Vec<&'static str>,
    /// Where the text began, as far as `KnownSecrets::find_at` takes it into account.
    pub(crate) phase: usize,
}

/// What is remembered of a text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Remembered {
    /// It holds no secret.
    Clean,
    /// It holds those that it held before: the number of the mask.
    Masked(usize),
    /// Nothing: at this line stood another in its place.
    Other(usize),
    /// Nothing: no line is for its place, and one would have to stand here.
    New(usize),
}

impl CachePage {
    /// Returns whether it is of any use as long as this many things were learned.
    pub(crate) fn is_of(&self, generation: u64) -> bool {
        self.is_at(generation) && !self.lines.is_empty()
    }

    /// Returns whether this many things were learned when it was written.
    pub(crate) fn is_at(&self, generation: u64) -> bool {
        self.generation == generation
    }

    /// Drops what is no longer right; returns whether nothing was learned since the exchange before. Only then it
    /// pays to write it down: some upstreams set a new cookie with every answer.
    pub(crate) fn turn(&mut self, generation: u64) -> bool {
        let stayed = self.is_at(generation);
        if !stayed {
            self.lines.clear();
            self.masks.clear();
            self.generation = generation;
        }
        stayed
    }

    /// Returns whether the next line is this text and clean, as it nearly always is; it is then moved on.
    #[inline]
    pub(crate) fn is_clean(&self, next: &mut usize, field: &Field<'_>, text: &[u8]) -> bool {
        let clean = self.lines.get(*next).is_some_and(|line| line.mask.is_none() && line.is(field, text));
        *next += usize::from(clean);
        clean
    }

    /// Returns what is known of a text; `next` is the line to begin with, and is moved on.
    pub(crate) fn look(&self, next: &mut usize, field: &Field<'_>, text: &[u8]) -> Remembered {
        let from = *next;
        let ahead = self.lines.get(from..).unwrap_or_default();
        let ahead = &ahead[..ahead.len().min(AHEAD)];
        let Some(skipped) = ahead.iter().position(|line| line.is_at(field)) else {
            return Remembered::New(from);
        };
        let mut at = skipped;
        if !ahead[at].is(field, text) {
            // Texts without a name, such as the names themselves, are told apart by their bytes alone.
            let other = match field.part {
                FieldPart::Other(_) => ahead[at..].iter().position(|line| line.is(field, text)),
                _ => None,
            };
            let Some(further) = other else {
                *next = from + at + 1;
                return Remembered::Other(from + at);
            };
            at += further;
        }
        *next = from + at + 1;
        ahead[at].mask.map_or(Remembered::Clean, Remembered::Masked)
    }

    /// Returns what takes the place of a text.
    pub(crate) fn mask(&self, number: usize) -> &CachedMask {
        &self.masks[number]
    }

    /// Writes down a text that was searched; several ones of a half from the last to the first, since a new line
    /// moves those behind it. A line that is not overwritten stays right: its text is as clean as it was.
    pub(crate) fn write(
        &mut self,
        look: Remembered,
        field: &Field<'_>,
        text: &[u8],
        mask: Option<CachedMask>,
    ) {
        let at = match look {
            Remembered::Other(at) => at,
            Remembered::New(at) if self.lines.len() < MOST => {
                self.lines.insert(at, CachedText::default());
                at
            }
            // Too many: it begins anew with the next exchange.
            Remembered::New(_) => {
                self.generation = NEVER;
                return;
            }
            Remembered::Masked(number) => {
                // The same text elsewhere: headers before it have changed.
                if let Some(mask) = mask {
                    self.masks[number] = mask;
                }
                return;
            }
            Remembered::Clean => return,
        };
        let line = &mut self.lines[at];
        let name = field.name();
        (line.place, line.name) = (field.place, name.len());
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
        if self.masks.len() > MOST {
            self.generation = NEVER;
        }
    }

    /// Returns the line behind the last.
    pub(crate) fn end(&self) -> usize {
        self.lines.len()
    }
}

/// Returns whether a text may be remembered. One with a `%` or `\` in it has a say in how the others are searched. What is
/// asked for is hardly ever the same twice.
pub(crate) fn is_fit(field: &Field<'_>, text: &[u8]) -> bool {
    let asked =
        field.side == Some(Side::Request) && matches!(field.part, FieldPart::Target | FieldPart::Body);
    !asked
        && !matches!(field.part, FieldPart::Head)
        && field.name().len() + text.len() <= LONGEST
        && memchr::memchr2(b'%', b'\\', text).is_none()
}

impl CachedText {
    #[inline]
    fn is(&self, field: &Field<'_>, text: &[u8]) -> bool {
        if self.place != field.place || self.held.len() - self.name != text.len() {
            return false;
        }
        self.held[self.name..] == *text && self.is_under(field)
    }

    fn is_at(&self, field: &Field<'_>) -> bool {
        self.place == field.place && self.is_under(field)
    }

    #[inline]
    fn is_under(&self, field: &Field<'_>) -> bool {
        let name = field.name();
        name.len() == self.name && (name.is_empty() || self.held[..self.name] == *name)
    }
}
