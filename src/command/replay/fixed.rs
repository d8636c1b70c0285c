//! `--fixed`: the one correction of a request that its report shows, too.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use bytes::Bytes;

use crate::command::args::{recording_arg, set_arg};
use crate::command::replay::args::ReplayArgs;
use crate::error::CommandError;
use crate::knowledge::Knowledge;
use crate::model::coding;
use crate::model::exchange::Exchange;

/// What is known of the exchanges that are to be corrected, by recording. Each recording is read once.
pub(super) struct Corrections {
    exchanges: BTreeMap<PathBuf, Vec<Exchange>>,
    known: BTreeMap<PathBuf, Knowledge>,
}

#[derive(Debug, thiserror::Error)]
enum FixedError {
    #[error("{0} has no corrected body: nothing is known of how to correct it")]
    Unmendable(String),
    #[error("{0} has no corrected body before you give what is missing")]
    Open(String),
    #[error("the body of {0} belongs to {1}")]
    Elsewhere(String, String),
}

/// A corrected body.
pub(super) struct CorrectedBody {
    pub(super) body: Bytes,
    /// Where it has to be sent, if the operation is wrong.
    pub(super) note: Option<String>,
}

impl Corrections {
    /// Prepares for these exchanges, each with its recording.
    pub(super) fn new(selected: &[(PathBuf, Exchange)]) -> Self {
        let mut exchanges: BTreeMap<PathBuf, Vec<Exchange>> = BTreeMap::new();
        for (path, exchange) in selected {
            exchanges.entry(path.clone()).or_default().push(exchange.clone());
        }
        Self { exchanges, known: BTreeMap::new() }
    }

    /// Returns the corrected body of an exchange's request, to which the user's own edits are still to be
    /// applied.
    pub(super) fn body(
        &mut self,
        path: &Path,
        exchange: &Exchange,
        args: &ReplayArgs,
    ) -> Result<CorrectedBody, CommandError> {
        let remedy = self.knowledge(path)?.examine(exchange).diagnosis.remedy;
        let request = &exchange.request;
        let sent =
            || coding::decoded(&request.headers, &request.body).map(|sent| Bytes::from(sent.into_owned()));
        let open = set_arg::describe_open(&remedy);
        let body = match (remedy.body, remedy.draft) {
            (Some(body), _) => Some(Bytes::from(body)),
            (None, _) if args.set.is_empty() && args.unset.is_empty() => None,
            (None, Some(draft)) => Some(Bytes::from(draft)),
            (None, None) => sent(),
        };
        let elsewhere = remedy.operation.filter(|_| args.target.is_none());
        match (body, elsewhere) {
            // a body of another operation is shown, but not sent to this one
            (Some(_), Some(to)) if !args.dry_run => {
                Err(CommandError::input(FixedError::Elsewhere(exchange.id.to_string(), to))
                    .hint("send it there: `--target /PATH` with the ids filled in"))
            }
            (Some(body), to) => Ok(CorrectedBody { body, note: to.map(|to| format!("it belongs to {to}")) }),
            (None, _) => Err(missing(exchange, &open)),
        }
    }

    fn knowledge(&mut self, path: &Path) -> Result<&mut Knowledge, CommandError> {
        if !self.known.contains_key(path) {
            let subjects = self.exchanges.get(path).map(Vec::as_slice).unwrap_or_default();
            let known = Knowledge::of_recording(path, subjects, &recording_arg::redactor()?)
                .map_err(recording_arg::read_error)?;
            self.known.insert(path.to_owned(), known);
        }
        // it was put there right now
        Ok(self.known.entry(path.to_owned()).or_insert_with(|| Knowledge::of_baselines(Path::new(""))))
    }
}

fn missing(exchange: &Exchange, open: &[String]) -> CommandError {
    let label = exchange.id.to_string();
    if open.is_empty() {
        let id = exchange.id.get();
        return CommandError::input(FixedError::Unmendable(label))
            .hint(format!("compare it with one that is known good: `wraptap diff {id} GOOD`"))
            .hint("then send your own: `--body FILE`, or `--set /pointer=TEXT`");
    }
    open.iter().fold(CommandError::input(FixedError::Open(label)), |error, open| error.hint(open.clone()))
}
