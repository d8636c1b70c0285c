//! What the exchanges of a proxy share.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use tokio::sync::watch;

use crate::net::connect::Connector;
use crate::proxy::access::AccessPolicy;
use crate::proxy::batch::Batch;
use crate::proxy::config::Limits;
use crate::proxy::pool::ConnectionPool;
use crate::proxy::probe::Prober;
use crate::proxy::recorder::Recorder;
use crate::proxy::routes::Routes;
use crate::proxy::tunnel::Tunnels;

/// Per-worker state.
pub(crate) struct WorkerContext {
    pub(crate) shared: Arc<ProxyState>,
    pub(crate) pool: ConnectionPool,
    pub(crate) batch: Batch,
}

/// State of all workers.
pub(crate) struct ProxyState {
    pub(crate) recorder: Arc<Recorder>,
    pub(crate) routes: Routes,
    pub(crate) access: AccessPolicy,
    pub(crate) connector: Connector,
    pub(crate) limits: Limits,
    pub(crate) tls: Option<tokio_rustls::TlsAcceptor>,
    /// CONNECT to servers that are not upstreams, if allowed.
    pub(crate) tunnels: Option<Tunnels>,
    /// Probes refused requests, if wanted.
    pub(crate) prober: Option<Arc<Prober>>,
    /// Becomes true when a stop is requested.
    pub(crate) stopping: watch::Receiver<bool>,
    /// The number of connections so far.
    pub(crate) connections: AtomicU64,
}

impl std::fmt::Debug for ProxyState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProxyState").field("routes", &self.routes).finish_non_exhaustive()
    }
}
