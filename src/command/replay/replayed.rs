//! A request that was sent again, with its new response.

use crate::model::exchange::Exchange;
use crate::replay::compare::Verdict;

/// A request that was sent again.
pub(super) struct Replayed {
    /// The new exchange, masked.
    pub(super) exchange: Exchange,
    /// Whether it was recorded.
    pub(super) recorded: bool,
}

/// Returns whether a verdict is nothing to worry about: mended, or accepted as before.
pub(super) fn is_fine(verdict: Verdict, status: u16) -> bool {
    verdict == Verdict::Fixed || verdict == Verdict::Same && status < 400
}
