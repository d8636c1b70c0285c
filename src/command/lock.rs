//! What the user gives by hand is masked as what is recorded: the one redactor of a command.

use std::sync::OnceLock;

use crate::journal::{self, NoRandom};
use crate::redact::{Redactor, Rules};

/// Returns the redactor of this process. There is one, so that equal secrets of two payloads look equal.
pub(crate) fn redactor() -> Result<&'static Redactor, NoRandom> {
    static REDACTOR: OnceLock<Redactor> = OnceLock::new();
    match REDACTOR.get() {
        Some(redactor) => Ok(redactor),
        None => {
            let redactor = journal::redactor(Rules::default())?;
            Ok(REDACTOR.get_or_init(|| redactor))
        }
    }
}

/// Returns a text without its secrets. Without a source of random numbers there is no mask, and no text.
pub(crate) fn masked(text: &str) -> String {
    redactor().map_or_else(|_| "(withheld)".to_owned(), |redactor| redactor.mask_text(text))
}
