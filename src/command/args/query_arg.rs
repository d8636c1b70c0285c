//! The option `--where`, and the older options that are short forms of it.

use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;

use crate::command::args::read_progress;
use crate::command::args::recording_arg;
use crate::command::terminal;
use crate::config::Globals;
use crate::error::CommandError;
use crate::query::{Query, QueryError, QueryKey, QueryTime};
use crate::redact::Masked;

/// Reads the query of `--where`; without the option every exchange is meant.
pub(crate) fn parse(text: Option<&str>) -> Result<Query, CommandError> {
    Query::parse(text.unwrap_or_default(), &time()).map_err(|error| {
        let hint = error.hint();
        CommandError::input(error).hint(hint)
    })
}

fn time() -> QueryTime {
    QueryTime { now: jiff::Timestamp::now(), zone: TimeZone::system() }
}

/// Writes a short form as the term that it means: `--status 404` is `status:404`.
///
/// # Errors
/// The key does not take the value; says what is expected.
pub(crate) fn short_form(key: QueryKey, value: &str) -> Result<String, String> {
    let value = value.replace('\\', "\\\\").replace('"', "\\\"");
    let term = format!("{}:\"{value}\"", key.name());
    match Query::parse(&term, &time()) {
        Ok(_) => Ok(term),
        Err(error) => Err(QueryError::hint(&error)),
    }
}

#[derive(Debug, thiserror::Error)]
#[error("no exchange of {path} matches `{query}`")]
struct NoMatch {
    query: String,
    path: String,
}

/// Returns the exchanges of the recording that a query means, masked, in the order of their ids.
pub(crate) fn select(text: &str, globals: &Globals) -> Result<(PathBuf, Vec<Masked>), CommandError> {
    let query = parse(Some(text))?;
    let path = recording_arg::resolve(globals)?;
    let redactor = recording_arg::redactor()?;
    let mut selected = Vec::new();
    read_progress::each_selected(std::slice::from_ref(&path), &query, globals, |_, exchange| {
        selected.push(redactor.mask(exchange));
    })?;
    selected.sort_by_key(|masked| masked.exchange().id);
    if selected.is_empty() {
        return Err(no_match(text, &path));
    }
    Ok((path, selected))
}

fn no_match(query: &str, path: &Path) -> CommandError {
    let there = format!("list what there is with `wraptap list {}`", terminal::shell_word(path));
    let error = NoMatch { query: query.to_owned(), path: path.display().to_string() };
    CommandError::input(error).hint(there)
}
