//! `--strict`: a body is accepted only if nothing is wrong with it, seen from the known-good one.

use serde_json::{Value, json};

use crate::diagnose::pairing::{self, Accepted, Sources};
use crate::diff;
use crate::model::baseline::Baseline;
use crate::model::coding;
use crate::model::exchange::Request;
use crate::model::finding::{Finding, Severity};
use crate::replay::mock::answer::{Answer, error_body};

/// What may serve as known-good.
#[derive(Clone, Debug, Default)]
pub struct Knowledge {
    /// The user's own baselines.
    pub folder: Vec<Baseline>,
    /// What the recording shows as accepted.
    pub accepted: Accepted,
    /// What the program brings along.
    pub embedded: Vec<Baseline>,
}

/// Returns the refusal of a body with errors; `None` if there is nothing to compare, or nothing wrong.
pub fn refusal(request: &Request, knowledge: &Knowledge) -> Option<Answer> {
    let sources =
        Sources { folder: &knowledge.folder, accepted: &knowledge.accepted, embedded: &knowledge.embedded };
    let good = pairing::pair(request, sources).chosen?;
    let body = coding::decoded(&request.headers, &request.body)
        .map_or_else(|| request.body.bytes.to_vec(), std::borrow::Cow::into_owned);
    let options = diff::Options { method: Some(request.method_text()), ..diff::Options::default() };
    let findings = diff::bodies(good.body.as_bytes(), &body, &options).findings;
    let errors: Vec<Finding> =
        findings.into_iter().filter(|finding| finding.severity == Severity::Error).collect();
    let first = errors.first()?;
    let message =
        format!("wraptap mock --strict: {} (seen from {}: {})", first.message, good.label, good.because);
    let nested = errors.iter().map(nested).collect();
    Some(Answer::refusal(400, "strict", &message, nested).marked("strict"))
}

/// One finding in the API's shape: the place is `details[].fieldName`.
fn nested(finding: &Finding) -> Value {
    let place = finding.candidate_path.as_ref().or(finding.good_path.as_ref());
    let mut error = error_body(400, finding.class.name(), &finding.message, Vec::new());
    error["details"] = json!([{
        "errorCode": finding.class.name(),
        "fieldName": place.map(|place| place.as_str()),
    }]);
    error
}
