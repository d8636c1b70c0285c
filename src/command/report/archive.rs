//! `wraptap report -o ticket.zip`: fetches the exchanges that the tickets speak of, and packs all of it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::command::select;
use crate::error::CommandError;
use crate::knowledge::case::Case;
use crate::model::exchange::ExchangeId;
use crate::redact::{Masked, Redactor};
use crate::report::ticket::{People, Ticket};
use crate::store::archive::{self, ArchiveError, Contents};
use crate::store::reader::Reader;

/// A recording whose secrets are not masked: its exchanges are not fit to be given away.
#[derive(Debug, thiserror::Error)]
#[error("the recording {path} holds secrets")]
struct Unmasked {
    path: PathBuf,
    source: ArchiveError,
}

/// Returns the octets of the archive.
pub(super) fn octets(cases: &[Case], people: People) -> Result<Vec<u8>, CommandError> {
    let tickets: Vec<Ticket<'_>> = cases.iter().map(Case::ticket).collect();
    let redactor = select::redactor()?;
    let mut wanted: Vec<(&Path, BTreeSet<ExchangeId>)> = Vec::new();
    for (case, ticket) in cases.iter().zip(&tickets) {
        match wanted.iter_mut().find(|(path, _)| *path == case.recording) {
            Some((_, ids)) => ids.extend(ticket.speaks_of()),
            None => wanted.push((&case.recording, ticket.speaks_of())),
        }
    }
    let recordings = wanted.iter().map(|(path, ids)| exchanges(path, ids, &redactor));
    let recordings = recordings.collect::<Result<Vec<_>, _>>()?;
    archive::pack(Contents { tickets: &tickets, recordings: &recordings, people }, &redactor).map_err(
        |error| {
            CommandError::input(error)
                .hint("it may come from a baseline: take it out of the files in ./recordings/baselines")
                .hint("see what the ticket says with `wraptap report --format json`")
        },
    )
}

/// Returns the exchanges with these ids, after a look at all exchanges of the recording: a secret of one may stand,
/// unrecognisable, in another.
fn exchanges(
    path: &Path,
    ids: &BTreeSet<ExchangeId>,
    redactor: &Redactor,
) -> Result<Vec<Masked>, CommandError> {
    let mut found: Vec<Masked> = Vec::new();
    for exchange in Reader::open(path).map_err(select::unreadable)? {
        let exchange = match exchange {
            Ok(exchange) => exchange,
            Err(error) if error.is_one_line() => continue,
            Err(error) => return Err(select::unreadable(error)),
        };
        let id = exchange.id;
        let masked = archive::clean(exchange, redactor).map_err(|source| {
            let word = select::shell_word(path);
            CommandError::input(Unmasked { path: path.to_owned(), source })
                .hint(format!("make a clean copy first: `wraptap redact {word} -o clean.ndjson`"))
                .hint("then: `wraptap report -r clean.ndjson -o ticket.zip`")
        })?;
        if ids.contains(&id) {
            found.push(masked);
        }
    }
    found.sort_by_key(|masked| masked.exchange().id);
    Ok(found)
}
