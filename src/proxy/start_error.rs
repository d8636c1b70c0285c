//! Why a proxy cannot start.

use std::io;
use std::net::SocketAddr;

/// Why a proxy cannot start.
#[derive(Debug, thiserror::Error)]
pub enum ProxyError {
    /// The address is in use or does not belong to this machine.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The system provides no thread or event loop.
    #[error("cannot start the threads that serve connections")]
    Threads(#[source] io::Error),
}
