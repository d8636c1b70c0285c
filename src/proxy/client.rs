//! One client connection, as its exchanges know it.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::model::exchange::Connection;
use crate::net::client_wire::ClientHandle;

/// A client's connection.
#[derive(Debug)]
pub(crate) struct ClientConnection {
    pub(crate) handle: ClientHandle,
    pub(crate) id: u64,
    pub(crate) address: String,
    /// The TLS version, if there is TLS.
    pub(crate) tls: Option<String>,
    pub(crate) requests: AtomicU64,
    /// How many times the connection's timer has fired; an exchange reads the clock only after it has.
    pub(crate) ticks: AtomicU64,
}

impl ClientConnection {
    /// Counts a request, and returns what the recording says of its connection.
    pub(crate) fn next_request(&self) -> Connection {
        Connection {
            id: self.id,
            client: self.address.clone(),
            request: self.requests.fetch_add(1, Ordering::Relaxed) + 1,
            tls: self.tls.clone(),
        }
    }
}
