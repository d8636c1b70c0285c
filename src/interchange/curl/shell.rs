//! A shell text as the simple commands it is made of: operators, redirections and here-documents, nothing run.

use crate::interchange::curl::quoting::{Reader, Word};
use crate::interchange::curl::{Fact, Note};
use crate::interchange::place::Place;

/// The commands of a text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Script {
    /// In the order of the text.
    pub commands: Vec<ShellCommand>,
    /// What was met on the way and not expanded.
    pub notes: Vec<Note>,
}

/// One simple command.
#[derive(Clone, Debug, PartialEq)]
pub struct ShellCommand {
    /// Its words, the program's name first.
    pub words: Vec<Word>,
    /// What it would read.
    pub stdin: Stdin,
    /// Where it ends in the text, in octets.
    end: usize,
}

/// What a command would read from its standard input.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Stdin {
    /// What the user types.
    Terminal,
    /// A here-document or here-string.
    Text(Vec<u8>),
    /// The file of this name.
    File(String),
    /// The output of this command, which is not run.
    Program(String),
}

/// A text that no shell could split.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ShellError {
    /// A quote or bracket without its partner.
    #[error("{place}: the `{what}` that opens here is never closed")]
    Unclosed {
        /// Where it opens.
        place: Place,
        /// The quote or bracket.
        what: &'static str,
    },
    /// A here-document without its last line.
    #[error("{place}: the here-document never reaches its last line `{delimiter}`")]
    HereDocument {
        /// Where it is announced.
        place: Place,
        /// The line that would end it.
        delimiter: String,
    },
    /// The text was copied for the command prompt of Windows.
    #[error("{place}: this was copied for the Windows command prompt (`^` instead of quotes)")]
    WindowsPrompt {
        /// The first caret.
        place: Place,
    },
}

/// Words that may stand before the program and change nothing of what it sends.
const PREFIXES: &[&str] = &["$", "%", "sudo", "time", "command", "exec", "env", "nohup", "builtin"];

impl ShellCommand {
    /// Returns the words behind the program's name, if the program is `name`.
    pub fn arguments_of(&self, name: &str) -> Option<&[Word]> {
        let is_assignment = |word: &str| {
            word.split_once('=').is_some_and(|(key, _)| {
                !key.is_empty() && key.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'_')
            })
        };
        let at = self.words.iter().position(|word| {
            let text = word.text();
            !PREFIXES.contains(&text.as_str()) && !is_assignment(&text)
        })?;
        let program = self.words[at].text();
        let program = program.rsplit(['/', '\\']).next().unwrap_or_default();
        (program == name || program.strip_suffix(".exe") == Some(name)).then(|| &self.words[at + 1..])
    }

    /// Returns where the command begins.
    pub fn place(&self, text: &str) -> Place {
        Place::of(text, self.start())
    }

    /// Returns the command as it is written, cut to a readable length.
    pub fn shown(&self, text: &str) -> String {
        let written = text[self.start()..self.end].trim();
        let mut shown: String = written.chars().take(60).collect();
        if shown.len() < written.len() {
            shown.push('…');
        }
        shown
    }

    fn start(&self) -> usize {
        self.words.first().map_or(self.end, |word| word.at)
    }
}

/// Splits a text into simple commands.
///
/// # Errors
/// A quote, substitution or here-document is never closed, or the text was made for the Windows command prompt.
pub fn split(text: &str) -> Result<Script, ShellError> {
    let text_start = text.strip_prefix('\u{feff}').map_or(0, |rest| text.len() - rest.len());
    let mut splitter = Splitter {
        reader: Reader::new(text),
        commands: Vec::new(),
        words: Vec::new(),
        stdin: Stdin::Terminal,
        pending: Vec::new(),
    };
    splitter.reader.at = text_start;
    splitter.run()?;
    Ok(Script { commands: splitter.commands, notes: splitter.reader.notes })
}

/// A here-document that is announced and whose body starts at the next line.
struct HereDocument {
    at: usize,
    delimiter: String,
    literal: bool,
    strip_tabs: bool,
    /// Which command it feeds, as an index into the commands.
    command: usize,
}

struct Splitter<'a> {
    reader: Reader<'a>,
    commands: Vec<ShellCommand>,
    words: Vec<Word>,
    stdin: Stdin,
    pending: Vec<HereDocument>,
}

