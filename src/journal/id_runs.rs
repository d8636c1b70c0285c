//! Sets of ids, such as those whose write failed, in flat memory however long the disk is full.

use std::fmt;

use crate::model::exchange::ExchangeId;

/// Runs of ids kept; behind that only their number grows.
const MOST_RUNS: usize = 1000;

/// A set of ids; shown as `3-7, 9`.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct IdRuns {
    /// Sorted, not touching each other, both ends included.
    runs: Vec<(u64, u64)>,
    count: u64,
}

impl IdRuns {
    /// Returns how many there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Returns the ids, as far as they were kept (a thousand runs of consecutive ones).
    pub fn ids(&self) -> impl Iterator<Item = ExchangeId> + '_ {
        self.runs.iter().flat_map(|(first, last)| *first..=*last).filter_map(ExchangeId::new)
    }

    /// Returns whether an id is in the set, as far as ids were kept.
    pub fn contains(&self, id: ExchangeId) -> bool {
        let at = self.runs.partition_point(|(_, last)| *last < id.get());
        self.runs.get(at).is_some_and(|(first, _)| *first <= id.get())
    }

    pub(crate) fn add(&mut self, id: ExchangeId) {
        let id = id.get();
        self.count += 1;
        let at = self.runs.partition_point(|(_, last)| last.saturating_add(1) < id);
        let touching = self.runs.get(at).is_some_and(|(first, _)| *first <= id.saturating_add(1));
        if touching {
            let (first, last) = &mut self.runs[at];
            (*first, *last) = ((*first).min(id), (*last).max(id));
            self.join(at);
        } else if self.runs.len() < MOST_RUNS {
            self.runs.insert(at, (id, id));
        }
    }

    fn join(&mut self, at: usize) {
        if let (Some(run), Some(next)) = (self.runs.get(at).copied(), self.runs.get(at + 1).copied())
            && run.1.saturating_add(1) >= next.0
        {
            self.runs[at] = (run.0, run.1.max(next.1));
            self.runs.remove(at + 1);
        }
    }
}

impl fmt::Display for IdRuns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut kept = 0;
        for (index, (first, last)) in self.runs.iter().enumerate() {
            let comma = if index > 0 { ", " } else { "" };
            kept += last - first + 1;
            if first == last {
                write!(f, "{comma}{first}")?;
            } else {
                write!(f, "{comma}{first}-{last}")?;
            }
        }
        if kept < self.count {
            write!(f, " and {} more", self.count - kept)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consecutive_ids_become_one_run_in_whatever_order_they_come() {
        let mut ids = IdRuns::default();
        for id in [9, 3, 5, 4, 7, 6, 12, 1] {
            ids.add(ExchangeId::new(id).unwrap());
        }
        assert_eq!(ids.to_string(), "1, 3-7, 9, 12");
        assert_eq!(ids.count(), 8);
        assert_eq!(ids.ids().count(), 8);
    }

    #[test]
    fn memory_stays_flat_and_the_count_goes_on() {
        let mut ids = IdRuns::default();
        for id in 1..=5000 {
            ids.add(ExchangeId::new(id * 2).unwrap());
        }
        assert_eq!((ids.count(), ids.ids().count()), (5000, 1000));
        assert!(ids.to_string().ends_with("2000 and 4000 more"));
    }
}
