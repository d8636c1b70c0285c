//! The proxy's part of the fast path: the exchanges that end during one scheduler pass of a worker are
//! recorded with one write.
//!
//! Until then their clients get no more bytes (`ClientHandle::hold`), so that a client which knows that its
//! response is complete finds the exchange in the file. An exchange that is alone in flight is recorded at
//! once, and with `FastPath::Off` so is every other.
//!
//! Gained at 32 connections: 11 to 16 % of the CPU time of a request (user and system), 8 % of its
//! instructions outside the kernel. What gained less than 3 % was removed: sending several requests together,
//! masking a request before its response, polling timers only after they woke, and writing a short message as
//! one piece.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, MutexGuard};
use std::task::{Context as TaskContext, Poll, Waker};

use crate::model::exchange::Exchange;
use crate::net::client_wire::ClientHandle;
use crate::proxy::pending::PendingExchange;
use crate::proxy::recorder::Recorder;
use crate::sync;

/// The exchanges of one worker that wait for the end of the scheduler pass.
#[derive(Debug, Default)]
pub(crate) struct Batch(Mutex<BatchQueue>);

#[derive(Debug, Default)]
struct BatchQueue {
    /// Exchanges that are over, with their clients.
    ended: Vec<(Box<Exchange>, ClientHandle)>,
    /// Wakes the task that flushes the queue, while it is empty.
    waker: Option<Waker>,
}

impl Batch {
    fn lock(&self) -> MutexGuard<'_, BatchQueue> {
        sync::lock(&self.0)
    }

    /// Records an exchange whose response is complete. Its client does not get the last bytes before that.
    pub(crate) fn record_complete(&self, recorder: &Recorder, pending: &PendingExchange) {
        let at_once = recorder.in_flight() == 1 || !recorder.journal().fast_path().is_on();
        let Some(ended) = pending.complete() else { return };
        if at_once {
            recorder.record(std::iter::once(ended));
            return;
        }
        let client = pending.client().clone();
        client.hold();
        let mut queue = self.lock();
        queue.ended.push((ended, client));
        if let Some(waker) = queue.waker.take() {
            waker.wake();
        }
    }

    /// Flushes the queue at the end of each scheduler pass, for ever: a task that is woken runs after those
    /// that are ready already.
    pub(crate) async fn run(&self, recorder: &Recorder) {
        loop {
            poll_fn(|cx| self.poll_filled(cx)).await;
            // a panic in one exchange must not end all traffic of the worker: the queue is valid, and the
            // clients get their responses
            if catch_unwind(AssertUnwindSafe(|| self.flush(recorder))).is_err() {
                recorder
                    .notices
                    .send("error: an exchange is NOT in the recording: wraptap could not deal with it");
            }
        }
    }

    fn poll_filled(&self, cx: &TaskContext<'_>) -> Poll<()> {
        let mut queue = self.lock();
        if queue.ended.is_empty() {
            queue.waker = Some(cx.waker().clone());
            return Poll::Pending;
        }
        Poll::Ready(())
    }

    /// Records the exchanges in the queue now.
    pub(crate) fn flush(&self, recorder: &Recorder) {
        let ended = std::mem::take(&mut self.lock().ended);
        let (exchanges, clients): (Vec<_>, Vec<_>) = ended.into_iter().unzip();
        let held = HeldClients(clients);
        let recorded = recorder.record(exchanges.into_iter());
        // from here on, no client waits
        drop(held);
        drop(recorded);
    }
}

/// Clients that wait for the end of their responses, and get it when this is dropped, also by a panic.
struct HeldClients(Vec<ClientHandle>);

impl Drop for HeldClients {
    fn drop(&mut self) {
        self.0.iter().for_each(ClientHandle::release);
    }
}
