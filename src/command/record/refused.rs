//! What is said below the live line of a refused exchange: the findings against a known-good payload where the
//! refusal may be about the payload, and one line on what it speaks of, judged by what was recorded so far.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use crate::baselines::{embedded, folder};
use crate::command::select::shell_word;
use crate::command::subject::{self, Subject};
use crate::diagnose;
use crate::diagnose::ground::Question;
use crate::diagnose::pairing::{self, Accepted, Sources};
use crate::diff::{self, Options};
use crate::genesys::catalogue;
use crate::model::baseline::Baseline;
use crate::model::exchange::Exchange;
use crate::model::finding::Finding;
use crate::model::known_good::KnownGood;
use crate::report::look::{Look, Role};
use crate::report::safe;

/// Findings that are shown; `wraptap diff` shows all.
const SHOWN: usize = 4;

/// Exchanges that are remembered for the verdict on a later one, and how large their answers may be (octets).
const REMEMBERED: usize = 64;
const SMALL: u64 = 64 * 1024;

/// Explains refusals, with what was accepted before in this run.
pub(super) struct Refused {
    recording: PathBuf,
    own: Vec<Baseline>,
    embedded: Vec<Baseline>,
    accepted: Accepted,
    /// The latest small exchanges, which tell of states, logins and permissions.
    history: VecDeque<Exchange>,
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
        let history = VecDeque::with_capacity(REMEMBERED);
        (Self { recording, own, embedded: embedded::all(), accepted, history, look }, faults)
    }

    /// Learns from an accepted exchange, or returns the lines that explain a refused one.
    pub(super) fn see(&mut self, exchange: &Exchange) -> String {
        self.accepted.offer(exchange);
        let text = match exchange.status() {
            // what wraptap refused by itself says why in its own line
            _ if exchange.error.is_some() => String::new(),
            Some(400 | 409 | 415 | 422) => self.payload(exchange),
            Some(400..) => self.verdict(exchange, &[], None),
            _ => String::new(),
        };
        let size = exchange.response.as_ref().map_or(0, |response| response.body.total);
        if size + exchange.request.body.total <= SMALL {
            if self.history.len() == REMEMBERED {
                self.history.pop_front();
            }
            self.history.push_back(exchange.clone());
        }
        text
    }

    /// The findings against the best known-good payload.
    fn payload(&mut self, exchange: &Exchange) -> String {
        let request = &exchange.request;
        let sources = Sources { folder: &self.own, accepted: &self.accepted, embedded: &self.embedded };
        let pairing = pairing::pair(request, sources);
        let Some(known) = pairing.chosen else {
            let verdict = self.verdict(exchange, &[], None);
            return format!("{verdict}    {}\n", safe::line(&pairing.reason));
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
        let mut text = self.verdict(exchange, &comparison.findings, Some(&known));
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

    /// What the refusal speaks of, in one line.
    fn verdict(&mut self, exchange: &Exchange, findings: &[Finding], good: Option<&KnownGood>) -> String {
        let diagnosis = diagnose::examine(Question {
            subject: exchange,
            history: self.history.make_contiguous(),
            findings,
            good,
            catalogue: catalogue::embedded(),
        });
        let mut text = match &diagnosis.verdict {
            Some(verdict) => format!("    {}: {}\n", verdict.cause.name(), safe::line(&verdict.statement)),
            None => String::new(),
        };
        if diagnosis.public == Some(false) {
            let (method, path) = (exchange.request.method_text(), exchange.request.path());
            text.push_str(&format!(
                "    the public API has no such operation; the nearest: `wraptap operation {} {}`\n",
                safe::line(&method),
                safe::line(catalogue::public_path(&path))
            ));
        }
        text
    }
}
