//! A shell text as the simple commands it is made of: operators, redirections and here-documents, nothing run.

use crate::interchange::curl::heredoc::HereDocument;
use crate::interchange::curl::quoting::{ShellWord, WordReader};
use crate::interchange::curl::{CurlFact, CurlNote, cmd_exe, pipeline};
use crate::interchange::text_position::TextPosition;

/// The commands of a text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShellScript {
    /// In the order of the text.
    pub commands: Vec<ShellCommand>,
    /// What was met on the way and not expanded.
    pub notes: Vec<CurlNote>,
}

/// One simple command.
#[derive(Clone, Debug, PartialEq)]
pub struct ShellCommand {
    /// Its words, the program's name first.
    pub words: Vec<ShellWord>,
    /// What it would read.
    pub stdin: StdinSource,
    /// What it does is known without running it: it sets variables, or feeds the next command with what it says.
    pub understood: bool,
    /// Which command feeds it through a pipe.
    fed_by: Option<usize>,
    /// Where it ends in the text, in bytes.
    end: usize,
}

/// What a command would read from its standard input.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum StdinSource {
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
        place: TextPosition,
        /// The quote or bracket.
        what: &'static str,
    },
    /// A here-document without its last line.
    #[error("{place}: the here-document never reaches its last line `{delimiter}`")]
    HereDocument {
        /// Where it is announced.
        place: TextPosition,
        /// The line that would end it.
        delimiter: String,
    },
    /// Braces that multiply beyond measure.
    #[error(
        "{place}: the braces of this word stand for too many words: put it in quotes if it is meant as it stands"
    )]
    Braces {
        /// Where the word begins.
        place: TextPosition,
    },
}

/// Words that may stand before the program and change nothing of what it sends.
const PREFIXES: &[&str] = &[
    "$", "%", "!", "{", "sudo", "time", "command", "exec", "env", "nohup", "builtin", "if", "then", "elif",
    "else", "while", "until", "do",
];

/// Words in front of assignments.
const DECLARATIONS: &[&str] = &["export", "declare", "local", "readonly", "typeset"];

impl ShellCommand {
    /// Returns a command that no pipe feeds.
    pub(super) fn alone(words: Vec<ShellWord>, stdin: StdinSource, end: usize) -> Self {
        Self { words, stdin, understood: false, fed_by: None, end }
    }

    /// Returns the words behind the program's name, if the program is `name`.
    pub fn arguments_of(&self, name: &str) -> Option<&[ShellWord]> {
        let at = self.words.iter().position(|word| {
            let text = word.text();
            let name = text.rsplit('/').next().unwrap_or_default();
            !PREFIXES.contains(&name) && assignment(word).is_none()
        })?;
        let program = self.words[at].text();
        let program = program.rsplit(['/', '\\']).next().unwrap_or_default();
        (program == name || program.strip_suffix(".exe") == Some(name)).then(|| &self.words[at + 1..])
    }

