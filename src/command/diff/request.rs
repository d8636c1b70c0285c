//! A request that is judged by everything that is known: the recording, the baselines, the API's description.

use std::num::NonZeroU64;
use std::path::{Path, PathBuf};

use crate::baselines::folder;
use crate::command::args::payload_arg::PayloadArg;
use crate::command::args::{known_good, recording_arg};
use crate::config::Globals;
use crate::error::CommandError;
use crate::knowledge::Knowledge;
use crate::model::exchange::{Exchange, ExchangeId, Origin, Request};

/// The candidate as an exchange, with the recording that it is judged by.
pub(super) struct RequestToExamine {
    /// The recorded exchange, or one without an answer.
    pub(super) exchange: Exchange,
    recording: Option<PathBuf>,
}

impl RequestToExamine {
    /// Takes the request of a candidate; one that was not recorded gets an id that no recording has.
    pub(super) fn new(candidate: &PayloadArg, request: Request, globals: &Globals) -> Self {
        let exchange = match &candidate.exchange {
            Some((_, exchange)) => Exchange { request, ..(**exchange).clone() },
            None => Exchange::of(ExchangeId(NonZeroU64::MAX), Origin::Import, request),
        };
        Self { exchange, recording: known_good::recording_of(candidate, globals) }
    }

    /// Reads what is known.
    pub(super) fn knowledge(&self) -> Result<Knowledge, CommandError> {
        let Some(path) = &self.recording else {
            return Ok(Knowledge::of_baselines(Path::new(folder::DEFAULT)));
        };
        let subjects = std::slice::from_ref(&self.exchange);
        Knowledge::of_recording(path, subjects, &recording_arg::redactor()?)
            .map_err(recording_arg::read_error)
    }

    /// Returns accepted requests of the same operation, oldest first.
    pub(super) fn accepted(&self) -> Result<Vec<Exchange>, CommandError> {
        match &self.recording {
            Some(path) => known_good::accepted_in(path, &self.exchange),
            None => Ok(Vec::new()),
        }
    }
}
