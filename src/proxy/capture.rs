//! The copy of a body that goes into the recording: limited for each body, and for all bodies together.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::{Bytes, BytesMut};

use crate::model::exchange::Body;

/// Smaller pieces are copied, so that a few bytes do not keep a large read buffer alive.
const SHARE_FROM: usize = 2048;

/// The memory for all bodies that are being recorded.
#[derive(Debug)]
pub(crate) struct MemoryBudget {
    left: AtomicUsize,
    /// How many bytes of one body are kept.
    per_body: usize,
}

impl MemoryBudget {
    pub(crate) fn new(total: usize, per_body: usize) -> Arc<Self> {
        Arc::new(Self { left: AtomicUsize::new(total), per_body })
    }

    /// Takes `wanted` bytes, or what is left.
    fn take(&self, wanted: usize) -> usize {
        let mut left = self.left.load(Ordering::Relaxed);
        loop {
            let taken = wanted.min(left);
            match self.left.compare_exchange_weak(left, left - taken, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return taken,
                Err(now) => left = now,
            }
        }
    }

    fn give_back(&self, bytes: usize) {
        self.left.fetch_add(bytes, Ordering::Relaxed);
    }
}

/// Whether a body was read to its end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum BodyEnd {
    /// To its end.
    Complete,
    /// Not to its end.
    Cut,
}

/// The copy of one body.
#[derive(Debug)]
pub(crate) struct BodyCapture {
    budget: Arc<MemoryBudget>,
    /// The first piece, while it is the only one.
    first: Bytes,
    more: BytesMut,
    total: u64,
    held: usize,
    cut: bool,
}

impl BodyCapture {
    pub(crate) fn new(budget: &Arc<MemoryBudget>) -> Self {
        Self {
            budget: Arc::clone(budget),
            first: Bytes::new(),
            more: BytesMut::new(),
            total: 0,
            held: 0,
            cut: false,
        }
    }

    /// Copies as much of a piece as the limits allow.
    pub(crate) fn add(&mut self, piece: &Bytes) {
        self.total += piece.len() as u64;
        if self.cut || piece.is_empty() {
            return;
        }
        let room = self.budget.per_body.saturating_sub(self.held).min(piece.len());
        let taken = self.budget.take(room);
        self.cut = taken < piece.len();
        if taken == 0 {
            return;
        }
        self.held += taken;
        if self.held == taken && taken >= SHARE_FROM {
            self.first = piece.slice(..taken);
            return;
        }
        if !self.first.is_empty() {
            self.more.extend_from_slice(&std::mem::take(&mut self.first));
        }
        self.more.extend_from_slice(&piece[..taken]);
    }

    /// Returns whether the limits allow no more of the body.
    pub(crate) fn is_full(&self) -> bool {
        self.cut
    }

    /// Returns the body for the recording, and gives the memory back to the budget.
    pub(crate) fn finish(&mut self, end: BodyEnd) -> Body {
        let bytes = if self.first.is_empty() {
            std::mem::take(&mut self.more).freeze()
        } else {
            std::mem::take(&mut self.first)
        };
        self.budget.give_back(std::mem::take(&mut self.held));
        Body { bytes, total: self.total, cut: self.cut || end == BodyEnd::Cut, decoded: false }
    }
}

impl Drop for BodyCapture {
    fn drop(&mut self) {
        self.budget.give_back(self.held);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn caps_the_copy_not_the_count() {
        let budget = MemoryBudget::new(100, 8);
        let mut capture = BodyCapture::new(&budget);
        capture.add(&Bytes::from_static(b"hello "));
        capture.add(&Bytes::from_static(b"world"));
        let body = capture.finish(BodyEnd::Complete);
        assert_eq!((&body.bytes[..], body.total, body.cut), (&b"hello wo"[..], 11, true));
        assert_eq!(budget.left.load(Ordering::Relaxed), 100, "what was held is given back");
    }

    #[test]
    fn all_bodies_share_one_budget() {
        let budget = MemoryBudget::new(10, 8);
        let (mut one, mut two) = (BodyCapture::new(&budget), BodyCapture::new(&budget));
        one.add(&Bytes::from_static(b"12345678"));
        two.add(&Bytes::from_static(b"12345678"));
        assert_eq!(two.finish(BodyEnd::Complete).bytes, &b"12"[..]);
        drop(one);
        assert_eq!(budget.left.load(Ordering::Relaxed), 10);
    }

    #[test]
    fn a_large_first_piece_is_shared_and_the_rest_follows_it() {
        let budget = MemoryBudget::new(1 << 20, 1 << 20);
        let mut capture = BodyCapture::new(&budget);
        let piece = Bytes::from(vec![b'a'; 5000]);
        capture.add(&piece);
        assert_eq!(capture.first.as_ptr(), piece.as_ptr());
        capture.add(&Bytes::from_static(b"b"));
        let body = capture.finish(BodyEnd::Cut);
        assert_eq!((body.bytes.len(), body.cut), (5001, true));
    }
}
