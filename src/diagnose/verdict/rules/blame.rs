//! Which answers can mean that the request itself is wrong.

use crate::diagnose::context::DiagnosisContext;

/// Returns whether the status is one under which the request itself can be the reason: the API read it and
/// refused it.
pub(super) fn blames_the_request(context: &DiagnosisContext<'_>) -> bool {
    matches!(context.status(), Some(400 | 404 | 405 | 409 | 412 | 413 | 415 | 422))
}
