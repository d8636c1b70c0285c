//! Words as bash reads them: `'…'`, `"…"`, `$'…'`, `\` and continuation lines. Nothing is expanded.

use crate::interchange::curl::shell::ShellError;
use crate::interchange::curl::{Fact, Note};
use crate::interchange::place::Place;

/// One word of a command, quotes removed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Word {
    /// What the program would get; octets, because `$'\xff'` can say any.
    pub octets: Vec<u8>,
    /// Where it begins in the text, in octets.
    pub at: usize,
}

impl Word {
    /// Returns the text, with U+FFFD for what is not UTF-8.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.octets).into_owned()
    }
}

/// Reads words one after the other from a text.
pub(crate) struct Reader<'a> {
    pub(crate) text: &'a str,
    /// The next octet to read.
    pub(crate) at: usize,
    pub(crate) notes: Vec<Note>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0, notes: Vec::new() }
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(crate) fn starts_with(&self, prefix: &str) -> bool {
        self.text[self.at..].starts_with(prefix)
    }

    pub(crate) fn note(&mut self, at: usize, fact: Fact) {
        self.notes.push(Note { place: Place::of(self.text, at), fact });
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

    /// Returns how many octets the continuation here takes, if a backslash here is the last thing of its line.
    fn continuation(&self) -> Option<usize> {
        let rest = self.text[self.at..].strip_prefix('\\')?;
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
        rest[blanks..].starts_with('\n').then_some(blanks + 2)
    }

    fn take_continuation(&mut self) {
        let Some(length) = self.continuation() else { return };
        if self.text[self.at..self.at + length].contains([' ', '\t']) {
            self.note(self.at, Fact::SpaceAfterBackslash);
        }
        self.at += length;
    }

    /// Reads one word, which ends at a blank, a line's end or an operator outside quotes.
    pub(crate) fn word(&mut self) -> Result<Word, ShellError> {
        let start = self.at;
        let mut octets = Vec::new();
        while let Some(octet) = self.peek() {
            match octet {
                b' ' | b'\t' | b'\n' | b'\r' | b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')' => break,
                b'\'' => self.single(&mut octets)?,
                b'"' => self.double(&mut octets)?,
                b'\\' if self.continuation().is_some() => self.take_continuation(),
                b'\\' => {
                    self.at += 1;
                    self.take_character(&mut octets);
                }
                b'$' if self.starts_with("$'") => self.ansi(&mut octets)?,
                b'$' if self.starts_with("$\"") => {
                    self.at += 1;
                    self.double(&mut octets)?;
                }
                b'$' | b'`' => self.unexpanded(&mut octets)?,
                b'~' if self.at == start => {
                    self.note(start, Fact::NotExpanded("~".to_owned()));
                    self.take_character(&mut octets);
                }
                _ => self.take_character(&mut octets),
            }
        }
        Ok(Word { octets, at: start })
    }

    fn take_character(&mut self, into: &mut Vec<u8>) {
        if let Some(character) = self.text[self.at..].chars().next() {
            let end = self.at + character.len_utf8();
            into.extend_from_slice(&self.text.as_bytes()[self.at..end]);
            self.at = end;
        }
    }

    fn unclosed(&self, at: usize, what: &'static str) -> ShellError {
        ShellError::Unclosed { place: Place::of(self.text, at), what }
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
                Some(b'$' | b'`') => self.unexpanded(into)?,
                Some(_) => self.take_character(into),
            }
        }
    }

    /// Inside double quotes a backslash protects `$`, a backquote, `"`, itself and the line's end, and else stays.
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
        let mut octets = Vec::new();
        while self.at < end {
            match self.peek() {
                Some(b'\\') if self.text.as_bytes().get(self.at + 1) != Some(&b'"') => {
                    self.escape_in_double(&mut octets);
                }
                Some(b'$' | b'`') => self.unexpanded(&mut octets)?,
                _ => self.take_character(&mut octets),
            }
        }
        Ok(octets)
    }

    /// Reads `$'…'` with the escapes of ANSI C.
    fn ansi(&mut self, into: &mut Vec<u8>) -> Result<(), ShellError> {
        let (open, from) = (self.at, into.len());
        self.at += 2;
        loop {
            match self.peek() {
                None => return Err(self.unclosed(open, "$'")),
                Some(b'\'') => {
                    self.at += 1;
                    // no argument can hold a NUL: bash drops it and what follows up to the quote
                    if let Some(nul) = into[from..].iter().position(|octet| *octet == 0) {
                        into.truncate(from + nul);
                    }
                    return Ok(());
                }
                Some(b'\\') => {
                    self.at += 1;
                    self.ansi_escape(into);
                }
                Some(_) => self.take_character(into),
            }
        }
    }

    fn ansi_escape(&mut self, into: &mut Vec<u8>) {
        let Some(letter) = self.peek() else { return };
        let simple = match letter {
            b'a' => Some(7),
            b'b' => Some(8),
            b'e' | b'E' => Some(27),
            b'f' => Some(12),
            b'n' => Some(10),
            b'r' => Some(13),
            b't' => Some(9),
            b'v' => Some(11),
            b'\\' | b'\'' | b'"' | b'?' => Some(letter),
            _ => None,
        };
        if let Some(octet) = simple {
            into.push(octet);
            self.at += 1;
            return;
        }
        match letter {
            b'0'..=b'7' => {
                let number = self.digits(3, 8);
                into.push((number & 0xff) as u8);
            }
            b'x' | b'u' | b'U' => self.coded(letter, into),
            b'c' => {
                self.at += 1;
                if let Some(control) = self.peek() {
                    into.push(control.to_ascii_uppercase() & 0x1f);
                    self.at += 1;
                }
            }
            _ => {
                into.push(b'\\');
                self.take_character(into);
            }
        }
    }

    /// Reads `xHH`, `uHHHH` or `UHHHHHHHH`; a code that is no character is kept as it is written.
    fn coded(&mut self, letter: u8, into: &mut Vec<u8>) {
        let start = self.at;
        self.at += 1;
        let first = self.at;
        let number = self.digits(if letter == b'x' { 2 } else { if letter == b'u' { 4 } else { 8 } }, 16);
        let character = (letter != b'x').then(|| char::from_u32(number)).flatten();
        match character {
            _ if self.at == first => into.extend_from_slice(&[b'\\', letter]),
            _ if letter == b'x' => into.push((number & 0xff) as u8),
            Some(character) => into.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
            None => {
                into.push(b'\\');
                into.extend_from_slice(&self.text.as_bytes()[start..self.at]);
            }
        }
    }

    fn digits(&mut self, most: usize, radix: u32) -> u32 {
        let mut number = 0;
        for _ in 0..most {
            let Some(digit) = self.peek().and_then(|octet| char::from(octet).to_digit(radix)) else { break };
            number = number * radix + digit;
            self.at += 1;
        }
        number
    }

    /// Takes what the shell would replace as the letters it is written with, and notes it.
    fn unexpanded(&mut self, into: &mut Vec<u8>) -> Result<(), ShellError> {
        let start = self.at;
        let length = self.expansion_length()?;
        let letters = &self.text[start..start + length];
        if length > 1 {
            self.note(start, Fact::NotExpanded(letters.to_owned()));
        }
        into.extend_from_slice(letters.as_bytes());
        self.at = start + length;
        Ok(())
    }

    /// Returns how many octets the expansion here is written with; 1 for a `$` that stands for itself.
    fn expansion_length(&self) -> Result<usize, ShellError> {
        let rest = &self.text[self.at..];
        if let Some(inner) = rest.strip_prefix('`') {
            let close = inner.find('`').ok_or_else(|| self.unclosed(self.at, "`"))?;
            return Ok(close + 2);
        }
        for (opening, open, close) in [("$(", '(', ')'), ("${", '{', '}')] {
            if rest.starts_with(opening) {
                return balanced(rest, open, close).ok_or_else(|| self.unclosed(self.at, opening));
            }
        }
        let name =
            rest[1..].bytes().take_while(|octet| octet.is_ascii_alphanumeric() || *octet == b'_').count();
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
fn balanced(text: &str, open: char, close: char) -> Option<usize> {
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
