//! `--fixed`: the corrected body, as the diagnosis of the exchange proposes it.

use std::path::{Path, PathBuf};

use bytes::Bytes;

use crate::api::genesys::catalogue;
use crate::baselines::{embedded, folder};
use crate::command::args::recording_arg;
use crate::diagnose;
use crate::diagnose::context::Question;
use crate::diagnose::pairing::{self, Accepted, Sources};
use crate::diff;
use crate::diff::comparison::Comparison;
use crate::diff::fix::{self, Lack};
use crate::error::CommandError;
use crate::model::baseline::Baseline;
use crate::model::coding;
use crate::model::exchange::Exchange;
use crate::model::finding::{Outcome, Severity};
use crate::store::recording::Recording;

/// What is known from a recording and the baselines, read once.
#[derive(Default)]
pub(super) struct KnownPayloads {
    read: Option<(PathBuf, Accepted)>,
    folder: Option<Vec<Baseline>>,
}

#[derive(Debug, thiserror::Error)]
#[error("{0} has no corrected body: nothing is known of how to mend it")]
struct Unmendable(String);

/// A corrected body.
pub(super) struct CorrectedBody {
    pub(super) body: Bytes,
    /// What had to be taken from the known-good body, for the user.
    pub(super) borrowed: Option<String>,
}

impl KnownPayloads {
    /// Returns the corrected body of an exchange's request.
    pub(super) fn body(&mut self, path: &Path, exchange: &Exchange) -> Result<CorrectedBody, CommandError> {
        self.read(path)?;
        let accepted = self.read.as_ref().map(|(_, accepted)| accepted.clone()).unwrap_or_default();
        let baselines = self.folder.clone().unwrap_or_default();
        let embedded = embedded::all();
        let sources = Sources { folder: &baselines, accepted: &accepted, embedded: &embedded };
        let pairing = pairing::pair(&exchange.request, sources);
        let request = &exchange.request;
        let sent = coding::decoded(&request.headers, &request.body).unwrap_or_default();
        let options = diff::Options { method: Some(request.method_text()), ..diff::Options::default() };
        let good = pairing.chosen.as_ref();
        let comparison = good.map(|good| diff::bodies(good.body.as_bytes(), &sent, &options));
        let findings = comparison.as_ref().map(|comparison| comparison.findings.clone()).unwrap_or_default();
        let diagnosis = diagnose::examine(Question {
            subject: exchange,
            history: &[],
            findings: &findings,
            good,
            catalogue: catalogue::embedded(),
        });
        let proposed = diagnosis.remedy.body.filter(|_| diagnosis.remedy.operation.is_none());
        // faults against the published model are corrected first; the rest is taken from the known-good body
        let proposed = proposed.map(String::into_bytes).filter(|body| {
            good.is_none_or(|good| {
                let rest = diff::bodies(good.body.as_bytes(), body, &options);
                rest.outcome != Outcome::Fail
            })
        });
        if let Some(body) = proposed {
            return Ok(CorrectedBody { body: body.into(), borrowed: None });
        }
        let wrong = |comparison: &Comparison| {
            comparison.count(Severity::Error) + comparison.count(Severity::Warning) > 0
        };
        let fixed = comparison.filter(wrong).and_then(|comparison| fix::fixed(&comparison, Lack::Offer));
        match (fixed, good) {
            (Some(fixed), Some(good)) => {
                let places: Vec<&str> = fixed.lacking.iter().map(|lacking| lacking.place.as_str()).collect();
                let borrowed = (!places.is_empty())
                    .then(|| format!("left out, though {} has it: {}", good.label, places.join(", ")));
                Ok(CorrectedBody { body: Bytes::from(fixed.body), borrowed })
            }
            _ => Err(unmendable(exchange)),
        }
    }

    fn read(&mut self, path: &Path) -> Result<(), CommandError> {
        if self.folder.is_none() {
            let found = folder::load(Path::new(folder::DEFAULT)).unwrap_or_default();
            self.folder = Some(found.baselines);
        }
        if self.read.as_ref().is_some_and(|(known, _)| known == path) {
            return Ok(());
        }
        let mut accepted = Accepted::default();
        for exchange in Recording::open(path).map_err(recording_arg::read_error)? {
            match exchange {
                Ok(exchange) => accepted.offer(&exchange),
                Err(error) if error.is_one_line() => {}
                Err(error) => return Err(recording_arg::read_error(error)),
            }
        }
        self.read = Some((path.to_owned(), accepted));
        Ok(())
    }
}

fn unmendable(exchange: &Exchange) -> CommandError {
    let label = exchange.id.get();
    CommandError::input(Unmendable(exchange.id.to_string()))
        .hint(format!("compare it with one that is known good: `wraptap diff {label} GOOD`"))
        .hint("then send your own: `--body FILE`, or `--set /pointer=TEXT`")
}
