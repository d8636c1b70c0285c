//! Relays of bytes that are not exchanges: after a 101, and through a CONNECT to a server that is not an
//! upstream.
//!
//! wraptap is not an open proxy. A CONNECT to another server is accepted only from clients that send this
//! run's proxy password, that is, from the command that `wraptap record` started and whose traffic all goes
//! through wraptap. These bytes are neither read nor recorded.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::model::exchange::ExchangeId;
use crate::net::connect::{ConnectError, Connector};
use crate::net::destination::Destination;
use crate::net::outbound_proxy::{OutboundProxy, is_excepted};
use crate::proxy::notices::Notices;

/// The user name in the proxy URL that a command gets.
pub const USER: &str = "wraptap";

/// CONNECT to other servers.
#[derive(Clone)]
pub struct Tunnels {
    /// The password that clients have to send.
    pub password: String,
    /// The proxy between wraptap and these servers.
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
    /// Returns the value of `Proxy-Authorization` that clients have to send.
    pub(crate) fn credentials(&self) -> HeaderValue {
        let pair = STANDARD.encode(format!("{USER}:{}", self.password));
        let mut value = HeaderValue::from_str(&format!("Basic {pair}"))
            .unwrap_or_else(|_| HeaderValue::from_static("Basic"));
        value.set_sensitive(true);
        value
    }

    /// Connects to the server that a CONNECT names.
    pub(crate) async fn connect(
        &self,
        server: &Destination,
        connector: &Connector,
    ) -> Result<TcpStream, ConnectError> {
        let proxy = self.proxy.clone().filter(|_| !is_excepted(&self.exceptions, &server.host));
        Connector { proxy, ..connector.clone() }.connect_tcp(server).await
    }
}

/// Relays bytes between a client and the server of its CONNECT until both sides have ended.
pub(crate) fn relay_connect(client: OnUpgrade, mut server: TcpStream) {
    tokio::spawn(async move {
        let Ok(client) = client.await else { return };
        // how it ends concerns only the two
        let _ = tokio::io::copy_bidirectional(&mut TokioIo::<Upgraded>::new(client), &mut server).await;
    });
}

/// Relays bytes after a 101 until both sides have ended, then reports how many there were.
pub(crate) fn relay_upgrade(id: ExchangeId, client: OnUpgrade, upstream: OnUpgrade, notices: Notices) {
    tokio::spawn(async move {
        let (Ok(client), Ok(upstream)) = (client.await, upstream.await) else { return };
        let (mut client, mut upstream) = (TokioIo::<Upgraded>::new(client), TokioIo::new(upstream));
        if let Ok((sent, received)) = tokio::io::copy_bidirectional(&mut client, &mut upstream).await {
            notices.send(format!("{id} tunnel closed: {sent} bytes sent, {received} received"));
        }
    });
}
