//! What every format of the ticket renders: the ticket, its messages as text, and what was masked.

use std::collections::BTreeSet;

use crate::diff::comparison::Comparison;
use crate::model::diagnosis::Diagnosis;
use crate::model::exchange::{Exchange, ExchangeId};
use crate::model::known_good::{KnownGoodOrigin, Pairing};
use crate::report::commands::shell_word;
use crate::report::headline;
use crate::report::personal::PersonalData;
use crate::report::safe;
use crate::report::ticket::texts;

/// Everything known about one exchange.
#[derive(Clone, Copy, Debug)]
pub struct Ticket<'a> {
    /// The exchange, secrets masked.
    pub exchange: &'a Exchange,
    /// The recording that contains it, as the user names it.
    pub recording: &'a str,
    /// The region of the upstream, `eu_central_1 (mypurecloud.de)`.
    pub region: Option<&'a str>,
    /// Later exchanges that repeat this one as hidden retries of the same call.
    pub attempts: &'a [ExchangeId],
    /// What it was compared with, and why.
    pub pairing: &'a Pairing,
    /// What the comparison found, if there was something to compare with.
    pub comparison: Option<&'a Comparison>,
    /// Operation, checks, verdict, remedy.
    pub diagnosis: &'a Diagnosis,
    /// A command that sends it again, credentials as an environment variable.
    pub reproduce: Option<&'a str>,
    /// The accepted exchange that sent the corrected body.
    pub proof: Option<ExchangeId>,
}

/// What happens to e-mail addresses, phone numbers and names.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum People {
    /// Masked and listed.
    Masked,
    /// Shown, because the user asked for it (`--include-personal`).
    Shown,
}

impl Ticket<'_> {
    /// Returns the texts that may contain personal data.
    pub(super) fn texts(&self) -> Vec<String> {
        let mut texts = texts::exchange_texts(self.exchange);
        texts.extend(self.pairing.chosen.as_ref().map(|good| good.body.lossy().into_owned()));
        let evidence = self
            .diagnosis
            .verdict
            .iter()
            .flat_map(|verdict| verdict.evidence.iter().chain(&verdict.contrary));
        texts.extend(evidence.filter_map(|evidence| evidence.quote.clone()));
        texts
    }

    /// Returns the exchanges that the ticket mentions: its own, hidden retries, the known-good one, the
    /// evidence.
    pub fn mentioned_exchanges(&self) -> BTreeSet<ExchangeId> {
        let mut ids: BTreeSet<ExchangeId> = self.attempts.iter().copied().collect();
        ids.insert(self.exchange.id);
        if let Some(KnownGoodOrigin::Exchange(id)) = self.pairing.chosen.as_ref().map(|good| &good.origin) {
            ids.insert(*id);
        }
        if let Some(verdict) = &self.diagnosis.verdict {
            let evidence = verdict.evidence.iter().chain(&verdict.contrary);
            ids.extend(evidence.filter_map(|evidence| evidence.exchange));
        }
        ids.extend(self.diagnosis.faults.iter().filter_map(|fault| fault.exchange));
        ids
    }

    /// Returns the title: `400: notes is null, POST conversations/calls/.../wrapup (Python SDK 269.0.0)`.
    pub(super) fn title(&self) -> String {
        let status = match (self.exchange.status(), &self.exchange.error) {
            (Some(status), None) => status.to_string(),
            (Some(status), Some(_)) => format!("{status}, incomplete"),
            (None, _) => "no response".to_owned(),
        };
        let failure = self.exchange.error.as_ref().map(|failure| safe::line(&failure.message).into_owned());
        let cause = failure.or_else(|| headline::cause(self.diagnosis));
        let cause = cause.unwrap_or_else(|| "accepted".to_owned());
        let path = headline::short_path(&self.exchange.request.path());
        let client = self.exchange.sdk.as_ref().map(headline::client);
        let client = client.map(|client| format!(" ({})", client.replace(" (", ", ").replace(')', "")));
        let method = self.exchange.request.method_text();
        format!("{status}: {cause}, {method} {path}{}", client.unwrap_or_default())
    }

    /// Returns the rule by which wraptap's simulator answered; `None` if somebody else did.
    pub(super) fn simulator_rule(&self) -> Option<&str> {
        self.exchange.response.as_ref()?.headers.text("x-wraptap-simulator")
    }

    /// Returns the command that sends it again with these options; what the simulator answered goes to the
    /// built-in one, because the one that answered may be gone.
    pub(super) fn replay_command(&self, options: &str) -> String {
        let command = self.command("replay");
        let simulator = if self.simulator_rule().is_some() { " --to simulator" } else { "" };
        format!("{command}{options}{simulator}")
    }

    /// Returns a command about it, such as `diff`.
    pub(super) fn command(&self, name: &str) -> String {
        format!("wraptap {name} {} -r {}", self.exchange.id.get(), shell_word(self.recording))
    }
}

/// Finds the personal data of all tickets; nothing if it may be shown.
pub(super) fn people(tickets: &[Ticket<'_>], people: People) -> PersonalData {
    match people {
        People::Shown => PersonalData::default(),
        People::Masked => {
            let texts: Vec<String> = tickets.iter().flat_map(Ticket::texts).collect();
            PersonalData::find(texts.iter().map(String::as_str))
        }
    }
}

/// Returns what was masked, one line per kind.
pub(super) fn masked(personal: &PersonalData, people: People) -> Vec<String> {
    let mut lines = vec!["secrets: `redacted-KIND-TAG`; equal tags of one run are equal secrets".to_owned()];
    lines.extend(personal.list());
    if lines.len() == 1 && people == People::Masked {
        lines.push("no e-mail address, phone number or name was found".to_owned());
    }
    lines
}
