//! The output of a replay: one line per request with the differences, and a summary; or one document.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use serde_json::{Value, json};

use crate::command::replay::replayed::{self, Replayed};
use crate::command::terminal::output;
use crate::command::terminal::{self, OutputFormat};
use crate::diagnose::pairing;
use crate::model::exchange::Exchange;
use crate::replay::compare::{Difference, Verdict};
use crate::report::commands::HintContext;
use crate::report::safe;

/// A request that was answered.
pub(super) struct ReplayResult<'a> {
    pub(super) exchange: &'a Exchange,
    pub(super) replayed: &'a Replayed,
    pub(super) verdict: Verdict,
    pub(super) differences: Vec<Difference>,
    /// What was left out or taken from elsewhere.
    pub(super) notes: &'a [String],
}

/// Prints results as they come, or holds them for one document.
pub(super) struct ReplayPrinter {
    json: bool,
    hints: HintContext,
    results: Vec<Value>,
    notes: Vec<String>,
    counts: BTreeMap<Verdict, u64>,
    passed_over: u64,
    fine: bool,
}

impl ReplayPrinter {
    /// `recording` gets the new exchanges.
    pub(super) fn new(format: OutputFormat, recording: Option<&Path>) -> Self {
        Self {
            json: format == OutputFormat::Json,
            hints: terminal::hints(recording),
            results: Vec::new(),
            notes: Vec::new(),
            counts: BTreeMap::new(),
            passed_over: 0,
            fine: true,
        }
    }

    /// Returns whether nothing was refused, changed or missing.
    pub(super) fn is_fine(&self) -> bool {
        self.fine
    }

    /// Takes the result of a request that was answered.
    pub(super) fn answered(&mut self, result: &ReplayResult<'_>) -> io::Result<()> {
        let ReplayResult { exchange, replayed, verdict, differences, notes } = result;
        *self.counts.entry(*verdict).or_default() += 1;
        let status = replayed.exchange.status().unwrap_or_default();
        self.fine &= replayed::is_fine(*verdict, status);
        let before = exchange.status();
        let operation = pairing::operation_of(&exchange.request).to_string();
        let simulated = simulated(&replayed.exchange);
        if self.json {
            self.results.push(json!({
                "id": exchange.id.get(),
                "operation": operation,
                "verdict": verdict.name(),
                "recorded_status": before,
                "status": status,
                "upstream": replayed.exchange.upstream,
                "simulator_rule": simulated,
                "recorded_as": replayed.recorded.then(|| replayed.exchange.id.get()),
                "notes": notes,
                "milliseconds": replayed.exchange.timings.total / 1000,
                "differences": differences.iter().map(|difference| json!({
                    "place": difference.place,
                    "recorded": difference.recorded,
                    "now": difference.now,
                })).collect::<Vec<_>>(),
            }));
            return Ok(());
        }
        let bold = style(*verdict);
        let mut text = format!(
            "{bold}{:<7}{bold:#}  {}  {}  {} -> {status}",
            verdict.name(),
            exchange.id,
            safe::line(&operation),
            before.map_or_else(|| "no response".to_owned(), |status| status.to_string()),
        );
        if let Some(rule) = simulated {
            text.push_str(&format!("  by simulator rule {}", safe::line(&rule)));
        }
        text.push('\n');
        // the line already shows the status
        for difference in differences.iter().filter(|difference| difference.place != "status") {
            let shown = |text: &Option<String>| text.clone().unwrap_or_else(|| "nothing".to_owned());
            text.push_str(&format!(
                "  {}: {} -> {}\n",
                difference.place,
                shown(&difference.recorded),
                shown(&difference.now)
            ));
        }
        for note in *notes {
            text.push_str(&format!("  note: {}\n", safe::line(note)));
        }
        if replayed.recorded {
            let id = replayed.exchange.id;
            let command = self.hints.command(&format!("show {}", id.get()));
            text.push_str(&format!("  recorded as {id}: `{command}`\n"));
        }
        terminal::write(&text)
    }

    /// Takes a request that was not sent or got no response. A request that is never sent again is not an
    /// error.
    pub(super) fn held(&mut self, label: &str, why: &str, forbidden: bool) -> io::Result<()> {
        if forbidden {
            self.passed_over += 1;
        } else {
            *self.counts.entry(Verdict::Error).or_default() += 1;
            self.fine = false;
        }
        let name = if forbidden { "PASSED" } else { Verdict::Error.name() };
        if self.json {
            let id: Option<u64> = label.trim_start_matches('#').parse().ok();
            self.results.push(json!({ "id": id, "verdict": name, "message": why }));
            return Ok(());
        }
        let style = style(Verdict::Error);
        writeln!(output::stdout(), "{style}{name:<7}{style:#}  {}", safe::line(why))
    }

    /// Adds a note to the end.
    pub(super) fn note(&mut self, note: &str) {
        self.notes.push(note.to_owned());
        self.fine = false;
    }

    /// Prints the summary, or the document.
    pub(super) fn end(&self, recording: Option<&Path>) -> io::Result<()> {
        let mut out = output::stdout();
        if self.json {
            let summary: BTreeMap<&str, u64> =
                self.counts.iter().map(|(verdict, count)| (verdict.name(), *count)).collect();
            let document = terminal::document(json!({
                "results": self.results,
                "summary": summary,
                "recording": recording.map(|path| path.display().to_string()),
                "notes": self.notes,
            }));
            return out.write_all(document.as_bytes());
        }
        for note in &self.notes {
            writeln!(out, "{}", safe::line(note))?;
        }
        let total: u64 = self.counts.values().sum();
        if total + self.passed_over > 1 {
            let mut parts: Vec<String> =
                self.counts.iter().map(|(verdict, count)| format!("{count} {}", verdict.name())).collect();
            if self.passed_over > 0 {
                parts.push(format!("{} passed over", self.passed_over));
            }
            writeln!(out, "{total} replayed: {}", parts.join(", "))?;
        }
        Ok(())
    }
}

/// Returns the rule by which the simulator responded, so that it is not mistaken for the API.
pub(super) fn simulated(exchange: &Exchange) -> Option<String> {
    let response = exchange.response.as_ref()?;
    response.headers.get(crate::simulator::rule::RULE_HEADER).map(|value| value.lossy().into_owned())
}

fn style(verdict: Verdict) -> anstyle::Style {
    let colour = match verdict {
        Verdict::Fixed => anstyle::AnsiColor::Green,
        Verdict::Same => anstyle::AnsiColor::Yellow,
        Verdict::Changed | Verdict::Error => anstyle::AnsiColor::Red,
    };
    colour.on_default().bold()
}
