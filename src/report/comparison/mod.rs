//! Renderings of one comparison, one file per format. Each is a pure function from a [`ComparisonView`] to a
//! string.
//!
//! A new format is one file here and one match arm in `command/diff.rs`.

mod aligned;
pub mod html;
pub mod json;
pub mod markdown;
mod rows;
pub mod side_by_side;
mod summary;
pub mod text;
pub mod unified;

use crate::diff::comparison::Comparison;
use crate::report::comparison::aligned::Aligned;
use crate::report::comparison::rows::Marks;
use crate::report::line_index::LineIndex;

/// A comparison with the names and bodies of both sides, and the source of the expectation.
#[derive(Clone, Copy, Debug)]
pub struct ComparisonView<'a> {
    /// The payload or request to explain.
    pub candidate: ComparedBody<'a>,
    /// What it is compared with.
    pub good: ComparedBody<'a>,
    /// Why the known-good payload counts as good: `recordings/baselines/x.json (accepted with 202 on
    /// 2026-05-02)`.
    pub expectation: &'a str,
    /// Notes: how the known-good payload was chosen, what was learned. Sentences without full stop.
    pub notes: &'a [String],
    /// What was found.
    pub comparison: &'a Comparison,
}

/// One side of a comparison.
#[derive(Clone, Copy, Debug)]
pub struct ComparedBody<'a> {
    /// A file's name, or `#17  PATCH /api/v2/…  -> 400`.
    pub title: &'a str,
    /// The raw body.
    pub body: &'a [u8],
}

/// Both bodies with their indices.
struct BodyIndexes<'a> {
    good: LineIndex<'a>,
    candidate: LineIndex<'a>,
}

impl<'a> ComparisonView<'a> {
    /// Indexes both bodies, so that line and column are cheap to find.
    fn texts(&self) -> BodyIndexes<'a> {
        BodyIndexes { good: LineIndex::new(self.good.body), candidate: LineIndex::new(self.candidate.body) }
    }

    /// Returns both bodies formatted alike, good first.
    fn aligned(&self) -> (Aligned, Aligned) {
        (aligned::good(self.comparison), aligned::candidate(self.comparison))
    }

    /// Returns the numbers of the findings at the values of both bodies, good first.
    fn marks(&self) -> (Marks, Marks) {
        let Comparison { good, candidate, findings, .. } = self.comparison;
        let findings = &findings[..findings.len().min(summary::MOST_LISTED)];
        (
            Marks::collect(good, findings, |finding| finding.good_path.as_ref()),
            Marks::collect(candidate, findings, |finding| finding.candidate_path.as_ref()),
        )
    }
}
