//! A ticket with everything it mentions, as one archive: fetches the exchanges from their recordings and packs them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::knowledge::archive::{self, ArchiveError, Contents};
use crate::knowledge::case::Case;
use crate::model::exchange::ExchangeId;
use crate::redact::{Masked, Redactor};
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

/// Returns the bytes of the archive.
///
/// # Errors
/// A recording cannot be read, or a secret is left anywhere.
pub fn bytes(cases: &[Case], people: People, redactor: &Redactor) -> Result<Vec<u8>, BundleError> {
    let tickets: Vec<Ticket<'_>> = cases.iter().map(Case::ticket).collect();
    let mut wanted: Vec<(&Path, BTreeSet<ExchangeId>)> = Vec::new();
    for (case, ticket) in cases.iter().zip(&tickets) {
        match wanted.iter_mut().find(|(path, _)| *path == case.recording) {
            Some((_, ids)) => ids.extend(ticket.mentioned_exchanges()),
            None => wanted.push((&case.recording, ticket.mentioned_exchanges())),
        }
    }
    let recordings = wanted.iter().map(|(path, ids)| exchanges(path, ids, redactor));
    let recordings = recordings.collect::<Result<Vec<_>, _>>()?;
    Ok(archive::pack(Contents { tickets: &tickets, recordings: &recordings, people }, redactor)?)
}

/// Returns the exchanges with these ids, after all exchanges of the recording were checked: a secret of one may be,
/// unrecognisable, in another.
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
