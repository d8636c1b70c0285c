//! Asking the upstream: a connection, the request up, interim answers down, until the final answer's head is there,
//! or somebody gave up.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::Poll;
use std::time::Duration;

use http::{HeaderName, HeaderValue, Request, Response};
use hyper::body::Incoming;

use crate::model::passage::Side;
use crate::net::client_wire::ClientGone;
use crate::net::head::Head;
use crate::net::head_rewriter::HeadLines;
use crate::proxy::context::Context;
use crate::proxy::forward::ClientConnection;
use crate::proxy::hop_by_hop::{self, HopRules};
use crate::proxy::pending::PendingExchange;
use crate::proxy::pool::{self, PooledConnection};
use crate::proxy::request_body::{ContinueGate, RequestBody};
use crate::proxy::routes::Upstream;
use crate::proxy::synthetic_response::SyntheticResponse;
use crate::proxy::upstream_error;

/// How long a closed client may take to answer a probe with a reset, in steps.
const PROBE: Duration = Duration::from_millis(10);
const PROBES: u32 = 4;
/// How upstream_call the upstream ended.
pub(crate) enum CallOutcome {
    Answered(Response<Incoming>),
    Refused(SyntheticResponse),
    /// Nothing of the request was written: it may go over another connection.
    Unsent(Box<Request<RequestBody>>),
    /// Nobody waits for the answer any more.
    Abandoned,
}

/// What the exchange has to know while it waits for its answer.
pub(crate) struct UpstreamCall<'a> {
    pub(crate) context: &'a Context,
    pub(crate) client: &'a ClientConnection,
    pub(crate) pending: &'a Arc<PendingExchange>,
    pub(crate) upstream: &'a Upstream,
    /// The header lines that the upstream gets.
    pub(crate) lines: &'a HeadLines,
    pub(crate) gate: Option<&'a ContinueGate>,
    /// HTTP/1.0 clients know no interim answers.
    pub(crate) tells_interim: bool,
}

