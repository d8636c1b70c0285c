//! `--data` and related options as bytes, and the files that they name.

use std::io;

use crate::interchange::curl::ast::StdinSource;
use crate::interchange::curl::options::DataForm;
use crate::interchange::curl::values::{DataOption, OptionValue};
use crate::interchange::curl::{CurlError, CurlFact, CurlFiles, CurlNote};
use crate::interchange::text_position::TextPosition;

/// Gives the content of the files and of the standard input that a command names.
pub(crate) struct BodySources<'a> {
    pub(crate) text: &'a str,
    pub(crate) inputs: &'a dyn CurlFiles,
    pub(crate) stdin: &'a StdinSource,
    pub(crate) notes: &'a mut Vec<CurlNote>,
}

impl BodySources<'_> {
    /// Returns the content of the file `name`, where `-` is the standard input.
    ///
    /// # Errors
    /// The file cannot be read, or the standard input is a terminal or a program.
    pub(crate) fn read(&mut self, name: &[u8], at: usize) -> Result<Vec<u8>, CurlError> {
        let name = String::from_utf8_lossy(name).into_owned();
        let name = match self.stdin {
            _ if name != "-" && name != "." => name,
            StdinSource::Text(bytes) => return Ok(bytes.clone()),
            StdinSource::File(name) => name.clone(),
            StdinSource::Terminal => return Err(self.no_stdin(at, "nothing in the text feeds it".to_owned())),
            StdinSource::Program(source) => return Err(self.no_stdin(at, format!("`{source}` is not run"))),
        };
        let place = TextPosition::new(self.text, at);
        if name.contains(['$', '`']) {
            let why = "its name is a variable or command, which is not expanded";
            let source = io::Error::new(io::ErrorKind::NotFound, why);
            return Err(CurlError::Input { place, name, source });
        }
        match self.inputs.read(&name) {
            Ok(bytes) => {
                let note = CurlNote { place, fact: CurlFact::FileRead { name, bytes: bytes.len() } };
                // a body that is sent to several URLs is one file
                if !self.notes.contains(&note) {
                    self.notes.push(note);
                }
                Ok(bytes)
            }
            Err(source) => Err(CurlError::Input { place, name, source }),
        }
    }

    fn no_stdin(&self, at: usize, origin: String) -> CurlError {
        CurlError::StandardInput { place: TextPosition::new(self.text, at), origin }
    }

    /// Returns the body of several `--data` options: joined with `&`, except in front of a `--json`.
    pub(crate) fn data(&mut self, pieces: &[DataOption]) -> Result<Vec<u8>, CurlError> {
        let mut body = Vec::new();
        for (index, piece) in pieces.iter().enumerate() {
            if index > 0 && !piece.json {
                body.push(b'&');
            }
            body.extend_from_slice(&self.piece(piece)?);
        }
        Ok(body)
    }

    fn piece(&mut self, piece: &DataOption) -> Result<Vec<u8>, CurlError> {
        let OptionValue { bytes, at } = &piece.value;
        match (piece.kind, bytes.strip_prefix(b"@")) {
            (DataForm::UrlEncoded, _) => self.url_encoded(bytes, *at),
            (DataForm::Raw, _) | (_, None) => Ok(bytes.clone()),
            (DataForm::Binary, Some(name)) => self.read(name, *at),
            (DataForm::Text, Some(name)) => {
                let mut content = self.read(name, *at)?;
                content.retain(|byte| !matches!(byte, b'\r' | b'\n' | 0));
                Ok(content)
            }
        }
    }

    /// Reads `content`, `=content`, `name=content`, `@file` or `name@file` and encodes the content, not the
    /// name.
    pub(crate) fn url_encoded(&mut self, bytes: &[u8], at: usize) -> Result<Vec<u8>, CurlError> {
        let separator = bytes
            .iter()
            .position(|byte| *byte == b'=')
            .or_else(|| bytes.iter().position(|byte| *byte == b'@'));
        let Some(separator) = separator else { return Ok(form_encoded(bytes)) };
        let (name, content) = (&bytes[..separator], &bytes[separator + 1..]);
        let content = if bytes[separator] == b'@' { self.read(content, at)? } else { content.to_vec() };
        let mut result = name.to_vec();
        if !name.is_empty() {
            result.push(b'=');
        }
        result.extend_from_slice(&form_encoded(&content));
        Ok(result)
    }

    /// Returns the lines of a header file (`-H @file`).
    pub(crate) fn header_lines(&mut self, name: &[u8], at: usize) -> Result<Vec<Vec<u8>>, CurlError> {
        let content = self.read(name, at)?;
        let lines = content.split(|byte| *byte == b'\n');
        Ok(lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line).to_vec()).collect())
    }
}

/// Encodes all but the unreserved characters of RFC 3986; a blank becomes `+`.
fn form_encoded(content: &[u8]) -> Vec<u8> {
    let mut result = Vec::with_capacity(content.len());
    for byte in content {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => result.push(*byte),
            b' ' => result.push(b'+'),
            _ => result.extend_from_slice(format!("%{byte:02X}").as_bytes()),
        }
    }
    result
}
