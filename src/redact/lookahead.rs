//! What a scan has found ahead of itself, remembered while it moves on.
//!
//! Without this, a text of many names before one long value would be read to its end once per name.

use crate::redact::steps;

/// The end of a run of bytes of one class.
#[derive(Debug, Default)]
pub(crate) struct RunEnd {
    from: usize,
    end: usize,
}

impl RunEnd {
    /// Returns the end of the run of accepted bytes that begins at `at`. `accepts` must be the same in all
    /// calls.
    pub(crate) fn after(&mut self, text: &[u8], at: usize, accepts: impl Fn(u8) -> bool) -> usize {
        if at < self.from || at >= self.end {
            let length = text[at..].iter().take_while(|byte| accepts(**byte)).count();
            steps::add(length);
            *self = Self { from: at, end: at + length };
        }
        self.end
    }
}

/// The next place where something is.
#[derive(Debug, Default)]
pub(crate) struct NextMatch {
    from: usize,
    /// `None` before the first search.
    found: Option<Option<usize>>,
}

impl NextMatch {
    /// Returns the first place from `at` on. `find` searches the text from `at`, and must be the same in all
    /// calls.
    pub(crate) fn after(&mut self, at: usize, find: impl FnOnce() -> Option<usize>) -> Option<usize> {
        let known = self.found.filter(|found| self.from <= at && found.is_none_or(|place| at <= place));
        *known.as_ref().unwrap_or_else(|| {
            self.from = at;
            let found = find();
            steps::add(found.map_or(0, |place| place - at));
            self.found.insert(found)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_read_once_and_the_next_one_anew() {
        let text = b"aaaa bb";
        let read = std::cell::Cell::new(0);
        let letter = |byte: u8| {
            read.set(read.get() + 1);
            byte != b' '
        };
        let mut run = RunEnd::default();
        let ends: Vec<usize> = (0..7).map(|at| run.after(text, at, letter)).collect();
        assert_eq!(ends, [4, 4, 4, 4, 4, 7, 7]);
        assert_eq!(read.get(), 5 + 1 + 2);
    }

    #[test]
    fn a_place_is_searched_once_until_it_is_passed() {
        let text = b"..x..x.";
        let searches = std::cell::Cell::new(0);
        let mut next = NextMatch::default();
        let places: Vec<Option<usize>> = (0..7)
            .map(|at| {
                next.after(at, || {
                    searches.set(searches.get() + 1);
                    memchr::memchr(b'x', &text[at..]).map(|offset| at + offset)
                })
            })
            .collect();
        assert_eq!(places, [Some(2), Some(2), Some(2), Some(5), Some(5), Some(5), None]);
        assert_eq!(searches.get(), 3);
    }
}
