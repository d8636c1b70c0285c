//! Turns a request of a client into the request that its upstream gets.

use std::sync::Arc;

use http::header::{EXPECT, HOST, TRAILER, TRANSFER_ENCODING};
use http::uri::{Authority, PathAndQuery};
use http::{HeaderMap, HeaderValue, Request, Uri, Version};
use http_body::Body;
use hyper::body::Incoming;
use hyper::upgrade::OnUpgrade;

use crate::model::passage::{Change, Side};
use crate::net::head_rewriter::HeadLines;
use crate::net::outbound_proxy::OutboundProxy;
use crate::proxy::context::WorkerContext;
use crate::proxy::hop_by_hop::{self, ContentLength, ForwardRules, Framing, change};
use crate::proxy::pending::PendingExchange;
use crate::proxy::probe::RefusedRequest;
use crate::proxy::request_body::{ContinueGate, RequestBody};
use crate::proxy::routes::Upstream;
use crate::proxy::synthetic_response::SyntheticResponse;
use crate::proxy::trailers;

/// The version that wraptap uses to both sides.
const OWN_VERSION: &str = "HTTP/1.1";

/// A request for an upstream.
pub(crate) struct OutgoingRequest<'a> {
    /// The request for hyper; its header lines are in `head`.
    pub(crate) request: Request<RequestBody>,
    pub(crate) head: OutgoingHead<'a>,
    /// The client's connection after a switch to another protocol, if the client asks for one.
    pub(crate) upgrade: Option<OnUpgrade>,
    /// What a probe needs, in case the request is refused.
    pub(crate) probe: Option<RefusedRequest>,
}

/// Where a request goes, and how.
pub(crate) struct OutgoingHead<'a> {
    pub(crate) upstream: &'a Upstream,
    /// The header lines that the upstream gets.
    pub(crate) lines: HeadLines,
    /// Holds back the body until the upstream's 100, if the client expects one.
    pub(crate) gate: Option<ContinueGate>,
    /// The client's version: interim responses do not exist before HTTP/1.1.
    pub(crate) version: Version,
}

impl<'a> OutgoingRequest<'a> {
    /// Routes a request, and records its upstream and what was changed.
    pub(crate) fn new(
        context: &'a WorkerContext,
        pending: &Arc<PendingExchange>,
        mut request: Request<Incoming>,
    ) -> Result<Self, SyntheticResponse> {
        let version = request.version();
        let mut changed = Vec::with_capacity(4);
        let upstream = redirect(context, &mut request, &mut changed)?;
        let protocol =
            (version == Version::HTTP_11).then(|| hop_by_hop::upgrade_protocol(request.headers())).flatten();
        let upgrade = protocol.is_some().then(|| hyper::upgrade::on(&mut request));
        let gate = (version == Version::HTTP_11 && expects_continue(&request)).then(ContinueGate::default);
        *request.version_mut() = Version::HTTP_11;

        let mut added: Vec<(&str, &[u8])> = Vec::new();
        let credentials = context.shared.connector.proxy.as_ref().and_then(OutboundProxy::credentials);
        if let Some(credentials) = credentials.filter(|_| !upstream.server.secure) {
            added.push(("Proxy-Authorization", credentials.as_bytes()));
        }
        if let Some(protocol) = &protocol {
            added.extend(hop_by_hop::upgrade_fields(protocol));
        }
        let rules = ForwardRules {
            side: Side::Request,
            host: Some(upstream.host.as_bytes()),
            added: &added,
            length: ContentLength::Allowed,
            framing: match request.body().size_hint().exact() {
                Some(_) => Framing::Other,
                None => Framing::Chunked,
            },
        };
        let mut lines = HeadLines::default();
        pending.edit(|exchange| {
            let version = &exchange.request.version;
            if version != OWN_VERSION {
                changed.push(version_change(Side::Request, version.clone()));
            }
            lines = hop_by_hop::forward_lines(&exchange.request.headers, &rules, &mut changed);
            exchange.upstream.clone_from(&upstream.name);
            exchange.changed = changed;
        });
        let prober = context.shared.prober.as_deref();
        let probe = prober.and_then(|prober| prober.candidate(&context.shared.routes, upstream, &request));
        let request = with_framing_only(request, pending, gate.clone());
        Ok(Self { request, head: OutgoingHead { upstream, lines, gate, version }, upgrade, probe })
    }
}

/// Returns the recorded change of a message's version to our own.
pub(crate) fn version_change(side: Side, from: String) -> Change {
    change(side, "version", Some(from), Some(OWN_VERSION.as_bytes()), "our own version")
}

/// Removes all header fields but those from which hyper knows how a message is framed: the wire writes the
/// lines. Trailers, which hyper wants announced, exist only after bodies of unknown length.
pub(crate) fn keep_framing(headers: &mut HeaderMap, length: Option<u64>) {
    let announced: Vec<HeaderValue> = match length {
        Some(_) => Vec::new(),
        None => headers.get_all(TRAILER).iter().cloned().collect(),
    };
    headers.clear();
    for names in announced {
        headers.append(TRAILER, names);
    }
}

fn with_framing_only(
    request: Request<Incoming>,
    pending: &Arc<PendingExchange>,
    gate: Option<ContinueGate>,
) -> Request<RequestBody> {
    let (mut parts, body) = request.into_parts();
    let length = body.size_hint().exact();
    keep_framing(&mut parts.headers, length);
    if length.is_none() {
        // otherwise hyper would not send the body of a GET
        parts.headers.insert(TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
    }
    let announced = trailers::announced(&parts.headers);
    Request::from_parts(parts, RequestBody::new(body, Arc::clone(pending), gate, announced))
}

/// Chooses the upstream, and gives the request the target that it has there.
fn redirect<'a>(
    context: &'a WorkerContext,
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
        let to = Some(target.as_bytes());
        changed.push(change(Side::Request, "target", Some(uri.to_string()), to, "absolute form made a path"));
    }
    let bad_target =
        || SyntheticResponse::client(400, "bad_target", "the request target cannot be forwarded");
    let path = match &routed.target {
        Some((new, why)) => {
            changed.push(change(Side::Request, "target", Some(target.to_owned()), Some(new.as_bytes()), why));
            PathAndQuery::try_from(new.as_str()).map_err(|_| bad_target())?
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
    *request.uri_mut() = Uri::from_parts(parts).map_err(|_| bad_target())?;
    Ok(upstream)
}

fn expects_continue<B>(request: &Request<B>) -> bool {
    request.headers().get(EXPECT).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue"))
}