impl Splitter<'_> {
    fn run(&mut self) -> Result<(), ShellError> {
        loop {
            self.reader.skip_blanks();
            let at = self.reader.at;
            match self.reader.peek() {
                None => {
                    self.finish(at);
                    return self.here_documents();
                }
                Some(b'#') => {
                    let rest = &self.reader.text[at..];
                    self.reader.at += rest.find('\n').unwrap_or(rest.len());
                }
                Some(b'\n') => {
                    self.finish(at);
                    self.reader.at += 1;
                    self.here_documents()?;
                }
                Some(b'\r') => self.reader.at += 1,
                Some(b';' | b'(' | b')') => {
                    self.finish(at);
                    self.reader.at += 1;
                }
                Some(b'|') => self.pipe(at),
                Some(b'&') => self.ampersand(at)?,
                Some(b'<' | b'>') => self.redirection()?,
                Some(_) => self.plain_word()?,
            }
        }
    }

    fn plain_word(&mut self) -> Result<(), ShellError> {
        let word = self.reader.word()?;
        let descriptor = !word.octets.is_empty() && word.octets.iter().all(u8::is_ascii_digit);
        if descriptor && matches!(self.reader.peek(), Some(b'<' | b'>')) {
            return self.redirection();
        }
        // as it is written: a quoted caret is text like any other
        let raw = &self.reader.text[word.at..self.reader.at];
        if raw.starts_with("^\"") || raw == "^" {
            return Err(ShellError::WindowsPrompt { place: Place::of(self.reader.text, word.at) });
        }
        self.words.push(word);
        Ok(())
    }

    /// Closes the command that is being read, if it has any word.
    fn finish(&mut self, end: usize) {
        let stdin = std::mem::replace(&mut self.stdin, Stdin::Terminal);
        if !self.words.is_empty() {
            let words = std::mem::take(&mut self.words);
            self.commands.push(ShellCommand { words, stdin, end });
        }
    }

    fn pipe(&mut self, at: usize) {
        let feeds = !self.words.is_empty();
        self.finish(at);
        let both = self.reader.starts_with("||") || self.reader.starts_with("|&");
        if feeds && !self.reader.starts_with("||") {
            let source = self.commands.last().map(|command| command.shown(self.reader.text));
            self.stdin = Stdin::Program(source.unwrap_or_default());
        }
        self.reader.at += if both { 2 } else { 1 };
    }

    fn ampersand(&mut self, at: usize) -> Result<(), ShellError> {
        if self.reader.starts_with("&>") {
            self.reader.at += 1;
            return self.redirection();
        }
        let double = self.reader.starts_with("&&");
        let text = self.reader.text;
        let before = text[..at].bytes().next_back();
        let behind = text[at + 1..].bytes().next();
        let inside_a_word = |octet: Option<u8>| octet.is_some_and(|octet| !octet.is_ascii_whitespace());
        if !double && inside_a_word(before) && inside_a_word(behind) {
            self.reader.note(at, Fact::Ampersand);
        }
        self.finish(at);
        self.reader.at += if double { 2 } else { 1 };
        Ok(())
    }

    fn redirection(&mut self) -> Result<(), ShellError> {
        let at = self.reader.at;
        let operators = ["<<<", "<<-", "<<", "<>", "<&", "<", ">>", ">|", ">&", ">"];
        let operator =
            operators.into_iter().find(|operator| self.reader.starts_with(operator)).unwrap_or(">");
        self.reader.at += operator.len();
        self.reader.skip_blanks();
        let raw_start = self.reader.at;
        let target = self.reader.word()?;
        match operator {
            "<<<" => {
                let mut octets = target.octets;
                octets.push(b'\n');
                self.stdin = Stdin::Text(octets);
            }
            "<<" | "<<-" => {
                let raw = &self.reader.text[raw_start..self.reader.at];
                self.pending.push(HereDocument {
                    at,
                    delimiter: target.text(),
                    literal: raw.contains(['\'', '"', '\\']),
                    strip_tabs: operator == "<<-",
                    command: self.commands.len(),
                });
            }
            "<" | "<>" => self.stdin = Stdin::File(target.text()),
            _ => {}
        }
        Ok(())
    }

    /// Reads the bodies of the here-documents that the line before announced.
    fn here_documents(&mut self) -> Result<(), ShellError> {
        for document in std::mem::take(&mut self.pending) {
            let text = self.reader.text;
            let start = self.reader.at;
            let mut line_start = start;
            let end = loop {
                if line_start >= text.len() {
                    return Err(ShellError::HereDocument {
                        place: Place::of(text, document.at),
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
            let mut octets = if document.literal {
                text.as_bytes()[start..end].to_vec()
            } else {
                self.reader.heredoc_text(end)?
            };
            if document.strip_tabs {
                octets = without_leading_tabs(&octets);
            }
            let closing = text[end..].find('\n').map_or(text.len(), |length| end + length + 1);
            self.reader.at = closing;
            if let Some(command) = self.commands.get_mut(document.command) {
                command.stdin = Stdin::Text(octets);
            }
        }
        Ok(())
    }
}

fn without_leading_tabs(octets: &[u8]) -> Vec<u8> {
    octets
        .split_inclusive(|octet| *octet == b'\n')
        .flat_map(|line| line.iter().skip_while(|octet| **octet == b'\t'))
        .copied()
        .collect()
}
