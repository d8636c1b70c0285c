//! One exchange: a request that hyper parsed goes up, its answer comes down, and the pending hears of everything.

use std::convert::Infallible;
use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use http::header::{EXPECT, HOST, TRAILER, TRANSFER_ENCODING};
use http::uri::{Authority, PathAndQuery};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri, Version};
use http_body::Body;
use hyper::body::Incoming;
use hyper::upgrade::OnUpgrade;

use crate::model::exchange::Connection;
use crate::model::passage::{Change, FailureSource, Side};
use crate::net::client_wire::ClientHandle;
use crate::net::head_rewriter::HeadLines;
use crate::net::outbound_proxy::OutboundProxy;
use crate::proxy::context::Context;
use crate::proxy::heads;
use crate::proxy::hop_by_hop::{self, HopRules, change};
use crate::proxy::pending::{PendingExchange, RecordOnDrop};
use crate::proxy::pool::PooledConnection;
use crate::proxy::request_body::{ContinueGate, RequestBody};
use crate::proxy::response_body::ResponseBody;
use crate::proxy::routes::Upstream;
use crate::proxy::synthetic_response::SyntheticResponse;
use crate::proxy::tunnel;
use crate::proxy::upstream_call::{CallOutcome, UpstreamCall};

/// The version that we speak on both sides.
const OWN_VERSION: &str = "HTTP/1.1";
/// How long the body of an answer is read that nobody waits for.
const LATE: Duration = Duration::from_secs(1);

/// A client's connection, as its exchanges know it.
#[derive(Debug)]
pub(crate) struct ClientConnection {
    pub(crate) handle: ClientHandle,
    pub(crate) id: u64,
    pub(crate) address: String,
    pub(crate) tls: Option<String>,
    pub(crate) requests: AtomicU64,
    /// How often the connection looked whether somebody is too slow; only then does the exchange read the clock.
    pub(crate) looks: AtomicU64,
}

impl ClientConnection {
    /// Returns the place of the next request on this connection.
    pub(crate) fn place(&self) -> Connection {
        Connection {
            id: self.id,
            client: self.address.clone(),
            request: self.requests.fetch_add(1, Ordering::Relaxed) + 1,
            tls: self.tls.clone(),
        }
    }
}

