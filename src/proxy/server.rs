//! Starting a proxy, and ending it.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::journal::Journal;
use crate::net::connect::Connector;
use crate::proxy::accept::{WorkerMessage, accept};
use crate::proxy::batch::Batch;
use crate::proxy::capture::MemoryBudget;
use crate::proxy::config::Config;
use crate::proxy::connection;
use crate::proxy::context::{Context, Notices, ProxyState};
use crate::proxy::pool::{self, Pool};
use crate::proxy::probe::worker;
use crate::proxy::probe::{Prober, RefusedRequest};
use crate::proxy::tunnel::Tunnels;
use crate::sync;

/// More threads than this, or than half the cores, never paid off: the client and the tests' upstream need the other
/// half, and one thread carries 20,000 requests a second.
const MOST_WORKERS: usize = 4;
/// How long the end waits for probes, so that a command whose last request was refused is explained, too.
const LAST_PROBES: Duration = Duration::from_secs(1);
/// How many free ports are tried for one that is free on every address.
const TRIES: usize = 10;
/// Notices that wait to be read.
const NOTICES: usize = 256;

/// A proxy that is running on threads of its own. Dropping it does not stop it; `stop` and `wait` do.
#[derive(Debug)]
pub struct ProxyServer {
    addresses: Vec<SocketAddr>,
    stop: watch::Sender<bool>,
    shared: Arc<ProxyState>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    notices: Mutex<Option<mpsc::Receiver<String>>>,
}

