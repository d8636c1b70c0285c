//! One client connection, from its first byte to its end.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use http::{Method, Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1::Builder;
use hyper::service::service_fn;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use crate::net::client_wire::ClientWire;
use crate::net::stream::Stream;
use crate::proxy::client::ClientConnection;
use crate::proxy::connect_method::{self, ConnectResult};
use crate::proxy::context::WorkerContext;
use crate::proxy::forward::{self, ReceivedRequest};
use crate::proxy::rejected_head::{self, ConnectionEnd, HEAD_LIMIT};
use crate::proxy::response_body::ResponseBody;
use crate::proxy::tls_refusal;

/// How often a connection checks its time limits, at least and at most. Each check also polls the exchange on
/// it, which so needs no timer: one timer for each request would cost as much as parsing a head.
const TICK: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(2));
/// The first byte of a TLS record that holds a handshake.
const TLS_HANDSHAKE: u8 = 0x16;

/// Serves a connection that was just accepted.
pub(crate) async fn serve(context: Arc<WorkerContext>, stream: TcpStream, address: SocketAddr) {
    // without it the connection is only slower
    let _ = stream.set_nodelay(true);
    let mut first = [0];
    let limits = context.shared.limits;
    let peeked = unless_stopped(stream.peek(&mut first), context.shared.stopping.clone());
    match timeout(limits.idle, peeked).await {
        Ok(Some(Ok(1))) => {}
        _ => return,
    }
    match (first[0], &context.shared.tls) {
        (TLS_HANDSHAKE, None) => tls_refusal::refuse(&context, stream, address).await,
        (TLS_HANDSHAKE, Some(acceptor)) => match timeout(limits.connect, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => {
                let tls = tls_version(stream.get_ref().1);
                serve_http(context, Stream::Tls(Box::new(stream.into())), address.to_string(), tls).await;
            }
            Ok(Err(error)) => report_failed_handshake(&context, &address.to_string(), &error),
            Err(_) => {}
        },
        _ => serve_http(context, Stream::Plain(stream), address.to_string(), None).await,
    }
}

/// Serves the connection inside a tunnel that a CONNECT opened: TLS, and HTTP in it.
///
/// Boxed, because the exchanges inside may open tunnels in turn.
fn serve_tunnel(
    context: Arc<WorkerContext>,
    opened: OnUpgrade,
    address: String,
) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async move {
        let Some(acceptor) = &context.shared.tls else { return };
        let Ok(tunnel) = opened.await else { return };
        match timeout(context.shared.limits.connect, acceptor.accept(TokioIo::new(tunnel))).await {
            Ok(Ok(stream)) => {
                let tls = tls_version(stream.get_ref().1);
                serve_http(context, Stream::Tunnelled(Box::new(stream)), address, tls).await;
            }
            Ok(Err(error)) => report_failed_handshake(&context, &address, &error),
            Err(_) => {}
        }
    })
}

fn report_failed_handshake(context: &WorkerContext, address: &str, error: &std::io::Error) {
    context.shared.recorder.notices.send(format!(
        "a client at {address} gave up the TLS handshake ({error}): does it trust wraptap's CA? http:// works on \
         the same port"
    ));
}

fn tls_version(connection: &rustls::ServerConnection) -> Option<String> {
    connection.protocol_version().map(|version| format!("{version:?}").replace("TLSv1_", "TLS 1."))
}

/// Serves HTTP until the client or wraptap ends the connection.
async fn serve_http(context: Arc<WorkerContext>, stream: Stream, address: String, tls: Option<String>) {
    let id = context.shared.connections.fetch_add(1, Ordering::Relaxed) + 1;
    let (wire, handle) = ClientWire::new(stream);
    let (requests, ticks) = (AtomicU64::new(0), AtomicU64::new(0));
    let client = Arc::new(ClientConnection { handle, id, address, tls, requests, ticks });
    let ended = run_hyper(&context, &client, wire).await;
    rejected_head::record_and_respond(&context, &client, ended).await;
}

/// Runs hyper on the wire until it ends, or until the client exceeds a time limit.
async fn run_hyper(
    context: &Arc<WorkerContext>,
    client: &Arc<ClientConnection>,
    wire: ClientWire,
) -> ConnectionEnd {
    let service = {
        let (context, client) = (Arc::clone(context), Arc::clone(client));
        service_fn(move |request| respond(Arc::clone(&context), Arc::clone(&client), request))
    };
    let connection = Builder::new()
        // a slow head is found by the tick, without a timer for each request
        .header_read_timeout(None)
        .half_close(true)
        .auto_date_header(false)
        .max_buf_size(HEAD_LIMIT)
        .serve_connection(TokioIo::new(wire), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let limits = context.shared.limits;
    let mut tick = tokio::time::interval((limits.answer.min(limits.head) / 8).clamp(TICK.0, TICK.1));
    let mut stopping = context.shared.stopping.clone();
    let mut stop = pin!(stopping.wait_for(|stop| *stop));
    let mut stopped = false;
    let mut idle = IdleTime::default();
    loop {
        tokio::select! {
            biased;
            ended = connection.as_mut() => return ended.map_or_else(ConnectionEnd::Failed, |()| ConnectionEnd::Regular),
            _ = stop.as_mut(), if !stopped => {
                stopped = true;
                connection.as_mut().graceful_shutdown();
            }
            now = tick.tick() => {
                client.ticks.fetch_add(1, Ordering::Relaxed);
                if client.handle.incomplete_head_since().is_some_and(|since| since.elapsed() >= limits.head) {
                    return ConnectionEnd::SlowHead;
                }
                if idle.at(now, client) >= limits.idle {
                    return ConnectionEnd::Regular;
                }
            }
        }
    }
}

/// How long a connection has been idle.
#[derive(Default)]
struct IdleTime {
    since: Option<Instant>,
}

impl IdleTime {
    fn at(&mut self, now: Instant, client: &ClientConnection) -> Duration {
        if !client.handle.is_idle() {
            self.since = None;
            return Duration::ZERO;
        }
        now.duration_since(*self.since.get_or_insert(now))
    }
}

/// Responds to a request that hyper parsed.
async fn respond(
    context: Arc<WorkerContext>,
    client: Arc<ClientConnection>,
    request: Request<Incoming>,
) -> Result<Response<ResponseBody>, Infallible> {
    let mut received = ReceivedRequest::new(&context, &client, request);
    if *received.request.method() == Method::CONNECT {
        match connect_method::handle(&context, &client, &mut received.request, &received.access).await {
            ConnectResult::Terminate(opened) => {
                tokio::spawn(serve_tunnel(context, opened, client.address.clone()));
                return Ok(Response::new(ResponseBody::empty()));
            }
            ConnectResult::Respond(response) => return Ok(response.map(ResponseBody::whole)),
            ConnectResult::Refuse => {}
        }
    }
    Ok(forward::forward(context, client, received).await)
}

/// Runs a future until a stop is requested.
async fn unless_stopped<T>(
    future: impl Future<Output = T>,
    mut stopping: watch::Receiver<bool>,
) -> Option<T> {
    let mut future: Pin<_> = pin!(future);
    tokio::select! {
        biased;
        done = &mut future => Some(done),
        _ = stopping.wait_for(|stop| *stop) => None,
    }
}
