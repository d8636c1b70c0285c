//! What `--until-accepted` found, for people and for programs.

use std::io;
use std::time::Duration;

use serde_json::{Value, json};

use crate::command::terminal::{self, OutputFormat};
use crate::model::exchange::ExchangeId;
use crate::replay::compare::Difference;
use crate::report::{layout, safe};

/// The result of sending the same bytes until they are accepted.
#[derive(Default)]
pub(super) struct TimingResult {
    /// When the accepted request was sent.
    pub(super) accepted: Option<Duration>,
    /// When the last refused request was sent.
    pub(super) refused: Option<Duration>,
    pub(super) attempts: u64,
    /// The time between two requests.
    pub(super) every: Duration,
    /// The last status.
    pub(super) status: u16,
    /// The simulator's rule behind the last response.
    pub(super) rule: Option<String>,
    /// Why it ended early.
    pub(super) stopped: Option<String>,
    /// The recorded reads whose responses changed meanwhile.
    pub(super) changes: Vec<(String, Vec<Difference>)>,
    /// The number of recorded reads.
    pub(super) watched: usize,
}

impl TimingResult {
    /// Prints the result of one exchange.
    pub(super) fn print(&self, id: ExchangeId, limit: Duration, format: OutputFormat) -> io::Result<()> {
        terminal::write(&match format {
            OutputFormat::Json => terminal::document(self.json(id)),
            OutputFormat::Text => self.text(limit),
        })
    }

    fn json(&self, id: ExchangeId) -> Value {
        let milliseconds = |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        let changes = self.changes.iter().flat_map(|(path, differences)| {
            differences.iter().map(move |difference| {
                let (before, after) = (&difference.recorded, &difference.now);
                json!({ "path": path, "place": difference.place, "before": before, "after": after })
            })
        });
        json!({
            "id": id.get(),
            "accepted": self.accepted.is_some(),
            "after_milliseconds": self.accepted.map(milliseconds),
            "last_refused_after_milliseconds": self.refused.map(milliseconds),
            "sent": self.attempts,
            "status": self.status,
            "simulator_rule": self.rule,
            "state_changes": changes.collect::<Vec<_>>(),
            "stopped": self.stopped,
        })
    }

    fn text(&self, limit: Duration) -> String {
        let mut text = self.headline(limit);
        for (path, differences) in &self.changes {
            text.push_str(&format!("meanwhile {} changed:\n", safe::line(path)));
            for difference in differences {
                let shown = |text: &Option<String>| text.clone().unwrap_or_else(|| "nothing".to_owned());
                let (before, after) = (shown(&difference.recorded), shown(&difference.now));
                text.push_str(&format!("  {}: {before} -> {after}\n", difference.place));
            }
        }
        if self.watched == 0 {
            text.push_str("no GET of the addressed resource was recorded, so its state was not watched\n");
        } else if self.changes.is_empty() && self.stopped.is_none() {
            text.push_str("nothing else changed in the recorded state of the resource\n");
        }
        text
    }

    fn headline(&self, limit: Duration) -> String {
        let seconds = |duration: Duration| format!("{:.1} s", duration.as_secs_f64());
        let status = self.status;
        let times = layout::counted(self.attempts, "time");
        let sent = format!("sent {times}, every {} ms", self.every.as_millis());
        let by = self.rule.as_ref().map(|rule| format!(", by simulator rule {}", safe::line(rule)));
        let by = by.unwrap_or_default();
        match (self.accepted, self.refused, &self.stopped) {
            (Some(_), None, _) => {
                format!("accepted at once ({status}, sent once{by}): the timing is not the cause any more\n")
            }
            (Some(after), Some(refused), _) => format!(
                "accepted after {} ({status}, {sent}, last refused after {}{by}): \
                 the same bytes, so it was the timing\n",
                seconds(after),
                seconds(refused)
            ),
            (None, _, Some(why)) => {
                let why = safe::line(why);
                format!("stopped: {why} ({sent}, last response {status}{by})\n")
            }
            (None, _, None) => format!(
                "not accepted in {} ({sent}, last response {status}{by}): \
                 the timing alone is not the cause\n",
                seconds(limit)
            ),
        }
    }
}
