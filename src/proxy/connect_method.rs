//! Answers a CONNECT request. The exchanges inside a tunnel to an upstream are recorded, the CONNECT itself
//! is not.

use std::sync::Arc;

use bytes::Bytes;
use http::{Method, Request, Response, Uri};
use hyper::body::Incoming;
use hyper::upgrade::OnUpgrade;
use tokio::net::TcpStream;

use crate::api;
use crate::net::destination::Destination;
use crate::proxy::access::Admitted;
use crate::proxy::client::ClientConnection;
use crate::proxy::context::WorkerContext;
use crate::proxy::synthetic_response::SyntheticResponse;
use crate::proxy::tunnel;

/// What happens to a CONNECT.
pub(crate) enum ConnectResult {
    /// It gets a 200; the connection then carries TLS that ends here.
    Terminate(OnUpgrade),
    /// It gets a response, and nothing is left to do here.
    Respond(Response<Bytes>),
    /// It is refused and recorded like any other request.
    Refuse,
}

/// Handles a CONNECT according to the access check.
pub(crate) async fn handle(
    context: &Arc<WorkerContext>,
    client: &ClientConnection,
    request: &mut Request<Incoming>,
    access: &Result<Admitted, SyntheticResponse>,
) -> ConnectResult {
    let refusal = match access {
        Ok(Admitted::Terminated) => return ConnectResult::Terminate(switch_to_bytes(client, request)),
        Ok(_) => match connect_other(context, request.uri()).await {
            Ok(stream) => {
                name_other_region(context, request.uri());
                tunnel::relay_connect(switch_to_bytes(client, request), stream);
                return ConnectResult::Respond(Response::new(Bytes::new()));
            }
            Err(refusal) => refusal,
        },
        // the request for the password is not a failed exchange
        Err(refusal) if refusal.status == 407 => refusal.clone(),
        Err(_) => return ConnectResult::Refuse,
    };
    let (uri, address) = (request.uri(), &client.address);
    let message = format!("cannot connect to {uri} for a client at {address}: {}", refusal.message);
    context.shared.recorder.notices.send(message);
    client.handle.end_response();
    ConnectResult::Respond(refusal.to_http(&Method::CONNECT))
}

/// Says so where a client reaches the API in a region that is not recorded.
fn name_other_region(context: &WorkerContext, uri: &Uri) {
    let host = uri.host().unwrap_or_default();
    if let Some(region) = api::assumed().region_of_host(host) {
        let name = region.split(' ').next().unwrap_or_default();
        context.shared.recorder.notices.send(format!(
            "warning: {host} is in region {region}, and is not recorded; use `--region {name}` to record it"
        ));
    }
}

/// After the response, the client's connection carries bytes.
fn switch_to_bytes(client: &ClientConnection, request: &mut Request<Incoming>) -> OnUpgrade {
    client.handle.go_raw();
    client.handle.end_response();
    hyper::upgrade::on(request)
}

/// Connects to the server that a CONNECT names and that is not an upstream.
async fn connect_other(context: &WorkerContext, uri: &Uri) -> Result<TcpStream, SyntheticResponse> {
    let (Some(tunnels), Some(server)) = (&context.shared.tunnels, connect_target(uri)) else {
        return Err(SyntheticResponse::client(400, "bad_target", "a CONNECT names a host and a port"));
    };
    let connected = tunnels.connect(&server, &context.shared.connector).await;
    connected.map_err(|error| SyntheticResponse::upstream(502, "tunnel_failed", error.to_string()))
}

/// Returns the server that the target of a CONNECT names.
fn connect_target(uri: &Uri) -> Option<Destination> {
    let authority = uri.authority()?;
    let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
    Some(Destination { secure: true, host, port: authority.port_u16()? })
}
