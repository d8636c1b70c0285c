//! Bytes as sent on the wire: header names and values, targets, reasons, bodies.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Range;

use bytes::Bytes;

/// Immutable bytes from the wire, cheap to clone; usually text, never assumed to be.
#[derive(Clone)]
pub struct WireBytes(Held);

/// Most names and values are short: copying them costs less than counting who shares a head's memory.
#[derive(Clone)]
enum Held {
    Here(u8, [u8; SHORT]),
    Shared(Bytes),
}

/// Bytes that are held in place; with them an `WireBytes` is as large as a `Bytes` with a mark.
const SHORT: usize = 38;

impl WireBytes {
    /// Returns a part of larger bytes, shared with them unless it is short.
    ///
    /// # Panics
    /// If the part lies outside.
    pub fn part(bytes: &Bytes, part: Range<usize>) -> Self {
        // of a length that the compiler knows: a few moves without a call
        if part.len() <= SHORT
            && let Some(around) = bytes.get(part.start..).and_then(|rest| rest.first_chunk::<SHORT>())
        {
            return Self(Held::Here(part.len() as u8, *around));
        }
        Self::slice(bytes, &bytes[part])
    }

    /// As `part`, for a part that is at hand.
    ///
    /// # Panics
    /// If it is none of the bytes, and not short.
    pub fn slice(bytes: &Bytes, part: &[u8]) -> Self {
        Self(Held::short(part).unwrap_or_else(|| Held::Shared(bytes.slice_ref(part))))
    }

    /// Returns the bytes.
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Held::Here(length, bytes) => &bytes[..usize::from(*length)],
            Held::Shared(bytes) => bytes,
        }
    }

    /// Returns the text, if the bytes are valid UTF-8.
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(self.as_bytes()).ok()
    }

    /// Returns the text with U+FFFD for what is not UTF-8; for display only, never for storing.
    pub fn lossy(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(self.as_bytes())
    }

    /// Returns the text as `lossy` has it, to be kept.
    pub fn to_text(&self) -> String {
        // nearly all bytes are text, and telling so costs less than looking for what is none
        self.as_str().map_or_else(|| self.lossy().into_owned(), str::to_owned)
    }

    /// Compares with `other`, ignoring ASCII case, as header names are compared.
    pub fn eq_ignore_case(&self, other: &str) -> bool {
        self.as_bytes().eq_ignore_ascii_case(other.as_bytes())
    }

    /// Returns how many bytes there are.
    pub fn len(&self) -> usize {
        self.as_bytes().len()
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.as_bytes().is_empty()
    }
}

impl fmt::Debug for WireBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.lossy())
    }
}

impl Held {
    #[inline]
    fn short(bytes: &[u8]) -> Option<Self> {
        let mut here = [0; SHORT];
        here.get_mut(..bytes.len())?.copy_from_slice(bytes);
        Some(Self::Here(bytes.len() as u8, here))
    }
}

impl Default for WireBytes {
    fn default() -> Self {
        Self(Held::Here(0, [0; SHORT]))
    }
}

impl PartialEq for WireBytes {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for WireBytes {}

impl PartialOrd for WireBytes {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for WireBytes {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl Hash for WireBytes {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

impl From<&str> for WireBytes {
    fn from(text: &str) -> Self {
        text.as_bytes().into()
    }
}

impl From<String> for WireBytes {
    fn from(text: String) -> Self {
        text.into_bytes().into()
    }
}

impl From<&[u8]> for WireBytes {
    fn from(bytes: &[u8]) -> Self {
        Self(Held::short(bytes).unwrap_or_else(|| Held::Shared(Bytes::copy_from_slice(bytes))))
    }
}

impl From<Vec<u8>> for WireBytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Held::short(&bytes).unwrap_or_else(|| Held::Shared(bytes.into())))
    }
}

impl From<Bytes> for WireBytes {
    fn from(bytes: Bytes) -> Self {
        Self(Held::short(&bytes).unwrap_or(Held::Shared(bytes)))
    }
}

impl From<WireBytes> for Bytes {
    fn from(bytes: WireBytes) -> Self {
        match bytes.0 {
            Held::Here(length, here) => Self::copy_from_slice(&here[..usize::from(length)]),
            Held::Shared(bytes) => bytes,
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
            let bytes = WireBytes::part(&whole, 0..length);
            assert_eq!(bytes.as_str(), Some(&text[..length]));
            assert_eq!((&bytes, bytes.len()), (&WireBytes::from(&text[..length]), length));
            assert_eq!(bytes, WireBytes::from(text.as_bytes()[..length].to_vec()));
        }
        assert!(WireBytes::from("a") < WireBytes::from("b") && WireBytes::default() < WireBytes::from("a"));
        assert!(WireBytes::from("b") > WireBytes::from(text.as_str().replace('x', "a")));
    }
}
