//! Lines and columns of a raw body, found by an index of its lines and characters.

/// Bytes between two counts of characters.
const BLOCK: usize = 1 << 10;

/// A body with an index of its lines and characters, so that thousands of findings in one long line stay
/// cheap.
#[derive(Clone, Debug)]
pub struct LineIndex<'a> {
    pub(super) body: &'a [u8],
    /// The offsets of the line feeds.
    pub(super) ends: Vec<usize>,
    /// How many characters begin before each block of bytes.
    characters: Vec<usize>,
}

impl<'a> LineIndex<'a> {
    /// Indexes a body: one pass.
    pub fn new(body: &'a [u8]) -> Self {
        let mut count = 0;
        let mut characters = vec![0];
        for block in body.chunks(BLOCK) {
            count += begun(block);
            characters.push(count);
        }
        Self { body, ends: memchr::memchr_iter(b'\n', body).collect(), characters }
    }

    /// Returns line and column of a byte; for an offset after the end, those after the last character.
    pub fn place(&self, offset: usize) -> LineColumn {
        let offset = offset.min(self.body.len());
        let line = self.ends.partition_point(|end| *end < offset);
        let column = self.characters_before(offset) - self.characters_before(self.start_of(line)) + 1;
        LineColumn { line: line + 1, column }
    }

    fn characters_before(&self, offset: usize) -> usize {
        let block = offset / BLOCK;
        self.characters[block] + begun(&self.body[block * BLOCK..offset])
    }

    /// Returns where a line (from 0) begins.
    pub(super) fn start_of(&self, line: usize) -> usize {
        line.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| end + 1)
    }

    /// Returns the line (from 0) that holds a byte; a line feed belongs to the line it ends.
    pub(super) fn line_of(&self, offset: usize) -> usize {
        self.ends.partition_point(|end| *end < offset)
    }
}

/// Counts the characters that begin in a piece of UTF-8.
fn begun(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

/// A line and a column, both counted from 1, columns in characters.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct LineColumn {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_characters_from_one() {
        assert_eq!(LineIndex::new("é\nüx".as_bytes()).place(5), LineColumn { line: 2, column: 2 });
        assert_eq!(LineIndex::new(b"").place(7), LineColumn { line: 1, column: 1 });
    }
}
