//! What an import says when it is done: which exchanges there are now, and what the file did not hold.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::json;

use crate::command::terminal;
use crate::interchange::RECONSTRUCTED;
use crate::interchange::curl::{CurlError, CurlFact, CurlNote};
use crate::interchange::text_position::TextPosition;
use crate::model::exchange::{Exchange, ExchangeId};
use crate::redact::Redactor;
use crate::report::safe;

/// Items that are named one by one; more are only counted.
const NAMED: usize = 20;

/// Collects while the import runs; its size does not depend on the number of exchanges.
pub(crate) struct ImportSummary {
    source: String,
    creator: Option<String>,
    ids: Option<(ExchangeId, ExchangeId)>,
    exchanges: u64,
    reconstructed: BTreeMap<(&'static str, String, String), u64>,
    skipped: Vec<(usize, String)>,
    skips: usize,
    notes: Vec<(TextPosition, String)>,
    /// Masks the texts that are quoted from parts that became no exchange, as these may hold a secret.
    redactor: Redactor,
}

impl ImportSummary {
    pub(crate) fn new(source: &Path, redactor: Redactor) -> Self {
        Self {
            source: source.display().to_string(),
            creator: None,
            ids: None,
            exchanges: 0,
            reconstructed: BTreeMap::new(),
            skipped: Vec::new(),
            skips: 0,
            notes: Vec::new(),
            redactor,
        }
    }

    pub(crate) fn creator(&mut self, creator: Option<String>) {
        self.creator = creator;
    }

    pub(crate) fn exchange(&mut self, id: ExchangeId, exchange: &Exchange) {
        let first = self.ids.map_or(id, |(first, _)| first);
        self.ids = Some((first, id));
        self.exchanges += 1;
        for change in &exchange.changed {
            if let Some(why) = change.why.strip_prefix(RECONSTRUCTED) {
                // headers have names of any kind: only those that wraptap builds itself are listed separately
                let key = (change.side.name(), change.what.clone(), why.to_owned());
                *self.reconstructed.entry(key).or_default() += 1;
            }
        }
    }

    /// Returns the fault with what it quotes masked.
    pub(crate) fn masked(&self, mut fault: CurlError) -> CurlError {
        match &mut fault {
            CurlError::Url { url: quoted, .. }
            | CurlError::Value { value: quoted, .. }
            | CurlError::Input { name: quoted, .. }
            | CurlError::StandardInput { origin: quoted, .. } => *quoted = self.redactor.mask_text(quoted),
            _ => {}
        }
        fault
    }

    pub(crate) fn skipped(&mut self, item: usize, why: &str) {
        self.skips += 1;
        if self.skipped.len() < NAMED {
            self.skipped.push((item, self.redactor.mask_text(why)));
        }
    }

    pub(crate) fn note(&mut self, note: &CurlNote) {
        let mut fact = note.fact.clone();
        match &mut fact {
            CurlFact::NotExpanded(quoted)
            | CurlFact::Braces { written: quoted, .. }
            | CurlFact::NotRun(quoted)
            | CurlFact::UnknownOption(quoted)
            | CurlFact::Placeholder(quoted)
            | CurlFact::OptionsRead(quoted)
            | CurlFact::LeftOut { option: quoted, .. }
            | CurlFact::FileRead { name: quoted, .. } => *quoted = self.redactor.mask_text(quoted),
            CurlFact::Ampersand
            | CurlFact::SpaceAfterBackslash
            | CurlFact::StrayWord
            | CurlFact::Typographic { .. } => {}
        }
        self.notes.push((note.place, fact.to_string()));
    }

    /// Returns the new ids as a user types them.
    pub(crate) fn ids(&self) -> Option<String> {
        self.ids.map(|(first, last)| match first == last {
            true => first.get().to_string(),
            false => format!("{}-{}", first.get(), last.get()),
        })
    }

    /// Returns the text for a terminal.
    pub(crate) fn text(&self, recording: &Path) -> String {
        let source = safe::line(&self.source).into_owned();
        let by = self.creator.as_deref().map(|by| format!(" ({})", safe::line(by))).unwrap_or_default();
        let mut text = match self.ids() {
            None => format!("nothing to import in {source}{by}\n"),
            Some(ids) => {
                let noun = if self.exchanges == 1 { "exchange" } else { "exchanges" };
                format!(
                    "imported {} {noun} from {source}{by}\nas {ids} of {}\n",
                    self.exchanges,
                    recording.display()
                )
            }
        };
        if !self.reconstructed.is_empty() {
            text.push_str("reconstructed, because the file does not have it as it was on the wire:\n");
            for ((side, what, why), count) in &self.reconstructed {
                let (what, why) = (safe::line(what), safe::line(why));
                text.push_str(&format!("  {count:>6}  {side} {what}: {why}\n"));
            }
        }
        if self.skips > 0 {
            text.push_str(&format!("left out: {}\n", self.skips));
            for (item, why) in &self.skipped {
                text.push_str(&format!("  item {item}: {}\n", safe::line(why)));
            }
            if self.skips > self.skipped.len() {
                text.push_str(&format!("  and {} more\n", self.skips - self.skipped.len()));
            }
        }
        for (place, note) in &self.notes {
            text.push_str(&format!("{place}: {}\n", safe::line(note)));
        }
        if self.ids.is_some() {
            text.push_str(&format!("list it with `wraptap list {}`\n", terminal::shell_word(recording)));
        }
        text
    }

    /// Returns one JSON document.
    pub(crate) fn json(&self, recording: &Path) -> String {
        let reconstructed: Vec<_> = self
            .reconstructed
            .iter()
            .map(|((side, what, why), count)| {
                json!({"side": side, "what": what, "why": why, "exchanges": count})
            })
            .collect();
        let skipped: Vec<_> =
            self.skipped.iter().map(|(item, why)| json!({"item": item, "why": why})).collect();
        let notes: Vec<_> = self
            .notes
            .iter()
            .map(|(place, note)| json!({"line": place.line, "column": place.column, "text": note}))
            .collect();
        terminal::document(json!({
            "source": self.source,
            "creator": self.creator,
            "recording": self.ids.map(|_| recording.display().to_string()),
            "imported": self.exchanges,
            "first_id": self.ids.map(|(first, _)| first.get()),
            "last_id": self.ids.map(|(_, last)| last.get()),
            "reconstructed": reconstructed,
            "left_out": self.skips,
            "skipped": skipped,
            "notes": notes,
        }))
    }
}
