//! Bytes both ways that are no exchange: after a 101, and on a way to a server that is no upstream.
//!
//! wraptap is no open proxy. A way to another server is opened only for who knows the password of this run: the one
//! command that was told to send everything through wraptap, and would lose its other traffic else. What goes that way
//! is neither looked into nor recorded.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderValue, Request, Response, Uri};
use hyper::body::Incoming;
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::model::exchange::ExchangeId;
use crate::net::connect::{ConnectError, Connector};
use crate::net::destination::Destination;
use crate::net::outbound_proxy::{OutboundProxy, is_excepted};
use crate::proxy::access::Admitted;
use crate::proxy::connection;
use crate::proxy::context::{Context, Notices};
use crate::proxy::forward::ClientConnection;
use crate::proxy::response_body::ResponseBody;
use crate::proxy::synthetic_response::SyntheticResponse;

/// The user in the URL of the proxy that a command is given.
pub const USER: &str = "wraptap";

/// Ways to other servers.
#[derive(Clone)]
pub struct Tunnels {
    /// What opens them.
    pub password: String,
    /// The proxy that they go out through.
    pub proxy: Option<OutboundProxy>,
    /// The hosts that are reached without it, as in `NO_PROXY`.
    pub exceptions: String,
}

impl std::fmt::Debug for Tunnels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tunnels").field("proxy", &self.proxy).finish_non_exhaustive()
    }
}

impl Tunnels {
    /// Returns the value of `Proxy-Authorization` that opens a way.
    pub(crate) fn credentials(&self) -> HeaderValue {
        let pair = STANDARD.encode(format!("{USER}:{}", self.password));
        let mut value = HeaderValue::from_str(&format!("Basic {pair}"))
            .unwrap_or_else(|_| HeaderValue::from_static("Basic"));
        value.set_sensitive(true);
        value
    }

    /// Connects to the server that a CONNECT names.
    async fn reach(&self, server: &Destination, connector: &Connector) -> Result<TcpStream, ConnectError> {
        let proxy = self.proxy.clone().filter(|_| !is_excepted(&self.exceptions, &server.host));
        Connector { proxy, ..connector.clone() }.reach(server).await
    }
}

/// Answers a CONNECT that was let in, or that lacks a password; `None` for one that is refused like anything else.
///
/// What is recorded are the exchanges inside, not the way to them.
pub(crate) async fn answer(
    context: &Arc<Context>,
    client: &ClientConnection,
    request: &mut Request<Incoming>,
    judged: &Result<Admitted, SyntheticResponse>,
) -> Option<Response<ResponseBody>> {
    let refusal = match judged {
        Ok(Admitted::Ended) => {
            let opened = switch(client, request);
            let carried = connection::carry_tunnelled(Arc::clone(context), opened, client.address.clone());
            tokio::spawn(carried);
            return Some(Response::new(ResponseBody::empty()));
        }
        Ok(_) => match reach(context, request.uri()).await {
            Ok(stream) => {
                carry(switch(client, request), stream);
                return Some(Response::new(ResponseBody::empty()));
            }
            Err(refusal) => refusal,
        },
        // a question for the password
        Err(refusal) if refusal.status == 407 => refusal.clone(),
        Err(_) => return None,
    };
    let (uri, address) = (request.uri(), &client.address);
    context.shared.notices.tell(format!("no way to {uri} for a client at {address}: {}", refusal.message));
    client.handle.answered();
    Some(refusal.answer(true))
}

/// Makes the client's connection carry bytes after the answer.
fn switch(client: &ClientConnection, request: &mut Request<Incoming>) -> OnUpgrade {
    client.handle.go_raw();
    client.handle.answered();
    hyper::upgrade::on(request)
}

/// Connects to the server that a CONNECT names.
async fn reach(context: &Context, uri: &Uri) -> Result<TcpStream, SyntheticResponse> {
    let (Some(tunnels), Some(server)) = (&context.shared.tunnels, server(uri)) else {
        return Err(SyntheticResponse::client(400, "bad_target", "a CONNECT names a host and a port"));
    };
    let reached = tunnels.reach(&server, &context.shared.connector).await;
    reached.map_err(|error| SyntheticResponse::upstream(502, "tunnel_failed", error.to_string()))
}

/// Returns the server that the target of a CONNECT names.
fn server(uri: &Uri) -> Option<Destination> {
    let authority = uri.authority()?;
    let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
    Some(Destination { secure: true, host, port: authority.port_u16()? })
}

/// Carries bytes until both sides ended.
fn carry(client: OnUpgrade, mut server: TcpStream) {
    tokio::spawn(async move {
        let Ok(client) = client.await else { return };
        // how it ended is the business of the two
        let _ = tokio::io::copy_bidirectional(&mut TokioIo::<Upgraded>::new(client), &mut server).await;
    });
}

/// Carries bytes until both sides ended, then tells how many.
pub(crate) fn open(id: ExchangeId, client: OnUpgrade, upstream: OnUpgrade, notices: Notices) {
    tokio::spawn(async move {
        let (Ok(client), Ok(upstream)) = (client.await, upstream.await) else { return };
        let (mut client, mut upstream) = (TokioIo::<Upgraded>::new(client), TokioIo::new(upstream));
        if let Ok((sent, received)) = tokio::io::copy_bidirectional(&mut client, &mut upstream).await {
            notices.tell(format!("{id} tunnel closed: {sent} bytes sent, {received} received"));
        }
    });
}
