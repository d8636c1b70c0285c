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
