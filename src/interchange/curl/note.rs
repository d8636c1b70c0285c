//! What the user should know about a text: the parts that were not read as they are written.

use crate::interchange::text_position::TextPosition;

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
