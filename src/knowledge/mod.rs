//! Floor 4: what is known when an exchange is judged: baselines of the folder, embedded ones, and the
//! recording itself.
//!
//! Commands and the page ask the same questions, so that a terminal, a ticket and a browser give the same
//! answers.

pub mod archive;
pub mod bundle;
pub mod case;
pub mod keep;
pub mod operations;
pub mod payload;
pub mod refusals;
pub mod selection;

use std::collections::VecDeque;
use std::path::Path;

use serde_json::Value;

use crate::baselines::{embedded, folder};
use crate::diagnose::Relevance;
use crate::diagnose::examine::{self, Examination};
use crate::diagnose::pairing::{self, Accepted, Sources};
use crate::model::baseline::Baseline;
use crate::model::exchange::{Exchange, ExchangeId, Origin};
use crate::model::known_good::{KnownGood, Pairing};
use crate::redact::Redactor;
use crate::report::brief;
use crate::report::style::TextStyle;
use crate::store::recording::{ReadError, Recording};

/// Exchanges that are kept as evidence for a verdict; of more, the newest.
pub const OF_A_RECORDING: usize = 4096;
const OF_A_RUN: usize = 64;
/// An exchange with more bytes of bodies than this is no evidence of states, logins or permissions.
const SMALL: usize = 256 * 1024;

/// Everything that may serve as known-good or as evidence.
#[derive(Debug)]
pub struct Knowledge {
    folder: Vec<Baseline>,
    embedded: Vec<Baseline>,
    accepted: Accepted,
    history: VecDeque<Exchange>,
    most: usize,
}

impl Knowledge {
    /// Loads the baselines of `./recordings/baselines` and the embedded ones, for judging while it happens.
    /// Returns what could not be read as well.
    pub fn of_a_run() -> (Self, Vec<String>) {
        Self::with(Path::new(folder::DEFAULT), OF_A_RUN)
    }

    fn with(baselines: &Path, most: usize) -> (Self, Vec<String>) {
        // A folder that is not there is the usual case before the first `baseline add`, and no fault.
        let (folder, faults) = match folder::load(baselines) {
            Ok(found) => (found.baselines, found.faults.iter().map(ToString::to_string).collect()),
            Err(error) => (Vec::new(), vec![error.to_string()]),
        };
        let knowledge = Self {
            folder,
            embedded: embedded::all(),
            accepted: Accepted::default(),
            history: VecDeque::new(),
            most,
        };
        (knowledge, faults)
    }

    /// Loads the baselines, and takes in, in one pass over a recording, what was accepted and what can matter
    /// for these exchanges. A foreign recording may hold secrets: `redactor` masks what is not masked yet.
    ///
    /// # Errors
    /// The recording cannot be read. Lines that are no exchange are passed over.
    pub fn of_recording(path: &Path, subjects: &[Exchange], redactor: &Redactor) -> Result<Self, ReadError> {
        let mut knowledge = Self::of_baselines(Path::new(folder::DEFAULT));
        let relevant = Relevance::of(subjects);
        for exchange in Recording::open(path)? {
            match exchange {
                Ok(exchange) => {
                    let matters = relevant.covers_exchange(&exchange);
                    if matters || exchange.is_accepted() {
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
                Err(error) => return Err(error),
            }
        }
        Ok(knowledge)
    }

    /// Loads the baselines of a folder and the embedded ones, for judging with what the caller takes in of a
    /// recording by `learn`.
    pub fn of_baselines(baselines: &Path) -> Self {
        let (knowledge, faults) = Self::with(baselines, OF_A_RECORDING);
        for fault in faults {
            tracing::warn!(fault, "skipped a baseline");
        }
        knowledge
    }

    /// Takes in one exchange as it happens.
    pub fn learn(&mut self, exchange: &Exchange) {
        self.accepted.offer(exchange);
        self.keep(exchange.clone());
    }

    /// Forgets what was taken in of a recording; baselines stay.
    pub fn forget(&mut self) {
        self.accepted = Accepted::default();
        self.history.clear();
    }

    fn keep(&mut self, exchange: Exchange) {
        let answer = exchange.response.as_ref().map_or(0, |response| response.body.bytes.len());
        if answer + exchange.request.body.bytes.len() > SMALL {
            return;
        }
        if self.history.len() == self.most {
            self.history.pop_front();
        }
        self.history.push_back(exchange);
    }

    /// Examines one exchange against all that was taken in.
    pub fn examine(&mut self, exchange: &Exchange) -> Examination {
        let history = self.history.make_contiguous();
        // lines are in the order in which exchanges ended, evidence in the order in which they began
        history.sort_by_key(|exchange| exchange.started_at);
        let sources = Sources { folder: &self.folder, accepted: &self.accepted, embedded: &self.embedded };
        examine::examine(exchange, sources, history)
    }

    /// Returns every known-good payload that an exchange can be compared with, the one that `examine` takes
    /// first.
    pub fn choices(&self, exchange: &Exchange) -> Vec<KnownGood> {
        let sources = Sources { folder: &self.folder, accepted: &self.accepted, embedded: &self.embedded };
        pairing::choices(exchange, sources)
    }

    /// Returns the newest accepted exchange that sent this body to the same place.
    pub fn accepted_with(&self, exchange: &Exchange, body: &str) -> Option<ExchangeId> {
        let wanted: Value = serde_json::from_str(body).ok()?;
        let same = |other: &&Exchange| {
            other.is_accepted()
                && other.request.method == exchange.request.method
                && other.request.target == exchange.request.target
                && serde_json::from_slice::<Value>(&other.request.body.bytes).is_ok_and(|sent| sent == wanted)
        };
        self.history.iter().rfind(same).map(|other| other.id)
    }

    /// Examines one exchange as compared with a known-good payload that a person chose.
    pub fn examine_against(&mut self, exchange: &Exchange, good: KnownGood) -> Examination {
        let history = self.history.make_contiguous();
        history.sort_by_key(|exchange| exchange.started_at);
        let pairing = Pairing { chosen: Some(good), reason: "you chose it".to_owned(), close: Vec::new() };
        examine::against(exchange, pairing, history)
    }

    /// Returns an exchange in a few lines for a terminal: its own, then why it was refused, or what is odd
    /// though it was accepted.
    pub fn brief(&mut self, exchange: &Exchange, look: &TextStyle) -> String {
        let is_odd = exchange.is_accepted() && !exchange.request.body.is_empty();
        // the line of an exchange without an answer has the reason
        let is_refused = exchange.is_refused() && exchange.error.is_none();
        if exchange.origin == Origin::Probe || !is_odd && !is_refused {
            return brief::line(exchange, None, look);
        }
        let diagnosis = self.examine(exchange).diagnosis;
        let below = if is_refused {
            brief::refusal(exchange, &diagnosis, look)
        } else {
            brief::acceptance(exchange, &diagnosis, look)
        };
        brief::line(exchange, Some(&diagnosis), look) + &below
    }

    /// Returns the exchanges that repeat this one as hidden retries.
    pub fn attempts_of(&self, id: ExchangeId) -> Vec<ExchangeId> {
        let repeats = self.history.iter().filter(|exchange| exchange.attempt_of == Some(id));
        repeats.map(|exchange| exchange.id).collect()
    }
}
