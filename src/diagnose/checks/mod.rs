//! Checks of a request by itself, baseline or none: one file per check, one line each in the list.
//!
//! Those that only one API has are in its room. To add one: a file with `pub(crate) fn
//! check(&DiagnosisContext) -> Vec<Finding>`, a line in [`ALL`], a row in `model::class`.

mod address;
mod body;
mod media_type;

use crate::diagnose::context::DiagnosisContext;
use crate::model::finding::Finding;

/// The checks, in the order in which their results are reported where severity does not decide.
const ALL: &[fn(&DiagnosisContext<'_>) -> Vec<Finding>] = &[address::check, media_type::check, body::check];

/// Returns what all checks find, most damning first.
pub(crate) fn run(context: &DiagnosisContext<'_>) -> Vec<Finding> {
    let of_api = context.api().checks().iter().flat_map(|check| check(context));
    let mut found: Vec<Finding> = ALL.iter().flat_map(|check| check(context)).chain(of_api).collect();
    found.sort_by_key(|check| check.severity);
    found
}
