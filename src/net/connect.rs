//! Connects to an upstream: name resolution, TCP, a company's proxy where one is configured, TLS; each with
//! its own error.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};

use crate::net::destination::Destination;
use crate::net::outbound_proxy::{OutboundProxy, TunnelError};
use crate::net::stream::Stream;
use crate::net::tls::{TlsFault, Trust};

/// How long one of several addresses may take before the next is tried.
const NEXT_ADDRESS: Duration = Duration::from_secs(3);

/// Opens connections.
#[derive(Clone, Debug)]
pub struct Connector {
    /// How certificates are verified.
    pub trust: Trust,
    /// The proxy to connect through, if any.
    pub proxy: Option<OutboundProxy>,
    /// How long name resolution and TCP may take together, and then TLS.
    pub limit: Duration,
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The name has no address.
    #[error("cannot find the address of {host}: {source}")]
    Name {
        /// The name.
        host: String,
        /// The resolver's error.
        source: io::Error,
    },
    /// No address accepted the connection.
    #[error("cannot connect to {server}: {source}")]
    Connect {
        /// Host and port.
        server: String,
        /// The error of the last address.
        source: io::Error,
    },
    /// A step took too long.
    #[error("{step} with {server} took longer than {seconds} s")]
    Slow {
        /// `connecting` or `the TLS handshake`.
        step: &'static str,
        /// Host and port.
        server: String,
        /// The limit.
        seconds: u64,
    },
    /// TLS failed.
    #[error("{}", .fault.message(.host))]
    Tls {
        /// The server's name.
        host: String,
        /// What is wrong.
        fault: TlsFault,
    },
    /// The company's proxy did not connect.
    #[error("the upstream proxy {proxy} did not connect to {server}: {source}")]
    Proxy {
        /// The proxy's host and port.
        proxy: String,
        /// Host and port of the upstream.
        server: String,
        /// Why not.
        source: TunnelError,
    },
}

impl ConnectError {
    /// Returns whether a time limit was exceeded.
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::Slow { .. })
    }

    /// Returns whether this machine had no file descriptor left.
    pub fn is_exhaustion(&self) -> bool {
        let (Self::Connect { source, .. } | Self::Name { source, .. }) = self else { return false };
        is_exhaustion(source)
    }

    /// Turns an error of the connection to the proxy into one that names the proxy.
    fn attribute_to_proxy(self, proxy: &OutboundProxy, server: &Destination) -> Self {
        match self {
            Self::Name { source, .. } | Self::Connect { source, .. } if !is_exhaustion(&source) => {
                Self::Proxy {
                    proxy: proxy.server.host_and_port(),
                    server: server.host_and_port(),
                    source: TunnelError::Unreachable(source),
                }
            }
            other => other,
        }
    }

    /// Returns what the user can do about it, if there is something.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Tls { fault, .. } => fault.hint(),
            Self::Name { .. } => {
                Some("check the region or the URL given to `wraptap record`, and the network")
            }
            Self::Connect { source, .. } if source.kind() == io::ErrorKind::ConnectionRefused => {
                Some("nothing listens there: is the upstream running?")
            }
            Self::Proxy { .. } => {
                Some("check `--upstream-proxy` (or HTTPS_PROXY), its user and its password")
            }
            Self::Connect { .. } | Self::Slow { .. } => None,
        }
    }
}

/// Returns whether an error means that the process or the machine has no file descriptor left.
pub fn is_exhaustion(error: &io::Error) -> bool {
    // EMFILE and ENFILE have these numbers on Linux and macOS; Windows reports WSAEMFILE
    matches!(error.raw_os_error(), Some(23 | 24 | 10024))
}

impl Connector {
    /// Connects to a server.
    ///
    /// # Errors
    ///
    /// If no connection can be made; nothing of a request was sent then.
    pub async fn connect(&self, server: &Destination) -> Result<Stream, ConnectError> {
        let stream = self.connect_tcp(server).await?;
        if !server.secure {
            return Ok(Stream::Plain(stream));
        }
        match timeout(self.limit, self.trust.connect(&server.host, stream)).await {
            Ok(Ok(stream)) => Ok(Stream::Tls(Box::new(stream.into()))),
            Ok(Err(fault)) => Err(ConnectError::Tls { host: server.host.clone(), fault }),
            Err(_) => Err(self.timed_out("the TLS handshake", server)),
        }
    }

    /// Opens the TCP connection to a server, through the proxy if there is one; for an https server, the next
    /// bytes have to be TLS.
    ///
    /// # Errors
    ///
    /// If no connection can be made.
    pub async fn connect_tcp(&self, server: &Destination) -> Result<TcpStream, ConnectError> {
        let Some(proxy) = &self.proxy else { return self.dial(server).await };
        let reached = self.dial(&proxy.server).await;
        let stream = reached.map_err(|error| error.attribute_to_proxy(proxy, server))?;
        if server.secure { self.tunnel(proxy, server, stream).await } else { Ok(stream) }
    }

    async fn tunnel(
        &self,
        proxy: &OutboundProxy,
        server: &Destination,
        stream: TcpStream,
    ) -> Result<TcpStream, ConnectError> {
        match timeout(self.limit, proxy.connect(server, stream)).await {
            Ok(Ok(stream)) => Ok(stream),
            Ok(Err(source)) => Err(ConnectError::Proxy {
                proxy: proxy.server.host_and_port(),
                server: server.host_and_port(),
                source,
            }),
            Err(_) => Err(self.timed_out("connecting through the upstream proxy", server)),
        }
    }

    async fn dial(&self, server: &Destination) -> Result<TcpStream, ConnectError> {
        let deadline = Instant::now() + self.limit;
        let addresses = match timeout_at(deadline, resolve(server)).await {
            Ok(found) => found?,
            Err(_) => return Err(self.timed_out("finding the address", server)),
        };
        let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
        for (index, address) in addresses.iter().enumerate() {
            let more = index + 1 < addresses.len();
            let until = if more { deadline.min(Instant::now() + NEXT_ADDRESS) } else { deadline };
            match timeout_at(until, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => {
                    // without it the connection is only slower
                    let _ = stream.set_nodelay(true);
                    return Ok(stream);
                }
                Ok(Err(error)) => last = error,
                Err(_) if !more => return Err(self.timed_out("connecting", server)),
                Err(_) => {}
            }
        }
        Err(ConnectError::Connect { server: server.host_and_port(), source: last })
    }

    fn timed_out(&self, step: &'static str, server: &Destination) -> ConnectError {
        ConnectError::Slow { step, server: server.host_and_port(), seconds: self.limit.as_secs() }
    }
}

async fn resolve(server: &Destination) -> Result<Vec<SocketAddr>, ConnectError> {
    let named = |source| ConnectError::Name { host: server.host.clone(), source };
    if let Ok(address) = server.host.parse() {
        return Ok(vec![SocketAddr::new(address, server.port)]);
    }
    let found: Vec<_> =
        tokio::net::lookup_host((server.host.as_str(), server.port)).await.map_err(named)?.collect();
    if found.is_empty() {
        return Err(named(io::Error::new(io::ErrorKind::NotFound, "no address")));
    }
    Ok(found)
}
