//! What a worker leaves for the end of each turn of its tasks, to be done for all of them one after the other.
//!
//! Requests are handed to their upstreams, exchanges that are over are recorded with one write, and then their clients
//! get the last bytes: held back until then, so that a client which knows that its answer is complete finds it in the
//! file. Done together, each costs less: the other side is woken once for several, and the processor has at hand what
//! it needs for the next. What can be done for the recording of the requests is done last, while the upstreams work on
//! them.
//!
//! An exchange that is alone under way is sent and recorded at once: it leaves here only what nobody waits for.

pub(crate) mod idle_waker;

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context as TaskContext, Poll, Waker};

use crate::journal::{Ended, Recorded};
use crate::net::client_wire::ClientHandle;
use crate::net::upstream_wire::UpstreamHandle;
use crate::proxy::context::ProxyState;
use crate::proxy::pending::PendingExchange;
use crate::sync;

/// What one worker has left for the end of the batch.
#[derive(Debug, Default)]
pub(crate) struct Batch(Mutex<BatchState>);

#[derive(Debug, Default)]
struct BatchState {
    /// Exchanges with the connections on which their requests wait to be sent, unless they were sent at once.
    sent: Vec<(Arc<PendingExchange>, Option<UpstreamHandle>)>,
    over: Vec<(Ended, ClientHandle)>,
    recorded: Vec<Recorded>,
    /// Whoever does it, while there is nothing to do.
    waker: Option<Waker>,
}

impl BatchState {
    fn is_empty(&self) -> bool {
        self.sent.is_empty() && self.over.is_empty() && self.recorded.is_empty()
    }

    /// Returns what is left, and leaves nothing.
    fn take(&mut self) -> Self {
        let waker = self.waker.take();
        std::mem::replace(self, Self { waker, ..Self::default() })
    }

    fn wake(&mut self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

impl Batch {
    fn lock(&self) -> MutexGuard<'_, BatchState> {
        sync::lock(&self.0)
    }

    /// Has the request of an exchange sent, if it `waits` on a connection, and begins the exchange's line behind it.
    pub(crate) fn send(&self, pending: &Arc<PendingExchange>, waits: Option<&UpstreamHandle>) {
        let mut state = self.lock();
        state.sent.push((Arc::clone(pending), waits.cloned()));
        state.wake();
    }

    /// Lets go of what was recorded, once its client has its answer.
    pub(crate) fn let_go(&self, recorded: Recorded) {
        let mut state = self.lock();
        state.recorded.push(recorded);
        state.wake();
    }

    /// Has an exchange recorded, and holds back what its client would get until then.
    pub(crate) fn record(&self, exchange: Ended, client: &ClientHandle) {
        client.hold();
        let mut state = self.lock();
        state.over.push((exchange, client.clone()));
        state.wake();
    }

    /// Does what was left, for ever. A task is woken behind those that are ready already, so all of these have had
    /// their batch.
    pub(crate) async fn run(&self, shared: &ProxyState) {
        loop {
            poll_fn(|cx| self.poll_left(cx)).await;
            // a mistake of ours in one exchange must not end the worker's whole traffic: nothing is left half done in
            // `self`, and the clients get their answers
            if catch_unwind(AssertUnwindSafe(|| self.end(shared))).is_err() {
                shared
                    .notices
                    .tell("error: an exchange is NOT in the recording: wraptap could not deal with it");
            }
        }
    }

    fn poll_left(&self, cx: &TaskContext<'_>) -> Poll<()> {
        let mut state = self.lock();
        if state.is_empty() {
            state.waker = Some(cx.waker().clone());
            return Poll::Pending;
        }
        Poll::Ready(())
    }

    /// Does what is left now.
    pub(crate) fn end(&self, shared: &ProxyState) {
        let BatchState { sent, over, recorded: _recorded, .. } = self.lock().take();
        for upstream in sent.iter().filter_map(|(_, waits)| waits.as_ref()) {
            upstream.lock().hand_over();
        }
        let (exchanges, clients): (Vec<_>, Vec<_>) = over.into_iter().unzip();
        let held = HeldClients(clients);
        let recorded = shared.record(exchanges.into_iter());
        // from here on nobody waits for us
        drop(held);
        drop(recorded);
        for (pending, _) in sent {
            pending.begin_line();
        }
    }
}

/// Clients that wait for the rest of their answers, and get it when this is dropped, whatever happened before.
struct HeldClients(Vec<ClientHandle>);

impl Drop for HeldClients {
    fn drop(&mut self) {
        self.0.iter().for_each(ClientHandle::release);
    }
}
