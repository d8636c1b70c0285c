//! What the user should know about a text: the parts that were not read as they are written.

use crate::interchange::text_position::TextPosition;

/// A part of a text that was not read as written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CurlNote {
    /// Its place in the text.
    pub place: TextPosition,
    /// What it is.
    pub fact: CurlFact,
}

/// What was left aside.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CurlFact {
    /// A variable, command substitution or `~`: the shell would replace it, wraptap keeps the letters.
    #[error("`{0}` is kept as written: nothing in a command is run or expanded")]
    NotExpanded(String),
    /// A word that the shell takes for several.
    #[error("the shell expands `{written}` to {words} words: put it in quotes if it is meant literally")]
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
    #[error("the `&` ends the command here, as in a shell: put the URL in quotes if the `&` is part of it")]
    Ampersand,
    /// A quote or dash that is none to a shell.
    #[error("the shell takes `{letter}` as an ordinary character: write `{meant}` instead")]
    Typographic {
        /// As it was written.
        letter: char,
        /// What was meant.
        meant: char,
    },
    /// `<id>` inside a word.
    #[error("a shell takes `{0}` as reading one file and writing another: write the value itself instead")]
    Placeholder(String),
    /// White space between a backslash and the end of the line.
    #[error("white space after the backslash at the end of the line is dropped, but a shell would keep it")]
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
    #[error("the word after the unknown option is left out, because it does not look like a URL")]
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
