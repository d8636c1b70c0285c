//! What a comparison yields: the findings in order, and what renderers need to show both sides.

use crate::diff::ignore;
use crate::json::document::{Document, NodeId};
use crate::json::pointer::Pointer;
use crate::model::finding::{Finding, Outcome, Severity};
use crate::model::verdict::Cause;

/// The result of comparing two bodies or requests.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Pass, fail, or unknown.
    pub outcome: Outcome,
    /// Most damning first: faults of the text, then by severity, from the root down, in the order of the
    /// text.
    pub findings: Vec<Finding>,
    /// How many findings were hidden because their place is ignored.
    pub hidden: usize,
    /// The good body as it was read.
    pub good: Document,
    /// The candidate's body as it was read.
    pub candidate: Document,
    /// By good node: the candidate's value that corresponds, where there is one.
    pub(crate) of_good: Vec<Option<NodeId>>,
    /// By candidate node: the good value that corresponds, where there is one.
    pub(crate) of_candidate: Vec<Option<NodeId>>,
}

impl Comparison {
    /// Returns what is known of a candidate that there is nothing to compare with: its text.
    pub fn without_good(candidate: Document) -> Self {
        Self {
            outcome: Outcome::Unknown,
            findings: Vec::new(),
            hidden: 0,
            good: Document::parse(b""),
            candidate,
            of_good: Vec::new(),
            of_candidate: Vec::new(),
        }
    }

    /// Returns it with the faults of the payload in front of its own findings.
    pub fn with_faults(&self, faults: &[Finding]) -> Self {
        let faults = faults.iter().filter(|fault| fault.class.cause() == Cause::Payload);
        let all = faults.chain(&self.findings).cloned().collect();
        self.clone().with_findings(all, &[])
    }

    /// Returns it with these findings in place of its own; those at ignored places are counted only.
    pub fn with_findings(mut self, mut findings: Vec<Finding>, ignore: &[Pointer]) -> Self {
        self.hidden += ignore::hide(&mut findings, ignore);
        self.outcome = outcome(&findings, true);
        self.findings = findings;
        self
    }

    /// Returns the candidate's value that corresponds to a good one.
    pub fn partner_of_good(&self, good: NodeId) -> Option<NodeId> {
        self.of_good.get(good.index()).copied().flatten()
    }

    /// Returns the good value that corresponds to one of the candidate.
    pub fn partner_of_candidate(&self, candidate: NodeId) -> Option<NodeId> {
        self.of_candidate.get(candidate.index()).copied().flatten()
    }

    /// Counts the findings of one severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}

/// Returns the result that findings amount to; `comparable` says whether anything was compared.
pub(crate) fn outcome(findings: &[Finding], comparable: bool) -> Outcome {
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        Outcome::Fail
    } else if comparable {
        Outcome::Pass
    } else {
        Outcome::Unknown
    }
}
