//! A limit for what is held in memory at once while a file of any size streams by.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

/// Counts the bytes since the last beginning; clones count together.
#[derive(Clone, Debug)]
pub(crate) struct MemoryLimit {
    limit: u64,
    read: Rc<Cell<u64>>,
    paused: Rc<Cell<bool>>,
}

impl MemoryLimit {
    /// Begins; `limit` is in bytes.
    pub(crate) fn new(limit: u64) -> Self {
        Self { limit, read: Rc::default(), paused: Rc::default() }
    }

    /// Returns the source, which fails where more than the limit is read in one go.
    pub(crate) fn over<R: Read>(&self, source: R) -> LimitedRead<R> {
        LimitedRead { source, meter: self.clone() }
    }

    /// Counts from nothing again.
    pub(crate) fn begin(&self) {
        self.read.set(0);
        self.paused.set(false);
    }

    /// Counts no more: what comes is not held.
    pub(crate) fn pause(&self) {
        self.paused.set(true);
    }

    /// Returns whether the limit was reached.
    pub(crate) fn is_over(&self) -> bool {
        self.read.get() > self.limit
    }
}

/// A source under a meter.
#[derive(Debug)]
pub(crate) struct LimitedRead<R> {
    source: R,
    meter: MemoryLimit,
}

impl<R: Read> Read for LimitedRead<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(into)?;
        if !self.meter.paused.get() {
            self.meter.read.set(self.meter.read.get() + read as u64);
        }
        if self.meter.is_over() {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "more than fits in memory"));
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Read};
    use std::ops::ControlFlow;

    use super::MemoryLimit;
    use crate::interchange::har::read::{HarError, HarReadOptions, HarSummary, read};
    use crate::model::timestamp::Timestamp;

    #[test]
    fn only_what_is_read_in_one_go_counts() {
        let meter = MemoryLimit::new(1000);
        let mut source = meter.over(io::repeat(b' '));
        let mut block = [0; 100];
        for number in 0..40 {
            match number {
                8 | 16 | 33 => meter.begin(),
                24 => meter.pause(),
                _ => {}
            }
            source.read_exact(&mut block).unwrap();
        }
        let error = io::copy(&mut source.take(1000), &mut io::sink()).unwrap_err();
        assert_eq!((error.kind(), meter.is_over()), (io::ErrorKind::FileTooLarge, true));
    }

    fn read_of(text: &str) -> Result<HarSummary, HarError> {
        let options = HarReadOptions { body_limit: 10, item_limit: 200_000, now: Timestamp(0) };
        read(text.as_bytes(), options, &mut |_| ControlFlow::Continue(()))
    }

    #[test]
    fn any_number_of_items_is_read_but_none_beyond_the_limit() {
        let long = " ".repeat(150_000);
        let item = format!("{{\"request\": null, \"comment\": \"{long}\"}}");
        let items = |item: &str, count| vec![item; count].join(",");
        // what is not held may have any length
        let pages = long.repeat(4);
        let text = format!("{{\"log\": {{\"pages\": [\"{pages}\"], \"entries\": [{}]}}}}", items(&item, 9));
        assert_eq!(read_of(&text).unwrap().items, 9);
        let text = format!("{{\"log\": {{\"entries\": [{},{{\"x\": \"{pages}\"}}]}}}}", items(&item, 2));
        let error = read_of(&text).unwrap_err();
        assert_eq!(error.to_string(), "item 3 has more than 200000 bytes");
    }
}
