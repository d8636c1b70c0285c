//! The mock on a loopback socket: HTTP/1 in and out; every question goes to the responder.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::ext::ReasonPhrase;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::model::exchange::{self, Header, Headers, Request};
use crate::net::destination::is_loopback_name;
use crate::replay::mock::answer::Answer;
use crate::replay::mock::responder::Responder;

/// The largest body that is looked at.
const BODY_LIMIT: usize = 16 << 20;
/// How long open requests may take once the server was told to stop.
const GRACE: Duration = Duration::from_secs(3);
/// How long a client may take for a request's head.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// Where a mock listens and how it behaves.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// A loopback address; port 0 stands for any free one.
    pub listen: SocketAddr,
    /// Take as long as the recorded answers took.
    pub latency: bool,
}

/// Why a mock did not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address is not on this machine's loopback interface.
    #[error("the mock listens on loopback only, and {0} is not")]
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

/// A mock that answers until it is stopped or dropped.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    stop: watch::Sender<bool>,
    accepting: JoinHandle<()>,
}

impl Running {
    /// Accepts no more, lets open requests end (3 s at most), and returns when all is over.
    pub async fn stop(mut self) {
        let _ = self.stop.send(true);
        let _ = (&mut self.accepting).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Hears of every answer: the request's method and path, and the answer.
pub type Watcher = Arc<dyn Fn(&str, &Answer) + Send + Sync>;

struct Shared {
    responder: Mutex<Responder>,
    options: Options,
    watcher: Watcher,
}

/// Starts a mock and returns once it answers.
///
/// # Errors
/// The address is not a loopback one, or cannot be listened on.
pub async fn serve(options: Options, responder: Responder, watcher: Watcher) -> Result<Running, ServeError> {
    let listen = options.listen;
    if !listen.ip().is_loopback() {
        return Err(ServeError::NotLoopback(listen));
    }
    let bind = |source| ServeError::Bind { address: listen, source };
    let listener = TcpListener::bind(listen).await.map_err(bind)?;
    let address = listener.local_addr().map_err(bind)?;
    let shared = Arc::new(Shared { responder: Mutex::new(responder), options, watcher });
    let (stop, stopped) = watch::channel(false);
    let accepting = tokio::spawn(accept(listener, shared, stopped));
    Ok(Running { address, stop, accepting })
}

async fn accept(listener: TcpListener, shared: Arc<Shared>, mut stopped: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = stopped.changed() => break,
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, Arc::clone(&shared), stopped.clone()));
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

async fn connection(stream: TcpStream, shared: Arc<Shared>, mut stopped: watch::Receiver<bool>) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let shared = Arc::clone(&shared);
        async move { exchange(request, &shared).await }
    });
    let served = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .title_case_headers(true)
        .serve_connection(TokioIo::new(stream), service);
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

async fn exchange(
    request: http::Request<Incoming>,
    shared: &Shared,
) -> Result<http::Response<Framed>, hyper::Error> {
    let ours = is_ours(&request);
    let request = read(request).await?;
    let asked = format!("{} {}", request.method.lossy(), request.path());
    let answer = if !ours {
        let message = "wraptap mock: the Host field names a host that is not this machine";
        Answer::refusal(421, "foreign_host", message, Vec::new())
    } else if request.body.cut {
        let message = format!("wraptap mock: the body is larger than {} MiB", BODY_LIMIT >> 20);
        Answer::refusal(413, "body_limit", &message, Vec::new())
    } else {
        shared.responder.lock().unwrap_or_else(PoisonError::into_inner).answer(&request)
    };
    if shared.options.latency {
        tokio::time::sleep(Duration::from_micros(answer.latency)).await;
    }
    (shared.watcher)(&asked, &answer);
    Ok(response(answer))
}

/// A page of another site can reach this port under a name of its own; its `Host` gives it away.
fn is_ours(request: &http::Request<Incoming>) -> bool {
    let mut hosts = request.headers().get_all(http::header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) => request.version() < http::Version::HTTP_11,
        (Some(host), None) => host.to_str().is_ok_and(|host| {
            let name = match host.strip_prefix('[') {
                Some(rest) => rest.split(']').next().unwrap_or_default(),
                None => host.split(':').next().unwrap_or_default(),
            };
            is_loopback_name(name)
        }),
        (Some(_), Some(_)) => false,
    }
}

/// Reads a request to its end; of a body above the limit the rest is counted and dropped.
async fn read(request: http::Request<Incoming>) -> Result<Request, hyper::Error> {
    let (head, mut incoming) = request.into_parts();
    let mut body = BytesMut::new();
    let mut total = 0;
    while let Some(frame) = incoming.frame().await {
        if let Ok(data) = frame?.into_data() {
            total += data.len() as u64;
            let room = BODY_LIMIT.saturating_sub(body.len());
            body.extend_from_slice(&data[..data.len().min(room)]);
        }
    }
    let octets = body.freeze();
    let cut = total > octets.len() as u64;
    let header = |(name, value): (&http::HeaderName, &http::HeaderValue)| Header {
        name: name.as_str().into(),
        value: value.as_bytes().into(),
    };
    Ok(Request {
        method: head.method.as_str().into(),
        target: head.uri.to_string().into(),
        version: format!("{:?}", head.version),
        headers: Headers(head.headers.iter().map(header).collect()),
        body: exchange::Body { octets, total, cut, decoded: false },
        trailers: Headers::default(),
        head: None,
    })
}

fn response(answer: Answer) -> http::Response<Framed> {
    let mut response = http::Response::new(Framed { body: Some(answer.body), chunked: answer.chunked });
    *response.status_mut() =
        http::StatusCode::from_u16(answer.status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in answer.headers {
        // a foreign recording may hold lines that no answer can have: they are left out
        if let (Ok(name), Ok(value)) =
            (http::HeaderName::from_bytes(&name), http::HeaderValue::from_bytes(&value))
        {
            response.headers_mut().append(name, value);
        }
    }
    if let Ok(reason) = ReasonPhrase::try_from(answer.reason)
        && !reason.as_bytes().is_empty()
    {
        response.extensions_mut().insert(reason);
    }
    response
}

/// A body in one piece, in chunks where the recorded one was.
#[derive(Debug)]
struct Framed {
    body: Option<Bytes>,
    chunked: bool,
}

impl Body for Framed {
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
