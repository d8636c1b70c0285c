//! The aligned texts row by row, for renderings with two columns, and the findings of each line.

use std::collections::BTreeMap;

use crate::diff::comparison::Comparison;
use crate::json::document::{Document, NodeId};
use crate::json::pointer::Pointer;
use crate::model::finding::Finding;
use crate::report::comparison::aligned::{Aligned, LineEdge};

/// Two lines beside each other, as indices; a side without one has `None`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct AlignedRow {
    /// The line of the good text.
    pub(super) good: Option<usize>,
    /// The line of the candidate's text.
    pub(super) candidate: Option<usize>,
    /// Both exist and are equal.
    pub(super) equal: bool,
}

/// Puts the lines of both texts beside each other: lines of corresponding values in one row, as far as their
/// order allows, and every other line in a row of its own.
pub(super) fn rows(good: &Aligned, candidate: &Aligned, comparison: &Comparison) -> Vec<AlignedRow> {
    let places: BTreeMap<LineEdge, usize> =
        good.lines.iter().enumerate().filter_map(|(at, line)| line.edge.map(|edge| (edge, at))).collect();
    let partner = |id| comparison.partner_of_candidate(id);
    let pairs: Vec<(usize, usize)> = candidate
        .lines
        .iter()
        .enumerate()
        .filter_map(|(at, line)| {
            let edge = match line.edge? {
                LineEdge::First(id) => LineEdge::First(partner(id)?),
                LineEdge::Last(id) => LineEdge::Last(partner(id)?),
            };
            places.get(&edge).map(|place| (*place, at))
        })
        .collect();
    let mut rows = Vec::new();
    let (mut left, mut right) = (0, 0);
    let end = (good.lines.len(), candidate.lines.len());
    for (good_at, candidate_at) in rising(&pairs).into_iter().chain([end]) {
        rows.extend((left..good_at).map(|at| AlignedRow { good: Some(at), candidate: None, equal: false }));
        rows.extend((right..candidate_at).map(|at| AlignedRow {
            good: None,
            candidate: Some(at),
            equal: false,
        }));
        if (good_at, candidate_at) != end {
            // what moved with its parent is shown once, at the parent; the indent alone is not a difference
            let content = |aligned: &Aligned, at: usize| aligned.lines[at].content().trim_start().to_owned();
            let equal = content(good, good_at) == content(candidate, candidate_at);
            rows.push(AlignedRow { good: Some(good_at), candidate: Some(candidate_at), equal });
        }
        (left, right) = (good_at + 1, candidate_at + 1);
    }
    rows
}

/// Returns a longest run of pairs that rises on both sides; `pairs` rises on the right.
fn rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // Patience: `tails[n]` is the pair with the smallest left side that ends a run of n + 1 pairs.
    let mut tails: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (at, (left, _)) in pairs.iter().enumerate() {
        let length = tails.partition_point(|tail| pairs[*tail].0 < *left);
        before.push(length.checked_sub(1).map(|n| tails[n]));
        if length == tails.len() {
            tails.push(at);
        } else {
            tails[length] = at;
        }
    }
    let mut run = Vec::with_capacity(tails.len());
    let mut next = tails.last().copied();
    while let Some(at) = next {
        run.push(pairs[at]);
        next = before[at];
    }
    run.reverse();
    run
}

/// The numbers of the findings (from 1) at each value of one side.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks(BTreeMap<NodeId, Vec<usize>>);

impl Marks {
    /// Collects the findings by place; `path` says which of their two places counts.
    pub(super) fn collect(
        document: &Document,
        findings: &[Finding],
        path: impl Fn(&Finding) -> Option<&Pointer>,
    ) -> Self {
        let mut marks: BTreeMap<NodeId, Vec<usize>> = BTreeMap::new();
        for (n, finding) in findings.iter().enumerate() {
            if let Some(id) = path(finding).and_then(|pointer| document.at(pointer)) {
                marks.entry(id).or_default().push(n + 1);
            }
        }
        Self(marks)
    }

    /// Returns the findings at a value.
    pub(super) fn at(&self, id: NodeId) -> &[usize] {
        self.0.get(&id).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::{Options, bodies};
    use crate::report::comparison::aligned;

    fn shown(good: &str, candidate: &str) -> Vec<String> {
        let comparison = bodies(good.as_bytes(), candidate.as_bytes(), &Options::default());
        let (good, candidate) = (aligned::good(&comparison), aligned::candidate(&comparison));
        let text = |aligned: &Aligned, at: Option<usize>| {
            at.map_or_else(String::new, |at| aligned.lines[at].content().trim_start().to_owned())
        };
        let row = |row: AlignedRow| {
            let sign = if row.equal { '=' } else { '!' };
            format!("{}{sign}{}", text(&good, row.good), text(&candidate, row.candidate))
        };
        rows(&good, &candidate, &comparison).into_iter().map(row).collect()
    }

    #[test]
    fn corresponding_values_share_a_row_and_commas_do_not_count() {
        assert_eq!(
            shown(r#"{"a":1,"b_c":2,"d":3}"#, r#"{"bC":2,"n":null,"a":1}"#),
            ["{={", "\"a\": 1=\"a\": 1", "\"b_c\": 2!\"bC\": 2", "\"d\": 3!", "!\"n\": null", "}=}"]
        );
    }

    #[test]
    fn a_moved_member_has_a_row_of_its_own_on_both_sides() {
        assert_eq!(
            shown(r#"{"codeId":"7fb334b0","x":{"y":1}}"#, r#"{"x":{"y":1,"codeId":"7fb334b0"}}"#),
            [
                "{={",
                "\"codeId\": \"7fb334b0\"!",
                "\"x\": {=\"x\": {",
                "\"y\": 1=\"y\": 1",
                "!\"codeId\": \"7fb334b0\"",
                "}=}",
                "}=}"
            ]
        );
    }

    #[test]
    fn a_longest_rising_run_is_kept() {
        assert_eq!(rising(&[(5, 0), (1, 1), (2, 2), (0, 3), (3, 4)]), [(1, 1), (2, 2), (3, 4)]);
        assert_eq!(rising(&[]), []);
    }
}
