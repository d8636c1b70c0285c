//! The lines below the live line of a refused exchange, based on what was recorded so far in this run; and
//! below the line of a probe, if its response explains a refusal better.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use crate::api::genesys::catalogue;
use crate::command::terminal;
use crate::diagnose;
use crate::knowledge::Knowledge;
use crate::model::exchange::{Exchange, Origin};
use crate::report::brief;
use crate::report::safe;
use crate::report::style::TextStyle;

/// Refusals that a probe may still explain.
const OPEN: usize = 8;

/// Explains refusals, with what was accepted before in this run.
pub(super) struct RefusalExplainer {
    recording: PathBuf,
    knowledge: Knowledge,
    look: TextStyle,
    /// Under `--probe` the newest refusals, each with the verdict printed for it last.
    open: Option<VecDeque<(Exchange, Option<String>)>>,
}

impl RefusalExplainer {
    /// Loads the known-good payloads. A folder of baselines that cannot be read is reported, but not fatal.
    pub(super) fn new(recording: &Path, look: TextStyle, probe: bool) -> (Self, Vec<String>) {
        let (knowledge, faults) = Knowledge::of_a_run();
        let faults = faults.into_iter().map(|fault| format!("warning: {fault}")).collect();
        let open = probe.then(VecDeque::new);
        (Self { recording: recording.to_owned(), knowledge, look, open }, faults)
    }

    /// Learns from an exchange, and returns the lines that explain it if it was refused, or is odd though
    /// accepted.
    pub(super) fn explain(&mut self, exchange: &Exchange) -> String {
        if exchange.origin == Origin::Probe {
            self.knowledge.learn(exchange);
            return self.changed_verdicts(exchange);
        }
        // the line of an exchange that wraptap refused already has the reason
        let text = if exchange.error.is_some() {
            String::new()
        } else if exchange.is_refused() {
            self.explain_refusal(exchange)
        } else {
            self.knowledge.brief(exchange, &self.look)
        };
        self.knowledge.learn(exchange);
        text
    }

    /// Returns the verdicts that a probe changed.
    fn changed_verdicts(&mut self, probe: &Exchange) -> String {
        let mut text = String::new();
        for (refused, said) in self.open.iter_mut().flatten() {
            if refused.run != probe.run || !diagnose::matters(refused, probe) {
                continue;
            }
            let now = brief::verdict(&self.knowledge.examine(refused).diagnosis, &self.look);
            if let Some(verdict) = now.filter(|now| said.as_ref() != Some(now)) {
                text.push_str(&format!("    with this, {}: {verdict}\n", refused.id));
                *said = Some(verdict);
            }
        }
        text
    }

    fn explain_refusal(&mut self, exchange: &Exchange) -> String {
        let mut text = self.knowledge.brief(exchange, &self.look);
        if let Some(open) = &mut self.open {
            let said = brief::verdict(&self.knowledge.examine(exchange).diagnosis, &self.look);
            open.truncate(OPEN - 1);
            open.push_front((exchange.clone(), said));
        }
        let (method, path) = (exchange.request.method_text(), exchange.request.path());
        if catalogue::is_public(&path) && catalogue::operation_of(&method, &path).is_none() {
            text.push_str(&format!(
                "    the public API has no such operation; see the nearest ones: `wraptap operation '{} {}'`\n",
                safe::line(&method),
                safe::line(catalogue::public_path(&path))
            ));
        }
        let recording = terminal::shell_word(&self.recording);
        text + &format!("    in full: `wraptap report {} -r {recording}`\n", exchange.id.get())
    }
}
