//! Calls the upstream: gets a connection, sends the request, and passes on interim responses, until the head
//! of the final response is there, a time limit is exceeded, or the client is gone.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context as TaskContext, Poll};
use std::time::{Duration, Instant};

use http::{HeaderName, HeaderValue, Request, Response, Version};
use hyper::body::Incoming;

use crate::model::passage::Side;
use crate::net::client_wire::ClientGone;
use crate::net::connect::ConnectError;
use crate::net::head::Head;
use crate::proxy::client::ClientConnection;
use crate::proxy::context::WorkerContext;
use crate::proxy::hop_by_hop::{self, ContentLength, ForwardRules, Framing};
use crate::proxy::outgoing_request::OutgoingHead;
use crate::proxy::pending::{Interims, PendingExchange};
use crate::proxy::pool::{self, PooledConnection};
use crate::proxy::request_body::RequestBody;
use crate::proxy::synthetic_response::SyntheticResponse;
use crate::proxy::upstream_error;

/// How long a closed client may take to respond to a 100 with a reset, in steps.
const RESET_STEP: Duration = Duration::from_millis(10);
const RESET_STEPS: u32 = 4;

/// How often a descriptor for a connection is tried for.
const DESCRIPTOR_STEP: Duration = Duration::from_millis(20);

/// The result of a call.
pub(crate) enum CallOutcome {
    Response(PooledConnection, Response<Incoming>),
    Failed(SyntheticResponse),
    /// The client has reset its connection.
    ClientGone,
}

/// The result of sending the request over one connection.
enum SendOutcome {
    Response(Response<Incoming>),
    Failed(SyntheticResponse),
    /// Nothing of the request was written: it may be sent over another connection.
    Unsent(Box<Request<RequestBody>>),
    ClientGone,
}

/// A call of an upstream for one exchange.
pub(crate) struct UpstreamCall<'a> {
    pub(crate) context: &'a WorkerContext,
    pub(crate) client: &'a ClientConnection,
    pub(crate) pending: &'a Arc<PendingExchange>,
    pub(crate) head: &'a OutgoingHead<'a>,
}

impl UpstreamCall<'_> {
    /// Sends the request and waits for the head of the final response.
    pub(crate) async fn run(&self, mut request: Request<RequestBody>) -> CallOutcome {
        loop {
            let mut connection = match self.connect().await {
                Ok(Some(connection)) => connection,
                Ok(None) => return CallOutcome::ClientGone,
                Err(refusal) => {
                    request.into_body().record_rest().await;
                    return CallOutcome::Failed(refusal);
                }
            };
            match self.send(&mut connection, request).await {
                SendOutcome::Response(response) => return CallOutcome::Response(connection, response),
                SendOutcome::Unsent(unsent) => request = *unsent,
                SendOutcome::Failed(refusal) => return CallOutcome::Failed(refusal),
                SendOutcome::ClientGone => return CallOutcome::ClientGone,
            }
        }
    }

    /// Returns a connection to the upstream; `None` if the client is gone meanwhile. Waits for a descriptor
    /// where none is left.
    async fn connect(&self) -> Result<Option<PooledConnection>, SyntheticResponse> {
        let began = Instant::now();
        loop {
            match self.try_connect().await {
                Err(error)
                    if error.is_exhaustion() && began.elapsed() < self.context.shared.limits.connect =>
                {
                    self.context.pool.clear();
                    tokio::time::sleep(DESCRIPTOR_STEP).await;
                }
                Err(error) => return Err(upstream_error::no_connection(&error)),
                Ok(connection) => return Ok(connection),
            }
        }
    }

    async fn try_connect(&self) -> Result<Option<PooledConnection>, ConnectError> {
        if let Some(connection) = self.context.pool.take(self.head.upstream) {
            self.pending.upstream_connected();
            return Ok(Some(connection));
        }
        let mut connecting = pin!(pool::connect(&self.context.shared.connector, self.head.upstream));
        let connected = poll_fn(|cx| {
            if let Poll::Ready(connected) = connecting.as_mut().poll(cx) {
                return Poll::Ready(Some(connected));
            }
            match self.client.handle.poll_gone(cx) {
                Poll::Ready(ClientGone::Reset) => Poll::Ready(None),
                _ => Poll::Pending,
            }
        })
        .await;
        match connected {
            None => Ok(None),
            Some(Ok(connection)) => {
                self.pending.upstream_connected();
                Ok(Some(connection))
            }
            Some(Err(error)) => Err(error),
        }
    }

    /// Sends the request over this connection.
    async fn send(&self, connection: &mut PooledConnection, request: Request<RequestBody>) -> SendOutcome {
        let mut sent = pin!(connection.send(request, self.head.lines.clone()));
        let mut watch = Watch::new(self);
        let result = poll_fn(|cx| {
            let result = connection.poll_response(sent.as_mut(), cx);
            self.pass_on_interim(connection.tap.lock().tap.take_interim());
            if let Poll::Ready(result) = result {
                return Poll::Ready(Ok(result));
            }
            watch.poll(cx).map(Err)
        })
        .await;
        match result {
            Ok(Ok(response)) => SendOutcome::Response(response),
            Ok(Err(mut failed)) => match failed.take_message() {
                Some(unsent) if connection.reused => SendOutcome::Unsent(Box::new(unsent)),
                _ => SendOutcome::Failed(self.no_response(&failed.into_error(), connection)),
            },
            Err(GaveUp::ClientGone) => SendOutcome::ClientGone,
            Err(GaveUp::TooSlow) => SendOutcome::Failed(self.too_slow()),
        }
    }

    /// Returns whether a client that closed its sending side is gone. Only a write can find out: a host that
    /// has closed the connection responds to it with a reset. A client that waits ignores a 100.
    pub(crate) async fn is_client_gone(&self) -> bool {
        // checks only if there was an event on the socket: no system call for a client that waits
        let gone = poll_fn(|cx| Poll::Ready(self.client.handle.poll_gone(cx))).await;
        if !self.has_interim_responses() || !matches!(gone, Poll::Ready(ClientGone::Closed(_))) {
            return false;
        }
        self.client.handle.send_interim(b"HTTP/1.1 100 Continue\r\n\r\n");
        for _ in 0..RESET_STEPS {
            tokio::time::sleep(RESET_STEP).await;
            if self.client.handle.gone() == Some(ClientGone::Reset) {
                return true;
            }
        }
        false
    }

    fn has_interim_responses(&self) -> bool {
        self.head.version == Version::HTTP_11
    }

    fn no_response(&self, error: &hyper::Error, connection: &PooledConnection) -> SyntheticResponse {
        match self.pending.broken_request() {
            Some(why) => SyntheticResponse::client(
                400,
                "broken_upload",
                format!("the request body broke off or is not valid ({why})"),
            ),
            None => upstream_error::no_response(error, &self.head.upstream.name, &connection.tap),
        }
    }

    fn too_slow(&self) -> SyntheticResponse {
        let seconds = self.context.shared.limits.answer.as_secs();
        let name = &self.head.upstream.name;
        if self.pending.request_progress().1 {
            let message = format!("{name} did not respond within {seconds} s");
            SyntheticResponse::upstream(504, "upstream_timeout", message)
                .hint("Allow more with `--upstream-timeout SECONDS`")
        } else {
            let message = format!("no part of the request body arrived for {seconds} s");
            SyntheticResponse::client(408, "upload_timeout", message)
        }
    }

    /// Passes interim responses on to the client.
    fn pass_on_interim(&self, heads: Vec<Head>) {
        for head in heads {
            let kept = self.pending.interim_response(&head) == Interims::Kept;
            match (head.status_line().status, &self.head.gate) {
                // hyper writes its own 100 when the body is read
                (100, Some(gate)) => gate.open(),
                (100, None) => {}
                _ if kept && self.has_interim_responses() => {
                    if let Some(bytes) = interim_bytes(&head) {
                        self.client.handle.send_interim(&bytes);
                    }
                }
                _ => {}
            }
        }
    }
}

