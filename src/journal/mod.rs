//! Floor 4: the one way into a recording: link, redact, append, publish.

pub mod lost;
mod retries;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use ring::rand::{SecureRandom, SystemRandom};
use tokio::sync::broadcast;

use crate::journal::lost::LostIds;
use crate::journal::retries::RetryLinker;
use crate::model::exchange::{Exchange, ExchangeId};
use crate::redact::{Asked, Masked, Redactor, Rules};
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
pub struct Options {
    /// What is masked beyond the usual.
    pub rules: Rules,
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

/// Returns a redactor under a key that nobody knows, for a run or for one reading of a recording.
///
/// # Errors
/// The system gives no random numbers.
pub fn redactor(rules: Rules) -> Result<Redactor, NoRandom> {
    let mut key = [0; 32];
    SystemRandom::new().fill(&mut key).map_err(|_| NoRandom)?;
    Ok(Redactor::new(key, rules))
}

/// An exchange that is not in the recording, although it was answered.
#[derive(Debug, thiserror::Error)]
#[error("{path} cannot be written to: {source}")]
pub struct RecordError {
    /// Which.
    pub id: ExchangeId,
    /// Where it should stand.
    pub path: PathBuf,
    /// Why.
    pub source: std::io::Error,
    /// The exchange itself, to be shown all the same.
    pub exchange: Arc<Masked>,
}

/// What was done for an exchange while its answer was still to come.
#[derive(Debug)]
pub struct Begun {
    asked: Asked,
    line: line::Begun,
}

/// An exchange that is over.
#[derive(Debug)]
pub struct Ended {
    /// The exchange.
    pub exchange: Box<Exchange>,
    /// What was done for it before.
    pub begun: Option<Begun>,
}

impl From<Box<Exchange>> for Ended {
    fn from(exchange: Box<Exchange>) -> Self {
        Self { exchange, begun: None }
    }
}

/// An exchange that is ready to be stored.
#[derive(Debug)]
struct ReadyLine {
    masked: Arc<Masked>,
    /// What is encoded of it already.
    begun: Option<line::Begun>,
}

/// Exchanges that were recorded. Who waits for them can be told before this is dropped: that frees a hundred texts each.
#[derive(Debug)]
pub struct Recorded {
    /// What went wrong with some of them.
    pub missed: Vec<RecordError>,
    _lines: Vec<ReadyLine>,
}

/// The recording of one run: every exchange goes through `record`, whoever asked.
pub struct Journal {
    path: PathBuf,
    run: String,
    redactor: Redactor,
    /// The last id before this run.
    before: u64,
    next: AtomicU64,
    writer: Mutex<Writer>,
    /// Memory for the next lines, which the processor still has at hand; who finds it in use takes its own.
    lines: Mutex<Vec<u8>>,
    lost: Mutex<LostIds>,
    attempts: Mutex<RetryLinker>,
    readers: broadcast::Sender<Arc<Masked>>,
}

impl Journal {
    /// Opens the recording at `path`, or makes it, and continues its ids.
    ///
    /// # Errors
    /// The file cannot be written to, or another process writes to it.
    pub fn open(path: &Path, options: Options) -> Result<Self, JournalError> {
        let writer = Writer::open(path)?;
        let mut run = [0; 4];
        SystemRandom::new().fill(&mut run).map_err(|_| NoRandom)?;
        Ok(Self {
            path: path.to_owned(),
            run: format!("{:08x}", u32::from_be_bytes(run)),
            redactor: redactor(options.rules)?,
            before: writer.last_id(),
            next: AtomicU64::new(writer.last_id()),
            writer: Mutex::new(writer),
            lines: Mutex::default(),
            lost: Mutex::default(),
            attempts: Mutex::default(),
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

    /// Gives the next id; call it when a request begins.
    pub fn next_id(&self) -> ExchangeId {
        let before = self.next.fetch_add(1, Ordering::Relaxed);
        ExchangeId(std::num::NonZeroU64::MIN.saturating_add(before))
    }

    /// Returns how many exchanges began in this run.
    pub fn begun(&self) -> u64 {
        self.next.load(Ordering::Relaxed) - self.before
    }

    /// Masks text on its way to a log or a terminal with all the secrets this run has seen.
    pub fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// Does what can be done for an exchange whose request was sent, while its answer is still to come; from then on only
    /// what comes of the request may be added to it. `None` if nothing was done.
    pub fn begin(&self, exchange: &mut Exchange) -> Option<Begun> {
        let asked = self.redactor.mask_request_early(exchange)?;
        let line = line::begin(exchange, &asked);
        Some(Begun { asked, line })
    }

    /// Links, masks, stores and publishes an exchange; when it returns, the line is in the file.
    ///
    /// # Errors
    /// The line could not be written. The id then stands in `missing`, and the exchange was published all the same.
    pub fn record(&self, exchange: impl Into<Box<Exchange>>) -> Result<Arc<Masked>, RecordError> {
        let all = [self.line(exchange.into().into())];
        let missed = self.store(&all).pop();
        let [ReadyLine { masked, .. }] = all;
        missed.map_or(Ok(masked), Err)
    }

    /// As `record` for exchanges that came to their end at the same time.
    pub fn record_all(&self, exchanges: impl Iterator<Item = Ended>) -> Recorded {
        let lines: Vec<ReadyLine> = exchanges.map(|exchange| self.line(exchange)).collect();
        let missed = self.store(&lines);
        Recorded { missed, _lines: lines }
    }

    /// Links an exchange with the attempts before it, and masks it.
    fn line(&self, Ended { mut exchange, begun }: Ended) -> ReadyLine {
        let (mut asked, line) = begun.map(|Begun { asked, line }| (asked, line)).unzip();
        if exchange.attempt_of.is_none() {
            let mut attempts = sync::lock(&self.attempts);
            if attempts.concerns(&exchange) {
                // it compares tokens
                if let Some(asked) = asked.take() {
                    asked.undo(&mut exchange);
                }
                exchange.attempt_of = attempts.link(&exchange);
            }
        }
        let (masked, stood) = self.redactor.mask_rest(exchange, asked);
        ReadyLine { masked: Arc::new(masked), begun: line.filter(|_| stood) }
    }

    /// Appends and publishes exchanges: as many lines with one write as there are, or as make a large one.
    fn store(&self, all: &[ReadyLine]) -> Vec<RecordError> {
        let mut kept = self.lines.try_lock().ok();
        let mut own = Vec::new();
        let lines = kept.as_deref_mut().unwrap_or(&mut own);
        let mut missed = Vec::new();
        let mut begun = 0;
        for (at, line) in all.iter().enumerate() {
            line::encode_onto(&line.masked, line.begun.as_ref(), lines);
            if lines.len() >= AT_ONCE || at + 1 == all.len() {
                self.append(&all[begun..=at], lines, &mut missed);
                lines.clear();
                begun = at + 1;
            }
        }
        if lines.capacity() > KEPT {
            *lines = Vec::new();
        }
        drop(kept);
        if self.readers.receiver_count() > 0 {
            for line in all {
                // Nobody listening any more is no failure.
                let _ = self.readers.send(Arc::clone(&line.masked));
            }
        }
        missed
    }

    /// Appends the lines of exchanges; if they cannot be written together then one by one, so that none is missing that
    /// there is room for.
    fn append(&self, some: &[ReadyLine], lines: &[u8], missed: &mut Vec<RecordError>) {
        let mut writer = sync::lock(&self.writer);
        let Err(error) = writer.append(lines) else { return };
        if let [line] = some {
            missed.push(self.missed(&line.masked, error));
            return;
        }
        for ReadyLine { masked, .. } in some {
            if let Err(error) = writer.append(&line::encode(masked)) {
                missed.push(self.missed(masked, error));
            }
        }
    }

    fn missed(&self, masked: &Arc<Masked>, source: std::io::Error) -> RecordError {
        let id = masked.exchange().id;
        sync::lock(&self.lost).add(id);
        RecordError { id, path: self.path.clone(), source, exchange: Arc::clone(masked) }
    }

    /// Returns a stream of all exchanges recorded from now on. Who falls 256 behind loses the oldest.
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Masked>> {
        self.readers.subscribe()
    }

    /// Returns the ids that are not in the recording because a write failed.
    pub fn lost(&self) -> LostIds {
        sync::lock(&self.lost).clone()
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests look into the files")]
mod tests;