    /// Returns where the command begins.
    pub fn place(&self, text: &str) -> TextPosition {
        TextPosition::of(text, self.start())
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

/// Returns the name and value of `NAME=value`.
fn assignment(word: &ShellWord) -> Option<(String, &[u8])> {
    let equals = word.bytes.iter().position(|byte| *byte == b'=')?;
    let name = std::str::from_utf8(&word.bytes[..equals]).ok()?;
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let named = starts && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    named.then(|| (name.to_owned(), &word.bytes[equals + 1..]))
}

/// Splits a text into simple commands.
///
/// # Errors
/// A quote, substitution or here-document is never closed.
pub fn split(text: &str) -> Result<ShellScript, ShellError> {
    let text_start = text.strip_prefix('\u{feff}').map_or(0, |rest| text.len() - rest.len());
    let mut splitter = ShellSplitter::of(WordReader::new(text));
    splitter.reader.at = text_start;
    let outcome = splitter.run();
    if splitter.prompt {
        return Ok(cmd_exe::split(text));
    }
    outcome?;
    Ok(ShellScript { commands: splitter.fed(), notes: splitter.reader.notes })
}

/// Reads the text from front to back.
pub(super) struct ShellSplitter<'a> {
    pub(super) reader: WordReader<'a>,
    pub(super) commands: Vec<ShellCommand>,
    words: Vec<ShellWord>,
    stdin: StdinSource,
    fed_by: Option<usize>,
    /// A caret stood where only the Windows command prompt has one.
    prompt: bool,
    pub(super) pending: Vec<HereDocument>,
}

impl<'t> ShellSplitter<'t> {
    fn of(reader: WordReader<'t>) -> Self {
        Self {
            reader,
            commands: Vec::new(),
            words: Vec::new(),
            stdin: StdinSource::Terminal,
            fed_by: None,
            prompt: false,
            pending: Vec::new(),
        }
    }

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
                Some(b'<' | b'>') if !self.reader.starts_with("<(") && !self.reader.starts_with(">(") => {
                    self.redirection()?;
                }
                Some(_) => self.plain_word()?,
            }
        }
    }

    fn plain_word(&mut self) -> Result<(), ShellError> {
        let met = self.reader.notes.len();
        let word = self.reader.word()?;
        let descriptor = !word.bytes.is_empty() && word.bytes.iter().all(u8::is_ascii_digit);
        if descriptor && matches!(self.reader.peek(), Some(b'<' | b'>')) {
            return self.redirection();
        }
        // as it is written: a quoted caret is text like any other
        let raw = &self.reader.text[word.at..self.reader.at];
        self.prompt |= raw.starts_with("^\"") || raw == "^";
        // what a command line begins with by assigning is no list of words
        if assignment(&word).is_some() && self.words.iter().all(|word| assignment(word).is_some()) {
            self.words.push(word);
        } else {
            self.words.extend(self.reader.braced(word, met)?);
        }
        self.inner()
    }

    /// Reads the commands inside the `$(…)` of the last word: they would be run before the command they stand in.
    fn inner(&mut self) -> Result<(), ShellError> {
        for (start, end) in std::mem::take(&mut self.reader.inner) {
            let mut reader = WordReader::new(&self.reader.text[..end]);
            reader.at = start;
            reader.variables.clone_from(&self.reader.variables);
            let mut splitter = ShellSplitter::of(reader);
            splitter.run()?;
            let commands = splitter.fed();
            if commands.iter().any(|command| command.arguments_of("curl").is_some()) {
                self.reader.notes.extend(splitter.reader.notes);
                // a here-document announced already belongs to the command around them
                let current = self.commands.len();
                for document in self.pending.iter_mut().filter(|document| document.command == current) {
                    document.command += commands.len();
                }
                self.commands.extend(commands);
            }
        }
        Ok(())
    }

    /// Closes the command that is being read, if it has any word.
    fn finish(&mut self, end: usize) {
        let stdin = std::mem::replace(&mut self.stdin, StdinSource::Terminal);
        let fed_by = self.fed_by.take();
        if !self.words.is_empty() {
            let words = std::mem::take(&mut self.words);
            let understood = self.assign(&words);
            self.commands.push(ShellCommand { words, stdin, understood, fed_by, end });
        }
    }

    /// Notes what a command sets that does nothing else; a value that only the shell knows is unset.
    fn assign(&mut self, words: &[ShellWord]) -> bool {
        let declared = words.first().is_some_and(|word| DECLARATIONS.contains(&word.text().as_str()));
        let words = if declared { &words[1..] } else { words };
        if !words.iter().all(|word| assignment(word).is_some()) {
            return false;
        }
        for (word, (name, value)) in words.iter().filter_map(|word| Some((word, assignment(word)?))) {
            if word.exact {
                self.reader.variables.insert(name, value.to_vec());
            } else {
                self.reader.variables.remove(&name);
            }
        }
        words.iter().all(|word| word.exact)
    }

    /// Returns the commands, each with what the one in front of it in its pipe would say, as far as that is known.
    fn fed(&mut self) -> Vec<ShellCommand> {
        let mut commands = std::mem::take(&mut self.commands);
        for at in 0..commands.len() {
            let Some(source) = commands[at].fed_by.take() else { continue };
            if let Some(stdin) = pipeline::output(&commands[source]) {
                commands[at].stdin = stdin;
                commands[source].understood = true;
            }
        }
        commands
    }

    fn pipe(&mut self, at: usize) {
        let feeds = !self.words.is_empty();
        self.finish(at);
        let both = self.reader.starts_with("||") || self.reader.starts_with("|&");
        if feeds && !self.reader.starts_with("||") {
            let source = self.commands.last().map(|command| command.shown(self.reader.text));
            self.stdin = StdinSource::Program(source.unwrap_or_default());
            self.fed_by = self.commands.len().checked_sub(1);
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
        let inside_a_word = |byte: Option<u8>| byte.is_some_and(|byte| !byte.is_ascii_whitespace());
        if !double && inside_a_word(before) && inside_a_word(behind) {
            self.reader.note(at, CurlFact::Ampersand);
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
                let mut bytes = target.bytes;
                bytes.push(b'\n');
                self.stdin = StdinSource::Text(bytes);
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
            "<" | "<>" => self.stdin = StdinSource::File(target.text()),
            _ => {}
        }
        if operator.starts_with('<') {
            self.fed_by = None;
        }
        Ok(())
    }
}
