//! Floor 4: the one way into a recording: link, redact, append, publish.

pub mod id_runs;
mod kept_file;
mod retries;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use ring::rand::{SecureRandom, SystemRandom};
use tokio::sync::broadcast;

use crate::journal::id_runs::IdRuns;
pub use crate::journal::kept_file::DisturbedRecording;
use crate::journal::kept_file::KeptFile;
use crate::journal::retries::RetryLinker;
use crate::model::exchange::{Exchange, ExchangeId};
use crate::model::fast_path::FastPath;
use crate::redact::{Masked, Redactor, Rules};
use crate::store::line;
use crate::store::writer::{Writer, WriterError};
use crate::sync;

/// Exchanges that a subscriber may be behind before it loses the oldest.
const BEHIND: usize = 256;

/// Bytes of lines from which on they are written without waiting for more.
const AT_ONCE: usize = 256 << 10;

/// Bytes of memory for lines that are kept from one write to the next.
const KEPT: usize = 2 * AT_ONCE;

/// How a journal records.
#[derive(Clone, Debug, Default)]
pub struct JournalOptions {
    /// What is masked beyond the usual.
    pub rules: Rules,
    /// Whether time may be saved.
    pub fast_path: FastPath,
}

/// Why a journal cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The recording cannot be written to.
    #[error(transparent)]
    Writer(#[from] WriterError),
    /// The system gives no random numbers.
    #[error(transparent)]
    Random(#[from] NoRandom),
}

/// The system gives no random numbers, so no masks can be made.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("cannot draw random numbers for the masks of secrets")]
pub struct NoRandom;

/// Returns a redactor under a key that no one knows, for a run or for one reading of a recording.
///
/// # Errors
/// The system gives no random numbers.
pub fn redactor(rules: Rules) -> Result<Redactor, NoRandom> {
    Ok(Redactor::new(random_key()?, rules))
}

fn random_key() -> Result<[u8; 32], NoRandom> {
    let mut key = [0; 32];
    SystemRandom::new().fill(&mut key).map_err(|_| NoRandom)?;
    Ok(key)
}

/// An exchange that is not in the recording, although it was answered.
#[derive(Debug, thiserror::Error)]
#[error("{path} cannot be written to: {source}")]
pub struct RecordError {
    /// Which.
    pub id: ExchangeId,
    /// Where it should be.
    pub path: PathBuf,
    /// Why.
    pub source: std::io::Error,
    /// The exchange itself, to be shown all the same.
    pub exchange: Arc<Masked>,
}

/// Exchanges that were recorded. Drop this after their clients got their answers: it frees a hundred texts
/// each.
#[derive(Debug)]
pub struct Recorded {
    /// What went wrong with some of them.
    pub missed: Vec<RecordError>,
    /// What others did to the recording meanwhile.
    pub disturbed: Option<DisturbedRecording>,
    _exchanges: Vec<Arc<Masked>>,
}

/// The recording of one run: every exchange goes through `record`.
pub struct Journal {
    path: PathBuf,
    run: String,
    redactor: Redactor,
    fast_path: FastPath,
    /// The last id before this run.
    before: u64,
    next: AtomicU64,
    file: Mutex<KeptFile>,
    /// Reused encode buffer. A caller that finds it locked allocates its own.
    lines: Mutex<Vec<u8>>,
    lost: Mutex<IdRuns>,
    retries: Mutex<RetryLinker>,
    readers: broadcast::Sender<Arc<Masked>>,
}

impl Journal {
    /// Opens the recording at `path`, or makes it, and continues its ids.
    ///
    /// # Errors
    /// The file cannot be written to, or another process writes to it.
    pub fn open(path: &Path, options: JournalOptions) -> Result<Self, JournalError> {
        let writer = Writer::open(path)?;
        let mut run = [0; 4];
        SystemRandom::new().fill(&mut run).map_err(|_| NoRandom)?;
        Ok(Self {
            path: path.to_owned(),
            run: format!("{:08x}", u32::from_be_bytes(run)),
            redactor: Redactor::with_fast_path(random_key()?, options.rules, options.fast_path),
            fast_path: options.fast_path,
            before: writer.last_id(),
            next: AtomicU64::new(writer.last_id()),
            file: Mutex::new(KeptFile::new(writer)),
            lines: Mutex::default(),
            lost: Mutex::default(),
            retries: Mutex::default(),
            readers: broadcast::Sender::new(BEHIND),
        })
    }

    /// Returns the recording's path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the name of this run, eight hexadecimal digits.
    pub fn run(&self) -> &str {
        &self.run
    }

    /// Returns the next id; call it when a request begins.
    pub fn next_id(&self) -> ExchangeId {
        let before = self.next.fetch_add(1, Ordering::Relaxed);
        ExchangeId(std::num::NonZeroU64::MIN.saturating_add(before))
    }

    /// Returns how many exchanges began in this run.
    pub fn begun(&self) -> u64 {
        self.next.load(Ordering::Relaxed) - self.before
    }

    /// Returns whether time may be saved.
    pub fn fast_path(&self) -> FastPath {
        self.fast_path
    }

    /// Links, masks, stores and publishes an exchange; when it returns, the line is in the file.
    ///
    /// # Errors
    /// The line could not be written. The id is then in `lost`, and the exchange was published all the same.
    pub fn record(&self, exchange: impl Into<Box<Exchange>>) -> Result<Arc<Masked>, RecordError> {
        let all = [self.mask(exchange.into())];
        let missed = self.store(&all).missed.pop();
        let [masked] = all;
        missed.map_or(Ok(masked), Err)
    }

    /// As `record` for exchanges that came to their end at the same time.
    pub fn record_all(&self, exchanges: impl Iterator<Item = Box<Exchange>>) -> Recorded {
        let masked: Vec<Arc<Masked>> = exchanges.map(|exchange| self.mask(exchange)).collect();
        Recorded { _exchanges: masked.clone(), ..self.store(&masked) }
    }

    /// Links an exchange with the attempts before it, and masks it. Links compare tokens, and so come first.
    fn mask(&self, mut exchange: Box<Exchange>) -> Arc<Masked> {
        if exchange.attempt_of.is_none() {
            exchange.attempt_of = sync::lock(&self.retries).link(&exchange);
        }
        Arc::new(self.redactor.mask(exchange))
    }

    /// Appends and publishes exchanges: as many lines with one write as there are, or as make a large one.
    fn store(&self, all: &[Arc<Masked>]) -> Recorded {
        let mut kept = self.lines.try_lock().ok();
        let mut own = Vec::new();
        let lines = kept.as_deref_mut().unwrap_or(&mut own);
        let mut recorded = Recorded { missed: Vec::new(), disturbed: None, _exchanges: Vec::new() };
        let mut from = 0;
        for (at, masked) in all.iter().enumerate() {
            line::encode_onto(masked, self.fast_path, lines);
            if lines.len() >= AT_ONCE || at + 1 == all.len() {
                self.append(&all[from..=at], lines, &mut recorded);
                lines.clear();
                from = at + 1;
            }
        }
        if lines.capacity() > KEPT {
            *lines = Vec::new();
        }
        drop(kept);
        if self.readers.receiver_count() > 0 {
            for masked in all {
                // It is no failure if no one listens any more.
                let _ = self.readers.send(Arc::clone(masked));
            }
        }
        recorded
    }

    /// Appends the lines of exchanges; if they cannot be written together then one by one, so that none is
    /// missing that there is room for.
    fn append(&self, some: &[Arc<Masked>], lines: &[u8], recorded: &mut Recorded) {
        let mut file = sync::lock(&self.file);
        let id = |masked: &Arc<Masked>| masked.exchange().id;
        if let Err(error) = file.append(lines, some.iter().map(id)) {
            if let [masked] = some {
                recorded.missed.push(self.lose(masked, error));
            } else {
                for masked in some {
                    if let Err(error) = file.append(&line::encode(masked), std::iter::once(id(masked))) {
                        recorded.missed.push(self.lose(masked, error));
                    }
                }
            }
        }
        if let Some(disturbed) = file.take_disturbance(&self.path, &self.run) {
            self.lose_all(&disturbed);
            recorded.disturbed = Some(disturbed);
        }
    }

    /// Compares the recording with what was written, at the end of a run.
    pub fn check(&self) -> Option<DisturbedRecording> {
        let disturbed = sync::lock(&self.file).check(&self.path, &self.run)?;
        self.lose_all(&disturbed);
        Some(disturbed)
    }

    fn lose_all(&self, disturbed: &DisturbedRecording) {
        let mut lost = sync::lock(&self.lost);
        disturbed.lost().ids().for_each(|id| lost.add(id));
    }

    fn lose(&self, masked: &Arc<Masked>, source: std::io::Error) -> RecordError {
        let id = masked.exchange().id;
        sync::lock(&self.lost).add(id);
        RecordError { id, path: self.path.clone(), source, exchange: Arc::clone(masked) }
    }

    /// Returns a stream of all exchanges recorded from now on. A subscriber that lags by more than 256
    /// exchanges loses the oldest.
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Masked>> {
        self.readers.subscribe()
    }

    /// Returns the ids that are not in the recording: a write failed, or others removed them.
    pub fn lost(&self) -> IdRuns {
        sync::lock(&self.lost).clone()
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests look into the files")]
mod tests;