/// Carries one exchange. Always answers, unless the client is gone.
pub(crate) async fn answer(
    context: Arc<Context>,
    client: Arc<ClientConnection>,
    mut request: Request<Incoming>,
) -> Result<Response<ResponseBody>, Infallible> {
    let tapped = heads::of_request(client.handle.begin(), &request);
    let version = request.version();
    let method = request.method().clone();
    let judged = context.shared.access.judge(&method, request.uri(), version, request.headers());
    if method == Method::CONNECT
        && let Some(answer) = tunnel::answer(&context, &client, &mut request, &judged).await
    {
        return Ok(answer);
    }
    let (pending, record_on_drop) = PendingExchange::begin(&context, &client.handle, client.place(), tapped);
    let refuse = |refusal: &SyntheticResponse| {
        pending.refuse(refusal);
        client.handle.answered();
        Ok(refusal.answer(method != Method::HEAD))
    };

    if request.body().is_end_stream() {
        pending.sent_whole(None);
    }
    if let Err(refusal) = judged {
        return refuse(&refusal);
    }

    // what the upstream gets
    let mut changed = Vec::with_capacity(4);
    let upstream = match redirect(&context, &mut request, &mut changed) {
        Ok(upstream) => upstream,
        Err(refusal) => return refuse(&refusal),
    };
    let wanted = (version == Version::HTTP_11).then(|| hop_by_hop::upgrade(request.headers())).flatten();
    let switch = wanted.is_some().then(|| hyper::upgrade::on(&mut request));
    let gate = (version == Version::HTTP_11 && expects_continue(&request)).then(ContinueGate::default);
    *request.version_mut() = Version::HTTP_11;
    let mut more: Vec<(&str, &[u8])> = Vec::new();
    let credentials = context.shared.connector.proxy.as_ref().and_then(OutboundProxy::credentials);
    if let Some(credentials) = credentials.filter(|_| !upstream.server.secure) {
        more.push(("Proxy-Authorization", credentials.as_bytes()));
    }
    if let Some(protocol) = &wanted {
        more.extend(hop_by_hop::switching_to(protocol));
    }
    let host = Some(upstream.host.as_bytes());
    let hop = HopRules { side: Side::Request, host, more: &more, lengthless: false };
    let mut lines = HeadLines::default();
    pending.note(|exchange| {
        let said = &exchange.request.version;
        if said != OWN_VERSION {
            changed.push(change(
                Side::Request,
                "version",
                Some(said.clone()),
                Some(OWN_VERSION.as_bytes()),
                "our own version",
            ));
        }
        lines = hop_by_hop::onward(&exchange.request.headers, &hop, &mut changed);
        exchange.upstream.clone_from(&upstream.name);
        exchange.changed = changed;
    });
    let prober = context.shared.prober.as_deref();
    let interest = prober.and_then(|prober| prober.interest(&context.shared.routes, upstream, &request));
    let (mut parts, body) = request.into_parts();
    let length = body.size_hint().exact();
    keep_what_frames(&mut parts.headers, length);
    if length.is_none() {
        // without it hyper would leave the body of a GET behind
        parts.headers.insert(TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
    }
    let mut request = Request::from_parts(parts, RequestBody::new(body, Arc::clone(&pending), gate.clone()));

    // up and down
    let waiting = UpstreamCall {
        context: &context,
        client: &client,
        pending: &pending,
        upstream,
        lines: &lines,
        gate: gate.as_ref(),
        tells_interim: version == Version::HTTP_11,
    };
    loop {
        let mut link = match waiting.link().await {
            Ok(Some(link)) => link,
            Ok(None) => {
                drop(record_on_drop);
                client.handle.answered();
                return Ok(abandoned().answer(false));
            }
            Err(refusal) => {
                request.into_body().record_rest().await;
                return refuse(&refusal);
            }
        };
        match waiting.ask(&mut link, request).await {
            CallOutcome::Answered(response) => {
                if waiting.is_given_up().await {
                    late(&pending, link, response).await;
                    drop(record_on_drop);
                    client.handle.answered();
                    return Ok(abandoned().answer(false));
                }
                if let Some(prober) = prober {
                    prober.hear(response.status(), response.headers());
                }
                let interest = interest.and_then(|interest| interest.answered(&response));
                return Ok(
                    match deliver(&context, &client, &pending, record_on_drop, link, response, switch) {
                        Ok(mut response) => {
                            if let (Some(prober), Some(interest)) = (prober, interest) {
                                response.body_mut().ask_behind(prober, interest);
                            }
                            response
                        }
                        Err(refusal) => {
                            pending.refuse(&refusal);
                            client.handle.answered();
                            refusal.answer(method != Method::HEAD)
                        }
                    },
                );
            }
            CallOutcome::Unsent(unsent) => request = *unsent,
            CallOutcome::Refused(refusal) => return refuse(&refusal),
            CallOutcome::Abandoned => {
                drop(record_on_drop);
                client.handle.answered();
                // hyper finds out by itself that nobody is there; this answer goes nowhere
                return Ok(abandoned().answer(false));
            }
        }
    }
}

/// Records an answer that nobody waits for any more, with as much of its body as comes soon.
async fn late(pending: &PendingExchange, mut link: PooledConnection, response: Response<Incoming>) {
    pending.answered(heads::of_response(link.tap.lock().tap.take_final(), &response));
    let mut body = response.into_body();
    let read = async {
        while let Some(Ok(frame)) = poll_fn(|cx| link.poll_frame(&mut body, cx)).await {
            if let Some(piece) = frame.data_ref() {
                pending.received(piece);
            }
        }
    };
    // what did not come by then is not worth waiting for
    let _ = tokio::time::timeout(LATE, read).await;
    pending.give_up();
}

/// Hands the answer down.
fn deliver(
    context: &Arc<Context>,
    client: &ClientConnection,
    pending: &Arc<PendingExchange>,
    record_on_drop: RecordOnDrop,
    link: PooledConnection,
    response: Response<Incoming>,
    switch: Option<OnUpgrade>,
) -> Result<Response<ResponseBody>, SyntheticResponse> {
    pending.answered(heads::of_response(link.tap.lock().tap.take_final(), &response));
    let switching = response.status() == StatusCode::SWITCHING_PROTOCOLS;
    let mut response = response;
    let protocol = switching.then(|| hop_by_hop::upgrade(response.headers())).flatten();
    let upstream_switch = switching.then(|| hyper::upgrade::on(&mut response));
    if switching && (switch.is_none() || protocol.is_none()) {
        return Err(SyntheticResponse::upstream(
            502,
            "unasked_switch",
            "the upstream switched protocols without being asked to",
        ));
    }

    let mut changed = Vec::new();
    if response.version() != Version::HTTP_11 {
        let from = Some(format!("{:?}", response.version()));
        changed.push(change(
            Side::Response,
            "version",
            from,
            Some(OWN_VERSION.as_bytes()),
            "our own version",
        ));
        *response.version_mut() = Version::HTTP_11;
    }
    let mut more: Vec<(&str, &[u8])> = Vec::new();
    if let Some(protocol) = &protocol {
        more.extend(hop_by_hop::switching_to(protocol));
    }
    let lengthless = response.status() == StatusCode::NO_CONTENT;
    let hop = HopRules { side: Side::Response, host: None, more: &more, lengthless };
    pending.note(|exchange| {
        if let Some(answer) = &exchange.response {
            client.handle.answer(hop_by_hop::onward(&answer.headers, &hop, &mut changed));
        }
        exchange.changed.append(&mut changed);
    });
    let (mut parts, body) = response.into_parts();
    keep_what_frames(&mut parts.headers, body.size_hint().exact());
    if let (Some(client_switch), Some(upstream_switch)) = (switch, upstream_switch) {
        let mut id = None;
        pending.note(|exchange| id = Some(exchange.id));
        pending.tunnel();
        client.handle.go_raw();
        client.handle.answered();
        link.go_on();
        if let Some(id) = id {
            tunnel::open(id, client_switch, upstream_switch, context.shared.notices.clone());
        }
        return Ok(Response::from_parts(parts, ResponseBody::empty()));
    }
    let body = ResponseBody::carried(body, context, pending, &client.handle, link, record_on_drop);
    Ok(Response::from_parts(parts, body))
}

/// Leaves only what tells hyper how a message is framed: its lines are written by the wire. Trailers, which hyper
/// wants to be announced, follow bodies of unknown length only.
fn keep_what_frames(headers: &mut HeaderMap, length: Option<u64>) {
    let announced: Vec<HeaderValue> = match length {
        Some(_) => Vec::new(),
        None => headers.get_all(TRAILER).iter().cloned().collect(),
    };
    headers.clear();
    for names in announced {
        headers.append(TRAILER, names);
    }
}

/// Points the request at its upstream, by its target.
fn redirect<'a>(
    context: &'a Context,
    request: &mut Request<Incoming>,
    changed: &mut Vec<Change>,
) -> Result<&'a Upstream, SyntheticResponse> {
    let uri = request.uri();
    let target = uri.path_and_query().map_or("/", PathAndQuery::as_str);
    let named = uri.authority().map(Authority::host);
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let name = named.or(host).map_or("", |name| name.split(':').next().unwrap_or(name));
    let routed = context.shared.routes.route(name, target);
    if uri.authority().is_some() {
        changed.push(change(
            Side::Request,
            "target",
            Some(uri.to_string()),
            Some(target.as_bytes()),
            "absolute form made a path",
        ));
    }
    let bad = || SyntheticResponse::client(400, "bad_target", "the request target cannot be sent on");
    let path = match &routed.target {
        Some((new, why)) => {
            changed.push(change(Side::Request, "target", Some(target.to_owned()), Some(new.as_bytes()), why));
            PathAndQuery::try_from(new.as_str()).map_err(|_| bad())?
        }
        None => uri.path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/")),
    };
    let upstream = routed.upstream;
    let mut parts = http::uri::Parts::default();
    if context.shared.connector.proxy.is_some() && !upstream.server.secure {
        parts.scheme = Some(http::uri::Scheme::HTTP);
        parts.authority = upstream.server.authority().parse().ok();
    }
    parts.path_and_query = Some(path);
    *request.uri_mut() = Uri::from_parts(parts).map_err(|_| bad())?;

    Ok(upstream)
}

fn abandoned() -> SyntheticResponse {
    SyntheticResponse {
        status: 499,
        code: "client_gone",
        source: FailureSource::Client,
        message: "the client went away".to_owned(),
        hint: None,
    }
}

fn expects_continue<B>(request: &Request<B>) -> bool {
    request.headers().get(EXPECT).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue"))
}
