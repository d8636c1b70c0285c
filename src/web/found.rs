//! What the newest search of bodies has found.

use std::collections::BTreeSet;
use std::ops::Range;

/// Exchanges that are read before the list gets its turn.
const BLOCK: u64 = 2048;

/// What the newest search of a recording has found so far. Places count all exchanges, dropped ones included.
#[derive(Debug, Default)]
pub(super) struct BodySearch {
    /// The text of the query.
    text: String,
    covered: Range<u64>,
    meant: BTreeSet<u64>,
    running: bool,
}

impl BodySearch {
    /// Returns whether an exchange was read and is meant.
    pub(super) fn finds(&self, text: &str, place: u64) -> bool {
        self.text == text && self.meant.contains(&place)
    }

    /// Returns whether an exchange was read.
    pub(super) fn covers(&self, text: &str, place: u64) -> bool {
        self.text == text && self.covered.contains(&place)
    }

    /// Returns the next exchanges to read: those that came meanwhile, then older ones. `held`: the places
    /// whose rows are in memory.
    pub(super) fn next(&self, held: &Range<u64>) -> Option<Range<u64>> {
        let Range { start, end } = self.covered;
        if held.end > end {
            return Some(end..held.end.min(end + BLOCK));
        }
        (start > held.start).then(|| start.saturating_sub(BLOCK).max(held.start)..start)
    }

    /// Takes in what was found in a block that `next` returned.
    pub(super) fn extend(&mut self, block: &Range<u64>, found: Vec<u64>) {
        self.meant.extend(found);
        self.covered = self.covered.start.min(block.start)..self.covered.end.max(block.end);
    }

    /// Makes this the search of a text, if it is not; `end`: behind the newest place. Returns whether it has
    /// to be run.
    pub(super) fn begin(&mut self, text: &str, end: u64) -> bool {
        if self.text != text {
            *self = Self { text: text.to_owned(), covered: end..end, ..Self::default() };
        }
        !std::mem::replace(&mut self.running, true)
    }

    /// Returns whether it is still the search of this text.
    pub(super) fn is_for(&self, text: &str) -> bool {
        self.text == text
    }

    /// Notes that it is not running it any more.
    pub(super) fn end(&mut self) {
        self.running = false;
    }
}
