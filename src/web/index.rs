//! What is held in memory of a recording: a row for each exchange, the newest two hundred thousand.
//!
//! Everything else is read from the file when it is shown.

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::{Mutex, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::knowledge::operations::{NamedOperation, OperationCache};
use crate::model::exchange::path_of;
use crate::redact::Redactor;
use crate::store::recording::RecordedSpan;
use crate::store::summary::Summary;
use crate::sync;
use crate::web::found::BodySearch;
use crate::web::row::ExchangeRow;

/// Maximum number of rows; the oldest of a longer recording are dropped.
pub(super) const MAX_ROWS: usize = 200_000;
/// Maximum number of numbered clients.
const NAMES: usize = 4096;

/// One recording.
pub(super) struct RecordingIndex {
    /// The file.
    pub(super) path: PathBuf,
    contents: RwLock<IndexContents>,
    /// Held while several exchanges are judged.
    pub(super) judging: Mutex<()>,
    /// The newest search of bodies.
    pub(super) search: Mutex<BodySearch>,
}

/// The rows and what they share.
#[derive(Default)]
pub(super) struct IndexContents {
    /// In the order of the file.
    pub(super) rows: VecDeque<ExchangeRow>,
    /// How many rows were dropped: the position of the first one that is held.
    pub(super) gone: u64,
    pub(super) operations: OperationCache,
    /// Short names of clients; the first one is empty, for unknown clients.
    pub(super) clients: Vec<String>,
    /// How often an exchange was repeated by its client.
    pub(super) repeats: BTreeMap<u64, u32>,
    /// Lines that are not exchanges.
    pub(super) bad: u64,
    /// The end of the file was reached once.
    pub(super) loaded: bool,
    /// Why it cannot be read.
    pub(super) fault: Option<String>,
}

impl RecordingIndex {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, contents: RwLock::default(), judging: Mutex::default(), search: Mutex::default() }
    }

    /// Returns the file's name as it was given.
    pub(super) fn name(&self) -> String {
        self.path.display().to_string()
    }

    pub(super) fn read(&self) -> RwLockReadGuard<'_, IndexContents> {
        sync::read(&self.contents)
    }

    pub(super) fn write(&self) -> RwLockWriteGuard<'_, IndexContents> {
        sync::write(&self.contents)
    }
}

impl IndexContents {
    /// Adds one line.
    pub(super) fn add(
        &mut self,
        summary: &Summary<'_>,
        correlation: Option<Cow<'_, str>>,
        redactor: &Redactor,
        span: RecordedSpan,
    ) {
        let mut row = ExchangeRow::from_summary(summary, redactor, span);
        row.operation = self.operations.number(&summary.method, path_of(&summary.target));
        row.correlation = correlation.map(|id| redactor.mask_text(&id).into_boxed_str());
        row.client = self.client(summary.sdk.as_deref().unwrap_or_default());
        if let Some(earlier) = row.attempt_of {
            *self.repeats.entry(earlier).or_default() += 1;
        }
        if self.rows.len() == MAX_ROWS
            && let Some(oldest) = self.rows.pop_front()
        {
            self.repeats.remove(&oldest.id);
            self.gone += 1;
        }
        self.rows.push_back(row);
    }

    /// Returns how many exchanges there are, including dropped ones.
    pub(super) fn total(&self) -> u64 {
        self.gone + self.rows.len() as u64
    }

    /// Returns the position of an exchange; of equal ids, the last one.
    pub(super) fn place(&self, id: u64) -> Option<usize> {
        // ids nearly grow from line to line: it is close to where it would be in order
        let near = self.rows.partition_point(|row| row.id < id);
        let around = near.saturating_sub(512)..(near + 512).min(self.rows.len());
        around
            .rev()
            .find(|at| self.rows[*at].id == id)
            .or_else(|| self.rows.iter().rposition(|row| row.id == id))
    }

    fn client(&mut self, name: &str) -> u32 {
        if self.clients.is_empty() {
            self.clients.push(String::new());
        }
        match self.clients.iter().position(|known| known == name) {
            Some(known) => u32::try_from(known).unwrap_or(0),
            None => number(&mut self.clients, name.to_owned()).unwrap_or(0),
        }
    }

    /// Returns a row's operation.
    pub(super) fn operation_of(&self, row: &ExchangeRow) -> Cow<'_, NamedOperation> {
        match row.operation.and_then(|number| self.operations.get(number)) {
            Some(known) => Cow::Borrowed(known),
            None => Cow::Owned(NamedOperation::find(&row.method, row.path())),
        }
    }

    /// Returns the row of a place, counted over all exchanges, if it is still held.
    pub(super) fn row_at(&self, place: u64) -> Option<&ExchangeRow> {
        let at = place.checked_sub(self.gone)?;
        usize::try_from(at).ok().and_then(|at| self.rows.get(at))
    }

    /// Returns a row's client, if it was recognized.
    pub(super) fn client_of(&self, row: &ExchangeRow) -> &str {
        self.clients.get(row.client as usize).map_or("", String::as_str)
    }
}

/// Returns the number of a name; adds the name if there is room for it.
fn number<N: PartialEq>(names: &mut Vec<N>, name: N) -> Option<u32> {
    let at = match names.iter().rposition(|known| *known == name) {
        Some(at) => at,
        None if names.len() < NAMES => {
            names.push(name);
            names.len() - 1
        }
        None => return None,
    };
    u32::try_from(at).ok()
}
