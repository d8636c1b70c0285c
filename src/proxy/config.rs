//! The configuration of a proxy.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::net::outbound_proxy::OutboundProxy;
use crate::net::tls::Trust;
use crate::proxy::access::AccessPolicy;
use crate::proxy::routes::Routes;
use crate::proxy::tunnel::Tunnels;

/// Everything a proxy needs besides its journal.
#[derive(Debug)]
pub struct ProxyConfig {
    /// Where to listen; port 0 lets the system choose, the same port for every address.
    pub listen: Vec<SocketAddr>,
    /// Where requests go.
    pub routes: Routes,
    /// Who may send them.
    pub access: AccessPolicy,
    /// How upstreams' certificates are verified.
    pub trust: Trust,
    /// The proxy between wraptap and the upstreams.
    pub outbound: Option<OutboundProxy>,
    /// TLS for clients, on the same port.
    pub tls: Option<Arc<rustls::ServerConfig>>,
    /// CONNECT to other servers for clients that know a password: a program can then send all of its traffic
    /// here.
    pub tunnels: Option<Tunnels>,
    /// After a refused request, ask the API itself for the reason (GET only, with the caller's own token).
    pub probe: bool,
    /// Limits.
    pub limits: Limits,
}

/// The limits of a proxy.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// For name resolution and TCP together, and again for TLS.
    pub connect: Duration,
    /// From the last byte of the request to the head of the response.
    pub answer: Duration,
    /// From the first byte of a request head to its last.
    pub head: Duration,
    /// For a client connection without a request.
    pub idle: Duration,
    /// How long a stop waits for exchanges in flight.
    pub drain: Duration,
    /// How many bytes of each body are recorded.
    pub body: usize,
    /// How many bytes of all bodies are held in memory together.
    pub memory: usize,
    /// How many threads serve connections; 0 chooses by the number of cores.
    pub workers: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            answer: Duration::from_secs(120),
            head: Duration::from_secs(30),
            idle: Duration::from_secs(300),
            drain: Duration::from_secs(5),
            body: 1024 * 1024,
            memory: 64 * 1024 * 1024,
            workers: 0,
        }
    }
}
