//! Writes to stderr on a thread of its own while a server runs: whoever started wraptap may read its stderr
//! late or never, and that must hold up neither the traffic nor Ctrl-C.
#![allow(clippy::disallowed_methods, reason = "this is one of the two places that own the streams")]

use std::io::Write;
use std::sync::{Condvar, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use crate::sync;

/// Bytes that wait for the reader; what does not fit is counted and dropped.
const MAX_WAITING: usize = 1 << 20;
/// How long the end of the program waits for the reader.
const LAST_WRITE: Duration = Duration::from_secs(1);

static QUEUE: OnceLock<StderrQueue> = OnceLock::new();

#[derive(Default)]
struct StderrQueue {
    state: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Default)]
struct Waiting {
    bytes: Vec<u8>,
    /// Lines that were dropped since the last write.
    dropped: u64,
    /// The thread is writing.
    writing: bool,
}

/// Starts the thread. From here on `take` takes what is written to stderr.
pub(crate) fn start() {
    let mut first = false;
    QUEUE.get_or_init(|| {
        first = true;
        StderrQueue::default()
    });
    if first && std::thread::Builder::new().name("wraptap-stderr".into()).spawn(run).is_err() {
        // without a thread nothing empties the queue, which then drops what does not fit: traffic goes on
        tracing::debug!("cannot start the thread that writes to stderr");
    }
}

/// Takes bytes for stderr; `false` if there is no thread that writes them.
pub(super) fn take(bytes: &[u8]) -> bool {
    let Some(queue) = QUEUE.get() else { return false };
    let mut waiting = sync::lock(&queue.state);
    if waiting.bytes.len() + bytes.len() > MAX_WAITING {
        waiting.dropped += memchr::memchr_iter(b'\n', bytes).count() as u64;
    } else {
        waiting.bytes.extend_from_slice(bytes);
    }
    drop(waiting);
    queue.changed.notify_all();
    true
}

/// Waits until everything is written, but not for ever.
pub(crate) fn finish() {
    let Some(queue) = QUEUE.get() else { return };
    let until = Instant::now() + LAST_WRITE;
    let mut waiting = sync::lock(&queue.state);
    while waiting.writing || !waiting.bytes.is_empty() {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return;
        }
        let waited = queue.changed.wait_timeout(waiting, left);
        waiting = waited.unwrap_or_else(PoisonError::into_inner).0;
    }
}

fn run() {
    let Some(queue) = QUEUE.get() else { return };
    let mut waiting = sync::lock(&queue.state);
    loop {
        while waiting.bytes.is_empty() {
            waiting = queue.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        let mut bytes = std::mem::take(&mut waiting.bytes);
        let dropped = std::mem::take(&mut waiting.dropped);
        if dropped > 0 {
            bytes.extend_from_slice(format!("… and {dropped} lines that nothing read in time\n").as_bytes());
        }
        waiting.writing = true;
        drop(waiting);
        // a terminal that went away ends nothing
        let _ = anstream::stderr().write_all(&bytes);
        waiting = sync::lock(&queue.state);
        waiting.writing = false;
        queue.changed.notify_all();
    }
}
