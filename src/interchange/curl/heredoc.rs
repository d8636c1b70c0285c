//! Here-documents: lines of the text that a command reads.

use crate::interchange::curl::ast::{ShellCommand, ShellError, StdinSource};
use crate::interchange::curl::quoting::WordReader;
use crate::interchange::text_position::TextPosition;

/// A here-document that is announced and whose body starts at the next line.
pub(super) struct HereDocument {
    pub(super) at: usize,
    pub(super) delimiter: String,
    pub(super) literal: bool,
    pub(super) strip_tabs: bool,
    /// Which command it feeds, as an index into the commands.
    pub(super) command: usize,
}

/// Reads the bodies of the here-documents that the line before announced, and gives them to their commands.
pub(super) fn read_bodies(
    reader: &mut WordReader<'_>,
    announced: Vec<HereDocument>,
    commands: &mut [ShellCommand],
) -> Result<(), ShellError> {
    for document in announced {
        let (text, start) = (reader.text, reader.at);
        let end = end_of_body(text, start, &document)?;
        let mut bytes =
            if document.literal { text.as_bytes()[start..end].to_vec() } else { reader.heredoc_text(end)? };
        if document.strip_tabs {
            bytes = without_leading_tabs(&bytes);
        }
        reader.at = text[end..].find('\n').map_or(text.len(), |length| end + length + 1);
        if let Some(command) = commands.get_mut(document.command) {
            command.stdin = StdinSource::Text(bytes);
        }
    }
    Ok(())
}

/// Returns where the line with the delimiter begins.
fn end_of_body(text: &str, start: usize, document: &HereDocument) -> Result<usize, ShellError> {
    let mut line_start = start;
    while line_start < text.len() {
        let rest = &text[line_start..];
        let length = rest.find('\n').unwrap_or(rest.len());
        let line = rest[..length].trim_end_matches('\r');
        let line = if document.strip_tabs { line.trim_start_matches('\t') } else { line };
        if line == document.delimiter {
            return Ok(line_start);
        }
        line_start = (line_start + length + 1).min(text.len());
    }
    let place = TextPosition::new(text, document.at);
    Err(ShellError::HereDocument { place, delimiter: document.delimiter.clone() })
}

fn without_leading_tabs(bytes: &[u8]) -> Vec<u8> {
    bytes
        .split_inclusive(|byte| *byte == b'\n')
        .flat_map(|line| line.iter().skip_while(|byte| **byte == b'\t'))
        .copied()
        .collect()
}
