//! curl commands as text: read into the requests that curl would send, and written from recorded requests.
//!
//! A text is split as bash splits it ([`shell`]), but nothing in it is run: what stands in the text itself (a variable
//! that it sets, an `echo` in front of a pipe) is told without running it, everything else is kept as its letters. What the options mean for the
//! bytes on the wire is modelled on curl 7.88 to 8: [`arguments`] reads them, [`wire`] puts the requests together.

pub mod arguments;
mod body;
mod braces;
mod cmd_exe;
mod config_file;
mod defaults;
mod escapes;
mod exchange;
mod form;
mod form_part;
mod glob;
pub mod head;
mod heredoc;
mod options;
mod pipeline;
mod quote;
mod quoting;
pub mod shell;
mod typographic;
mod url;
pub mod wire;
pub mod write;

use std::io;

use crate::interchange::curl::shell::ShellError;
use crate::interchange::text_position::TextPosition;
use crate::model::exchange::Request;

/// One request that a curl command would send.
#[derive(Clone, Debug, PartialEq)]
pub struct CurlRequest {
    /// Scheme, host and port as an [`crate::model::exchange::Exchange`] names its upstream: `https://api.mypurecloud.de`.
    pub upstream: String,
    /// The request as curl would write it.
    pub request: Request,
    /// The parts that the text does not determine, because curl's version, its build or chance decide them.
    pub reconstructed: Vec<Reconstructed>,
    /// Where the command begins in the text.
    pub place: TextPosition,
}

/// A part of a request that curl itself makes up.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Reconstructed {
    /// `body`, or the name of a header.
    pub what: String,
    /// What stands for it.
    pub value: String,
    /// Who decides it really.
    pub why: &'static str,
}

/// The requests of a text, with everything in it that was left aside.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CurlCommands {
    /// In the order in which curl would send them.
    pub requests: Vec<CurlRequest>,
    /// What the user should know, in the order of the text.
    pub notes: Vec<CurlNote>,
}

/// Something in a text that was not taken over as it stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CurlNote {
    /// Where it stands.
    pub place: TextPosition,
    /// What it is.
    pub fact: CurlFact,
}

/// What was left aside.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CurlFact {
    /// A variable, command substitution or `~`: the shell would replace it, wraptap keeps the letters.
    #[error("`{0}` is kept as these letters: nothing in a command is run or expanded")]
    NotExpanded(String),
    /// A word that the shell takes for several.
    #[error("the shell makes {words} words of `{written}`: put it in quotes if it is meant as it stands")]
    Braces {
        /// As it was written, cut to a readable length.
        written: String,
        /// How many.
        words: usize,
    },
    /// Another command of the text.
    #[error("`{0}` is not run: only curl commands are read")]
    NotRun(String),
    /// An `&` that the shell takes as the end of the command.
    #[error(
        "the `&` here ends the command, as it does in a shell: put the URL in quotes if it belongs to it"
    )]
    Ampersand,
    /// A quote or dash that is none to a shell.
    #[error("`{letter}` is a letter like any other to the shell: write `{meant}` in its place")]
    Typographic {
        /// As it was written.
        letter: char,
        /// What was meant.
        meant: char,
    },
    /// `<id>` inside a word.
    #[error("`{0}` reads one file and writes another, as in a shell: put the value itself in its place")]
    Placeholder(String),
    /// White space between a backslash and the end of the line.
    #[error("white space after the backslash at the end of the line is dropped; a shell would keep it")]
    SpaceAfterBackslash,
    /// An option that no curl has.
    #[error("unknown option `{0}` is left out")]
    UnknownOption(String),
    /// A known option whose effect on the request is not taken over.
    #[error("`{option}` is left out: {why}")]
    LeftOut {
        /// As it was written.
        option: String,
        /// What it would do.
        why: &'static str,
    },
    /// A word behind an unknown option, which may be its value.
    #[error("the word behind the unknown option is left out: it looks like no URL")]
    StrayWord,
    /// Options came from a file.
    #[error("options are read from the file `{0}`")]
    OptionsRead(String),
    /// A file became part of the request.
    #[error("{bytes} bytes of the request come from the file `{name}`")]
    FileRead {
        /// The name in the command.
        name: String,
        /// How many.
        bytes: usize,
    },
}

