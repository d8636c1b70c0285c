//! The proxy's way into the journal, shared by all workers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::journal::{Journal, Recorded};
use crate::model::exchange::Exchange;
use crate::proxy::capture::MemoryBudget;
use crate::proxy::notices::Notices;

/// Records exchanges, and counts those in flight.
pub(crate) struct Recorder {
    journal: Arc<Journal>,
    budget: Arc<MemoryBudget>,
    pub(crate) notices: Notices,
    in_flight: AtomicU64,
    /// The drain's time is over: exchanges that are dropped now are cut short by wraptap.
    cutting: AtomicBool,
}

impl std::fmt::Debug for Recorder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recorder").field("in_flight", &self.in_flight).finish_non_exhaustive()
    }
}

impl Recorder {
    pub(crate) fn new(journal: Arc<Journal>, budget: Arc<MemoryBudget>, notices: Notices) -> Self {
        let (in_flight, cutting) = (AtomicU64::new(0), AtomicBool::new(false));
        Self { journal, budget, notices, in_flight, cutting }
    }

    pub(crate) fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Returns the memory for recorded bodies.
    pub(crate) fn budget(&self) -> &Arc<MemoryBudget> {
        &self.budget
    }

    /// Records exchanges that are over, with one write if possible, and reports those that could not be
    /// written.
    pub(crate) fn record(&self, exchanges: impl Iterator<Item = Box<Exchange>>) -> Recorded {
        let recorded = self.journal.record_all(exchanges);
        for error in &recorded.missed {
            self.notices.send(format!("error: {} is NOT in the recording: {error}", error.id));
        }
        if let Some(disturbed) = &recorded.disturbed {
            self.notices.send(format!("error: {disturbed}"));
        }
        recorded
    }

    /// Counts an exchange that begins.
    pub(crate) fn count_begun(&self) {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts an exchange that is over.
    pub(crate) fn count_ended(&self) {
        self.in_flight.fetch_sub(1, Ordering::Relaxed);
    }

    /// Returns how many exchanges are in flight.
    pub(crate) fn in_flight(&self) -> u64 {
        self.in_flight.load(Ordering::Relaxed)
    }

    /// From now on, exchanges that are dropped are recorded as cut short by wraptap.
    pub(crate) fn begin_cutting(&self) {
        self.cutting.store(true, Ordering::Relaxed);
    }

    /// Returns whether exchanges that are dropped now are cut short by wraptap.
    pub(crate) fn is_cutting(&self) -> bool {
        self.cutting.load(Ordering::Relaxed)
    }
}
