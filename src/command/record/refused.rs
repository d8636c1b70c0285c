//! What is said below the live line of a refused exchange: the findings against a known-good payload where the
//! refusal may be about the payload, else one line about what its status speaks of.

use std::path::{Path, PathBuf};

use crate::baselines::{embedded, folder};
use crate::command::select::shell_word;
use crate::command::subject::{self, Subject};
use crate::diagnose::pairing::{self, Accepted, Sources};
use crate::diff::{self, Options};
use crate::genesys::catalogue;
use crate::model::baseline::Baseline;
use crate::model::exchange::Exchange;
use crate::model::finding::Finding;
use crate::report::look::{Look, Role};
use crate::report::safe;

/// Findings that are shown; `wraptap diff` shows all.
const SHOWN: usize = 4;

/// Explains refusals, with what was accepted before in this run.
pub(super) struct Refused {
    recording: PathBuf,
    own: Vec<Baseline>,
    embedded: Vec<Baseline>,
    accepted: Accepted,
    look: Look,
}

impl Refused {
    /// Loads the known-good payloads that there are. A folder of baselines that cannot be read is said, not fatal.
    pub(super) fn new(recording: &Path, look: Look) -> (Self, Vec<String>) {
        let (own, faults) = match folder::load(Path::new(folder::DEFAULT)) {
            Ok(folder) => (folder.baselines, folder.faults.iter().map(ToString::to_string).collect()),
            Err(error) => (Vec::new(), vec![error.to_string()]),
        };
        let faults = faults.into_iter().map(|fault: String| format!("warning: {fault}")).collect();
        let recording = recording.to_owned();
        let accepted = Accepted::default();
        (Self { recording, own, embedded: embedded::all(), accepted, look }, faults)
    }

    /// Learns from an accepted exchange, or returns the lines that explain a refused one.
    pub(super) fn see(&mut self, exchange: &Exchange) -> String {
        self.accepted.offer(exchange);
        match exchange.status() {
            // what wraptap refused by itself says why in its own line
            _ if exchange.error.is_some() => String::new(),
            Some(400 | 409 | 415 | 422) => self.payload(exchange),
            Some(status) if status >= 400 => format!("    {}\n", self.other(exchange, status)),
            _ => String::new(),
        }
    }

    /// The findings against the best known-good payload.
    fn payload(&self, exchange: &Exchange) -> String {
        let request = &exchange.request;
        let sources = Sources { folder: &self.own, accepted: &self.accepted, embedded: &self.embedded };
        let pairing = pairing::pair(request, sources);
        let mut text = unknown_operation(exchange).map(|line| format!("    {line}\n")).unwrap_or_default();
        let Some(known) = pairing.chosen else {
            text.push_str(&format!("    {}\n", safe::line(&pairing.reason)));
            return text;
        };
        let good = Subject::of_known_good(&known, request);
        let operation = catalogue::operation_of(&request.method_text(), &request.path());
        let options = Options {
            ignore: good.ignore.clone(),
            operations: operation.map(|entry| entry.operation()).into_iter().collect(),
            ..Options::default()
        };
        let mut candidate = request.clone();
        candidate.body.octets = subject::octets(request).into();
        let comparison = match &good.request {
            Some(good) => diff::request::compare(good, &candidate, &options),
            None => diff::bodies(&good.body, &candidate.body.octets, &options),
        };
        for finding in comparison.findings.iter().take(SHOWN) {
            text.push_str(&self.finding(finding));
        }
        let more = comparison.findings.len().saturating_sub(SHOWN);
        let rest = if more > 0 { format!("{more} more; ") } else { String::new() };
        let outcome = if comparison.findings.is_empty() { "no difference from" } else { "compared with" };
        text.push_str(&format!(
            "    {rest}{outcome} {}; in full: `wraptap diff {} -r {}`\n",
            safe::line(&known.label),
            exchange.id.get(),
            shell_word(&self.recording),
        ));
        text
    }

    fn finding(&self, finding: &Finding) -> String {
        let head = format!("{}[{}]", finding.severity.name(), finding.class.name());
        let mark = self.look.paint(Role::Severity(finding.severity), &head);
        format!("    {mark}: {}\n", safe::line(&finding.message))
    }

    /// What a refusal that is not about the payload speaks of.
    fn other(&self, exchange: &Exchange, status: u16) -> String {
        if let Some(line) = unknown_operation(exchange) {
            return line;
        }
        let what = match status {
            401 => "speaks of the credentials: no token, an expired one, or a failed login",
            403 => "speaks of permissions: the caller is known and may not do this",
            404 => "speaks of the address: no such operation, or nothing with this id",
            405 => "speaks of the method: the address exists, but not for this method",
            408 | 504 => "speaks of time: an answer took too long",
            413 => "speaks of size: the body is too large",
            429 => "speaks of the rate: too many requests; Retry-After says when the next may come",
            500.. => "speaks of the server or the way to it, not of the request",
            _ => "does not speak of the payload",
        };
        format!("{status} {what}")
    }
}

/// Says that the public API has no such operation, where that is so.
fn unknown_operation(exchange: &Exchange) -> Option<String> {
    let (method, path) = (exchange.request.method_text(), exchange.request.path());
    let known = !catalogue::is_public(&path) || catalogue::operation_of(&method, &path).is_some();
    (!known).then(|| {
        format!(
            "the public API has no such operation; the nearest: `wraptap operation {} {}`",
            safe::line(&method),
            safe::line(catalogue::public_path(&path))
        )
    })
}
