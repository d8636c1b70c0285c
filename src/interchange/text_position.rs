//! A place in a text as people count: lines and characters from 1.

use std::fmt;

/// A place in a text.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct TextPosition {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
}

impl TextPosition {
    /// Returns the place of the byte at `offset`; an offset behind the end is the end.
    pub fn new(text: &str, offset: usize) -> Self {
        let before = &text.as_bytes()[..offset.min(text.len())];
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        Self {
            line: memchr::memchr_iter(b'\n', before).count() + 1,
            // bytes that continue a UTF-8 sequence are no characters of their own
            column: before[line_start..].iter().filter(|byte| **byte & 0xc0 != 0x80).count() + 1,
        }
    }
}

impl fmt::Display for TextPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::TextPosition;

    #[test]
    fn counts_lines_and_characters_from_one() {
        assert_eq!(TextPosition::new("ab\nüx", 0), TextPosition { line: 1, column: 1 });
        assert_eq!(TextPosition::new("ab\nüx", 5), TextPosition { line: 2, column: 2 });
        assert_eq!(TextPosition::new("ab\n", 99), TextPosition { line: 2, column: 1 });
    }
}
