//! The body beside the API's description of it; see `description`.

use crate::diagnose::context::DiagnosisContext;
use crate::model::finding::Finding;

pub(crate) fn check(context: &DiagnosisContext<'_>) -> Vec<Finding> {
    context.reading.as_ref().map(|reading| reading.faults.clone()).unwrap_or_default()
}
