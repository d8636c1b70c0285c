//! curl commands as text: read into the requests that curl would send, and written from recorded requests.
//!
//! A text is split as bash splits it ([`shell`]), but nothing in it is run: what follows from the text itself
//! (a variable that it sets, an `echo` before a pipe) is expanded, everything else is kept as written. What
//! the options mean for the bytes on the wire is modelled on curl 7.88 to 8: [`arguments`] reads them,
//! [`wire`] builds the requests.

pub mod arguments;
pub mod ast;
mod body;
mod braces;
mod cmd_exe;
mod config_file;
mod defaults;
mod error;
mod escapes;
mod exchange;
mod files;
mod form;
mod form_part;
mod glob;
pub mod head;
mod header_line;
mod heredoc;
mod note;
mod options;
mod pipeline;
pub(super) mod quote;
mod quoting;
mod request;
pub mod shell;
mod substitution;
mod typographic;
mod url;
mod values;
pub mod wire;
pub mod write;
mod writer;

pub use ast::ShellError;
pub use error::CurlError;
pub use files::CurlFiles;
#[cfg(test)]
pub(crate) use files::NoFiles;
pub use note::{CurlFact, CurlNote};
pub use request::{CurlRequest, Reconstructed};

/// The requests of a text, with everything in it that was left aside.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CurlCommands {
    /// In the order in which curl would send them.
    pub requests: Vec<CurlRequest>,
    /// What the user should know, in the order of the text.
    pub notes: Vec<CurlNote>,
}

/// Returns every request that the curl commands of `text` would send.
///
/// # Errors
/// There is no curl command, a quote is never closed, a URL is missing or not HTTP, options contradict each
/// other, or content cannot be had. Each error but the first names line and column.
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

/// Returns whether a text is meant as a curl command: its first word, comments aside, is `curl`.
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
