//! A shell text as the simple commands it is made of: operators, redirections and here-documents, nothing
//! run.

use crate::interchange::curl::ast::{
    ShellCommand, ShellError, ShellScript, ShellWord, StdinSource, assignment,
};
use crate::interchange::curl::heredoc::HereDocument;
use crate::interchange::curl::note::CurlFact;
use crate::interchange::curl::quoting::WordReader;
use crate::interchange::curl::{cmd_exe, heredoc, pipeline};

/// Words in front of assignments.
const DECLARATIONS: &[&str] = &["export", "declare", "local", "readonly", "typeset"];

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
struct ShellSplitter<'a> {
    reader: WordReader<'a>,
    commands: Vec<ShellCommand>,
    words: Vec<ShellWord>,
    stdin: StdinSource,
    fed_by: Option<usize>,
    /// There is a caret where only the Windows command prompt has one.
    prompt: bool,
    pending: Vec<HereDocument>,
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
                    return self.read_here_documents();
                }
                Some(b'#') => {
                    let rest = &self.reader.text[at..];
                    self.reader.at += rest.find('\n').unwrap_or(rest.len());
                }
                Some(b'\n') => {
                    self.finish(at);
                    self.reader.at += 1;
                    self.read_here_documents()?;
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

    fn read_here_documents(&mut self) -> Result<(), ShellError> {
        let announced = std::mem::take(&mut self.pending);
        heredoc::read_bodies(&mut self.reader, announced, &mut self.commands)
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

    /// Reads the commands inside the `$(…)` of the last word: they would be run before the command around
    /// them.
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

    /// Returns the commands, each with what the one in front of it in its pipe would say, as far as that is
    /// known.
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
