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
use crate::proxy::draft::{Draft, Owing};
use crate::proxy::fault;
use crate::proxy::heads::lines;
use crate::proxy::pool::Link;
use crate::proxy::probe::{Interest, Prober};

/// What goes down to the client behind an answer's head.
#[derive(Debug)]
pub(crate) enum AnswerBody {
    /// Bytes of wraptap's own, or none; the exchange is recorded already.
    Whole(Option<Bytes>),
    /// The upstream's body.
    Carried(Box<Carried>),
}

/// A body that comes from the upstream.
pub(crate) struct Carried {
    incoming: Incoming,
    context: Arc<Context>,
    draft: Arc<Draft>,
    client: ClientHandle,
    /// Given back to the pool at a good end.
    link: Option<Link>,
    over: bool,
    /// What broke the body: told only after hyper had a turn to write what came before it.
    broken: Option<hyper::Error>,
    /// What to ask the API about behind this answer, once it came to a good end.
    interest: Option<Interest>,
    /// Dropped last: records a failure if nothing else was recorded.
    _owing: Owing,
}

impl std::fmt::Debug for Carried {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Carried").field("over", &self.over).finish_non_exhaustive()
    }
}

impl AnswerBody {
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
        draft: &Arc<Draft>,
        client: &ClientHandle,
        link: Link,
        owing: Owing,
    ) -> Self {
        let mut carried = Box::new(Carried {
            incoming,
            context: Arc::clone(context),
            draft: Arc::clone(draft),
            client: client.clone(),
            link: Some(link),
            over: false,
            broken: None,
            interest: None,
            _owing: owing,
        });
        if carried.incoming.is_end_stream() {
            carried.complete();
            return Self::empty();
        }
        Self::Carried(carried)
    }

    /// Has the API asked about this answer when the client has it.
    pub(crate) fn ask_behind(&mut self, prober: &Prober, interest: Interest) {
        match self {
            Self::Whole(_) => prober.ask(interest),
            Self::Carried(carried) => carried.interest = Some(interest),
        }
    }
}

impl Carried {
    /// The answer came to its good end.
    fn complete(&mut self) {
        if !std::mem::replace(&mut self.over, true) {
            self.draft.finish();
            if let Some(link) = self.link.take() {
                self.context.pool.put(link);
            }
        }
    }

    /// The upstream broke off.
    fn broke(&mut self, error: &hyper::Error) {
        if !std::mem::replace(&mut self.over, true) {
            self.interest = None;
            let heard = self.link.as_ref().map(|link| fault::body_message(error, &link.tap));
            self.draft.fail(Failure {
                source: FailureSource::Upstream,
                message: heard.unwrap_or_else(|| error.to_string()),
            });
        }
    }
}

impl Drop for Carried {
    fn drop(&mut self) {
        self.client.answered();
        if let Some(interest) = self.interest.take().filter(|_| self.over)
            && let Some(prober) = &self.context.shared.prober
        {
            prober.ask(interest);
        }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let carried = match self.get_mut() {
            Self::Whole(bytes) => return Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Self::Carried(carried) => carried,
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
                    carried.draft.received(piece);
                    if carried.incoming.is_end_stream() {
                        carried.complete();
                    }
                } else if let Some(trailers) = frame.trailers_ref() {
                    carried.draft.note(|exchange| {
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
            Self::Carried(carried) => carried.over && carried.incoming.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, Bytes::len) as u64),
            Self::Carried(carried) => carried.incoming.size_hint(),
        }
    }
}
