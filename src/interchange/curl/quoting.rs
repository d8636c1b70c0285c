//! Words as bash reads them: `'…'`, `"…"`, `$'…'`, `\` and continuation lines. Nothing is looked up.

use std::collections::BTreeMap;

use crate::interchange::curl::ast::{ShellError, ShellWord};
use crate::interchange::curl::note::{CurlFact, CurlNote};
use crate::interchange::curl::{substitution, typographic};
use crate::interchange::text_position::TextPosition;

/// Whether an expansion is in double quotes (or a here-document), where its value stays one word.
#[derive(Clone, Copy, Eq, PartialEq)]
enum InQuotes {
    Yes,
    No,
}

/// Where a `~` means a folder.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Tilde {
    /// At the beginning of the word.
    First,
    /// There, behind the `=` of `NAME=…` and behind each `:` of its value.
    InAssignments,
}

/// Reads words one after the other from a text.
pub(crate) struct WordReader<'a> {
    pub(crate) text: &'a str,
    /// The next byte to read.
    pub(crate) at: usize,
    pub(crate) notes: Vec<CurlNote>,
    /// What the text itself has given a value to.
    pub(crate) variables: BTreeMap<String, Vec<u8>>,
    /// The insides of `$(…)` that were met, in bytes of the text: commands of their own.
    pub(crate) inner: Vec<(usize, usize)>,
    /// Something in the word that is read was kept as its letters.
    kept: bool,
}

