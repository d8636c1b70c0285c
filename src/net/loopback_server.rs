//! A small HTTP/1 server on a loopback address, shared by the simulator and the mock.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::model::exchange::{Body, Header, Headers, Request};

/// How long open requests may take once the server has been stopped.
const GRACE: Duration = Duration::from_secs(3);
/// How long a client may take for a request's head.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum LoopbackError {
    /// The address is not on this machine's loopback interface.
    #[error("this server listens on loopback only, and {0} is not")]
    NotLoopback(SocketAddr),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
}

/// A server that runs until it is stopped or dropped.
#[derive(Debug)]
pub struct LoopbackServer {
    /// Where it listens, with the actual port if 0 was requested.
    pub address: SocketAddr,
    stop: watch::Sender<bool>,
    accepting: JoinHandle<()>,
}

impl LoopbackServer {
    /// Returns its URL, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Accepts no more connections, lets open requests end (3 s at most), and returns when all have ended.
    pub async fn stop(mut self) {
        let _ = self.stop.send(true);
        let _ = (&mut self.accepting).await;
    }
}

impl Drop for LoopbackServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Starts a server and returns once it listens; port 0 in `listen` means any free one.
///
/// # Errors
/// The address is not a loopback one, or cannot be listened on.
pub(crate) async fn serve<S, F, B>(listen: SocketAddr, service: S) -> Result<LoopbackServer, LoopbackError>
where
    S: Fn(http::Request<Incoming>) -> F + Send + Sync + 'static,
    F: Future<Output = Result<http::Response<B>, hyper::Error>> + Send + 'static,
    B: http_body::Body<Data = Bytes, Error: std::error::Error + Send + Sync> + Send + 'static,
{
    if !listen.ip().is_loopback() {
        return Err(LoopbackError::NotLoopback(listen));
    }
    let bind = |source| LoopbackError::Bind { address: listen, source };
    let listener = TcpListener::bind(listen).await.map_err(bind)?;
    let address = listener.local_addr().map_err(bind)?;
    let (stop, stopped) = watch::channel(false);
    let accepting = tokio::spawn(accept(listener, Arc::new(service), stopped));
    Ok(LoopbackServer { address, stop, accepting })
}

async fn accept<S, F, B>(listener: TcpListener, service: Arc<S>, mut stopped: watch::Receiver<bool>)
where
    S: Fn(http::Request<Incoming>) -> F + Send + Sync + 'static,
    F: Future<Output = Result<http::Response<B>, hyper::Error>> + Send + 'static,
    B: http_body::Body<Data = Bytes, Error: std::error::Error + Send + Sync> + Send + 'static,
{
    // Dropping the set ends the connections, so nothing outlives a `LoopbackServer`.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = stopped.changed() => break,
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, Arc::clone(&service), stopped.clone()));
                }
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "cannot accept a connection");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
        }
    }
    drop(listener);
    let _ = tokio::time::timeout(GRACE, async { while connections.join_next().await.is_some() {} }).await;
}

async fn connection<S, F, B>(stream: TcpStream, service: Arc<S>, mut stopped: watch::Receiver<bool>)
where
    S: Fn(http::Request<Incoming>) -> F + Send + Sync + 'static,
    F: Future<Output = Result<http::Response<B>, hyper::Error>> + Send + 'static,
    B: http_body::Body<Data = Bytes, Error: std::error::Error + Send + Sync> + Send + 'static,
{
    // Head and chunks are separate small writes: without this each response waits for an acknowledgement.
    let _ = stream.set_nodelay(true);
    let served = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .title_case_headers(true)
        .serve_connection(TokioIo::new(stream), service_fn(move |request| service(request)));
    let mut served = pin!(served);
    let ended = tokio::select! {
        ended = served.as_mut() => ended,
        _ = stopped.changed() => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(error = &error as &dyn std::error::Error, "a connection broke");
    }
}

/// A body that is in memory, sent with a length or in chunks.
#[derive(Debug)]
pub(crate) struct OnePiece {
    /// `None` once it was sent.
    pub(crate) body: Option<Bytes>,
    /// Whether it is sent in chunks, unless it is empty.
    pub(crate) chunked: bool,
}

impl http_body::Body for OnePiece {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.body.take().filter(|body| !body.is_empty()).map(|data| Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Bytes::is_empty)
    }

    fn size_hint(&self) -> SizeHint {
        match &self.body {
            Some(body) if self.chunked && !body.is_empty() => SizeHint::default(),
            Some(body) => SizeHint::with_exact(body.len() as u64),
            None => SizeHint::with_exact(0),
        }
    }
}

/// Reads a request to its end; what exceeds `limit` bytes of the body is counted and dropped.
pub(crate) async fn read(request: http::Request<Incoming>, limit: usize) -> Result<Request, hyper::Error> {
    let (head, mut incoming) = request.into_parts();
    let mut body = BytesMut::new();
    let mut total = 0;
    while let Some(frame) = incoming.frame().await {
        if let Ok(data) = frame?.into_data() {
            total += data.len() as u64;
            let room = limit.saturating_sub(body.len());
            body.extend_from_slice(&data[..data.len().min(room)]);
        }
    }
    let bytes = body.freeze();
    let cut = total > bytes.len() as u64;
    let header = |(name, value): (&http::HeaderName, &http::HeaderValue)| Header {
        name: name.as_str().into(),
        value: value.as_bytes().into(),
    };
    Ok(Request {
        method: head.method.as_str().into(),
        target: head.uri.to_string().into(),
        version: format!("{:?}", head.version),
        headers: Headers(head.headers.iter().map(header).collect()),
        body: Body { bytes, total, cut, decoded: false },
        trailers: Headers::default(),
        head: None,
    })
}
