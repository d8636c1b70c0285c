//! Checks of a request by itself, baseline or none: one file per check, one line each in the list.
//!
//! To add one: a file with `pub(crate) fn check(&DiagnosisContext) -> Vec<Finding>`, a line in [`ALL`], a row
//! in `model::class`.

mod action_fields;
mod address;
mod body;
mod ids;
mod media_type;

use crate::diagnose::context::DiagnosisContext;
use crate::model::finding::Finding;

/// The checks, in the order in which their results are reported where severity does not decide.
const ALL: &[fn(&DiagnosisContext<'_>) -> Vec<Finding>] =
    &[address::check, ids::check, media_type::check, body::check, action_fields::check];

/// Returns what all checks find, most damning first.
pub(crate) fn run(context: &DiagnosisContext<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = ALL.iter().flat_map(|check| check(context)).collect();
    found.sort_by_key(|check| check.severity);
    found
}
