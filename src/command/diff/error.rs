//! Why there is no comparison or no correction.

use crate::error::CommandError;

#[derive(Debug, thiserror::Error)]
pub(super) enum DiffError {
    #[error("both sides are `-`, but stdin can be read only once")]
    StdinTwice,
    #[error("there is nothing to compare with: which operation the body is sent to is not known")]
    NoOperation,
    #[error("there is nothing to compare with: {0}")]
    NoKnownGood(String),
    #[error("the body is not JSON, so it can be neither patched nor corrected")]
    NotJson,
    #[error("nothing of the candidate can be kept in the shape of the known-good body")]
    NothingLeft,
    #[error("there is no body to send before you give what is missing")]
    Open,
    #[error("{0} is an example of the shape: its values are invented")]
    Example(String),
}

impl DiffError {
    /// Returns the error of a body that cannot be read, with what shows where.
    pub(super) fn not_json() -> CommandError {
        CommandError::input(Self::NotJson).hint("see where it is not JSON with `--format text`")
    }
}
