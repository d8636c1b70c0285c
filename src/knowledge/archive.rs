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
use crate::report::ticket::{People, Ticket, exchanges, html, json, markdown};
use crate::store::line;

/// What goes into an archive.
#[derive(Clone, Copy, Debug)]
pub struct Contents<'a> {
    /// The tickets, in their order.
    pub tickets: &'a [Ticket<'a>],
    /// The exchanges they mention ([`Ticket::mentioned_exchanges`]): one list per recording, each in the order of its ids.
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
    let document = json::render(tickets, people);
    let mut files = vec![
        ("ticket.md".to_owned(), markdown::render(tickets, people)),
        ("ticket.html".to_owned(), html::render(tickets, people)),
    ];
    for (name, text) in &files {
        if let Some(Leak { at, kind }) = redactor.find_leak_by_pattern(text) {
            let line = 1 + text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count();
            return Err(ArchiveError::Secret { file: name.clone(), place: format!("line {line}"), kind });
        }
    }
    look_at_strings("ticket.json", &document, redactor)?;
    files.push(("ticket.json".to_owned(), document));
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
            look_at_strings(&name, &line, redactor)?;
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

/// Looks at every string of a document as it reads, since escapes may hide what it holds.
fn look_at_strings(file: &str, document: &str, redactor: &Redactor) -> Result<(), ArchiveError> {
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
