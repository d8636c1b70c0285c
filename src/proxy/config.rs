//! What a proxy is told at its start.

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
pub struct Config {
    /// Where to listen; port 0 lets the system choose, the same one for every address.
    pub listen: Vec<SocketAddr>,
    /// Where requests go.
    pub routes: Routes,
    /// Who may send them.
    pub access: AccessPolicy,
    /// How upstreams' certificates are judged.
    pub trust: Trust,
    /// The proxy to go out through.
    pub outbound: Option<OutboundProxy>,
    /// TLS for clients on the same port.
    pub tls: Option<Arc<rustls::ServerConfig>>,
    /// Ways to other servers for who knows a password: then whatever a program sends may be sent through this proxy.
    pub tunnels: Option<Tunnels>,
    /// After a refusal, ask the API itself (GET only, the caller's own token) what explains it.
    pub probe: bool,
    /// Limits.
    pub limits: Limits,
}

/// The limits of a proxy.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// Name and TCP together, and again TLS.
    pub connect: Duration,
    /// From the last byte of the request to the head of the answer.
    pub answer: Duration,
    /// From the first byte of a request head to its last.
    pub head: Duration,
    /// A client connection without a request.
    pub idle: Duration,
    /// How long a stop waits for exchanges in flight.
    pub drain: Duration,
    /// How many bytes of each body are recorded.
    pub body: usize,
    /// How many bytes of bodies are held in memory together.
    pub memory: usize,
    /// How many threads carry connections; 0 lets the machine decide.
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
