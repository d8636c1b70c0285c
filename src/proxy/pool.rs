//! Connections to the upstreams that wait for their next request. One pool a worker, so nobody waits for a lock.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use hyper::client::conn::http1::{Builder, SendRequest};
use hyper_util::rt::TokioIo;

use crate::net::connect::{ConnectError, Connector};
use crate::net::upstream_wire::{SharedTap, UpstreamWire};
use crate::proxy::routes::Upstream;
use crate::proxy::upload::Upload;

/// How long a connection may wait: shorter than servers usually wait, so that they rarely close it on us.
const IDLE: Duration = Duration::from_secs(15);
/// How many connections to one upstream wait at most.
const MOST: usize = 128;
/// The largest head of an answer.
const HEAD_LIMIT: usize = 256 * 1024;

/// A connection to an upstream.
pub(crate) struct Link {
    pub(crate) sender: SendRequest<Upload>,
    pub(crate) tap: SharedTap,
    /// It carried an exchange before.
    pub(crate) reused: bool,
    upstream: usize,
}

/// The connections that wait.
#[derive(Debug, Default)]
pub(crate) struct Pool(Mutex<Vec<Waiting>>);

struct Waiting {
    link: Link,
    since: Instant,
}

impl std::fmt::Debug for Waiting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Waiting(upstream {})", self.link.upstream)
    }
}

impl Pool {
    /// Takes the connection that waited least, if one is usable.
    pub(crate) fn take(&self, upstream: &Upstream) -> Option<Link> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for at in (0..waiting.len()).rev() {
            let one = &waiting[at];
            if one.link.sender.is_closed() || one.since.elapsed() > IDLE {
                waiting.swap_remove(at);
            } else if one.link.upstream == upstream.index && one.link.sender.is_ready() {
                let mut link = waiting.swap_remove(at).link;
                link.reused = true;
                return Some(link);
            }
        }
        None
    }

    /// Gives a connection back whose exchange is over.
    pub(crate) fn put(&self, link: Link) {
        if link.sender.is_closed() {
            return;
        }
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() >= MOST {
            waiting.remove(0);
        }
        waiting.push(Waiting { link, since: Instant::now() });
    }

    /// Lets go of every connection that waits, for the descriptors.
    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// Makes a new connection.
pub(crate) async fn connect(connector: &Connector, upstream: &Upstream) -> Result<Link, ConnectError> {
    let (sender, tap) = open(connector, upstream).await?;
    Ok(Link { sender, tap, reused: false, upstream: upstream.index })
}

/// Opens a connection for requests with bodies of any kind, with its tap.
pub(crate) async fn open<B>(
    connector: &Connector,
    upstream: &Upstream,
) -> Result<(SendRequest<B>, SharedTap), ConnectError>
where
    B: http_body::Body<Data: Send, Error: Into<Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
{
    let stream = connector.connect(&upstream.server).await?;
    let (wire, tap) = UpstreamWire::new(stream);
    let handshake = Builder::new()
        .preserve_header_case(true)
        .max_buf_size(HEAD_LIMIT)
        .handshake(TokioIo::new(wire))
        .await;
    let (sender, connection) = handshake.map_err(|error| ConnectError::Connect {
        server: upstream.server.host_and_port(),
        source: std::io::Error::other(error),
    })?;
    tokio::spawn(async move {
        // its end and its errors reach the exchange through the response
        let _ = connection.with_upgrades().await;
    });
    Ok((sender, tap))
}
