//! Tickets as the bytes of a file; for an archive, with the exchanges that they mention, read from their
//! recordings.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::knowledge::archive::{self, ArchiveError, Contents};
use crate::knowledge::case::Case;
use crate::model::exchange::ExchangeId;
use crate::redact::{Masked, Redactor};
use crate::report::style::TextStyle;
use crate::report::ticket::format::TicketFormat;
use crate::report::ticket::{People, Ticket};
use crate::store::recording::{ReadError, Recording};

/// Why there is no archive.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// A recording cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A recording's secrets are not masked: its exchanges are not fit to be given away.
    #[error("the recording {path} holds secrets")]
    Unmasked {
        /// The recording.
        path: PathBuf,
        /// Which secret.
        source: ArchiveError,
    },
    /// A secret is left in a file of the archive, or it cannot be packed.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

/// Returns the tickets of these cases in a format.
///
/// # Errors
/// For an archive: a recording cannot be read, or a secret is left anywhere.
pub fn render(
    format: &TicketFormat,
    cases: &[Case],
    people: People,
    style: &TextStyle,
    redactor: &Redactor,
) -> Result<Vec<u8>, BundleError> {
    let tickets: Vec<Ticket<'_>> = cases.iter().map(Case::ticket).collect();
    match format.render_text(&tickets, people, style) {
        Some(text) => Ok(text.into_bytes()),
        None => pack(cases, &tickets, people, redactor),
    }
}

fn pack(
    cases: &[Case],
    tickets: &[Ticket<'_>],
    people: People,
    redactor: &Redactor,
) -> Result<Vec<u8>, BundleError> {
    let mut wanted: Vec<(&Path, BTreeSet<ExchangeId>)> = Vec::new();
    for (case, ticket) in cases.iter().zip(tickets) {
        match wanted.iter_mut().find(|(path, _)| *path == case.recording) {
            Some((_, ids)) => ids.extend(ticket.mentioned_exchanges()),
            None => wanted.push((&case.recording, ticket.mentioned_exchanges())),
        }
    }
    let recordings = wanted.iter().map(|(path, ids)| exchanges(path, ids, redactor));
    let recordings = recordings.collect::<Result<Vec<_>, _>>()?;
    Ok(archive::pack(Contents { tickets, recordings: &recordings, people }, redactor)?)
}

/// Returns the exchanges with these ids, after all exchanges of the recording were checked: a secret of one
/// may be, unrecognisable, in another.
fn exchanges(
    path: &Path,
    ids: &BTreeSet<ExchangeId>,
    redactor: &Redactor,
) -> Result<Vec<Masked>, BundleError> {
    let mut found: Vec<Masked> = Vec::new();
    for exchange in Recording::open(path)? {
        let exchange = match exchange {
            Ok(exchange) => exchange,
            Err(error) if error.is_one_line() => continue,
            Err(error) => return Err(error.into()),
        };
        let id = exchange.id;
        let masked = archive::clean(exchange, redactor)
            .map_err(|source| BundleError::Unmasked { path: path.to_owned(), source })?;
        if ids.contains(&id) {
            found.push(masked);
        }
    }
    found.sort_by_key(|masked| masked.exchange().id);
    Ok(found)
}
