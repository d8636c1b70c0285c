//! What a worker leaves for the end of each turn of its tasks, to be done for all of them one after the other.
//!
//! Requests are handed to their upstreams, exchanges that are over are recorded with one write, and then their clients
//! get the last octets: held back until then, so that a client which knows that its answer is complete finds it in the
//! file. Done together, each costs less: the other side is woken once for several, and the processor has at hand what
//! it needs for the next. What can be done for the recording of the requests is done last, while the upstreams work on
//! them.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context as TaskContext, Poll, Waker};

use crate::journal::Ended;
use crate::net::client_wire::ClientHandle;
use crate::net::upstream_wire::UpstreamHandle;
use crate::proxy::context::Shared;
use crate::proxy::draft::Draft;

/// What one worker has left for the end of the turn.
#[derive(Debug, Default)]
pub(crate) struct Turn(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    requests: Vec<(UpstreamHandle, Arc<Draft>)>,
    over: Vec<(Ended, ClientHandle)>,
    /// Whoever does it, while there is nothing to do.
    waker: Option<Waker>,
}

impl State {
    fn wake(&mut self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

impl Turn {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has the request of an exchange sent that waits on this connection.
    pub(crate) fn send(&self, upstream: &UpstreamHandle, draft: &Arc<Draft>) {
        let mut state = self.lock();
        state.requests.push((upstream.clone(), Arc::clone(draft)));
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
    /// their turn.
    pub(crate) async fn run(&self, shared: &Shared) {
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
        if state.requests.is_empty() && state.over.is_empty() {
            state.waker = Some(cx.waker().clone());
            return Poll::Pending;
        }
        Poll::Ready(())
    }

    /// Does what is left now.
    pub(crate) fn end(&self, shared: &Shared) {
        let mut state = self.lock();
        let requests = std::mem::take(&mut state.requests);
        let over = std::mem::take(&mut state.over);
        drop(state);
        for (upstream, _) in &requests {
            upstream.lock().hand_over();
        }
        let (exchanges, clients): (Vec<_>, Vec<_>) = over.into_iter().unzip();
        let held = Held(clients);
        let recorded = shared.record(exchanges.into_iter());
        // from here on nobody waits for us
        drop(held);
        drop(recorded);
        for (_, draft) in requests {
            draft.begin_line();
        }
    }
}

/// Clients that wait for the rest of their answers, and get it when this is dropped, whatever happened before.
struct Held(Vec<ClientHandle>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.iter().for_each(ClientHandle::release);
    }
}
