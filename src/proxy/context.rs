//! What every exchange of one worker shares.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tokio::sync::{mpsc, watch};

use crate::journal::{Ended, Journal, Recorded};
use crate::net::connect::Connector;
use crate::proxy::access::AccessPolicy;
use crate::proxy::batch::Batch;
use crate::proxy::capture::MemoryBudget;
use crate::proxy::config::Limits;
use crate::proxy::pool::Pool;
use crate::proxy::probe::Prober;
use crate::proxy::routes::Routes;
use crate::proxy::tunnel::Tunnels;

/// What one worker's exchanges share; `pool` and `turn` are the worker's own.
pub(crate) struct Context {
    pub(crate) shared: Arc<ProxyState>,
    pub(crate) pool: Pool,
    pub(crate) batch: Batch,
}

/// What all workers share.
pub(crate) struct ProxyState {
    pub(crate) journal: Arc<Journal>,
    pub(crate) routes: Routes,
    pub(crate) access: AccessPolicy,
    pub(crate) connector: Connector,
    pub(crate) limits: Limits,
    pub(crate) budget: Arc<MemoryBudget>,
    pub(crate) tls: Option<tokio_rustls::TlsAcceptor>,
    /// The ways to other servers, if there are any.
    pub(crate) tunnels: Option<Tunnels>,
    pub(crate) notices: Notices,
    /// Asks the API about refusals, if that is wanted.
    pub(crate) prober: Option<Arc<Prober>>,
    /// Turns true when the proxy is asked to end.
    pub(crate) stopping: watch::Receiver<bool>,
    /// Connections counted so far.
    pub(crate) connections: AtomicU64,
    /// Exchanges that are being carried.
    pub(crate) in_flight: AtomicU64,
    /// The drain's time is over: what is dropped now is cut short by us.
    pub(crate) cutting: AtomicBool,
}

/// Things a person at the terminal should hear, told without ever waiting for them.
#[derive(Clone, Debug)]
pub(crate) struct Notices(pub(crate) mpsc::Sender<String>);

impl Notices {
    /// Tells; if nobody listens or too much was told already, it is dropped.
    pub(crate) fn tell(&self, text: impl Into<String>) {
        // full or without a listener: nobody is kept waiting for a notice
        let _ = self.0.try_send(text.into());
    }
}

impl std::fmt::Debug for ProxyState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProxyState").field("routes", &self.routes).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context").field("pool", &self.pool).finish_non_exhaustive()
    }
}

impl ProxyState {
    /// Records exchanges that are over, in one write if that can be; tells of those that could not be written.
    pub(crate) fn record(&self, exchanges: impl Iterator<Item = Ended>) -> Recorded {
        let recorded = self.journal.record_all(exchanges);
        for error in &recorded.missed {
            self.notices.tell(format!("error: {} is NOT in the recording: {error}", error.id));
        }
        recorded
    }

    /// Tells whether no more than one exchange is under way: nothing is won by waiting for others.
    pub(crate) fn is_alone(&self) -> bool {
        self.in_flight.load(Ordering::Relaxed) == 1
    }

    /// Tells whether what is dropped now is cut short by wraptap's own end.
    pub(crate) fn is_cutting(&self) -> bool {
        self.cutting.load(Ordering::Relaxed)
    }
}
