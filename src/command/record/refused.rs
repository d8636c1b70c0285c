//! What is said below the live line of a refused exchange, judged by what was recorded so far in this run.

use std::path::{Path, PathBuf};

use crate::command::knowledge::Knowledge;
use crate::command::select::shell_word;
use crate::genesys::catalogue;
use crate::model::exchange::Exchange;
use crate::report::look::Look;
use crate::report::safe;

/// Explains refusals, with what was accepted before in this run.
pub(super) struct Refused {
    recording: PathBuf,
    knowledge: Knowledge,
    look: Look,
}

impl Refused {
    /// Loads the known-good payloads that there are. A folder of baselines that cannot be read is said, not fatal.
    pub(super) fn new(recording: &Path, look: Look) -> (Self, Vec<String>) {
        let (knowledge, faults) = Knowledge::of_a_run();
        let faults = faults.into_iter().map(|fault| format!("warning: {fault}")).collect();
        (Self { recording: recording.to_owned(), knowledge, look }, faults)
    }

    /// Learns from an exchange, and returns the lines that explain it if it was refused.
    pub(super) fn see(&mut self, exchange: &Exchange) -> String {
        // what wraptap refused by itself says why in its own line
        let text = if exchange.error.is_some() || !exchange.is_refused() {
            String::new()
        } else {
            self.explain(exchange)
        };
        self.knowledge.learn(exchange);
        text
    }

    fn explain(&mut self, exchange: &Exchange) -> String {
        let mut text = self.knowledge.brief(exchange, &self.look);
        let (method, path) = (exchange.request.method_text(), exchange.request.path());
        if catalogue::is_public(&path) && catalogue::operation_of(&method, &path).is_none() {
            text.push_str(&format!(
                "    the public API has no such operation; the nearest: `wraptap operation '{} {}'`\n",
                safe::line(&method),
                safe::line(catalogue::public_path(&path))
            ));
        }
        let recording = shell_word(&self.recording);
        text + &format!("    in full: `wraptap report {} -r {recording}`\n", exchange.id.get())
    }
}
