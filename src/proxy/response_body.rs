//! The answer's body on its way down. Its last bytes are held until the exchange is recorded: when the client knows
//! that the answer is complete, it is in the file.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;

use crate::model::passage::{Failure, FailureSource};
use crate::net::client_wire::ClientHandle;
use crate::proxy::context::Context;
use crate::proxy::heads::lines;
use crate::proxy::pending::{PendingExchange, RecordOnDrop};
use crate::proxy::pool::PooledConnection;
use crate::proxy::probe::{Prober, RefusedRequest};
use crate::proxy::upstream_error;

/// What goes down to the client behind an answer's head.
#[derive(Debug)]
pub(crate) enum ResponseBody {
    /// Bytes of wraptap's own, or none; the exchange is recorded already.
    Whole(Option<Bytes>),
    /// The upstream's body.
    UpstreamBody(Box<UpstreamBody>),
}

/// A body that comes from the upstream.
pub(crate) struct UpstreamBody {
    incoming: Incoming,
    context: Arc<Context>,
    pending: Arc<PendingExchange>,
    client: ClientHandle,
    /// Given back to the pool at a good end.
    link: Option<PooledConnection>,
    over: bool,
    /// What broke the body: told only after hyper had a turn to write what came before it.
    broken: Option<hyper::Error>,
    /// What to ask the API about behind this answer, once it came to a good end.
    interest: Option<RefusedRequest>,
    /// Dropped last: records a failure if nothing else was recorded.
    _owing: RecordOnDrop,
}

impl std::fmt::Debug for UpstreamBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UpstreamBody").field("over", &self.over).finish_non_exhaustive()
    }
}

impl ResponseBody {
    /// A body of wraptap's own.
    pub(crate) fn whole(bytes: Bytes) -> Self {
        Self::Whole(Some(bytes).filter(|bytes| !bytes.is_empty()))
    }

    /// No body.
    pub(crate) fn empty() -> Self {
        Self::Whole(None)
    }

    /// The upstream's body; with none, the exchange is recorded at once.
    pub(crate) fn carried(
        incoming: Incoming,
        context: &Arc<Context>,
        pending: &Arc<PendingExchange>,
        client: &ClientHandle,
        link: PooledConnection,
        record_on_drop: RecordOnDrop,
    ) -> Self {
        let mut carried = Box::new(UpstreamBody {
            incoming,
            context: Arc::clone(context),
            pending: Arc::clone(pending),
            client: client.clone(),
            link: Some(link),
            over: false,
            broken: None,
            interest: None,
            _owing: record_on_drop,
        });
        if carried.incoming.is_end_stream() {
            carried.complete();
            return Self::empty();
        }
        Self::UpstreamBody(carried)
    }

    /// Has the API asked about this answer when the client has it.
    pub(crate) fn ask_behind(&mut self, prober: &Prober, interest: RefusedRequest) {
        match self {
            Self::Whole(_) => prober.ask(interest),
            Self::UpstreamBody(carried) => carried.interest = Some(interest),
        }
    }
}

impl UpstreamBody {
    /// The answer came to its good end.
    fn complete(&mut self) {
        if !std::mem::replace(&mut self.over, true) {
            self.pending.finish();
            if let Some(link) = self.link.take() {
                self.context.pool.put(link);
            }
        }
    }

    /// The upstream broke off.
    fn broke(&mut self, error: &hyper::Error) {
        if !std::mem::replace(&mut self.over, true) {
            self.interest = None;
            let heard = self.link.as_ref().map(|link| upstream_error::body_message(error, &link.tap));
            self.pending.fail(Failure {
                source: FailureSource::Upstream,
                message: heard.unwrap_or_else(|| error.to_string()),
            });
        }
    }
}

impl Drop for UpstreamBody {
    fn drop(&mut self) {
        self.client.answered();
        if let Some(interest) = self.interest.take().filter(|_| self.over)
            && let Some(prober) = &self.context.shared.prober
        {
            prober.ask(interest);
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
        let carried = match self.get_mut() {
            Self::Whole(bytes) => return Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Self::UpstreamBody(carried) => carried,
        };
        if let Some(error) = carried.broken.take() {
            return Poll::Ready(Some(Err(error)));
        }
        let frame = ready!(match &mut carried.link {
            Some(link) => link.poll_frame(&mut carried.incoming, cx),
            None => Pin::new(&mut carried.incoming).poll_frame(cx),
        });
        match &frame {
            Some(Ok(frame)) => {
                if let Some(piece) = frame.data_ref() {
                    carried.pending.received(piece);
                    if carried.incoming.is_end_stream() {
                        carried.complete();
                    }
                } else if let Some(trailers) = frame.trailers_ref() {
                    carried.pending.note(|exchange| {
                        if let Some(response) = &mut exchange.response {
                            response.trailers = lines(trailers);
                        }
                    });
                    carried.complete();
                }
            }
            Some(Err(error)) => {
                carried.broke(error);
                carried.broken = frame.and_then(Result::err);
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            None => carried.complete(),
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(bytes) => bytes.is_none(),
            Self::UpstreamBody(carried) => carried.over && carried.incoming.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, Bytes::len) as u64),
            Self::UpstreamBody(carried) => carried.incoming.size_hint(),
        }
    }
}
