//! How likely each difference is to matter, before anything was sent. A guess that saves sends and never
//! decides.

use crate::model::finding::{Finding, Severity};

/// How many causes are expected at least and at most.
const EXPECTED: (f64, f64) = (1.5, 3.0);

/// Returns the weight of a difference by its findings.
pub fn weight(findings: &[Finding]) -> f64 {
    match findings.iter().map(|finding| finding.severity).min() {
        Some(Severity::Error) => 0.3,
        Some(Severity::Warning) => 0.1,
        Some(Severity::Info) => 0.03,
        // a difference of notation that no finding names
        None => 0.01,
    }
}

/// Returns probabilities from weights: in proportion to them, and together a plausible number of causes.
pub fn probabilities(weights: &[f64]) -> Vec<f64> {
    let sum: f64 = weights.iter().sum();
    if sum <= 0.0 {
        return weights.to_vec();
    }
    let scale = sum.clamp(EXPECTED.0, EXPECTED.1) / sum;
    weights.iter().map(|weight| (weight * scale).clamp(0.001, 0.9)).collect()
}
