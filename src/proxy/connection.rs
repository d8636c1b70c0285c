//! One client connection: from its first byte to its end.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;
use std::time::Duration;

use hyper::server::conn::http1::Builder;
use hyper::service::service_fn;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::net::client_wire::{ClientHandle, ClientWire};
use crate::net::request_tap::TappedHead;
use crate::net::stream::Stream;
use crate::proxy::batch::idle_waker::IdleWaker;
use crate::proxy::context::Context;
use crate::proxy::forward::{self, ClientConnection};
use crate::proxy::pending::PendingExchange;
use crate::proxy::synthetic_response::SyntheticResponse;

/// The largest head of a request.
const HEAD_LIMIT: usize = 128 * 1024;
/// The most header lines of a request, as Apache and Tomcat have it: hyper's own bound, up to which it needs no memory
/// from the heap for the lines of each head.
const LINES: usize = 100;
/// How often a connection looks whether somebody is too slow, at least and at most. Polling the connection polls the
/// exchange in it, which so needs no timer: each would cost as much as parsing a head.
const TICK: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(2));
/// How long the end of a refused connection waits for the client to read the answer.
const LINGER: Duration = Duration::from_secs(1);
/// The first byte of a TLS record that holds a handshake.
const TLS_HANDSHAKE: u8 = 0x16;
/// A fatal alert: the protocol version is not supported.
const TLS_ALERT: [u8; 7] = [0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46];

/// Carries a connection to its end. When `stopping` says so, it ends after the exchange in flight.
pub(crate) async fn carry(
    context: Arc<Context>,
    stream: TcpStream,
    address: SocketAddr,
    stopping: watch::Receiver<bool>,
) {
    // a refusal is a nuisance, not a reason to give up
    let _ = stream.set_nodelay(true);
    let mut first = [0];
    let wait = context.shared.limits.idle;
    match timeout(wait, unless_stopped(stream.peek(&mut first), stopping.clone())).await {
        Ok(Some(Ok(1))) => {}
        _ => return,
    }
    let (stream, tls) = match (first[0], &context.shared.tls) {
        (TLS_HANDSHAKE, None) => return refuse_tls(&context, stream, address).await,
        (TLS_HANDSHAKE, Some(acceptor)) => {
            match timeout(context.shared.limits.connect, acceptor.accept(stream)).await {
                Ok(Ok(stream)) => {
                    let version = version_of(stream.get_ref().1);
                    (Stream::Tls(Box::new(stream.into())), version)
                }
                Ok(Err(error)) => return distrusted(&context, &address.to_string(), &error),
                Err(_) => return,
            }
        }
        _ => (Stream::Plain(stream), None),
    };
    converse(context, stream, address.to_string(), tls, stopping).await;
}

/// Carries the connection inside a tunnel that a CONNECT opened: TLS of our own, and HTTP in it.
///
/// Boxed, because the exchanges inside may open connections in batch.
pub(crate) fn carry_tunnelled(
    context: Arc<Context>,
    opened: OnUpgrade,
    address: String,
) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(tunnelled(context, opened, address))
}

async fn tunnelled(context: Arc<Context>, opened: OnUpgrade, address: String) {
    let Some(acceptor) = &context.shared.tls else { return };
    let Ok(tunnel) = opened.await else { return };
    match timeout(context.shared.limits.connect, acceptor.accept(TokioIo::new(tunnel))).await {
        Ok(Ok(stream)) => {
            let version = version_of(stream.get_ref().1);
            let stopping = context.shared.stopping.clone();
            converse(context, Stream::Tunnelled(Box::new(stream)), address, version, stopping).await;
        }
        Ok(Err(error)) => distrusted(&context, &address, &error),
        Err(_) => {}
    }
}

fn distrusted(context: &Context, address: &str, error: &std::io::Error) {
    context.shared.notices.tell(format!(
        "a client at {address} gave up the TLS handshake ({error}): does it trust wraptap's CA? http:// works on \
         the same port"
    ));
}

