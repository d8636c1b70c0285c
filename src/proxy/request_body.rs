//! The request's body on its way up: copied for the recording, and kept back while the upstream still considers an
//! `Expect: 100-continue`.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context as TaskContext, Poll, Waker, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::Sleep;

use crate::proxy::pending::PendingExchange;
use crate::sync;

/// How long a body waits for a 100 that may never come (RFC 9110, 10.1.1: nobody waits for ever).
const PATIENCE: Duration = Duration::from_secs(1);

/// How long a body that no upstream takes is read for the recording.
const REST: Duration = Duration::from_secs(5);

/// The request's body.
#[derive(Debug)]
pub(crate) struct RequestBody {
    incoming: Incoming,
    pending: Arc<PendingExchange>,
    gate: Option<GateWait>,
}

/// Opened by the upstream's 100.
#[derive(Clone, Debug, Default)]
pub(crate) struct ContinueGate(Arc<Mutex<(bool, Option<Waker>)>>);

#[derive(Debug)]
struct GateWait {
    gate: ContinueGate,
    patience: Pin<Box<Sleep>>,
}

impl RequestBody {
    /// Takes the body that hyper hands out; with a gate, hyper's own 100 is not sent before it opens.
    pub(crate) fn new(incoming: Incoming, pending: Arc<PendingExchange>, gate: Option<ContinueGate>) -> Self {
        if incoming.is_end_stream() {
            pending.sent_whole(None);
        }
        let gate = gate.map(|gate| GateWait { gate, patience: Box::pin(tokio::time::sleep(PATIENCE)) });
        Self { incoming, pending, gate }
    }

    /// Reads the rest of the body for the recording alone, where no upstream takes it: as far as the recording keeps
    /// it, and not for long.
    pub(crate) async fn record_rest(mut self) {
        self.gate = None;
        let read = async {
            while !self.incoming.is_end_stream() && !self.pending.is_request_full() {
                if !matches!(poll_fn(|cx| Pin::new(&mut self).poll_frame(cx)).await, Some(Ok(_))) {
                    return;
                }
            }
        };
        // a body that was not read to its end is recorded as cut
        let _ = tokio::time::timeout(REST, read).await;
    }
}

impl ContinueGate {
    /// Lets the body pass.
    pub(crate) fn open(&self) {
        let mut state = sync::lock(&self.0);
        state.0 = true;
        if let Some(waker) = state.1.take() {
            waker.wake();
        }
    }

    fn poll_open(&self, cx: &TaskContext<'_>) -> Poll<()> {
        let mut state = sync::lock(&self.0);
        if state.0 {
            return Poll::Ready(());
        }
        state.1 = Some(cx.waker().clone());
        Poll::Pending
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let this = self.get_mut();
        if let Some(waiting) = &mut this.gate {
            if waiting.gate.poll_open(cx).is_pending() {
                ready!(waiting.patience.as_mut().poll(cx));
            }
            this.gate = None;
        }
        let frame = ready!(Pin::new(&mut this.incoming).poll_frame(cx));
        match &frame {
            Some(Ok(frame)) => {
                if let Some(piece) = frame.data_ref() {
                    this.pending.sent(piece, this.incoming.is_end_stream());
                } else {
                    this.pending.sent_whole(frame.trailers_ref());
                }
            }
            Some(Err(error)) => {
                let cause = std::error::Error::source(error).map(ToString::to_string);
                this.pending.upload_broke(cause.unwrap_or_else(|| error.to_string()));
            }
            None => this.pending.sent_whole(None),
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.size_hint()
    }
}
