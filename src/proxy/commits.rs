//! Exchanges whose answers are complete, recorded a few at a time: one write for all that came to their end in the same
//! turn of a worker. Until then the clients' last octets are held back, so that a client which knows that its answer is
//! complete finds it in the file.

use std::future::poll_fn;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context as TaskContext, Poll, Waker};

use crate::model::exchange::Exchange;
use crate::net::client_wire::ClientHandle;
use crate::proxy::context::Shared;

/// The exchanges of one worker that wait to be recorded.
#[derive(Debug, Default)]
pub(crate) struct Commits(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    due: Vec<(Box<Exchange>, ClientHandle)>,
    /// Whoever records them, while there are none.
    waker: Option<Waker>,
}

impl Commits {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has an exchange recorded with the others, and holds back what its client would get until then.
    pub(crate) fn add(&self, exchange: Box<Exchange>, client: &ClientHandle) {
        client.hold();
        let mut state = self.lock();
        state.due.push((exchange, client.clone()));
        if let Some(waker) = state.waker.take() {
            waker.wake();
        }
    }

    /// Records what comes, for ever. A task is woken behind those that are ready already, so each turn takes what all
    /// of them have brought to its end.
    pub(crate) async fn run(&self, shared: &Shared) {
        loop {
            poll_fn(|cx| self.poll_due(cx)).await;
            self.settle(shared);
        }
    }

    fn poll_due(&self, cx: &TaskContext<'_>) -> Poll<()> {
        let mut state = self.lock();
        if state.due.is_empty() {
            state.waker = Some(cx.waker().clone());
            return Poll::Pending;
        }
        Poll::Ready(())
    }

    /// Records what is due now, and lets its clients have the rest of their answers.
    pub(crate) fn settle(&self, shared: &Shared) {
        let due = std::mem::take(&mut self.lock().due);
        let (exchanges, clients): (Vec<_>, Vec<_>) =
            due.into_iter().map(|(exchange, client)| (*exchange, client)).unzip();
        shared.record(exchanges);
        for client in clients {
            client.release();
        }
    }
}
