//! What a shell text consists of: commands, their words and their standard input.

use crate::interchange::curl::note::CurlNote;
use crate::interchange::text_position::TextPosition;

/// One word of a command, quotes removed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ShellWord {
    /// What the program would get; bytes, because `$'\xff'` can say any.
    pub bytes: Vec<u8>,
    /// Where it begins in the text, in bytes.
    pub at: usize,
    /// The shell would make the same of it: nothing in it had to be kept as its letters.
    pub exact: bool,
}

impl ShellWord {
    /// Returns the text, with U+FFFD for what is not UTF-8.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

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
    /// What it does is known without running it: it sets variables, or feeds the next command with what it
    /// says.
    pub understood: bool,
    /// Which command feeds it through a pipe.
    pub(super) fed_by: Option<usize>,
    /// Where it ends in the text, in bytes.
    pub(super) end: usize,
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
        "{place}: the braces of this word expand to too many words: put it in quotes if it is meant literally"
    )]
    Braces {
        /// Where the word begins.
        place: TextPosition,
    },
}

/// Words before the program that do not change what it sends.
const PREFIXES: &[&str] = &[
    "$", "%", "!", "{", "sudo", "time", "command", "exec", "env", "nohup", "builtin", "if", "then", "elif",
    "else", "while", "until", "do",
];

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
        TextPosition::new(text, self.start())
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
pub(super) fn assignment(word: &ShellWord) -> Option<(String, &[u8])> {
    let equals = word.bytes.iter().position(|byte| *byte == b'=')?;
    let name = std::str::from_utf8(&word.bytes[..equals]).ok()?;
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let named = starts && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    named.then(|| (name.to_owned(), &word.bytes[equals + 1..]))
}
