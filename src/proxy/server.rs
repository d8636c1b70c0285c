//! Starts a proxy and stops it.

use std::net::SocketAddr;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use tokio::runtime::Builder;
use tokio::sync::{mpsc, watch};
use tokio_rustls::TlsAcceptor;

use crate::journal::Journal;
use crate::net::connect::Connector;
use crate::proxy::access::AccessPolicy;
use crate::proxy::capture::MemoryBudget;
use crate::proxy::config::ProxyConfig;
use crate::proxy::context::ProxyState;
use crate::proxy::listen::listen;
use crate::proxy::notices::Notices;
use crate::proxy::probe::Prober;
use crate::proxy::recorder::Recorder;
pub use crate::proxy::start_error::ProxyError;
use crate::proxy::tunnel::Tunnels;
use crate::proxy::worker::{FirstWorker, work};
use crate::sync;

/// More threads than this, or than half the cores, gained nothing: the client and the tests' upstream need
/// the other half, and one thread serves 20,000 requests a second.
const MAX_WORKERS: usize = 4;
/// Notices that wait to be read.
const NOTICES: usize = 256;

/// A running proxy with its own threads. Dropping it does not stop it; `stop` and `wait` do.
#[derive(Debug)]
pub struct ProxyServer {
    addresses: Vec<SocketAddr>,
    stop: watch::Sender<bool>,
    shared: Arc<ProxyState>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    notices: Mutex<Option<mpsc::Receiver<String>>>,
}

/// Starts a proxy that records into `journal`. It listens when this returns.
///
/// # Errors
///
/// If it cannot listen on an address.
pub fn serve(config: ProxyConfig, journal: Arc<Journal>) -> Result<ProxyServer, ProxyError> {
    let listeners = listen(&config.listen)?;
    let addresses: Vec<SocketAddr> = listeners.iter().map(|(_, address)| *address).collect();
    let (notice_sender, notices) = mpsc::channel(NOTICES);
    let (stop, stopping) = watch::channel(false);
    let (prober, refused) = config.probe.then(Prober::new).unzip();
    let count = worker_count(config.limits.workers);
    let budget = MemoryBudget::new(config.limits.memory, config.limits.body);
    let shared = Arc::new(ProxyState {
        recorder: Arc::new(Recorder::new(journal, budget, Notices(notice_sender))),
        access: complete_access(&config, addresses.first().map_or(0, SocketAddr::port)),
        connector: Connector { trust: config.trust, proxy: config.outbound, limit: config.limits.connect },
        routes: config.routes,
        limits: config.limits,
        tls: config.tls.map(TlsAcceptor::from),
        tunnels: config.tunnels,
        prober: prober.map(Arc::new),
        stopping,
        connections: AtomicU64::new(0),
    });
    let (senders, receivers): (Vec<_>, Vec<_>) = (0..count).map(|_| mpsc::unbounded_channel()).unzip();
    let mut first = Some(FirstWorker { listeners, workers: senders, refused });
    let mut threads = Vec::with_capacity(count);
    for (number, messages) in receivers.into_iter().enumerate() {
        let runtime = Builder::new_current_thread().enable_all().build().map_err(ProxyError::Threads)?;
        let (shared, first) = (Arc::clone(&shared), first.take());
        let thread = std::thread::Builder::new().name(format!("wraptap-{number}")).spawn(move || {
            runtime.block_on(work(shared, messages, first));
            // name lookups that still hang must not delay the end
            runtime.shutdown_background();
        });
        threads.push(thread.map_err(ProxyError::Threads)?);
    }
    Ok(ProxyServer {
        addresses,
        stop,
        shared,
        threads: Mutex::new(threads),
        notices: Mutex::new(Some(notices)),
    })
}

/// Returns how many threads to start; 0 asks for a choice by the number of cores.
fn worker_count(wanted: usize) -> usize {
    match wanted {
        0 => std::thread::available_parallelism().map_or(1, |cores| (cores.get() / 2).clamp(1, MAX_WORKERS)),
        count => count,
    }
}

/// Adds to the access policy what follows from the rest of the configuration.
fn complete_access(config: &ProxyConfig, port: u16) -> AccessPolicy {
    let mut access = config.access.clone();
    access.tls = config.tls.is_some();
    access.port = port;
    access.tunnels = config.tunnels.as_ref().map(Tunnels::credentials);
    let upstreams = config.routes.upstreams().map(|upstream| (&upstream.server.host, upstream.server.port));
    for (host, port) in upstreams.chain(config.routes.hosts.iter().map(|known| (&known.name, 443))) {
        access.upstreams.push((host.clone(), port));
        access.hosts.push(host.clone());
    }
    access
}

impl ProxyServer {
    /// Returns the addresses it listens on.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Returns the URL for clients on this machine.
    pub fn url(&self) -> String {
        self.addresses.first().map_or_else(String::new, |address| {
            let ip = address.ip();
            if ip.is_unspecified() {
                format!("http://127.0.0.1:{}", address.port())
            } else {
                format!("http://{address}")
            }
        })
    }

    /// Returns, once, the queue of messages for the person at the terminal.
    pub fn notices(&self) -> Option<mpsc::Receiver<String>> {
        sync::lock(&self.notices).take()
    }

    /// Returns how many exchanges are in flight.
    pub fn in_flight(&self) -> u64 {
        self.shared.recorder.in_flight()
    }

    /// Requests the end: no new connection is accepted, and exchanges in flight get the drain's time.
    pub fn stop(&self) {
        // without a receiver it has ended already
        let _ = self.stop.send(true);
    }

    /// Waits for the end; exchanges that are in flight when the drain's time is over are recorded as cut
    /// short.
    pub fn wait(&self) {
        let threads = std::mem::take(&mut *sync::lock(&self.threads));
        for thread in threads {
            // a worker that panicked has ended too
            let _ = thread.join();
        }
    }
}