/// A text that gives no request.
#[derive(Debug, thiserror::Error)]
pub enum CurlError {
    /// The shell could not split it.
    #[error(transparent)]
    Shell(#[from] ShellError),
    /// There is no curl command in it.
    #[error("the text has no curl command")]
    NoCommand,
    /// A curl command without a URL.
    #[error("{place}: this curl command has no URL")]
    NoUrl {
        /// Where the command begins.
        place: TextPosition,
    },
    /// An option that wants a value stands last.
    #[error("{place}: `{option}` needs a value behind it")]
    NoValue {
        /// Where the option stands.
        place: TextPosition,
        /// As it was written.
        option: String,
    },
    /// A value that curl would refuse.
    #[error("{place}: `{option}` cannot have the value `{value}`: {why}")]
    Value {
        /// Where the option stands.
        place: TextPosition,
        /// As it was written.
        option: String,
        /// Its value.
        value: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Two options that ask for different methods, which curl refuses.
    #[error("{place}: `{first}` and `{second}` exclude each other")]
    Conflict {
        /// Where the second stands.
        place: TextPosition,
        /// One of them.
        first: &'static str,
        /// The other.
        second: &'static str,
    },
    /// A URL that curl would refuse or that is not HTTP.
    #[error("{place}: `{url}` is no URL that can be imported: {why}")]
    Url {
        /// Where the URL stands.
        place: TextPosition,
        /// As it was written.
        url: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A file that the command names cannot be read.
    #[error("{place}: cannot read the file `{name}` that the request takes its content from")]
    Input {
        /// Where the option stands.
        place: TextPosition,
        /// The name in the command.
        name: String,
        /// What the system said.
        source: io::Error,
    },
    /// The content comes from a program or terminal that is not run.
    #[error("{place}: the request takes its content from standard input, and {origin}")]
    StandardInput {
        /// Where the option stands.
        place: TextPosition,
        /// What would feed it.
        origin: String,
    },
}

/// Reads the files that a curl command names.
pub trait CurlFiles {
    /// Returns the bytes of the file with this name, as the command writes it.
    ///
    /// # Errors
    /// The file is missing, unreadable, too large, or the caller wants no files read.
    fn read(&self, name: &str) -> io::Result<Vec<u8>>;
}

/// Refuses every file: for texts whose sender must not choose what is read.
#[derive(Clone, Copy, Debug)]
pub struct NoFiles;

impl CurlFiles for NoFiles {
    fn read(&self, _name: &str) -> io::Result<Vec<u8>> {
        Err(io::Error::new(io::ErrorKind::PermissionDenied, "files named by a command are not read here"))
    }
}

/// Returns every request that the curl commands of `text` would send.
///
/// # Errors
/// There is no curl command, a quote is never closed, a URL is missing or not HTTP, options contradict each other, or
/// content cannot be had. Each error but the first names line and column.
pub fn parse(text: &str, inputs: &dyn CurlFiles) -> Result<CurlCommands, CurlError> {
    let script = shell::split(text)?;
    let mut result = CurlCommands { requests: Vec::new(), notes: script.notes.clone() };
    let mut curls = 0;
    for command in &script.commands {
        let Some(words) = command.arguments_of("curl") else {
            if command.understood {
                continue;
            }
            let shown = command.shown(text);
            result.notes.push(CurlNote { place: command.place(text), fact: CurlFact::NotRun(shown) });
            continue;
        };
        curls += 1;
        let mut sources = body::BodySources { text, inputs, stdin: &command.stdin, notes: &mut result.notes };
        let operations = arguments::read(words, &mut sources)?;
        for operation in &operations {
            let mut wire =
                wire::RequestBuilder { text, inputs, stdin: &command.stdin, notes: &mut result.notes };
            result.requests.extend(wire.requests(operation, command.place(text))?);
        }
    }
    if curls == 0 {
        return Err(CurlError::NoCommand);
    }
    result.notes.sort_by_key(|note| note.place);
    Ok(result)
}

/// Tells whether a text is meant as a curl command: its first word, comments aside, is `curl`.
pub fn is_command(text: &str) -> bool {
    text.lines()
        .map(str::trim_start)
        .find(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.strip_prefix("$ ").unwrap_or(line))
        .and_then(|line| line.split_whitespace().next())
        .is_some_and(|word| word == "curl" || word == "curl.exe" || word.ends_with("/curl"))
}

#[cfg(test)]
mod tests;
