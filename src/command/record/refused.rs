//! The lines below the live line of a refused exchange, based on what was recorded so far in this run; and
//! below the line of a probe, if its response explains a refusal better.

use std::collections::VecDeque;
use std::path::Path;

use crate::command::terminal;
use crate::diagnose;
use crate::knowledge::Knowledge;
use crate::model::exchange::{Exchange, Origin};
use crate::report::commands::HintContext;
use crate::report::style::TextStyle;
use crate::report::{brief, layout, safe};

/// Refusals that a probe may still explain.
const OPEN: usize = 8;

/// Explains refusals, with what was accepted before in this run.
pub(super) struct RefusalExplainer {
    hints: HintContext,
    knowledge: Knowledge,
    look: TextStyle,
    /// Under `--probe` the newest refusals, each with the verdict printed for it last.
    open: Option<VecDeque<(Exchange, Option<String>)>>,
}

impl RefusalExplainer {
    /// Loads the known-good payloads. A folder of baselines that cannot be read is reported, but not fatal.
    pub(super) fn new(recording: &Path, probe: bool) -> (Self, Vec<String>) {
        let (knowledge, faults) = Knowledge::of_a_run();
        let faults = faults.into_iter().map(|fault| format!("warning: {fault}")).collect();
        let open = probe.then(VecDeque::new);
        let hints = terminal::hints(Some(recording));
        (Self { hints, knowledge, look: terminal::stderr_style(), open }, faults)
    }

    /// Learns from an exchange, and returns its line, with those that explain it if it was refused, or is odd
    /// though accepted.
    pub(super) fn explain(&mut self, exchange: &Exchange) -> String {
        let mut text = self.knowledge.brief(exchange, &self.look);
        if let Some(failure) = &exchange.error {
            let words = format!("{}: {}", failure.source.name(), safe::line(&failure.message));
            text.push_str(&layout::hanging("    ", &words, self.look.width));
        }
        let is_probe = exchange.origin == Origin::Probe;
        if !is_probe && exchange.is_refused() && exchange.error.is_none() {
            self.remember(exchange);
            let command = format!("report {}", exchange.id.get());
            text.push_str(&format!("    in full: `{}`\n", self.hints.command(&command)));
        }
        self.knowledge.learn(exchange);
        if is_probe {
            text.push_str(&self.changed_verdicts(exchange));
        }
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
                let text_of = format!("with this, {}: {verdict}", refused.id);
                text.push_str(&layout::hanging("    ", &text_of, self.look.width));
                *said = Some(verdict);
            }
        }
        text
    }

    /// Keeps a refusal for the probes that are still to come.
    fn remember(&mut self, exchange: &Exchange) {
        if let Some(open) = &mut self.open {
            let said = brief::verdict(&self.knowledge.examine(exchange).diagnosis, &self.look);
            open.truncate(OPEN - 1);
            open.push_front((exchange.clone(), said));
        }
    }
}
