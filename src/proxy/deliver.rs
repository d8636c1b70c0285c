//! Hands the upstream's response to the client.

use std::sync::Arc;

use http::{HeaderValue, Response, StatusCode, Version};
use http_body::Body;
use hyper::body::Incoming;
use hyper::upgrade::OnUpgrade;

use crate::model::passage::Side;
use crate::proxy::context::WorkerContext;
use crate::proxy::hop_by_hop::{self, ContentLength, ForwardRules, Framing};
use crate::proxy::outgoing_request::{keep_framing, version_change};
use crate::proxy::pending::{PendingExchange, RecordOnDrop};
use crate::proxy::pool::PooledConnection;
use crate::proxy::response_body::ResponseBody;
use crate::proxy::synthetic_response::SyntheticResponse;
use crate::proxy::trailers;
use crate::proxy::tunnel;

/// A version without chunks.
const HTTP_10: &str = "HTTP/1.0";

/// Returns the response for the client; its body ends only after the exchange is recorded.
pub(crate) fn deliver(
    context: &Arc<WorkerContext>,
    record_on_drop: RecordOnDrop,
    connection: PooledConnection,
    mut response: Response<Incoming>,
) -> Response<ResponseBody> {
    let length = match response.status() {
        StatusCode::NO_CONTENT => ContentLength::Forbidden,
        _ => ContentLength::Allowed,
    };
    forward_head(record_on_drop.pending(), &mut response, &[], length);
    let (mut parts, body) = response.into_parts();
    keep_framing(&mut parts.headers, body.size_hint().exact());
    let announced = match takes_trailers(record_on_drop.pending()) {
        true => trailers::announced(&parts.headers),
        false => Vec::new(),
    };
    Response::from_parts(parts, ResponseBody::upstream(body, announced, context, connection, record_on_drop))
}

/// A switch to another protocol that client and upstream agree on.
pub(crate) struct ProtocolSwitch {
    client: OnUpgrade,
    protocol: HeaderValue,
}

impl ProtocolSwitch {
    /// Returns the switch if the response is a 101. The error is a 101 that the client did not ask for.
    pub(crate) fn check(
        response: &Response<Incoming>,
        client: Option<OnUpgrade>,
    ) -> Result<Option<Self>, SyntheticResponse> {
        if response.status() != StatusCode::SWITCHING_PROTOCOLS {
            return Ok(None);
        }
        let protocol = hop_by_hop::upgrade_protocol(response.headers());
        match (client, protocol) {
            (Some(client), Some(protocol)) => Ok(Some(Self { client, protocol })),
            _ => {
                let message = "the upstream switched protocols without being asked to";
                Err(SyntheticResponse::upstream(502, "unasked_switch", message))
            }
        }
    }

    /// Records the exchange, joins the two connections, and returns the 101 for the client.
    pub(crate) fn deliver(
        self,
        context: &WorkerContext,
        pending: &PendingExchange,
        connection: PooledConnection,
        mut response: Response<Incoming>,
    ) -> Response<ResponseBody> {
        let upstream = hyper::upgrade::on(&mut response);
        let fields = hop_by_hop::upgrade_fields(&self.protocol);
        forward_head(pending, &mut response, &fields, ContentLength::Allowed);
        let (mut parts, _) = response.into_parts();
        keep_framing(&mut parts.headers, Some(0));
        pending.record_tunnel();
        pending.client().go_raw();
        pending.client().end_response();
        connection.drive_in_background();
        let notices = context.shared.recorder.notices.clone();
        tunnel::relay_upgrade(pending.id(), self.client, upstream, notices);
        Response::from_parts(parts, ResponseBody::empty())
    }
}

/// Returns whether hyper sends the client trailers: it accepts them, and bodies in chunks.
fn takes_trailers(pending: &PendingExchange) -> bool {
    let mut takes = false;
    pending.edit(|exchange| {
        let request = &exchange.request;
        takes = request.version != HTTP_10
            && request.headers.iter().any(|header| {
                header.name.eq_ignore_case("te")
                    && hop_by_hop::list_elements(header.value.as_bytes())
                        .any(|token| token.eq_ignore_ascii_case(b"trailers"))
            });
    });
    takes
}

/// Chooses the header lines that the client gets, and records what was changed.
fn forward_head(
    pending: &PendingExchange,
    response: &mut Response<Incoming>,
    added: &[(&'static str, &[u8])],
    length: ContentLength,
) {
    let mut changed = Vec::new();
    if response.version() != Version::HTTP_11 {
        changed.push(version_change(Side::Response, format!("{:?}", response.version())));
        *response.version_mut() = Version::HTTP_11;
    }
    let unknown = response.body().size_hint().exact().is_none();
    pending.edit(|exchange| {
        let in_chunks = unknown && exchange.request.version != HTTP_10;
        let framing = if in_chunks { Framing::Chunked } else { Framing::Other };
        let rules = ForwardRules { side: Side::Response, host: None, added, length, framing };
        if let Some(response) = &exchange.response {
            let lines = hop_by_hop::forward_lines(&response.headers, &rules, &mut changed);
            pending.client().set_response_lines(lines);
        }
        exchange.changed.append(&mut changed);
    });
}
