//! `wraptap report -o ticket.zip`: what to do where there cannot be one.

use crate::command::args::recording_arg;
use crate::command::terminal;
use crate::error::CommandError;
use crate::knowledge::bundle::{self, BundleError};
use crate::knowledge::case::Case;
use crate::report::style::TextStyle;
use crate::report::ticket::People;
use crate::report::ticket::format::TicketFormat;

/// Renders the tickets in a format.
pub(super) fn render(
    format: &TicketFormat,
    cases: &[Case],
    people: People,
    style: &TextStyle,
) -> Result<Vec<u8>, CommandError> {
    bundle::render(format, cases, people, style, &recording_arg::redactor()?).map_err(|error| match error {
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
