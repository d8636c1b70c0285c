//! The response body on its way to the client. Its last bytes are held until the exchange is recorded: when
//! the client knows that the response is complete, the exchange is in the file.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, ready};

use bytes::Bytes;
use http::{HeaderMap, HeaderName};
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;

use crate::model::passage::{Failure, FailureSource, Side};
use crate::proxy::context::WorkerContext;
use crate::proxy::pending::{PendingExchange, RecordOnDrop};
use crate::proxy::pool::PooledConnection;
use crate::proxy::probe::{Prober, RefusedRequest};
use crate::proxy::trailers;
use crate::proxy::upstream_error;

/// The body of a response to the client.
#[derive(Debug)]
pub(crate) enum ResponseBody {
    /// Bytes of wraptap, or none. The exchange is recorded already.
    Whole(Option<Bytes>),
    /// The upstream's body.
    Upstream(Box<UpstreamBody>),
}

/// A body that comes from the upstream.
pub(crate) struct UpstreamBody {
    incoming: Incoming,
    context: Arc<WorkerContext>,
    /// The trailer fields that the client gets.
    announced: Vec<HeaderName>,
    /// Given back to the pool when the body is complete.
    connection: Option<PooledConnection>,
    over: bool,
    /// Why the body broke. Returned one poll later, so that hyper first writes what came before it.
    broken: Option<hyper::Error>,
    /// What to probe once the client has the response.
    probe: Option<RefusedRequest>,
    /// Dropped last: records a failure if nothing else was recorded.
    exchange: RecordOnDrop,
}

impl std::fmt::Debug for UpstreamBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UpstreamBody").field("over", &self.over).finish_non_exhaustive()
    }
}

impl ResponseBody {
    /// A body of wraptap.
    pub(crate) fn whole(bytes: Bytes) -> Self {
        Self::Whole(Some(bytes).filter(|bytes| !bytes.is_empty()))
    }

    /// No body.
    pub(crate) fn empty() -> Self {
        Self::Whole(None)
    }

    /// The upstream's body, with the trailer fields that the client gets. If it is empty, the exchange is
    /// recorded at once.
    pub(crate) fn upstream(
        incoming: Incoming,
        announced: Vec<HeaderName>,
        context: &Arc<WorkerContext>,
        connection: PooledConnection,
        exchange: RecordOnDrop,
    ) -> Self {
        let mut body = Box::new(UpstreamBody {
            incoming,
            announced,
            context: Arc::clone(context),
            connection: Some(connection),
            over: false,
            broken: None,
            probe: None,
            exchange,
        });
        if body.incoming.is_end_stream() {
            body.complete();
            return Self::empty();
        }
        Self::Upstream(body)
    }

    /// Probes the refused request once the client has the response.
    pub(crate) fn probe_after(&mut self, prober: &Prober, probe: RefusedRequest) {
        match self {
            Self::Whole(_) => prober.probe(probe),
            Self::Upstream(body) => body.probe = Some(probe),
        }
    }
}

impl UpstreamBody {
    fn pending(&self) -> &Arc<PendingExchange> {
        self.exchange.pending()
    }

    /// Records the exchange, and gives the connection back: the body is complete.
    fn complete(&mut self) {
        if !std::mem::replace(&mut self.over, true) {
            self.context.batch.record_complete(&self.context.shared.recorder, self.pending());
            if let Some(connection) = self.connection.take() {
                self.context.pool.put(connection);
            }
        }
    }

    /// Records the exchange as failed: the upstream broke off.
    fn fail(&mut self, error: &hyper::Error) {
        if !std::mem::replace(&mut self.over, true) {
            self.probe = None;
            let message = match &self.connection {
                Some(connection) => upstream_error::describe_broken_body(error, &connection.tap),
                None => error.to_string(),
            };
            self.pending().fail(Failure { source: FailureSource::Upstream, message });
        }
    }

    /// Records a piece of the body, or its trailers.
    fn record_frame(&mut self, frame: &Frame<Bytes>) {
        if let Some(piece) = frame.data_ref() {
            self.pending().response_data(piece);
            if self.incoming.is_end_stream() {
                self.complete();
            }
        } else if let Some(trailers) = frame.trailers_ref() {
            self.forward_trailers(trailers);
            self.complete();
        }
    }

    /// Records trailers, and has them written as they came.
    fn forward_trailers(&self, trailers: &HeaderMap) {
        let tapped = self.connection.as_ref().map(|connection| connection.tap.lock().tap.take_trailer());
        let tapped = tapped.filter(|bytes| trailers::is_of(bytes, trailers));
        let forwarded = trailers::forward(Side::Response, &self.announced, trailers, tapped.as_deref());
        if let Some(lines) = forwarded.lines {
            self.pending().client().set_trailer(lines);
        }
        let (recorded, mut changed) = (forwarded.recorded, forwarded.changed);
        self.pending().edit(|exchange| {
            if let Some(response) = &mut exchange.response {
                response.trailers = recorded;
            }
            exchange.changed.append(&mut changed);
        });
    }
}

impl Drop for UpstreamBody {
    fn drop(&mut self) {
        self.pending().client().end_response();
        if let Some(probe) = self.probe.take().filter(|_| self.over)
            && let Some(prober) = &self.context.shared.prober
        {
            prober.probe(probe);
        }
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let body = match self.get_mut() {
            Self::Whole(bytes) => return Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Self::Upstream(body) => body,
        };
        if let Some(error) = body.broken.take() {
            return Poll::Ready(Some(Err(error)));
        }
        let frame = ready!(match &mut body.connection {
            Some(connection) => connection.poll_frame(&mut body.incoming, cx),
            None => Pin::new(&mut body.incoming).poll_frame(cx),
        });
        match &frame {
            Some(Ok(frame)) => body.record_frame(frame),
            Some(Err(error)) => {
                body.fail(error);
                body.broken = frame.and_then(Result::err);
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            None => body.complete(),
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(bytes) => bytes.is_none(),
            Self::Upstream(body) => body.over && body.incoming.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, Bytes::len) as u64),
            Self::Upstream(body) => body.incoming.size_hint(),
        }
    }
}
