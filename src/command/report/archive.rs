//! `wraptap report -o ticket.zip`: what to do where there cannot be one.

use crate::command::args::recording_arg;
use crate::command::terminal;
use crate::error::CommandError;
use crate::knowledge::bundle::{self, BundleError};
use crate::knowledge::case::Case;
use crate::report::ticket::People;

/// Returns the bytes of the archive.
pub(super) fn bytes(cases: &[Case], people: People) -> Result<Vec<u8>, CommandError> {
    bundle::bytes(cases, people, &recording_arg::redactor()?).map_err(|error| match error {
        BundleError::Read(error) => recording_arg::read_error(error),
        BundleError::Unmasked { ref path, .. } => {
            let word = terminal::shell_word(path);
            CommandError::input(error)
                .hint(format!("make a clean copy first: `wraptap redact {word} -o clean.ndjson`"))
                .hint("then: `wraptap report -r clean.ndjson -o ticket.zip`")
        }
        BundleError::Archive(error) => CommandError::input(error)
            .hint("it may come from a baseline: remove it from the files in ./recordings/baselines")
            .hint("see what the ticket says with `wraptap report --format json`"),
    })
}
