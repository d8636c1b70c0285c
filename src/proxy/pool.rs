//! Connections to the upstreams. One pool a worker, so nobody waits for a lock.
//!
//! A connection has no task of its own: the exchange that has it moves its bytes, so a request is carried by one task
//! from end to end, without being woken by itself. While it waits in the pool nobody looks at it; whoever takes it
//! finds out whether the upstream has closed it meanwhile, before anything is sent.

use std::future::Future;
use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body::{Body, Frame};
use hyper::body::Incoming;
use hyper::client::conn::TrySendError;
use hyper::client::conn::http1::{Builder, SendRequest};
use hyper_util::rt::TokioIo;

use crate::net::connect::{ConnectError, Connector};
use crate::net::head_rewriter::HeadLines;
use crate::net::upstream_wire::{UpstreamHandle, UpstreamWire};
use crate::proxy::request_body::RequestBody;
use crate::proxy::routes::Upstream;
use crate::sync;

/// How often the pool is aired.
pub(crate) const IDLE_CHECK: Duration = Duration::from_secs(5);
/// How many checks a connection may wait: shorter than servers usually wait, so that they rarely close it on us.
const IDLE_CHECKS: u8 = 3;
/// How many connections wait at most, in one pool. With fewer than a load test has clients, each of its rounds would open
/// the rest anew; where descriptors are scarce they are let go of earlier.
const MOST: usize = 512;
/// The largest head of an answer.
const HEAD_LIMIT: usize = 256 * 1024;

/// What moves the bytes of a connection; ends with it.
type Driver = Pin<Box<dyn Future<Output = hyper::Result<()>> + Send>>;

/// A connection to an upstream.
pub(crate) struct PooledConnection {
    sender: SendRequest<RequestBody>,
    /// `None` once the connection has ended.
    driver: Option<Driver>,
    pub(crate) tap: UpstreamHandle,
    /// It carried an exchange before.
    pub(crate) reused: bool,
    upstream: usize,
}

/// A request on its way to its answer's head.
type SendResult = Result<Response<Incoming>, TrySendError<Request<RequestBody>>>;

impl PooledConnection {
    /// Sends a request with these header lines, whatever lines it has itself; poll the answer with `poll_answer`. A short
    /// one may wait for others, until it is handed over.
    pub(crate) fn send(
        &mut self,
        request: Request<RequestBody>,
        lines: HeadLines,
        waits: bool,
    ) -> impl Future<Output = SendResult> + Send + use<> {
        self.tap.lock().begin(lines, waits);
        self.sender.try_send_request(request)
    }

    /// Moves bytes until the answer to what was sent is there.
    pub(crate) fn poll_answer(
        &mut self,
        answer: Pin<&mut impl Future<Output = SendResult>>,
        cx: &mut Context<'_>,
    ) -> Poll<SendResult> {
        self.carry(cx);
        answer.poll(cx)
    }

    /// Moves bytes until there is a piece of the answer's body.
    pub(crate) fn poll_frame(
        &mut self,
        body: &mut Incoming,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut *body).poll_frame(cx) {
            return Poll::Ready(frame);
        }
        self.carry(cx);
        Pin::new(body).poll_frame(cx)
    }

    fn carry(&mut self, cx: &mut Context<'_>) {
        if let Some(driver) = &mut self.driver
            // its errors reach the exchange through the answer
            && driver.as_mut().poll(cx).is_ready()
        {
            self.driver = None;
        }
    }

    /// Lets the connection go on by itself: it has become a tunnel, or the request is still being sent.
    pub(crate) fn go_on(self) {
        if let Some(driver) = self.driver {
            // nobody is left to hear of its end
            tokio::spawn(driver);
        }
    }

    fn is_over(&self) -> bool {
        self.driver.is_none() || self.sender.is_closed()
    }
}

/// The connections that wait.
#[derive(Debug, Default)]
pub(crate) struct Pool(Mutex<Vec<IdleConnection>>);

struct IdleConnection {
    link: PooledConnection,
    /// How many checks it has seen; a clock would have to be read twice for every exchange.
    checks: u8,
}

impl std::fmt::Debug for IdleConnection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "IdleConnection(upstream {})", self.link.upstream)
    }
}

impl Pool {
    /// Takes the connection that waited least, if there is one.
    pub(crate) fn take(&self, upstream: &Upstream) -> Option<PooledConnection> {
        let mut waiting = sync::lock(&self.0);
        let at = waiting.iter().rposition(|one| one.link.upstream == upstream.index)?;
        let mut link = waiting.remove(at).link;
        link.reused = true;
        Some(link)
    }

    /// Gives a connection back whose exchange is over.
    pub(crate) fn put(&self, link: PooledConnection) {
        if link.is_over() {
            return;
        }
        if !link.sender.is_ready() {
            return link.go_on();
        }
        let mut waiting = sync::lock(&self.0);
        if waiting.len() >= MOST {
            waiting.remove(0);
        }
        waiting.push(IdleConnection { link, checks: 0 });
    }

    /// Lets go of the connections that have waited too long.
    pub(crate) fn air(&self) {
        let mut waiting = sync::lock(&self.0);
        waiting.retain_mut(|one| {
            one.checks += 1;
            one.checks < IDLE_CHECKS
        });
    }

    /// Lets go of every connection that waits, for the descriptors.
    pub(crate) fn clear(&self) {
        sync::lock(&self.0).clear();
    }
}

/// Makes a new connection.
pub(crate) async fn connect(
    connector: &Connector,
    upstream: &Upstream,
) -> Result<PooledConnection, ConnectError> {
    let (sender, tap, driver) = open(connector, upstream).await?;
    Ok(PooledConnection {
        sender,
        driver: Some(Box::pin(driver)),
        tap,
        reused: false,
        upstream: upstream.index,
    })
}

/// Opens a connection for requests with bodies of any kind, with its tap and what moves its bytes.
pub(crate) async fn open<B>(
    connector: &Connector,
    upstream: &Upstream,
) -> Result<
    (SendRequest<B>, UpstreamHandle, impl Future<Output = hyper::Result<()>> + Send + use<B>),
    ConnectError,
>
where
    B: Body<Data: Send, Error: Into<Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
{
    let stream = connector.connect(&upstream.server).await?;
    let (wire, tap) = UpstreamWire::new(stream);
    let handshake = Builder::new().max_buf_size(HEAD_LIMIT).handshake(TokioIo::new(wire)).await;
    let (sender, connection) = handshake.map_err(|error| ConnectError::Connect {
        server: upstream.server.host_and_port(),
        source: std::io::Error::other(error),
    })?;
    Ok((sender, tap, connection.with_upgrades()))
}
