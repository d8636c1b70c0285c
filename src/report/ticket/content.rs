//! What every format of the ticket renders: the ticket, its messages as text, and what was masked.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::diff::comparison::Comparison;
use crate::model::coding;
use crate::model::diagnosis::Diagnosis;
use crate::model::exchange::{Body, Exchange, ExchangeId, Headers, Request, Response};
use crate::model::known_good::{KnownGoodOrigin, Pairing};
use crate::report::personal::PersonalData;
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

    /// Returns the title: `400 on POST /api/v2/…`.
    pub(super) fn title(&self) -> String {
        match (self.exchange.status(), &self.exchange.error) {
            (Some(status), None) => format!("{status} on {}", self.diagnosis.operation),
            (Some(status), Some(_)) => format!("{status}, incomplete, on {}", self.diagnosis.operation),
            (None, _) => format!("no response to {}", self.diagnosis.operation),
        }
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

/// Returns the request as on the wire, secrets masked; of a body that is not text, only the size.
pub(super) fn request_text(request: &Request) -> String {
    let line = format!("{} {} {}", request.method.lossy(), request.target.lossy(), request.version);
    message_text(&line, &request.headers, &request.body)
}

/// Returns the response in the same way.
pub(super) fn response_text(response: &Response) -> String {
    let line = format!("{} {} {}", response.version, response.status, response.reason.lossy());
    message_text(line.trim_end(), &response.headers, &response.body)
}

fn message_text(line: &str, headers: &Headers, body: &Body) -> String {
    let mut text = format!("{line}\n");
    for header in headers.iter() {
        text.push_str(&format!("{}: {}\n", header.name.lossy(), header.value.lossy()));
    }
    text.push('\n');
    let Body { bytes, total, cut, .. } = body;
    let plain = coding::decoded(headers, body);
    match std::str::from_utf8(plain.as_deref().unwrap_or(bytes)) {
        Ok(body) => text.push_str(body),
        Err(_) => text.push_str(&format!("({total} bytes that are not text)")),
    }
    if matches!(plain, Some(Cow::Owned(_))) {
        text.push_str(&format!("\n(decoded: {total} bytes on the wire)"));
    }
    if *cut {
        text.push_str(&format!("\n(cut: {} of {total} bytes were recorded)", bytes.len()));
    }
    text
}
