//! Sends one request on a connection of its own, byte for byte as it was prepared, and keeps what comes back.

use std::time::{Duration, Instant};

use bytes::BytesMut;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::Builder;
use hyper_util::rt::TokioIo;

use crate::model::exchange::{Body, Header, Headers, Interim, Response, Timings};
use crate::model::timestamp::micros;
use crate::net::connect::{ConnectError, Connector};
use crate::net::destination::Destination;
use crate::net::head::Head;
use crate::net::upstream_wire::{UpstreamHandle, UpstreamWire};
use crate::replay::prepare::Outgoing;

mod head_wire;

use crate::replay::sender::head_wire::HeadWire;

/// The largest head of an answer.
const HEAD_LIMIT: usize = 256 * 1024;
/// The most header lines of an answer.
const LINES: usize = 200;
/// How much of an answer's body is kept; the rest is counted.
const BODY_LIMIT: usize = 8 << 20;

/// Sends requests.
#[derive(Clone, Debug)]
pub struct Sender {
    /// Makes the connections.
    pub connector: Connector,
    /// How long an answer may take, from the first byte sent to the last received.
    pub limit: Duration,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The answer.
    pub response: Response,
    /// The 1xx answers before it.
    pub interim: Vec<Interim>,
    /// How long it took.
    pub timings: Timings,
}

/// Why there is no whole answer.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// Nothing was sent.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The connection broke, or what came is no HTTP: whether the request took effect is not known.
    #[error("{server} broke off or answered what is not HTTP")]
    Broken {
        /// Who.
        server: Destination,
        /// How.
        source: hyper::Error,
    },
    /// No whole answer in time: whether the request took effect is not known.
    #[error("{server} did not answer within {} s", .limit.as_secs())]
    Slow {
        /// Who.
        server: Destination,
        /// The limit.
        limit: Duration,
    },
}

impl SendError {
    /// Returns whether the request certainly had no effect.
    pub fn is_unsent(&self) -> bool {
        matches!(self, Self::Connect(_))
    }
}

impl Sender {
    /// Sends a request and waits for the whole answer.
    ///
    /// # Errors
    /// There is no connection, or no whole answer.
    pub async fn send(&self, server: &Destination, outgoing: &Outgoing) -> Result<Sent, SendError> {
        let started = Instant::now();
        let stream = self.connector.connect(server).await?;
        let connected = micros(started.elapsed());
        let (wire, tap) = UpstreamWire::new(stream);
        let wire = HeadWire::new(wire, outgoing.head());
        let exchanged = self.exchange(wire, &tap, outgoing, started);
        match tokio::time::timeout(self.limit, exchanged).await {
            Ok(Ok((response, head_at))) => {
                let interim = tap.lock().tap.take_interim().iter().map(interim).collect();
                let timings = Timings {
                    request_read: Some(0),
                    upstream_connected: Some(connected),
                    response_head: Some(head_at),
                    total: micros(started.elapsed()),
                };
                Ok(Sent { response, interim, timings })
            }
            Ok(Err(source)) => Err(SendError::Broken { server: server.clone(), source }),
            Err(_) => Err(SendError::Slow { server: server.clone(), limit: self.limit }),
        }
    }

    async fn exchange(
        &self,
        wire: HeadWire,
        tap: &UpstreamHandle,
        outgoing: &Outgoing,
        started: Instant,
    ) -> Result<(Response, u64), hyper::Error> {
        let mut builder = Builder::new();
        builder.max_buf_size(HEAD_LIMIT).max_headers(LINES);
        let (mut sender, connection) = builder.handshake(TokioIo::new(wire)).await?;
        tap.lock().tap.arm();
        // hyper follows the framing; the head that it writes is replaced on the wire
        let mut request = http::Request::new(Full::new(outgoing.body.clone()));
        *request.method_mut() =
            http::Method::from_bytes(outgoing.method.as_bytes()).unwrap_or(http::Method::POST);
        let answered = async {
            let answer = sender.send_request(request).await?;
            let head_at = micros(started.elapsed());
            Ok((response(answer, tap).await?, head_at))
        };
        let mut connection = std::pin::pin!(connection);
        let mut answered = std::pin::pin!(answered);
        tokio::select! {
            answered = &mut answered => answered,
            ended = &mut connection => match ended {
                // the end of a body that ends with the connection reaches the answer by itself
                Ok(()) => answered.await,
                Err(error) => Err(error),
            },
        }
    }
}

async fn response(answer: http::Response<Incoming>, tap: &UpstreamHandle) -> Result<Response, hyper::Error> {
    let head = tap.lock().tap.take_final().unwrap_or_default();
    let status = answer.status().as_u16();
    let mut incoming = answer.into_body();
    let (mut body, mut total, mut trailers) = (BytesMut::new(), 0, Headers::default());
    while let Some(frame) = incoming.frame().await {
        let frame = frame?;
        if let Some(data) = frame.data_ref() {
            total += data.len() as u64;
            let room = BODY_LIMIT.saturating_sub(body.len()).min(data.len());
            body.extend_from_slice(&data[..room]);
        } else if let Some(lines) = frame.trailers_ref() {
            trailers = Headers(lines.iter().map(line).collect());
        }
    }
    let bytes = body.freeze();
    let line = head.status_line();
    Ok(Response {
        version: String::from_utf8_lossy(line.version).into_owned(),
        status,
        reason: line.reason.into(),
        headers: head.headers.clone(),
        body: Body { cut: total > bytes.len() as u64, bytes, total, decoded: false },
        trailers,
        head: head.unusual_bytes(),
    })
}

fn line((name, value): (&http::HeaderName, &http::HeaderValue)) -> Header {
    Header { name: name.as_str().into(), value: value.as_bytes().into() }
}

fn interim(head: &Head) -> Interim {
    let line = head.status_line();
    Interim { status: line.status, reason: line.reason.into(), headers: head.headers.clone() }
}
