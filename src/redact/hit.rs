//! A secret found in a text, and the order in which secrets are replaced.

use std::sync::Arc;

use crate::redact::kind::SecretKind;

/// A secret found in a text: `start..end` is to be replaced by its mask.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Hit {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) kind: SecretKind,
    /// The range of the name in front of it in the same text; empty if its own pattern gave it away.
    pub(crate) name: (usize, usize),
    /// The mask needs quotes, for the text to remain JSON: a number was replaced.
    pub(crate) quoted: bool,
}

impl Hit {
    /// Returns a hit without a name.
    pub(crate) fn unnamed(start: usize, end: usize, kind: SecretKind) -> Self {
        Self { start, end, kind, name: (start, start), quoted: false }
    }

    /// Returns whether there is nothing to replace.
    pub(crate) fn is_empty(&self) -> bool {
        self.start >= self.end
    }

    /// Returns the hit as seen from a longer text in which this one begins at `base`.
    pub(crate) fn moved_by(self, base: usize) -> Self {
        let name = (self.name.0 + base, self.name.1 + base);
        Self { start: self.start + base, end: self.end + base, name, ..self }
    }
}

/// A hit in one of the texts of an exchange.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct FieldHit {
    /// The number of the text, in the order of `field::read_fields`.
    pub(crate) field: usize,
    pub(crate) hit: Hit,
    /// The secret itself, where the text may have another notation of it.
    pub(crate) secret: Option<Arc<[u8]>>,
}

impl FieldHit {
    /// Returns a hit whose secret is what the text has there.
    pub(crate) fn new(field: usize, hit: Hit) -> Self {
        Self { field, hit, secret: None }
    }
}

/// Sorts hits in the order in which they are replaced: by text, then by start, the longer one first.
pub(crate) fn sort(hits: &mut [FieldHit]) {
    hits.sort_by_key(|found| (found.field, found.hit.start, std::cmp::Reverse(found.hit.end)));
}
