//! The edge: hyper on a loopback socket, HTTP/1 in and out; every question goes to the core.
#![allow(clippy::disallowed_methods, reason = "the server owns its accept task and ends it")]

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
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::model::exchange::{self, Header, Headers, Request};
use crate::simulator::answer::Answer;
use crate::simulator::clock::Clock;
use crate::simulator::door::BODY_LIMIT;
use crate::simulator::world::{Settings, World};

/// How long open requests may take once the server was told to stop.
const GRACE: Duration = Duration::from_secs(3);
/// How long a client may take for a request's head.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// Where a simulator listens and how it behaves.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Options {
    /// A loopback address; port 0 stands for any free one.
    pub listen: SocketAddr,
    /// How it behaves.
    pub settings: Settings,
}

/// Any free port of 127.0.0.1, and the settings' own default.
impl Default for Options {
    fn default() -> Self {
        Self { listen: SocketAddr::from(([127, 0, 0, 1], 0)), settings: Settings::default() }
    }
}

/// Why a simulator did not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address is not on this machine's loopback interface.
    #[error("the simulator listens on loopback only, and {0} is not")]
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

/// A simulator that answers until it is stopped or dropped.
#[derive(Debug)]
pub struct Running {
    /// Where it listens; the port is the real one where 0 was asked for.
    pub address: SocketAddr,
    stop: watch::Sender<bool>,
    accepting: JoinHandle<()>,
}

impl Running {
    /// Returns its URL, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

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

/// Starts a simulator and returns once it answers.
///
/// # Errors
/// The address is not a loopback one, or cannot be listened on.
pub async fn serve(options: Options) -> Result<Running, ServeError> {
    let Options { listen, settings } = options;
    if !listen.ip().is_loopback() {
        return Err(ServeError::NotLoopback(listen));
    }
    let bind = |source| ServeError::Bind { address: listen, source };
    let listener = TcpListener::bind(listen).await.map_err(bind)?;
    let address = listener.local_addr().map_err(bind)?;
    let clock = if settings.test_clock { Clock::Standing } else { Clock::Real };
    let shared = Arc::new(Shared { world: Mutex::new(World::new(settings, clock.now())), clock });
    let (stop, stopped) = watch::channel(false);
    let accepting = tokio::spawn(accept(listener, shared, stopped));
    Ok(Running { address, stop, accepting })
}

struct Shared {
    world: Mutex<World>,
    clock: Clock,
}

async fn accept(listener: TcpListener, shared: Arc<Shared>, mut stopped: watch::Receiver<bool>) {
    // Dropping the set ends the connections, so nothing outlives a `Running`.
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
    // Head and chunks are small writes of their own: without this each answer waits for an acknowledgement.
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
) -> Result<http::Response<OneChunk>, hyper::Error> {
    let request = read(request).await?;
    let answer = {
        let mut world = shared.world.lock().unwrap_or_else(PoisonError::into_inner);
        world.answer(shared.clock.now(), &request)
    };
    tracing::debug!(
        http.request.method = %request.method.lossy(),
        url.path = %request.path(),
        http.response.status_code = answer.status,
        rule = answer.rule.name,
        "answered"
    );
    Ok(response(answer))
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

fn response(answer: Answer) -> http::Response<OneChunk> {
    let body = answer.body.map(|document| Bytes::from(document.to_string()));
    let mut response = http::Response::new(OneChunk(body));
    *response.status_mut() =
        http::StatusCode::from_u16(answer.status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in answer.headers {
        // Values are written by the core in ASCII; one that is not would be left out rather than break the answer.
        if let Ok(value) = http::HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// A body that does not tell its length, so that it is sent chunked, as the API sends its bodies.
#[derive(Debug)]
struct OneChunk(Option<Bytes>);

impl Body for OneChunk {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.take().map(|data| Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        match self.0 {
            Some(_) => SizeHint::default(),
            None => SizeHint::with_exact(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    use super::{Options, ServeError, serve};

    async fn asked(address: SocketAddr) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET /_simulator/state HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
        let mut start = [0; 15];
        stream.read_exact(&mut start).await.unwrap();
        assert_eq!(&start, b"HTTP/1.1 200 OK");
        stream
    }

    #[tokio::test]
    async fn a_stopped_simulator_closes_idle_connections_and_frees_its_port() {
        let running = serve(Options::default()).await.unwrap();
        let address = running.address;
        let mut idle = asked(address).await;
        running.stop().await;
        let mut rest = Vec::new();
        idle.read_to_end(&mut rest).await.unwrap();
        assert!(rest.ends_with(b"\r\n0\r\n\r\n"));
        assert!(serve(Options { listen: address, ..Options::default() }).await.is_ok());
    }

    #[tokio::test]
    async fn a_dropped_simulator_answers_no_more() {
        let running = serve(Options::default()).await.unwrap();
        let mut open = asked(running.address).await;
        drop(running);
        // The end comes as a close or as a reset; either way there is no second answer.
        let mut rest = Vec::new();
        let _ = open.read_to_end(&mut rest).await;
        assert!(!rest.windows(8).any(|octets| octets == b"HTTP/1.1"));
    }

    #[tokio::test]
    async fn an_address_of_the_network_is_refused_before_it_is_bound() {
        let refused = serve(Options { listen: ([0, 0, 0, 0], 0).into(), ..Options::default() }).await;
        assert!(matches!(refused, Err(ServeError::NotLoopback(_))));
    }
}
