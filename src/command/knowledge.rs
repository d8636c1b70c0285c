//! What commands know when they judge an exchange: baselines of the folder, embedded ones, and the recording itself.

use std::collections::VecDeque;
use std::path::Path;

use crate::baselines::{embedded, folder};
use crate::command::select;
use crate::diagnose;
use crate::diagnose::examine::{self, Examination};
use crate::diagnose::pairing::{Accepted, Sources};
use crate::error::CommandError;
use crate::model::baseline::Baseline;
use crate::model::exchange::{Exchange, ExchangeId};
use crate::report::brief;
use crate::report::look::Look;
use crate::report::ticket::Ticket;
use crate::store::reader::Reader;

/// Exchanges that are kept as evidence for a verdict; of more, the newest.
const HISTORY: usize = 4096;

/// Everything that may serve as known-good or as evidence.
#[derive(Debug)]
pub(crate) struct Knowledge {
    folder: Vec<Baseline>,
    embedded: Vec<Baseline>,
    accepted: Accepted,
    history: VecDeque<Exchange>,
}

impl Knowledge {
    /// Loads the baselines of `./recordings/baselines` and the embedded ones; a broken file is told on stderr.
    pub(crate) fn load() -> Self {
        // A folder that is not there is the usual case before the first `baseline add`.
        let found = folder::load(Path::new(folder::DEFAULT)).unwrap_or_default();
        for fault in &found.faults {
            tracing::warn!(error = fault as &dyn std::error::Error, "skipped a baseline");
        }
        Self {
            folder: found.baselines,
            embedded: embedded::all(),
            accepted: Accepted::default(),
            history: VecDeque::new(),
        }
    }

    /// Takes in, in one pass over a recording, what was accepted and what can matter for these exchanges.
    pub(crate) fn read(&mut self, path: &Path, subjects: &[Exchange]) -> Result<(), CommandError> {
        for exchange in Reader::open(path).map_err(select::unreadable)? {
            match exchange {
                Ok(exchange) => {
                    self.accepted.offer(&exchange);
                    if subjects.iter().any(|subject| diagnose::matters(subject, &exchange)) {
                        self.keep(exchange);
                    }
                }
                Err(error) if error.is_one_line() => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "skipped a line");
                }
                Err(error) => return Err(select::unreadable(error)),
            }
        }
        Ok(())
    }

    /// Takes in one exchange as it happens.
    pub(crate) fn learn(&mut self, exchange: &Exchange) {
        self.accepted.offer(exchange);
        self.keep(exchange.clone());
    }

    fn keep(&mut self, exchange: Exchange) {
        if self.history.len() == HISTORY {
            self.history.pop_front();
        }
        self.history.push_back(exchange);
    }

    /// Examines one exchange against all that was taken in.
    pub(crate) fn examine(&mut self, exchange: &Exchange) -> Examination {
        let history = self.history.make_contiguous();
        // lines stand in the order in which exchanges ended, evidence in the order in which they began
        history.sort_by_key(|exchange| exchange.started_at);
        let sources = Sources { folder: &self.folder, accepted: &self.accepted, embedded: &self.embedded };
        examine::examine(exchange, sources, history)
    }

    /// Returns the few lines that stand under a refusal on a terminal, or nothing for what was not refused.
    pub(crate) fn brief(&mut self, exchange: &Exchange, look: &Look) -> String {
        if !exchange.is_refused() {
            return String::new();
        }
        let Examination { pairing, comparison, diagnosis, .. } = self.examine(exchange);
        brief::refusal(exchange, &pairing, comparison.as_ref(), &diagnosis, look)
    }

    /// Returns the exchanges that repeat this one as hidden retries.
    pub(crate) fn attempts_of(&self, id: ExchangeId) -> Vec<ExchangeId> {
        let repeats = self.history.iter().filter(|exchange| exchange.attempt_of == Some(id));
        repeats.map(|exchange| exchange.id).collect()
    }
}

/// One exchange with everything that its ticket needs.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) exchange: Exchange,
    pub(crate) examination: Examination,
    pub(crate) attempts: Vec<ExchangeId>,
    pub(crate) recording: String,
    /// A command that sends it again, if one can be written.
    pub(crate) reproduce: Option<String>,
}

impl Case {
    /// Examines an exchange of the recording that the knowledge was read from.
    pub(crate) fn of(exchange: Exchange, knowledge: &mut Knowledge, recording: &Path) -> Self {
        Self {
            examination: knowledge.examine(&exchange),
            attempts: knowledge.attempts_of(exchange.id),
            recording: recording.display().to_string(),
            // A request that cannot be sent again as a command is no reason to give no ticket.
            reproduce: crate::interchange::curl::write::command(&exchange).ok(),
            exchange,
        }
    }

    /// Returns what the report renders.
    pub(crate) fn ticket(&self) -> Ticket<'_> {
        Ticket {
            exchange: &self.exchange,
            recording: &self.recording,
            region: self.examination.region.as_deref(),
            attempts: &self.attempts,
            pairing: &self.examination.pairing,
            comparison: self.examination.comparison.as_ref(),
            diagnosis: &self.examination.diagnosis,
            reproduce: self.reproduce.as_deref(),
        }
    }
}
