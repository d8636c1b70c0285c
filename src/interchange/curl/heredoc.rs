//! Here-documents: as what a command reads, and as `$(cat <<END … END)`, the one command substitution whose output
//! stands in the text itself.

use std::ops::Range;

use crate::interchange::curl::shell::{ShellError, ShellSplitter, StdinSource};
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

impl ShellSplitter<'_> {
    /// Reads the bodies of the here-documents that the line before announced.
    pub(super) fn here_documents(&mut self) -> Result<(), ShellError> {
        for document in std::mem::take(&mut self.pending) {
            let text = self.reader.text;
            let start = self.reader.at;
            let mut line_start = start;
            let end = loop {
                if line_start >= text.len() {
                    return Err(ShellError::HereDocument {
                        place: TextPosition::of(text, document.at),
                        delimiter: document.delimiter,
                    });
                }
                let rest = &text[line_start..];
                let length = rest.find('\n').unwrap_or(rest.len());
                let line = rest[..length].trim_end_matches('\r');
                let line = if document.strip_tabs { line.trim_start_matches('\t') } else { line };
                if line == document.delimiter {
                    break line_start;
                }
                line_start = (line_start + length + 1).min(text.len());
            };
            let mut bytes = if document.literal {
                text.as_bytes()[start..end].to_vec()
            } else {
                self.reader.heredoc_text(end)?
            };
            if document.strip_tabs {
                bytes = without_leading_tabs(&bytes);
            }
            let closing = text[end..].find('\n').map_or(text.len(), |length| end + length + 1);
            self.reader.at = closing;
            if let Some(command) = self.commands.get_mut(document.command) {
                command.stdin = StdinSource::Text(bytes);
            }
        }
        Ok(())
    }
}

fn without_leading_tabs(bytes: &[u8]) -> Vec<u8> {
    bytes
        .split_inclusive(|byte| *byte == b'\n')
        .flat_map(|line| line.iter().skip_while(|byte| **byte == b'\t'))
        .copied()
        .collect()
}

/// A here-document inside a substitution; places in bytes from the `$`.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Substituted {
    /// Its lines.
    pub(crate) body: Range<usize>,
    /// Nothing in it has a meaning, because its delimiter is quoted.
    pub(crate) literal: bool,
    /// How long the whole substitution is.
    pub(crate) length: usize,
}

/// Recognises a substitution that does nothing but `cat` a here-document; a document of `<<-` is left to the shell.
pub(crate) fn substituted(text: &str) -> Option<Substituted> {
    let inner = text.strip_prefix("$(")?.trim_start_matches([' ', '\n', '\t']);
    let announced = inner.strip_prefix("cat")?.trim_start_matches([' ', '\t']).strip_prefix("<<")?;
    let (delimiter, rest) = announced.split_once('\n')?;
    let written = delimiter.trim();
    let delimiter = written.trim_matches(['\'', '"']).trim_start_matches('\\');
    if delimiter.is_empty() || !delimiter.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return None;
    }
    let start = text.len() - rest.len();
    let mut line_start = 0;
    for line in rest.split_inclusive('\n') {
        if line.trim_end_matches(['\r', '\n']) == delimiter {
            let behind = &rest[line_start + line.len()..];
            let close = behind.len() - behind.trim_start().len();
            return behind[close..].starts_with(')').then(|| Substituted {
                body: start..start + line_start,
                literal: written != delimiter,
                length: start + line_start + line.len() + close + 1,
            });
        }
        line_start += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::substituted;

    #[test]
    fn a_document_that_is_only_shown_is_found_with_its_end() {
        let text = "$(cat <<'END'\n{\"a\": \"it's )\"}\nEND\n) behind";
        let found = substituted(text).unwrap();
        assert_eq!(&text[found.body.clone()], "{\"a\": \"it's )\"}\n");
        assert!(found.literal);
        assert_eq!(&text[found.length..], " behind");
        assert!(!substituted("$(cat << E\nx\nE\n)").unwrap().literal);
    }

    #[test]
    fn everything_else_is_a_command_like_any_other() {
        for text in ["$(cat x)", "$(cat <<E | sh\nx\nE\n)", "$(cat <<E\nx\nE\nrm x)", "$(cat <<E\nx\n)", "$x"]
        {
            assert_eq!(substituted(text), None, "{text}");
        }
    }
}