/// Why a call ended without a response.
enum GaveUp {
    ClientGone,
    TooSlow,
}

/// Watches the client and the time while a call waits.
struct Watch<'a> {
    call: &'a UpstreamCall<'a>,
    client_open: bool,
    ticks: u64,
}

impl<'a> Watch<'a> {
    fn new(call: &'a UpstreamCall<'a>) -> Self {
        Self { call, client_open: true, ticks: call.client.ticks.load(Ordering::Relaxed) }
    }

    fn poll(&mut self, cx: &mut TaskContext<'_>) -> Poll<GaveUp> {
        let Self { call, client_open, ticks } = self;
        if *client_open {
            match call.client.handle.poll_gone(cx) {
                Poll::Ready(ClientGone::Reset) => return Poll::Ready(GaveUp::ClientGone),
                // it may have closed its sending side only, and still wait for the response
                Poll::Ready(ClientGone::Closed(_)) => *client_open = false,
                Poll::Pending => {}
            }
        }
        // without a timer of its own: the connection polls the exchange after each of its ticks
        let now = call.client.ticks.load(Ordering::Relaxed);
        let ticked = std::mem::replace(ticks, now) != now;
        if ticked && call.pending.request_progress().0.elapsed() >= call.context.shared.limits.answer {
            return Poll::Ready(if call.client.handle.gone() == Some(ClientGone::Reset) {
                GaveUp::ClientGone
            } else {
                GaveUp::TooSlow
            });
        }
        Poll::Pending
    }
}

/// Returns an interim response for the client, without the fields of one hop; `None` if a part of it is not
/// valid.
fn interim_bytes(head: &Head) -> Option<Vec<u8>> {
    for header in head.headers.iter() {
        HeaderName::from_bytes(header.name.as_bytes()).ok()?;
        HeaderValue::from_bytes(header.value.as_bytes()).ok()?;
    }
    let line = head.status_line();
    HeaderValue::from_bytes(line.reason).ok()?;
    let mut bytes = format!("HTTP/1.1 {} ", line.status).into_bytes();
    bytes.extend_from_slice(line.reason);
    bytes.extend_from_slice(b"\r\n");
    let rules = ForwardRules {
        side: Side::Response,
        host: None,
        added: &[],
        length: ContentLength::Forbidden,
        framing: Framing::Other,
    };
    bytes.extend_from_slice(&hop_by_hop::forward_lines(&head.headers, &rules, &mut Vec::new()).bytes);
    bytes.extend_from_slice(b"\r\n");
    Some(bytes)
}