impl UpstreamCall<'_> {
    /// Returns a connection to the upstream; `None` if the client went away meanwhile.
    pub(crate) async fn link(&self) -> Result<Option<PooledConnection>, SyntheticResponse> {
        if let Some(link) = self.context.pool.take(self.upstream) {
            self.pending.connected();
            return Ok(Some(link));
        }
        let mut connecting = pin!(pool::connect(&self.context.shared.connector, self.upstream));
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
            Some(Ok(link)) => {
                self.pending.connected();
                Ok(Some(link))
            }
            Some(Err(error)) => {
                if error.is_exhaustion() {
                    self.context.pool.clear();
                }
                Err(upstream_error::no_connection(&error))
            }
        }
    }

    /// Sends the request and waits for the final answer's head.
    pub(crate) async fn ask(
        &self,
        link: &mut PooledConnection,
        request: Request<RequestBody>,
    ) -> CallOutcome {
        let alone = self.context.shared.is_alone();
        let mut answer = pin!(link.send(request, self.lines.clone(), !alone));
        let mut begun = false;
        let limit = self.context.shared.limits.answer;
        let mut watching = true;
        let mut looks = self.client.looks.load(Ordering::Relaxed);
        let asked = poll_fn(|cx| {
            let answer = link.poll_answer(answer.as_mut(), cx);
            let mut wire = link.tap.lock();
            let interim = wire.tap.take_interim();
            let is_pending = wire.has_pending();
            drop(wire);
            self.pass(interim);
            if is_pending || !std::mem::replace(&mut begun, true) {
                self.context.batch.send(self.pending, is_pending.then_some(&link.tap));
            }
            if let Poll::Ready(answer) = answer {
                return Poll::Ready(Some(answer));
            }
            if watching {
                match self.client.handle.poll_gone(cx) {
                    Poll::Ready(ClientGone::Reset) => return Poll::Ready(None),
                    // it may have closed its sending side only: the answer is still owed
                    Poll::Ready(ClientGone::Closed(_)) => watching = false,
                    Poll::Pending => {}
                }
            }
            // no timer of its own: the connection's tick comes by here
            let now = self.client.looks.load(Ordering::Relaxed);
            let look = std::mem::replace(&mut looks, now) != now;
            if look && self.pending.progress().0.elapsed() >= limit {
                Poll::Ready(None)
            } else {
                Poll::Pending
            }
        })
        .await;
        match asked {
            Some(Ok(response)) => CallOutcome::Answered(response),
            Some(Err(mut failed)) => match failed.take_message() {
                Some(unsent) if link.reused => CallOutcome::Unsent(Box::new(unsent)),
                _ => CallOutcome::Refused(self.no_answer(&failed.into_error(), link)),
            },
            None if self.client.handle.gone() == Some(ClientGone::Reset) => CallOutcome::Abandoned,
            None => CallOutcome::Refused(self.too_slow(limit)),
        }
    }

    /// Tells whether a client that closed its sending side is gone altogether. Only a write can tell: a host that has
    /// closed the connection answers it with a reset. Every client skips a 100.
    pub(crate) async fn is_given_up(&self) -> bool {
        // looks only if there was an event on the socket: no system call for a client that waits
        let gone = poll_fn(|cx| Poll::Ready(self.client.handle.poll_gone(cx))).await;
        if !self.tells_interim || !matches!(gone, Poll::Ready(ClientGone::Closed(_))) {
            return false;
        }
        self.client.handle.interim(b"HTTP/1.1 100 Continue\r\n\r\n");
        for _ in 0..PROBES {
            tokio::time::sleep(PROBE).await;
            if self.client.handle.gone() == Some(ClientGone::Reset) {
                return true;
            }
        }
        false
    }

    fn no_answer(&self, error: &hyper::Error, link: &PooledConnection) -> SyntheticResponse {
        match self.pending.broken_upload() {
            Some(why) => SyntheticResponse::client(
                400,
                "broken_upload",
                format!("the request's body broke off or is not valid ({why})"),
            ),
            None => upstream_error::no_answer(error, &self.upstream.name, &link.tap),
        }
    }

    fn too_slow(&self, limit: Duration) -> SyntheticResponse {
        let seconds = limit.as_secs();
        let name = &self.upstream.name;
        if self.pending.progress().1 {
            SyntheticResponse::upstream(
                504,
                "upstream_timeout",
                format!("{name} did not answer within {seconds} s"),
            )
            .hint("Allow more with `--upstream-timeout SECONDS`")
        } else {
            SyntheticResponse::client(
                408,
                "upload_timeout",
                format!("the request's body did not go on for {seconds} s"),
            )
        }
    }

    /// Passes on interim answers.
    fn pass(&self, heads: Vec<Head>) {
        for head in heads {
            self.pending.interim(&head);
            match (head.status_line().status, self.gate) {
                // hyper writes the 100 itself, once the body may pass
                (100, Some(gate)) => gate.open(),
                (100, None) => {}
                _ if self.tells_interim => {
                    if let Some(block) = interim_block(&head) {
                        self.client.handle.interim(&block);
                    }
                }
                _ => {}
            }
        }
    }
}

/// Returns an interim answer for the client: fields of one hop removed, nothing that could split it.
fn interim_block(head: &Head) -> Option<Vec<u8>> {
    for header in head.headers.iter() {
        HeaderName::from_bytes(header.name.as_bytes()).ok()?;
        HeaderValue::from_bytes(header.value.as_bytes()).ok()?;
    }
    let line = head.status_line();
    HeaderValue::from_bytes(line.reason).ok()?;
    let mut block = format!("HTTP/1.1 {} ", line.status).into_bytes();
    block.extend_from_slice(line.reason);
    block.extend_from_slice(b"\r\n");
    let hop = HopRules { side: Side::Response, host: None, more: &[], lengthless: true };
    block.extend_from_slice(&hop_by_hop::onward(&head.headers, &hop, &mut Vec::new()).bytes);
    block.extend_from_slice(b"\r\n");
    Some(block)
}
