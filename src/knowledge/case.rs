//! One exchange with everything that its ticket needs.

use std::path::{Path, PathBuf};

use crate::diagnose::examine::Examination;
use crate::interchange::curl;
use crate::knowledge::Knowledge;
use crate::model::exchange::{Exchange, ExchangeId};
use crate::model::known_good::KnownGood;
use crate::report::ticket::Ticket;

/// An examined exchange of a recording.
#[derive(Debug)]
pub struct Case {
    /// The exchange, secrets masked.
    pub exchange: Exchange,
    /// What it was compared with, and why it was refused.
    pub examination: Examination,
    /// Later exchanges that repeat it as hidden retries.
    pub attempts: Vec<ExchangeId>,
    /// Its recording.
    pub recording: PathBuf,
    /// The recording's path, as the user would name it.
    name: String,
    /// A command that sends it again, if one can be written.
    pub reproduce: Option<String>,
    /// The accepted exchange that sent the corrected body.
    pub proof: Option<ExchangeId>,
}

impl Case {
    /// Examines an exchange of the recording that the knowledge was read from.
    pub fn of(exchange: Exchange, knowledge: &mut Knowledge, recording: &Path) -> Self {
        let examination = knowledge.examine(&exchange);
        Self::examined(exchange, examination, knowledge, recording)
    }

    /// Examines an exchange against the known-good payload that the user chose.
    pub fn against(good: KnownGood, exchange: Exchange, knowledge: &mut Knowledge, recording: &Path) -> Self {
        let examination = knowledge.examine_against(&exchange, good);
        Self::examined(exchange, examination, knowledge, recording)
    }

    fn examined(
        exchange: Exchange,
        examination: Examination,
        knowledge: &Knowledge,
        recording: &Path,
    ) -> Self {
        let corrected = examination.diagnosis.remedy.body.as_ref();
        Self {
            proof: corrected.and_then(|body| knowledge.accepted_with(&exchange, body)),
            examination,
            attempts: knowledge.attempts_of(exchange.id),
            recording: recording.to_owned(),
            name: recording.display().to_string(),
            // A request that cannot be sent again as a command is no reason to give no ticket.
            reproduce: curl::write::command(&exchange).ok(),
            exchange,
        }
    }

    /// Returns what the report renders.
    pub fn ticket(&self) -> Ticket<'_> {
        Ticket {
            exchange: &self.exchange,
            recording: &self.name,
            region: self.examination.region.as_deref(),
            attempts: &self.attempts,
            pairing: &self.examination.pairing,
            comparison: self.examination.comparison.as_ref(),
            diagnosis: &self.examination.diagnosis,
            reproduce: self.reproduce.as_deref(),
            proof: self.proof,
        }
    }
}
