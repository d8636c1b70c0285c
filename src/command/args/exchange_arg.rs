//! The exchanges that a REF names, and what to try if there is none.

use std::path::PathBuf;

use crate::command::args::{query_arg, recording_arg};
use crate::command::terminal;
use crate::config::Globals;
use crate::error::CommandError;
use crate::model::reference::Reference;
use crate::redact::Masked;
use crate::store::recording::find::{self, FindError};

/// Exchanges with their recording.
#[derive(Debug)]
pub(crate) struct SelectedExchanges {
    /// The recording.
    pub(crate) path: PathBuf,
    /// At least one, in the order of the ids. Masked again, because a foreign recording may hold secrets.
    pub(crate) exchanges: Vec<Masked>,
}

/// Returns the exchanges that a REF names.
pub(crate) fn find(reference: &str, globals: &Globals) -> Result<SelectedExchanges, CommandError> {
    let reference = Reference::parse(reference)
        .map_err(|error| CommandError::input(error).hint("list what there is with `wraptap list`"))?;
    let path = match &reference.file {
        Some(file) => PathBuf::from(file),
        None => recording_arg::resolve(globals)?,
    };
    recording_arg::refuse_har(&path)?;
    match find::find(&path, reference.which) {
        Ok(exchanges) => {
            let redactor = recording_arg::redactor()?;
            let exchanges = exchanges.into_iter().map(|exchange| redactor.mask(exchange)).collect();
            Ok(SelectedExchanges { path, exchanges })
        }
        Err(FindError::Read(error)) => Err(recording_arg::read_error(error)),
        Err(error @ FindError::None { .. }) => Err(CommandError::input(error)
            .hint(format!("list what there is with `wraptap list {}`", terminal::shell_word(&path)))),
    }
}

/// Returns the exchanges that a query means, or without one those of all these REFs, with their recordings.
/// Every REF is looked up before anything is returned.
pub(crate) fn select(
    references: &[String],
    query: Option<&str>,
    globals: &Globals,
) -> Result<Vec<(PathBuf, Masked)>, CommandError> {
    let mut all = Vec::new();
    let mut add = |path: PathBuf, exchanges: Vec<Masked>| {
        all.extend(exchanges.into_iter().map(|masked| (path.clone(), masked)));
    };
    match query {
        Some(query) => {
            let (path, exchanges) = query_arg::select(query, globals)?;
            add(path, exchanges);
        }
        None => {
            for reference in references {
                let found = find(reference, globals)?;
                add(found.path, found.exchanges);
            }
        }
    }
    Ok(all)
}

/// Returns the exchanges of all these REFs. Every REF is looked up before anything is returned.
pub(crate) fn find_all(references: &[String], globals: &Globals) -> Result<Vec<Masked>, CommandError> {
    Ok(select(references, None, globals)?.into_iter().map(|(_, masked)| masked).collect())
}
