//! Octets as they stood on the wire: header names and values, targets, reasons, bodies.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Range;

use bytes::Bytes;

/// Immutable octets from the wire, cheap to clone; usually text, never assumed to be.
#[derive(Clone)]
pub struct Octets(Held);

/// Most names and values are short: copying them costs less than counting who shares a head's memory.
#[derive(Clone)]
enum Held {
    Here(u8, [u8; SHORT]),
    Shared(Bytes),
}

/// Octets that are held in place; with them an `Octets` is as large as a `Bytes` with a mark.
const SHORT: usize = 38;

impl Octets {
    /// Returns a part of larger octets, shared with them unless it is short.
    ///
    /// # Panics
    /// If the part lies outside.
    pub fn part(octets: &Bytes, part: Range<usize>) -> Self {
        // of a length that the compiler knows: a few moves without a call
        if part.len() <= SHORT
            && let Some(around) = octets.get(part.start..).and_then(|rest| rest.first_chunk::<SHORT>())
        {
            return Self(Held::Here(part.len() as u8, *around));
        }
        Self::slice(octets, &octets[part])
    }

    /// As `part`, for a part that is at hand.
    ///
    /// # Panics
    /// If it is none of the octets, and not short.
    pub fn slice(octets: &Bytes, part: &[u8]) -> Self {
        Self(Held::short(part).unwrap_or_else(|| Held::Shared(octets.slice_ref(part))))
    }

    /// Returns the octets.
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Held::Here(length, octets) => &octets[..usize::from(*length)],
            Held::Shared(octets) => octets,
        }
    }

    /// Returns the text, if the octets are valid UTF-8.
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(self.as_bytes()).ok()
    }

    /// Returns the text with U+FFFD for what is not UTF-8; for display only, never for storing.
    pub fn lossy(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(self.as_bytes())
    }

    /// Returns the text as `lossy` has it, to be kept.
    pub fn to_text(&self) -> String {
        // nearly all octets are text, and telling so costs less than looking for what is none
        self.as_str().map_or_else(|| self.lossy().into_owned(), str::to_owned)
    }

    /// Compares with `other`, ignoring ASCII case, as header names are compared.
    pub fn eq_ignore_case(&self, other: &str) -> bool {
        self.as_bytes().eq_ignore_ascii_case(other.as_bytes())
    }

    /// Returns how many octets there are.
    pub fn len(&self) -> usize {
        self.as_bytes().len()
    }

    /// Tells whether there are none.
    pub fn is_empty(&self) -> bool {
        self.as_bytes().is_empty()
    }
}

impl fmt::Debug for Octets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.lossy())
    }
}

impl Held {
    #[inline]
    fn short(octets: &[u8]) -> Option<Self> {
        let mut here = [0; SHORT];
        here.get_mut(..octets.len())?.copy_from_slice(octets);
        Some(Self::Here(octets.len() as u8, here))
    }
}

impl Default for Octets {
    fn default() -> Self {
        Self(Held::Here(0, [0; SHORT]))
    }
}

impl PartialEq for Octets {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Octets {}

impl PartialOrd for Octets {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Octets {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl Hash for Octets {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

impl From<&str> for Octets {
    fn from(text: &str) -> Self {
        text.as_bytes().into()
    }
}

impl From<String> for Octets {
    fn from(text: String) -> Self {
        text.into_bytes().into()
    }
}

impl From<&[u8]> for Octets {
    fn from(octets: &[u8]) -> Self {
        Self(Held::short(octets).unwrap_or_else(|| Held::Shared(Bytes::copy_from_slice(octets))))
    }
}

impl From<Vec<u8>> for Octets {
    fn from(octets: Vec<u8>) -> Self {
        Self(Held::short(&octets).unwrap_or_else(|| Held::Shared(octets.into())))
    }
}

impl From<Bytes> for Octets {
    fn from(octets: Bytes) -> Self {
        Self(Held::short(&octets).unwrap_or(Held::Shared(octets)))
    }
}

impl From<Octets> for Bytes {
    fn from(octets: Octets) -> Self {
        match octets.0 {
            Held::Here(length, here) => Self::copy_from_slice(&here[..usize::from(length)]),
            Held::Shared(octets) => octets,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_they_are_held_makes_no_difference() {
        let text = "x".repeat(SHORT + 1);
        let whole = Bytes::from(text.clone());
        for length in [0, 1, SHORT - 1, SHORT, SHORT + 1] {
            let octets = Octets::part(&whole, 0..length);
            assert_eq!(octets.as_str(), Some(&text[..length]));
            assert_eq!((&octets, octets.len()), (&Octets::from(&text[..length]), length));
            assert_eq!(octets, Octets::from(text.as_bytes()[..length].to_vec()));
        }
        assert!(Octets::from("a") < Octets::from("b") && Octets::default() < Octets::from("a"));
        assert!(Octets::from("b") > Octets::from(text.as_str().replace('x', "a")));
    }
}
