//! The request body on its way to the upstream: copied for the recording, and held back while the upstream
//! has not answered an `Expect: 100-continue`.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context as TaskContext, Poll, Waker, ready};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName};
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::Sleep;

use crate::model::passage::Side;
use crate::net::upstream_wire::UpstreamHandle;
use crate::proxy::pending::PendingExchange;
use crate::proxy::trailers;
use crate::sync;

/// How long a body waits for a 100, which may never come (RFC 9110, 10.1.1: a client does not wait for ever).
const CONTINUE_TIMEOUT: Duration = Duration::from_secs(1);

/// How long a body is read for the recording when no upstream takes it.
const RECORDING_TIMEOUT: Duration = Duration::from_secs(5);

/// The request body.
#[derive(Debug)]
pub(crate) struct RequestBody {
    incoming: Incoming,
    pending: Arc<PendingExchange>,
    gate: Option<GateWait>,
    /// The trailer fields that the request announces.
    announced: Vec<HeaderName>,
    /// The connection that the body is sent over.
    wire: Option<UpstreamHandle>,
}

/// Opened by the upstream's 100.
#[derive(Clone, Debug, Default)]
pub(crate) struct ContinueGate(Arc<Mutex<GateState>>);

#[derive(Debug, Default)]
struct GateState {
    open: bool,
    waker: Option<Waker>,
}

#[derive(Debug)]
struct GateWait {
    gate: ContinueGate,
    timeout: Pin<Box<Sleep>>,
}

impl RequestBody {
    /// Wraps the body from hyper. With a gate, hyper's own 100 is not sent before the gate opens.
    pub(crate) fn new(
        incoming: Incoming,
        pending: Arc<PendingExchange>,
        gate: Option<ContinueGate>,
        announced: Vec<HeaderName>,
    ) -> Self {
        if incoming.is_end_stream() {
            pending.request_complete();
        }
        let gate =
            gate.map(|gate| GateWait { gate, timeout: Box::pin(tokio::time::sleep(CONTINUE_TIMEOUT)) });
        Self { incoming, pending, gate, announced, wire: None }
    }

    /// Sets the connection that the body is sent over.
    pub(crate) fn send_over(&mut self, wire: UpstreamHandle) {
        self.wire = Some(wire);
    }

    /// Records trailers, and has them written as they came.
    fn forward_trailers(&self, trailers: &HeaderMap) {
        let tapped = self.pending.client().take_trailer(|bytes| trailers::is_of(bytes, trailers));
        let forwarded = trailers::forward(Side::Request, &self.announced, trailers, tapped.as_deref());
        if let (Some(wire), Some(lines)) = (&self.wire, forwarded.lines) {
            wire.lock().set_trailer(lines);
        }
        let (recorded, mut changed) = (forwarded.recorded, forwarded.changed);
        self.pending.edit(|exchange| {
            exchange.request.trailers = recorded;
            exchange.changed.append(&mut changed);
        });
        self.pending.request_complete();
    }

    /// Reads the rest of the body for the recording only: as much as the recording keeps, and not for long.
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
        let _ = tokio::time::timeout(RECORDING_TIMEOUT, read).await;
    }
}

impl ContinueGate {
    /// Lets the body pass.
    pub(crate) fn open(&self) {
        let mut state = sync::lock(&self.0);
        state.open = true;
        if let Some(waker) = state.waker.take() {
            waker.wake();
        }
    }

    fn poll_open(&self, cx: &TaskContext<'_>) -> Poll<()> {
        let mut state = sync::lock(&self.0);
        if state.open {
            return Poll::Ready(());
        }
        state.waker = Some(cx.waker().clone());
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
        if let Some(wait) = &mut this.gate {
            if wait.gate.poll_open(cx).is_pending() {
                ready!(wait.timeout.as_mut().poll(cx));
            }
            this.gate = None;
        }
        let frame = ready!(Pin::new(&mut this.incoming).poll_frame(cx));
        match &frame {
            Some(Ok(frame)) => {
                if let Some(piece) = frame.data_ref() {
                    this.pending.request_data(piece);
                    if this.incoming.is_end_stream() {
                        this.pending.request_complete();
                    }
                } else if let Some(trailers) = frame.trailers_ref() {
                    this.forward_trailers(trailers);
                }
            }
            Some(Err(error)) => {
                let cause = std::error::Error::source(error).map(ToString::to_string);
                this.pending.request_broke(cause.unwrap_or_else(|| error.to_string()));
            }
            None => this.pending.request_complete(),
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