impl<'a> WordReader<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0, notes: Vec::new(), variables: BTreeMap::new(), inner: Vec::new(), kept: false }
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(crate) fn starts_with(&self, prefix: &str) -> bool {
        self.text[self.at..].starts_with(prefix)
    }

    pub(crate) fn note(&mut self, at: usize, fact: CurlFact) {
        self.notes.push(CurlNote { place: TextPosition::new(self.text, at), fact });
    }

    /// Skips blanks and continuation lines; a line's end stays.
    pub(crate) fn skip_blanks(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t') => self.at += 1,
                Some(b'\r') if self.starts_with("\r\n") => self.at += 1,
                Some(b'\\') if self.continuation().is_some() => self.take_continuation(),
                _ => return,
            }
        }
    }

    /// Returns how many bytes the continuation here takes, if a backslash here is the last thing of its line.
    fn continuation(&self) -> Option<usize> {
        let rest = self.text[self.at..].strip_prefix('\\')?;
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
        rest[blanks..].starts_with('\n').then_some(blanks + 2)
    }

    fn take_continuation(&mut self) {
        let Some(length) = self.continuation() else { return };
        if self.text[self.at..self.at + length].contains([' ', '\t']) {
            self.note(self.at, CurlFact::SpaceAfterBackslash);
        }
        self.at += length;
    }

    /// Notes what is written here, in the word that began at `start`, if a shell hardly reads it as it is
    /// meant.
    fn note_typographic(&mut self, start: usize) {
        // each once: such a text is full of them
        if let Some(fact) = typographic::find(&self.text[self.at..], self.at == start)
            && !self.notes.iter().any(|note| note.fact == fact)
        {
            self.note(self.at, fact);
        }
    }

    /// Reads one word, which ends at a blank, a line's end or an operator outside quotes.
    pub(crate) fn word(&mut self) -> Result<ShellWord, ShellError> {
        self.read(Tilde::InAssignments)
    }

    /// Reads one of the words that braces expand to: bash takes none of them for an assignment.
    pub(super) fn element(&mut self) -> Result<ShellWord, ShellError> {
        self.read(Tilde::First)
    }

    fn read(&mut self, tilde: Tilde) -> Result<ShellWord, ShellError> {
        let start = self.at;
        let mut bytes = Vec::new();
        self.kept = false;
        while let Some(byte) = self.peek() {
            if byte == b'<' || !byte.is_ascii() {
                self.note_typographic(start);
            }
            match byte {
                b'<' | b'>' if self.text.as_bytes().get(self.at + 1) == Some(&b'(') => {
                    self.unexpanded(InQuotes::No, &mut bytes)?;
                }
                b' ' | b'\t' | b'\n' | b'\r' | b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')' => break,
                b'\'' => self.single(&mut bytes)?,
                b'"' => self.double(&mut bytes)?,
                b'\\' if self.continuation().is_some() => self.take_continuation(),
                b'\\' => {
                    self.at += 1;
                    self.take_character(&mut bytes);
                }
                b'$' if self.starts_with("$'") => self.ansi(&mut bytes)?,
                b'$' if self.starts_with("$\"") => {
                    self.at += 1;
                    self.double(&mut bytes)?;
                }
                b'$' | b'`' => self.unexpanded(InQuotes::No, &mut bytes)?,
                b'~' if self.at == start || (tilde == Tilde::InAssignments && self.assigns(start)) => {
                    self.home(self.at > start, &mut bytes);
                }
                _ => self.take_character(&mut bytes),
            }
        }
        Ok(ShellWord { bytes, at: start, exact: !self.kept })
    }

    /// Returns whether the word that began at `start` is `NAME=` up to here, or `NAME=…:`.
    fn assigns(&self, start: usize) -> bool {
        let before = &self.text[start..self.at];
        let Some((name, value)) = before.split_once('=') else { return false };
        let name = name.strip_suffix('+').unwrap_or(name);
        let named = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let named = named && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        named && (value.is_empty() || value.ends_with(':') && !value.ends_with("\\:"))
    }

    /// Takes `~` or `~NAME`, which the shell makes a folder's name of; only the text's own `HOME` is known
    /// here.
    fn home(&mut self, assigned: bool, into: &mut Vec<u8>) {
        let rest = &self.text[self.at + 1..];
        let named = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '+');
        let behind = rest.trim_start_matches(named);
        let ends = |c: char| " \t\r\n;&|<>()/".contains(c) || (assigned && c == ':');
        let prefix = &self.text[self.at..self.text.len() - behind.len()];
        self.at += 1;
        if !behind.is_empty() && !behind.starts_with(ends) {
            into.push(b'~');
        } else if let (Some(home), "~") = (self.variables.get("HOME"), prefix) {
            into.extend_from_slice(home);
        } else {
            self.kept = true;
            self.note(self.at - 1, CurlFact::NotExpanded(prefix.to_owned()));
            into.push(b'~');
        }
    }

    pub(super) fn take_character(&mut self, into: &mut Vec<u8>) {
        if let Some(character) = self.text[self.at..].chars().next() {
            let end = self.at + character.len_utf8();
            into.extend_from_slice(&self.text.as_bytes()[self.at..end]);
            self.at = end;
        }
    }

    pub(super) fn unclosed(&self, at: usize, what: &'static str) -> ShellError {
        ShellError::Unclosed { place: TextPosition::new(self.text, at), what }
    }

    fn single(&mut self, into: &mut Vec<u8>) -> Result<(), ShellError> {
        let open = self.at;
        let rest = &self.text[open + 1..];
        let length = rest.find('\'').ok_or_else(|| self.unclosed(open, "'"))?;
        into.extend_from_slice(&rest.as_bytes()[..length]);
        self.at = open + 1 + length + 1;
        Ok(())
    }

    fn double(&mut self, into: &mut Vec<u8>) -> Result<(), ShellError> {
        let open = self.at;
        self.at += 1;
        loop {
            match self.peek() {
                None => return Err(self.unclosed(open, "\"")),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => self.escape_in_double(into),
                Some(b'$' | b'`') => self.unexpanded(InQuotes::Yes, into)?,
                Some(_) => self.take_character(into),
            }
        }
    }

    /// Inside double quotes a backslash protects `$`, a backquote, `"`, itself and the line's end, and else
    /// stays.
    fn escape_in_double(&mut self, into: &mut Vec<u8>) {
        self.at += 1;
        match self.peek() {
            Some(b'$' | b'`' | b'"' | b'\\') => self.take_character(into),
            Some(b'\n') => self.at += 1,
            Some(b'\r') if self.starts_with("\r\n") => self.at += 2,
            _ => into.push(b'\\'),
        }
    }

    /// Reads a heredoc's body that is not quoted: like double quotes, but `"` is an ordinary character.
    pub(crate) fn heredoc_text(&mut self, end: usize) -> Result<Vec<u8>, ShellError> {
        let mut bytes = Vec::new();
        while self.at < end {
            match self.peek() {
                Some(b'\\') if self.text.as_bytes().get(self.at + 1) != Some(&b'"') => {
                    self.escape_in_double(&mut bytes);
                }
                Some(b'$' | b'`') => self.unexpanded(InQuotes::Yes, &mut bytes)?,
                _ => self.take_character(&mut bytes),
            }
        }
        Ok(bytes)
    }

    /// Expands what the text itself defines: a variable that it sets, a here-document in `$(cat <<…)`.
    /// Everything else that the shell would replace is kept as written, and noted.
    fn unexpanded(&mut self, quoted: InQuotes, into: &mut Vec<u8>) -> Result<(), ShellError> {
        let start = self.at;
        if let Some(document) = substitution::substituted(&self.text[start..]) {
            self.at = start + document.body.start;
            let body = match document.literal {
                true => self.text.as_bytes()[self.at..start + document.body.end].to_vec(),
                false => self.heredoc_text(start + document.body.end)?,
            };
            let length = body.iter().rposition(|byte| *byte != b'\n').map_or(0, |last| last + 1);
            into.extend_from_slice(&body[..length]);
            self.at = start + document.length;
            return Ok(());
        }
        let length = self.expansion_length()?;
        let letters = &self.text[start..start + length];
        self.at = start + length;
        if let Some(value) = self.variable(letters, quoted) {
            into.extend_from_slice(&value);
            return Ok(());
        }
        if length > 1 {
            self.kept = true;
            self.note(start, CurlFact::NotExpanded(letters.to_owned()));
        }
        if letters.starts_with("$(") && !letters.starts_with("$((") {
            self.inner.push((start + 2, start + length - 1));
        }
        into.extend_from_slice(letters.as_bytes());
        Ok(())
    }

    /// Returns the value of `$NAME` or `${NAME}`, if the text has set it and the shell would not split it
    /// into words.
    fn variable(&self, letters: &str, quoted: InQuotes) -> Option<Vec<u8>> {
        let name = letters.strip_prefix('$')?;
        let name = name.strip_prefix('{').and_then(|name| name.strip_suffix('}')).unwrap_or(name);
        let value = self.variables.get(name)?;
        let splits = value.is_empty() || value.iter().any(|byte| b" \t\n*?[".contains(byte));
        (quoted == InQuotes::Yes || !splits).then(|| value.clone())
    }

    /// Returns how many bytes the expansion here is written with; 1 for a `$` that means itself.
    fn expansion_length(&self) -> Result<usize, ShellError> {
        let rest = &self.text[self.at..];
        if let Some(inner) = rest.strip_prefix('`') {
            let close = inner.find('`').ok_or_else(|| self.unclosed(self.at, "`"))?;
            return Ok(close + 2);
        }
        for (opening, open, close) in [("$(", '(', ')'), ("${", '{', '}'), ("<(", '(', ')'), (">(", '(', ')')]
        {
            if rest.starts_with(opening) {
                return balanced(rest, open, close).ok_or_else(|| self.unclosed(self.at, opening));
            }
        }
        let name = rest[1..].bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let special = rest[1..].starts_with(['@', '*', '#', '?', '-', '$', '!']);
        Ok(match rest[1..].bytes().next() {
            Some(digit) if digit.is_ascii_digit() => 2,
            _ if name > 0 => name + 1,
            _ if special => 2,
            _ => 1,
        })
    }
}

/// Returns the length up to the bracket that closes the first one, quotes and backslashes minded.
pub(super) fn balanced(text: &str, open: char, close: char) -> Option<usize> {
    let (mut depth, mut quote, mut escaped) = (0_usize, None, false);
    for (at, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if quote != Some('\'') => escaped = true,
            _ if quote == Some(character) => quote = None,
            _ if quote.is_some() => {}
            '\'' | '"' => quote = Some(character),
            _ if character == open => depth += 1,
            _ if character == close => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + close.len_utf8());
                }
            }
            _ => {}
        }
    }
    None
}