/// Why a proxy cannot start.
#[derive(Debug, thiserror::Error)]
pub enum ProxyError {
    /// The address is taken or not ours.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The system gives no thread or event loop.
    #[error("cannot start the threads that carry connections")]
    Threads(#[source] io::Error),
}

/// Starts a proxy that records into `journal`. It listens when this returns.
///
/// # Errors
///
/// If an address cannot be listened on.
pub fn serve(mut config: Config, journal: Arc<Journal>) -> Result<ProxyServer, ProxyError> {
    let listeners = listen(&config.listen)?;
    let addresses: Vec<SocketAddr> = listeners.iter().map(|(_, address)| *address).collect();
    config.access.tls = config.tls.is_some();
    config.access.port = addresses.first().map_or(0, SocketAddr::port);
    for upstream in config.routes.upstreams() {
        config.access.upstreams.push((upstream.server.host.clone(), upstream.server.port));
        config.access.hosts.push(upstream.server.host.clone());
    }
    for (host, _) in &config.routes.hosts {
        config.access.upstreams.push((host.clone(), 443));
        config.access.hosts.push(host.clone());
    }
    config.access.tunnels = config.tunnels.as_ref().map(Tunnels::credentials);
    let (told, notices) = mpsc::channel(NOTICES);
    let (stop, stopping) = watch::channel(false);
    let (prober, interests) = config.probe.then(Prober::new).unzip();
    let shared = Arc::new(ProxyState {
        journal,
        access: config.access,
        connector: Connector { trust: config.trust, proxy: config.outbound, limit: config.limits.connect },
        routes: config.routes,
        limits: config.limits,
        budget: MemoryBudget::new(config.limits.memory, config.limits.body),
        tls: config.tls.map(TlsAcceptor::from),
        tunnels: config.tunnels,
        notices: Notices(told),
        prober: prober.map(Arc::new),
        stopping: stopping.clone(),
        connections: AtomicU64::new(0),
        in_flight: AtomicU64::new(0),
        cutting: AtomicBool::new(false),
    });
    let count = match config.limits.workers {
        0 => std::thread::available_parallelism().map_or(1, |cores| (cores.get() / 2).clamp(1, MOST_WORKERS)),
        count => count,
    };
    let (senders, receivers): (Vec<_>, Vec<_>) = (0..count).map(|_| mpsc::unbounded_channel()).unzip();
    let mut listeners = Some(listeners);
    let mut interests = interests;
    let mut threads = Vec::with_capacity(count);
    for (number, told) in receivers.into_iter().enumerate() {
        let runtime = Builder::new_current_thread().enable_all().build().map_err(ProxyError::Threads)?;
        let shared = Arc::clone(&shared);
        let stopping = stopping.clone();
        // the first worker accepts for all, and asks about refusals for all
        let accepting = listeners.take().map(|listeners| (listeners, senders.clone()));
        let interests = interests.take();
        let thread = std::thread::Builder::new().name(format!("wraptap-{number}")).spawn(move || {
            runtime.block_on(work(shared, told, accepting, interests, stopping));
            // lookups of names that still hang must not hold up the end
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

impl ProxyServer {
    /// Returns the addresses it listens on.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Returns the URL that clients on this machine use.
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

    /// Returns, once, what a person at the terminal should hear while it runs.
    pub fn notices(&self) -> Option<mpsc::Receiver<String>> {
        sync::lock(&self.notices).take()
    }

    /// Returns how many exchanges are being carried.
    pub fn in_flight(&self) -> u64 {
        self.shared.in_flight.load(Ordering::Relaxed)
    }

    /// Asks it to end: no new connection is accepted, exchanges in flight get the drain's time.
    pub fn stop(&self) {
        // nobody listens any more if it has ended already
        let _ = self.stop.send(true);
    }

    /// Waits until it has ended; what was in flight when the drain's time was over is recorded as cut short.
    pub fn wait(&self) {
        let threads = std::mem::take(&mut *sync::lock(&self.threads));
        for thread in threads {
            // a worker that panicked has ended too
            let _ = thread.join();
        }
    }
}

/// Listens on every address; with port 0 all get the same free one.
fn listen(wanted: &[SocketAddr]) -> Result<Vec<(TcpListener, SocketAddr)>, ProxyError> {
    let free = wanted.iter().all(|address| address.port() == 0);
    for _ in 1..TRIES {
        match listen_once(wanted) {
            // the port that is free on the first address need not be so on the second
            Err(ProxyError::Listen { source, .. }) if free && source.kind() == io::ErrorKind::AddrInUse => {}
            listening => return listening,
        }
    }
    listen_once(wanted)
}

fn listen_once(wanted: &[SocketAddr]) -> Result<Vec<(TcpListener, SocketAddr)>, ProxyError> {
    let mut listeners: Vec<(TcpListener, SocketAddr)> = Vec::new();
    for address in wanted {
        let mut address = *address;
        if address.port() == 0
            && let Some((_, first)) = listeners.first()
        {
            address.set_port(first.port());
        }
        let listen = || -> io::Result<_> {
            let socket = socket2::Socket::new(
                socket2::Domain::for_address(address),
                socket2::Type::STREAM,
                Some(socket2::Protocol::TCP),
            )?;
            // so that a restart gets its port back at once; on Windows it would mean something else
            #[cfg(unix)]
            socket.set_reuse_address(true)?;
            if address.is_ipv6() {
                socket.set_only_v6(true)?;
            }
            socket.bind(&address.into())?;
            socket.listen(1024)?;
            socket.set_nonblocking(true)?;
            let listener = TcpListener::from(socket);
            let address = listener.local_addr()?;
            Ok((listener, address))
        };
        match listen() {
            Ok(listener) => listeners.push(listener),
            // machines without IPv6 have no ::1; 127.0.0.1 will do
            Err(_) if !listeners.is_empty() && address.is_ipv6() && is_unavailable(address) => {}
            Err(source) => return Err(ProxyError::Listen { address, source }),
        }
    }
    Ok(listeners)
}

/// Tells whether this machine has no such address at all.
fn is_unavailable(mut address: SocketAddr) -> bool {
    address.set_port(0);
    TcpListener::bind(address).is_err()
}

/// What the worker that accepts for all has: where from, and whom to.
type Accepting = (Vec<(TcpListener, SocketAddr)>, Vec<mpsc::UnboundedSender<WorkerMessage>>);

/// One worker: carries the connections it is given until a stop, then drains.
async fn work(
    shared: Arc<ProxyState>,
    mut told: mpsc::UnboundedReceiver<WorkerMessage>,
    accepting: Option<Accepting>,
    interests: Option<mpsc::Receiver<RefusedRequest>>,
    stopping: watch::Receiver<bool>,
) {
    let mut stop = stopping.clone();
    let context =
        Arc::new(Context { shared: Arc::clone(&shared), pool: Pool::default(), batch: Batch::default() });
    let batching = Arc::clone(&context);
    tokio::spawn(async move { batching.batch.run(&batching.shared).await });
    let mut tasks = JoinSet::new();
    let (no_more, last) = oneshot::channel();
    let mut worker =
        interests.map(|interests| tokio::spawn(worker::run(Arc::clone(&shared), interests, last)));
    if let Some((listeners, workers)) = accepting {
        for (listener, _) in listeners {
            match tokio::net::TcpListener::from_std(listener) {
                Ok(listener) => {
                    let notices = shared.notices.clone();
                    tasks.spawn(accept(listener, workers.clone(), stopping.clone(), notices));
                }
                Err(error) => shared.notices.tell(format!("error: cannot accept connections: {error}")),
            }
        }
    }
    let mut idle_checks = tokio::time::interval(pool::IDLE_CHECK);
    loop {
        tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => break,
            _ = idle_checks.tick() => context.pool.air(),
            Some(told) = told.recv() => match told {
                WorkerMessage::Carry(stream, address) => {
                    if let Ok(stream) = tokio::net::TcpStream::from_std(stream) {
                        tasks.spawn(connection::carry(Arc::clone(&context), stream, address, stopping.clone()));
                    }
                }
                WorkerMessage::MakeRoom => context.pool.clear(),
            },
            Some(_) = tasks.join_next(), if !tasks.is_empty() => {}
        }
    }
    let drained = async { while tasks.join_next().await.is_some() {} };
    let cut = tokio::time::timeout(shared.limits.drain, drained).await.is_err();
    // what is dropped from here on, also with the runtime, is recorded as cut short by us
    shared.cutting.store(true, Ordering::Relaxed);
    if cut {
        // a client whose connection is closed now may take that for the end of its answer
        context.batch.end(&shared);
        tasks.shutdown().await;
        context.batch.end(&shared);
    }
    if let Some(worker) = &mut worker {
        // it may have ended by itself
        let _ = no_more.send(());
        // what is outstanding after that is dropped with the runtime, and not recorded
        let _ = tokio::time::timeout(LAST_PROBES, worker).await;
    }
}
