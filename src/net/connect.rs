//! Connecting to an upstream: name, TCP, a company's proxy where one is asked for, TLS; each with its own error.

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

/// Makes connections.
#[derive(Clone, Debug)]
pub struct Connector {
    /// How certificates are judged.
    pub trust: Trust,
    /// The proxy to go out through, if any.
    pub proxy: Option<OutboundProxy>,
    /// How long name and TCP may take together, and then TLS.
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
        /// What the resolver said.
        source: io::Error,
    },
    /// No address answered.
    #[error("cannot connect to {server}: {source}")]
    Connect {
        /// Host and port.
        server: String,
        /// What the last address said.
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
    /// The company's proxy would not carry it.
    #[error("the upstream proxy {proxy} did not open a way to {server}: {source}")]
    Proxy {
        /// The proxy's host and port.
        proxy: String,
        /// Host and port behind it.
        server: String,
        /// What it said.
        source: TunnelError,
    },
}

impl ConnectError {
    /// Tells whether it was a matter of time.
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::Slow { .. })
    }

    /// Tells whether this machine had no descriptor left.
    pub fn is_exhaustion(&self) -> bool {
        let (Self::Connect { source, .. } | Self::Name { source, .. }) = self else { return false };
        is_exhaustion(source)
    }

    /// Blames the proxy that is in between, where the upstream has no part in it.
    fn of_proxy(self, proxy: &OutboundProxy, server: &Destination) -> Self {
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

    /// Says what the user can do about it, if there is something.
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

/// Tells whether an error means that the process or the machine ran out of descriptors.
pub fn is_exhaustion(error: &io::Error) -> bool {
    // EMFILE and ENFILE have these numbers on Linux and macOS; Windows reports WSAEMFILE
    matches!(error.raw_os_error(), Some(23 | 24 | 10024))
}

impl Connector {
    /// Connects to a server.
    ///
    /// # Errors
    ///
    /// If no connection can be made; nothing of the request was sent then.
    pub async fn connect(&self, server: &Destination) -> Result<Stream, ConnectError> {
        let stream = self.reach(server).await?;
        if !server.secure {
            return Ok(Stream::Plain(stream));
        }
        match timeout(self.limit, self.trust.connect(&server.host, stream)).await {
            Ok(Ok(stream)) => Ok(Stream::Tls(Box::new(stream.into()))),
            Ok(Err(fault)) => Err(ConnectError::Tls { host: server.host.clone(), fault }),
            Err(_) => Err(self.slow("the TLS handshake", server)),
        }
    }

    /// Connects to a server without a word of TLS; through a proxy to where the first word has to be one.
    ///
    /// # Errors
    ///
    /// If no connection can be made.
    pub async fn reach(&self, server: &Destination) -> Result<TcpStream, ConnectError> {
        let Some(proxy) = &self.proxy else { return self.tcp(server).await };
        let reached = self.tcp(&proxy.server).await;
        let stream = reached.map_err(|error| error.of_proxy(proxy, server))?;
        if server.secure { self.through(proxy, server, stream).await } else { Ok(stream) }
    }

    async fn through(
        &self,
        proxy: &OutboundProxy,
        server: &Destination,
        stream: TcpStream,
    ) -> Result<TcpStream, ConnectError> {
        match timeout(self.limit, proxy.open(server, stream)).await {
            Ok(Ok(stream)) => Ok(stream),
            Ok(Err(source)) => Err(ConnectError::Proxy {
                proxy: proxy.server.host_and_port(),
                server: server.host_and_port(),
                source,
            }),
            Err(_) => Err(self.slow("opening a way through the upstream proxy", server)),
        }
    }

    async fn tcp(&self, server: &Destination) -> Result<TcpStream, ConnectError> {
        let deadline = Instant::now() + self.limit;
        let addresses = match timeout_at(deadline, addresses(server)).await {
            Ok(found) => found?,
            Err(_) => return Err(self.slow("finding the address", server)),
        };
        let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
        for (index, address) in addresses.iter().enumerate() {
            let more = index + 1 < addresses.len();
            let until = if more { deadline.min(Instant::now() + NEXT_ADDRESS) } else { deadline };
            match timeout_at(until, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => {
                    // a refusal is a nuisance, not a reason to give up
                    let _ = stream.set_nodelay(true);
                    return Ok(stream);
                }
                Ok(Err(error)) => last = error,
                Err(_) if !more => return Err(self.slow("connecting", server)),
                Err(_) => {}
            }
        }
        Err(ConnectError::Connect { server: server.host_and_port(), source: last })
    }

    fn slow(&self, step: &'static str, server: &Destination) -> ConnectError {
        ConnectError::Slow { step, server: server.host_and_port(), seconds: self.limit.as_secs() }
    }
}

async fn addresses(server: &Destination) -> Result<Vec<SocketAddr>, ConnectError> {
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
