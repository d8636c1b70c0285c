//! Finds the known-good payload for a candidate: own baselines, accepted exchanges of the recording, what is
//! built in.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use crate::baselines::folder;
use crate::command::args::payload_arg::PayloadArg;
use crate::command::args::recording_arg;
use crate::config::Globals;
use crate::diagnose::pairing::{self, Accepted, Sources};
use crate::error::CommandError;
use crate::model::baseline::Baseline;
use crate::model::exchange::{Exchange, ExchangeId, Request};
use crate::model::known_good::{KnownGood, KnownGoodOrigin, Pairing};
use crate::store::recording::Recording;

/// Accepted requests of the candidate's operation that are kept to learn from; the newest.
const MOST_ACCEPTED: usize = 8;

/// What there is to compare a candidate with.
#[derive(Debug, Default)]
pub(crate) struct FoundKnownGood {
    /// The choice, or why there is none.
    pub(crate) pairing: Pairing,
    /// The chosen one.
    pub(crate) good: Option<PayloadArg>,
}

/// Looks for a known-good payload of the candidate's request: among the user's baselines, what the recording
/// shows as accepted, and these examples.
///
/// # Errors
/// The recording or the baseline folder cannot be read. Finding nothing is no error.
pub(crate) fn find(
    candidate: &PayloadArg,
    request: &Request,
    examples: &[Baseline],
    globals: &Globals,
) -> Result<FoundKnownGood, CommandError> {
    let recording = recording_of(candidate, globals);
    let own = candidate.exchange.as_ref().map(|(_, exchange)| exchange.id);
    let (kinds, accepted) = match &recording {
        Some(path) => accepted_of(path, own, request)?,
        None => (Accepted::default(), VecDeque::new()),
    };
    let folder = folder::load(Path::new(folder::DEFAULT)).map_err(CommandError::machine)?;
    for fault in &folder.faults {
        tracing::warn!(error = fault as &dyn std::error::Error, "a baseline is left out");
    }
    let sources = Sources { folder: &folder.baselines, accepted: &kinds, embedded: examples };
    let pairing = pairing::pair(request, sources);
    let accepted: Vec<Exchange> = accepted.into();
    let good = match &pairing.chosen {
        Some(KnownGood { origin: KnownGoodOrigin::Exchange(id), .. }) => {
            let exchange = match accepted.iter().find(|exchange| exchange.id == *id) {
                Some(exchange) => Some(exchange.clone()),
                None => recording.as_deref().map(|path| one(path, *id)).transpose()?.flatten(),
            };
            exchange.zip(recording).map(|(exchange, path)| PayloadArg::from_exchange(path, exchange))
        }
        Some(known) => Some(PayloadArg::from_known_good(known, request)),
        None => None,
    };
    Ok(FoundKnownGood { pairing, good })
}

/// Returns accepted requests of the same operation as an exchange's, oldest first, and not itself.
pub(crate) fn accepted_in(path: &Path, exchange: &Exchange) -> Result<Vec<Exchange>, CommandError> {
    Ok(accepted_of(path, Some(exchange.id), &exchange.request)?.1.into())
}

/// Accepted requests of the candidate's operation, oldest first, if it comes from a recording.
pub(crate) fn accepted(
    candidate: &PayloadArg,
    request: &Request,
    globals: &Globals,
) -> Result<Vec<Exchange>, CommandError> {
    let Some(path) = recording_of(candidate, globals) else { return Ok(Vec::new()) };
    let own = candidate.exchange.as_ref().map(|(_, exchange)| exchange.id);
    Ok(accepted_of(&path, own, request)?.1.into())
}

/// The candidate's own recording, else the one that is meant; a command line may do without.
pub(crate) fn recording_of(candidate: &PayloadArg, globals: &Globals) -> Option<PathBuf> {
    match &candidate.exchange {
        Some((path, _)) => Some(path.clone()),
        None => recording_arg::resolve(globals).ok(),
    }
}

fn accepted_of(
    path: &Path,
    own: Option<ExchangeId>,
    request: &Request,
) -> Result<(Accepted, VecDeque<Exchange>), CommandError> {
    let operation = pairing::operation_of(request);
    let (mut kinds, mut kept) = (Accepted::default(), VecDeque::new());
    let redactor = recording_arg::redactor()?;
    for exchange in Recording::open(path).map_err(recording_arg::read_error)? {
        let exchange = match exchange {
            Ok(exchange) => exchange,
            Err(error) if error.is_one_line() => continue,
            Err(error) => return Err(recording_arg::read_error(error)),
        };
        if !exchange.is_accepted() || Some(exchange.id) == own {
            continue;
        }
        // A foreign recording may hold secrets; what is masked already stays as it is.
        let exchange = redactor.mask(exchange).exchange().clone();
        kinds.offer(&exchange);
        if pairing::operation_of(&exchange.request) == operation {
            if kept.len() == MOST_ACCEPTED {
                kept.pop_front();
            }
            kept.push_back(exchange);
        }
    }
    Ok((kinds, kept))
}

fn one(path: &Path, id: ExchangeId) -> Result<Option<Exchange>, CommandError> {
    let redactor = recording_arg::redactor()?;
    let reader = Recording::open(path).map_err(recording_arg::read_error)?;
    let found = reader.filter_map(Result::ok).find(|exchange| exchange.id == id);
    Ok(found.map(|exchange| redactor.mask(exchange).exchange().clone()))
}
