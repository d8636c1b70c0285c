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
const OF_A_RECORDING: usize = 4096;
const OF_A_RUN: usize = 64;
/// An exchange with more octets of bodies than this tells nothing of states, logins or permissions.
const SMALL: usize = 256 * 1024;

/// Everything that may serve as known-good or as evidence.
#[derive(Debug)]
pub(crate) struct Knowledge {
    folder: Vec<Baseline>,
    embedded: Vec<Baseline>,
    accepted: Accepted,
    history: VecDeque<Exchange>,
    most: usize,
}

impl Knowledge {
    /// Loads the baselines of `./recordings/baselines` and the embedded ones, for judging while it happens. Returns
    /// what could not be read as well.
    pub(crate) fn of_a_run() -> (Self, Vec<String>) {
        // A folder that is not there is the usual case before the first `baseline add`, and no fault.
        let (folder, faults) = match folder::load(Path::new(folder::DEFAULT)) {
            Ok(found) => (found.baselines, found.faults.iter().map(ToString::to_string).collect()),
            Err(error) => (Vec::new(), vec![error.to_string()]),
        };
        let knowledge = Self {
            folder,
            embedded: embedded::all(),
            accepted: Accepted::default(),
            history: VecDeque::new(),
            most: OF_A_RUN,
        };
        (knowledge, faults)
    }

    /// Loads the baselines, and takes in, in one pass over a recording, what was accepted and what can matter for
    /// these exchanges.
    pub(crate) fn of_recording(path: &Path, subjects: &[Exchange]) -> Result<Self, CommandError> {
        let (mut knowledge, faults) = Self::of_a_run();
        knowledge.most = OF_A_RECORDING;
        for fault in faults {
            tracing::warn!(fault, "skipped a baseline");
        }
        let redactor = select::redactor()?;
        for exchange in Reader::open(path).map_err(select::unreadable)? {
            match exchange {
                Ok(exchange) => {
                    let matters = subjects.iter().any(|subject| diagnose::matters(subject, &exchange));
                    if matters || exchange.is_accepted() {
                        // A foreign recording may hold secrets; what is masked already stays as it is.
                        let exchange = redactor.mask(exchange).into_exchange();
                        knowledge.accepted.offer(&exchange);
                        if matters {
                            knowledge.keep(exchange);
                        }
                    }
                }
                Err(error) if error.is_one_line() => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "skipped a line");
                }
                Err(error) => return Err(select::unreadable(error)),
            }
        }
        Ok(knowledge)
    }

    /// Takes in one exchange as it happens.
    pub(crate) fn learn(&mut self, exchange: &Exchange) {
        self.accepted.offer(exchange);
        self.keep(exchange.clone());
    }

    fn keep(&mut self, exchange: Exchange) {
        let answer = exchange.response.as_ref().map_or(0, |response| response.body.octets.len());
        if answer + exchange.request.body.octets.len() > SMALL {
            return;
        }
        if self.history.len() == self.most {
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
