//! Starting the page and ending it: a loopback port of its own, a thread of its own, so that what it renders never
//! delays what is recorded.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::sync::{oneshot, watch};

use crate::journal::{self, Journal};
use crate::redact::{Redactor, Rules};
use crate::web::follow::{self, Order};
use crate::web::guard;
use crate::web::index::Index;
use crate::web::keys::{Keys, NoRandom};
use crate::web::routes;

/// How long the end waits for pages that are being rendered.
const GRACE: Duration = Duration::from_millis(500);

/// What the page shows, and where.
#[derive(Clone)]
pub struct Config {
    /// At least one; each may still be written to.
    pub recordings: Vec<PathBuf>,
    /// The port on 127.0.0.1.
    pub port: Port,
    /// The folder of own baselines: read for judging, and where "make this the known good" writes.
    pub baselines: PathBuf,
    /// The journal of this run, which knows what could not be written. With it, nothing is read before the link is
    /// opened: recording for hours with no page open costs nothing.
    pub journal: Option<Arc<Journal>>,
}

/// Which port is taken; 0 stands for any free one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Port {
    /// This one or none.
    Only(u16),
    /// This one, so that a page finds its wraptap again after a restart; any free one if it is taken.
    Rather(u16),
}

/// Why the page cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The port is taken, or there is none.
    #[error("the page cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// The system gives no thread or event loop.
    #[error("cannot start the threads of the page")]
    Threads(#[source] io::Error),
    /// The system gives no random numbers, so nobody could be told from anybody.
    #[error(transparent)]
    Link(#[from] NoRandom),
    /// The same for the masks of secrets.
    #[error(transparent)]
    Masks(#[from] journal::NoRandom),
}

/// What every route knows.
pub(super) struct Shared {
    pub(super) keys: Keys,
    pub(super) port: u16,
    pub(super) indexes: Vec<Arc<Index>>,
    pub(super) redactor: Redactor,
    pub(super) baselines: PathBuf,
    pub(super) journal: Option<Arc<Journal>>,
    /// Counts the changes of what is recorded.
    pub(super) changes: watch::Receiver<u64>,
    /// To the one who follows the recordings.
    orders: mpsc::Sender<Order>,
}

impl Shared {
    /// Lets the recordings be read, from now on.
    pub(super) fn begin(&self) {
        // who has ended needs no order
        let _ = self.orders.send(Order::Begin);
    }
}

/// A page that is being served. Dropping it ends it.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// The link that lets one browser in, once.
    pub link: String,
    stop: Option<(oneshot::Sender<()>, mpsc::Sender<Order>)>,
    threads: Vec<JoinHandle<()>>,
}

/// Starts the page. It listens when this returns, while the recordings are still being read.
///
/// # Errors
/// The port cannot be listened on, or the system gives no thread or random numbers.
pub fn serve(config: Config) -> Result<Running, ServeError> {
    let (listener, address) = listen(config.port)?;
    let keys = Keys::new(address.port())?;
    let link = format!("http://{address}{}?token={}", guard::OPEN, keys.token()?);
    let (changed, changes) = watch::channel(0);
    let indexes: Vec<Arc<Index>> =
        config.recordings.into_iter().map(|path| Arc::new(Index::of(path))).collect();
    let (orders, to_follower) = mpsc::channel();
    let watched = config.journal.is_none();
    let shared = Arc::new(Shared {
        keys,
        port: address.port(),
        indexes: indexes.clone(),
        redactor: journal::redactor(Rules::default())?,
        baselines: config.baselines,
        journal: config.journal,
        changes,
        orders: orders.clone(),
    });
    if watched {
        shared.begin();
    }
    let masks = Arc::clone(&shared);
    let follower = std::thread::Builder::new().name("wraptap-page-follows".to_owned()).spawn(move || {
        follow::follow(&indexes, &masks.redactor, &changed, &to_follower);
    });
    let follower = follower.map_err(ServeError::Threads)?;
    let runtime = Builder::new_current_thread().enable_all().build().map_err(ServeError::Threads)?;
    let (end_serving, serving_ends) = oneshot::channel::<()>();
    let server = std::thread::Builder::new().name("wraptap-page".to_owned()).spawn(move || {
        runtime.block_on(async {
            let listener = match tokio::net::TcpListener::from_std(listener) {
                Ok(listener) => listener,
                Err(error) => {
                    tracing::error!(error = &error as &dyn std::error::Error, "the page cannot be served");
                    return;
                }
            };
            tokio::select! {
                _ = serving_ends => {}
                ended = axum::serve(listener, routes::router(&shared)) => {
                    if let Err(error) = ended {
                        tracing::error!(error = &error as &dyn std::error::Error, "the page ended");
                    }
                }
            }
        });
        runtime.shutdown_timeout(GRACE);
    });
    let server = server.map_err(ServeError::Threads)?;
    Ok(Running { address, link, stop: Some((end_serving, orders)), threads: vec![follower, server] })
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some((serving, following)) = self.stop.take() {
            // who has ended already need not be told
            let _ = serving.send(());
            let _ = following.send(Order::End);
        }
        for thread in self.threads.drain(..) {
            // a thread that panicked has ended too
            let _ = thread.join();
        }
    }
}

fn listen(port: Port) -> Result<(TcpListener, SocketAddr), ServeError> {
    let bind = |port: u16| {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listen = || {
            let listener = TcpListener::bind(address)?;
            listener.set_nonblocking(true)?;
            let address = listener.local_addr()?;
            Ok((listener, address))
        };
        listen().map_err(|source| ServeError::Listen { address, source })
    };
    match port {
        Port::Only(port) => bind(port),
        Port::Rather(port) => bind(port).or_else(|_| bind(0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(port: Port) -> Config {
        Config { recordings: vec!["no/such.ndjson".into()], port, baselines: "no/such".into(), journal: None }
    }

    #[test]
    fn a_taken_port_is_named_or_another_one_is_taken() {
        let first = serve(config(Port::Only(0))).unwrap();
        let port = first.address.port();
        assert!(first.link.starts_with(&format!("http://127.0.0.1:{port}/open?token=")), "{}", first.link);
        assert!(matches!(serve(config(Port::Only(port))), Err(ServeError::Listen { .. })));
        assert_ne!(serve(config(Port::Rather(port))).unwrap().address.port(), port);
        drop(first);
        assert_eq!(serve(config(Port::Only(port))).unwrap().address.port(), port);
    }
}
