//! Connections to the upstreams. Each worker has its own pool, so that its lock is never contended.
//!
//! A connection has no task of its own: the exchange that uses it moves its bytes, so one task carries a
//! request from end to end without having to be woken in between. No one polls a connection in the pool; the
//! next exchange to use it finds out, before it sends anything, whether the upstream has closed it.

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

/// How often idle connections are checked.
pub(crate) const IDLE_CHECK: Duration = Duration::from_secs(5);
/// After how many checks an idle connection is closed: sooner than servers usually do, so that they rarely
/// close it just when it is used.
const MAX_CHECKS: u8 = 3;
/// The largest number of idle connections in one pool. With fewer than a load test has clients, each of its
/// rounds would open the rest anew. When file descriptors are scarce, the pool is emptied earlier.
const MAX_IDLE: usize = 512;
/// The largest response head.
const HEAD_LIMIT: usize = 256 * 1024;

/// Moves the bytes of a connection; ends with it.
type Driver = Pin<Box<dyn Future<Output = hyper::Result<()>> + Send>>;

/// A connection to an upstream.
pub(crate) struct PooledConnection {
    sender: SendRequest<RequestBody>,
    /// `None` once the connection has ended.
    driver: Option<Driver>,
    pub(crate) tap: UpstreamHandle,
    /// It has carried an exchange before.
    pub(crate) reused: bool,
    upstream: usize,
}

/// The result of sending a request: the head of its response.
type SendResult = Result<Response<Incoming>, TrySendError<Request<RequestBody>>>;

impl PooledConnection {
    /// Sends a request with these header lines, whatever lines it has itself; poll the result with
    /// `poll_response`.
    pub(crate) fn send(
        &mut self,
        mut request: Request<RequestBody>,
        lines: HeadLines,
    ) -> impl Future<Output = SendResult> + Send + use<> {
        self.tap.lock().begin(lines);
        request.body_mut().send_over(self.tap.clone());
        self.sender.try_send_request(request)
    }

    /// Moves bytes until the head of the response is there.
    pub(crate) fn poll_response(
        &mut self,
        sent: Pin<&mut impl Future<Output = SendResult>>,
        cx: &mut Context<'_>,
    ) -> Poll<SendResult> {
        self.drive(cx);
        sent.poll(cx)
    }

    /// Moves bytes until there is a piece of the response body.
    pub(crate) fn poll_frame(
        &mut self,
        body: &mut Incoming,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut *body).poll_frame(cx) {
            return Poll::Ready(frame);
        }
        self.drive(cx);
        Pin::new(body).poll_frame(cx)
    }

    fn drive(&mut self, cx: &mut Context<'_>) {
        if let Some(driver) = &mut self.driver
            // its errors reach the exchange through the response
            && driver.as_mut().poll(cx).is_ready()
        {
            self.driver = None;
        }
    }

    /// Gives the connection a task of its own: it has become a tunnel, or the request is still being sent.
    pub(crate) fn drive_in_background(self) {
        if let Some(driver) = self.driver {
            // no one is interested in its end
            tokio::spawn(driver);
        }
    }

    fn has_ended(&self) -> bool {
        self.driver.is_none() || self.sender.is_closed()
    }
}

/// The idle connections.
#[derive(Debug, Default)]
pub(crate) struct ConnectionPool(Mutex<Vec<IdleConnection>>);

struct IdleConnection {
    connection: PooledConnection,
    /// How many checks it has been through; with times, each exchange would read the clock twice.
    checks: u8,
}

impl std::fmt::Debug for IdleConnection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "IdleConnection(upstream {})", self.connection.upstream)
    }
}

impl ConnectionPool {
    /// Takes the connection that was used last, if there is one.
    pub(crate) fn take(&self, upstream: &Upstream) -> Option<PooledConnection> {
        let mut idle = sync::lock(&self.0);
        let at = idle.iter().rposition(|one| one.connection.upstream == upstream.index)?;
        let mut connection = idle.remove(at).connection;
        connection.reused = true;
        Some(connection)
    }

    /// Gives back a connection whose exchange is over.
    pub(crate) fn put(&self, connection: PooledConnection) {
        if connection.has_ended() {
            return;
        }
        if !connection.sender.is_ready() {
            return connection.drive_in_background();
        }
        let mut idle = sync::lock(&self.0);
        if idle.len() >= MAX_IDLE {
            idle.remove(0);
        }
        idle.push(IdleConnection { connection, checks: 0 });
    }

    /// Closes the connections that have been idle for too long.
    pub(crate) fn evict_idle(&self) {
        sync::lock(&self.0).retain_mut(|one| {
            one.checks += 1;
            one.checks < MAX_CHECKS
        });
    }

    /// Closes all idle connections, to free their file descriptors.
    pub(crate) fn clear(&self) {
        sync::lock(&self.0).clear();
    }
}

/// Opens a connection.
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

/// Opens a connection for requests with any kind of body; returns it with its tap and the future that drives
/// it.
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
