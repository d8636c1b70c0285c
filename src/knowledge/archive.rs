//! A ticket as one `.zip`: Markdown, HTML, JSON, and the exchanges it mentions, as a recording of their own.
//!
//! What goes to strangers is checked once more: a secret in any of the files, and there is no archive.

use std::io::{Cursor, Write};

use serde_json::Value;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::json::pointer::Pointer;
use crate::model::exchange::{Exchange, ExchangeId};
use crate::model::passage::Redaction;
use crate::redact::leak_check::Leak;
use crate::redact::{Masked, Redactor};
use crate::report::style::TextStyle;
use crate::report::ticket::format::FORMATS;
use crate::report::ticket::{People, Ticket, exchanges};
use crate::store::line;

/// Width of a text format inside an archive.
const WIDTH: usize = 100;

/// What goes into an archive.
#[derive(Clone, Copy, Debug)]
pub struct Contents<'a> {
    /// The tickets, in their order.
    pub tickets: &'a [Ticket<'a>],
    /// The exchanges they mention ([`Ticket::mentioned_exchanges`]): one list per recording, each in the
    /// order of its ids.
    pub recordings: &'a [Vec<Masked>],
    /// What happens to e-mail addresses, phone numbers and names, in all of the files.
    pub people: People,
}

/// Why there is no archive.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// A file would hold a secret.
    #[error("{file} would hold a secret that is not masked: {kind} in {place}")]
    Secret {
        /// The file inside the archive.
        file: String,
        /// The place in it: a line, or a JSON Pointer.
        place: String,
        /// What it is: `bearer`, `token`, `password`, …
        kind: &'static str,
    },
    /// An exchange still holds a secret.
    #[error("exchange {id} holds a secret that is not masked: {kind} in {place}")]
    Exchange {
        /// Which.
        id: ExchangeId,
        /// Where: `request.headers.Authorization`, `response.body/access_token`, …
        place: String,
        /// What it is.
        kind: String,
    },
    /// The archive cannot be made: more than 4 GiB.
    #[error("cannot pack the ticket")]
    Pack(#[from] zip::result::ZipError),
    /// Likewise.
    #[error("cannot pack the ticket")]
    Write(#[from] std::io::Error),
}

/// Returns the bytes of the archive; the same ones for the same contents, whenever it is made.
///
/// `redactor` is the one that masked the exchanges: what it knows as a secret is looked for as well.
///
/// # Errors
/// A secret is left, in an exchange or in a file.
pub fn pack(contents: Contents<'_>, redactor: &Redactor) -> Result<Vec<u8>, ArchiveError> {
    let Contents { tickets, recordings, people } = contents;
    let mut files = Vec::new();
    for format in FORMATS.iter().filter(|format| format.in_archive) {
        let Some(text) = format.render_text(tickets, people, &TextStyle::plain(WIDTH)) else { continue };
        let name = format!("ticket.{}", format.extension());
        match format.media_type {
            "application/json" => check_strings(&name, &text, redactor)?,
            _ => check_lines(&name, &text, redactor)?,
        }
        files.push((name, text));
    }
    let all: Vec<&Exchange> = recordings.iter().flatten().map(Masked::exchange).collect();
    let mut masked = exchanges::masked(tickets, &all, people).into_iter();
    for (number, recording) in (1..).zip(recordings) {
        let name = match number {
            1 => "exchanges.ndjson".to_owned(),
            number => format!("exchanges-{number}.ndjson"),
        };
        let mut text = String::new();
        for exchange in masked.by_ref().take(recording.len()) {
            let line = line::encode(&clean(exchange, redactor)?);
            let line = String::from_utf8_lossy(&line);
            check_strings(&name, &line, redactor)?;
            text.push_str(&line);
        }
        files.push((name, text));
    }
    packed(&files)
}

/// Returns the exchange if there is nothing in it that would have to be masked.
///
/// # Errors
/// It holds a secret, whatever its list of redactions says.
pub fn clean(exchange: Exchange, redactor: &Redactor) -> Result<Masked, ArchiveError> {
    // What the list has already would not be added again.
    let unlisted = Exchange { redactions: Vec::new(), ..exchange.clone() };
    match redactor.mask(unlisted).into_exchange().redactions.into_iter().next() {
        Some(Redaction { place, kind }) => Err(ArchiveError::Exchange { id: exchange.id, place, kind }),
        None => Ok(redactor.mask(exchange)),
    }
}

fn check_lines(file: &str, text: &str, redactor: &Redactor) -> Result<(), ArchiveError> {
    let Some(Leak { at, kind }) = redactor.find_leak_by_pattern(text) else { return Ok(()) };
    let line = 1 + text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count();
    Err(ArchiveError::Secret { file: file.to_owned(), place: format!("line {line}"), kind })
}

/// Checks every string of a document after unescaping, since escapes may hide a secret.
fn check_strings(file: &str, document: &str, redactor: &Redactor) -> Result<(), ArchiveError> {
    let value: Value = serde_json::from_str(document).unwrap_or_default();
    let mut rest = vec![(Pointer::root(), &value)];
    while let Some((place, value)) = rest.pop() {
        match value {
            Value::String(text) => {
                if let Some(Leak { kind, .. }) = redactor.find_leak(text) {
                    return Err(ArchiveError::Secret {
                        file: file.to_owned(),
                        place: place.to_string(),
                        kind,
                    });
                }
            }
            Value::Array(elements) => {
                rest.extend((0..).zip(elements).map(|(index, value)| (place.element(index), value)));
            }
            Value::Object(members) => {
                rest.extend(members.iter().map(|(key, value)| (place.member(key), value)));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    Ok(())
}

fn packed(files: &[(String, String)]) -> Result<Vec<u8>, ArchiveError> {
    // Equal tickets are equal files: no time of packing, no user of this machine.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::DEFAULT)
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        zip.start_file(name.as_str(), options)?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}