fn version_of(connection: &rustls::ServerConnection) -> Option<String> {
    connection.protocol_version().map(|version| format!("{version:?}").replace("TLSv1_", "TLS 1."))
}

/// Speaks HTTP with a client until one of the two has enough.
async fn converse(
    context: Arc<Context>,
    stream: Stream,
    address: String,
    tls: Option<String>,
    stopping: watch::Receiver<bool>,
) {
    let id = context.shared.connections.fetch_add(1, Ordering::Relaxed) + 1;
    let (wire, handle) = ClientWire::new(stream);
    let client = Arc::new(ClientConnection {
        handle: handle.clone(),
        id,
        address,
        tls,
        requests: AtomicU64::new(0),
        looks: AtomicU64::new(0),
    });
    let ended = serve(&context, &client, wire, stopping).await;
    refused(&context, &client, ended).await;
}

/// Has hyper speak HTTP on the wire until it is done.
async fn serve(
    context: &Arc<Context>,
    client: &Arc<ClientConnection>,
    wire: ClientWire,
    mut stopping: watch::Receiver<bool>,
) -> ConnectionEnd {
    let service = {
        let (context, client) = (Arc::clone(context), Arc::clone(client));
        service_fn(move |request| forward::answer(Arc::clone(&context), Arc::clone(&client), request))
    };
    let connection = Builder::new()
        // a slow head is found by the tick below, without a timer for each request
        .header_read_timeout(None)
        .half_close(true)
        .auto_date_header(false)
        .max_buf_size(HEAD_LIMIT)
        .serve_connection(TokioIo::new(wire), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let limits = context.shared.limits;
    let least = limits.answer.min(limits.head) / 8;
    let mut tick = tokio::time::interval(least.clamp(TICK.0, TICK.1));
    let mut stop = pin!(stopping.wait_for(|stop| *stop));
    let mut idle_since = None;
    let mut told = false;
    let mut aside = None;
    poll_fn(|cx| {
        if let Poll::Ready(ended) = connection.as_mut().poll(cx) {
            return Poll::Ready(match ended {
                Ok(()) => ConnectionEnd::Well,
                Err(error) => ConnectionEnd::Badly(error),
            });
        }
        let aside = aside.get_or_insert_with(|| IdleWaker::of(cx.waker()));
        if let Some(mut rare) = aside.poll() {
            if !told && stop.as_mut().poll(&mut rare).is_ready() {
                told = true;
                connection.as_mut().graceful_shutdown();
                // it may have nothing left to do
                cx.waker().wake_by_ref();
            }
            while let Poll::Ready(now) = tick.poll_tick(&mut rare) {
                client.looks.fetch_add(1, Ordering::Relaxed);
                // the exchange in it looks for itself
                cx.waker().wake_by_ref();
                if client.handle.unfinished_head().is_some_and(|since| since.elapsed() >= limits.head) {
                    return Poll::Ready(ConnectionEnd::Slow);
                }
                let since = *idle_since.get_or_insert(now);
                if !client.handle.is_idle() {
                    idle_since = None;
                } else if now.duration_since(since) >= limits.idle {
                    return Poll::Ready(ConnectionEnd::Well);
                }
            }
        }
        Poll::Pending
    })
    .await
}

/// How hyper's part ended.
enum ConnectionEnd {
    Well,
    Badly(hyper::Error),
    /// A head did not come to its end in time.
    Slow,
}

/// Answers and records a head that hyper did not accept.
async fn refused(context: &Arc<Context>, client: &Arc<ClientConnection>, ended: ConnectionEnd) {
    let (refusal, tapped) = match (&ended, client.handle.refused()) {
        (ConnectionEnd::Slow, _) => {
            let seconds = context.shared.limits.head.as_secs();
            let message = format!("the request's head was not complete after {seconds} s");
            (SyntheticResponse::client(408, "slow_head", message), client.handle.unfinished())
        }
        (ConnectionEnd::Badly(error), Some((answer, tapped))) => (not_http(error, &answer), tapped),
        (ConnectionEnd::Well, Some((answer, tapped))) => {
            let status = status_of(&answer);
            (SyntheticResponse::client(status, "bad_request", "the request is not valid HTTP"), tapped)
        }
        // nobody is left to be answered
        (ConnectionEnd::Badly(_) | ConnectionEnd::Well, None) => {
            let Some(tapped) = client.handle.unfinished() else { return };
            let message = "the client closed the connection in the middle of a request's head";
            record(
                context,
                client,
                tapped,
                &SyntheticResponse::client(400, "cut_head", message),
                ResponseSent::No,
            );
            return;
        }
    };
    if let Some(tapped) = tapped {
        record(context, client, tapped, &refusal, ResponseSent::Yes);
    }
    answer_directly(&client.handle, &refusal.bytes()).await;
}

#[derive(Clone, Copy, PartialEq)]
enum ResponseSent {
    Yes,
    No,
}

fn record(
    context: &Arc<Context>,
    client: &ClientConnection,
    tapped: TappedHead,
    refusal: &SyntheticResponse,
    answered: ResponseSent,
) {
    let (pending, _owing) = PendingExchange::begin(context, &client.handle, client.place(), tapped);
    // nobody knows whether a body was meant to follow
    pending.sent_whole(None);
    // what cannot be taken apart is kept as it came
    pending.note(|exchange| {
        if exchange.request.target.is_empty() {
            exchange.request.head.get_or_insert_with(Default::default);
        }
    });
    match answered {
        ResponseSent::Yes => pending.refuse(refusal),
        ResponseSent::No => pending.fail(refusal.failure()),
    }
}

fn not_http(error: &hyper::Error, answer: &[u8]) -> SyntheticResponse {
    let status = status_of(answer);
    if error.is_parse_too_large() {
        let message =
            format!("the request's head is larger than {} KiB or has over {LINES} lines", HEAD_LIMIT / 1024);
        return SyntheticResponse::client(status, "head_too_large", message);
    }
    SyntheticResponse::client(status, "bad_request", format!("the request is not valid HTTP ({error})"))
}

/// Reads the status that hyper chose.
fn status_of(answer: &[u8]) -> u16 {
    answer.get(9..12).and_then(|code| std::str::from_utf8(code).ok()?.parse().ok()).unwrap_or(400)
}

/// Writes an answer behind hyper's back and waits a moment until the client has read it: closing at once would reset
/// the connection and take the answer back.
async fn answer_directly(client: &ClientHandle, bytes: &[u8]) {
    let farewell = async {
        let mut left = bytes;
        while !left.is_empty() {
            let written = poll_fn(|cx| client.poll_write_directly(cx, left)).await?;
            left = &left[written..];
        }
        poll_fn(|cx| client.poll_close_directly(cx)).await?;
        let mut space = vec![0; 16 * 1024];
        loop {
            let mut buffer = ReadBuf::new(&mut space);
            poll_fn(|cx| client.poll_read_directly(cx, &mut buffer)).await?;
            if buffer.filled().is_empty() {
                return Ok::<_, std::io::Error>(());
            }
        }
    };
    // the client may not read, or not be there: that ends it too
    let _ = timeout(LINGER, farewell).await;
}

/// Tells a TLS client at once that nobody speaks TLS here, instead of leaving it to its timeout.
async fn refuse_tls(context: &Context, mut stream: TcpStream, address: SocketAddr) {
    let port = context.shared.access.port;
    context.shared.notices.tell(format!(
        "a client at {address} spoke TLS to this plain-http port. Give the SDK the scheme: JavaScript `setGateway({{ host: \
         '127.0.0.1', port: {port}, protocol: 'http' }})`, others `http://127.0.0.1:{port}`; or start wraptap with --tls"
    ));
    let farewell = async {
        stream.write_all(&TLS_ALERT).await?;
        stream.shutdown().await?;
        let mut space = [0; 4096];
        while stream.read(&mut space).await? > 0 {}
        Ok::<_, std::io::Error>(())
    };
    // the client may be gone already
    let _ = timeout(LINGER, farewell).await;
}

/// Runs a future until a stop is asked for.
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
