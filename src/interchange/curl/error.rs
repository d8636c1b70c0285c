//! Why a text gives no request.

use std::io;

use crate::interchange::curl::ast::ShellError;
use crate::interchange::text_position::TextPosition;

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
    /// The last word is an option that needs a value.
    #[error("{place}: `{option}` needs a value after it")]
    NoValue {
        /// The place of the option.
        place: TextPosition,
        /// As it was written.
        option: String,
    },
    /// A value that curl would refuse.
    #[error("{place}: `{option}` cannot have the value `{value}`: {why}")]
    Value {
        /// The place of the option.
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
        /// The place of the second.
        place: TextPosition,
        /// One of them.
        first: &'static str,
        /// The other.
        second: &'static str,
    },
    /// A URL that curl would refuse or that is not HTTP.
    #[error("{place}: `{url}` cannot be imported as a URL: {why}")]
    Url {
        /// The place of the URL.
        place: TextPosition,
        /// As it was written.
        url: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A file that the command names cannot be read.
    #[error("{place}: cannot read the file `{name}`, which is part of the request")]
    Input {
        /// The place of the option.
        place: TextPosition,
        /// The name in the command.
        name: String,
        /// What the system said.
        source: io::Error,
    },
    /// The content comes from a program or terminal that is not run.
    #[error("{place}: the request reads standard input, and {origin}")]
    StandardInput {
        /// The place of the option.
        place: TextPosition,
        /// What would feed it.
        origin: String,
    },
}
