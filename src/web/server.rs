//! Starts and ends the page: its own loopback port and thread, so that rendering never delays recording.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::sync::{oneshot, watch};

use crate::journal::{self, Journal};
use crate::redact::Rules;
use crate::web::auth;
use crate::web::index::RecordingIndex;
use crate::web::routes;
pub use crate::web::state::AttachLine;
use crate::web::state::PageState;
use crate::web::tail::{self, TailCommand};
use crate::web::tokens::{AccessTokens, TokenError};

/// How long stopping waits for pages that are being rendered.
const GRACE: Duration = Duration::from_millis(500);

/// What the page shows, and where.
#[derive(Clone)]
pub struct PageConfig {
    /// At least one; each may still be written to.
    pub recordings: Vec<PathBuf>,
    /// The port on 127.0.0.1.
    pub port: Port,
    /// The folder of the user's baselines: read for judging, written by "make this the known good".
    pub baselines: PathBuf,
    /// The journal of this run, which knows what could not be written. With a journal, nothing is read before
    /// the link is opened: recording for hours with no page open costs nothing.
    pub journal: Option<Arc<Journal>>,
}

/// Which port to listen on; 0 means any free one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Port {
    /// This one; an error if it is taken.
    Only(u16),
    /// This one, so that a page finds its wraptap again after a restart; any free one if it is taken.
    Rather(u16),
}

/// Why the page cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum PageServeError {
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
    /// The system gives no random numbers, so the link cannot be secret.
    #[error(transparent)]
    Link(#[from] TokenError),
    /// The same, for the masks of secrets.
    #[error(transparent)]
    Masks(#[from] journal::NoRandom),
}

/// A page that is being served. Dropping it ends it.
pub struct RunningPage {
    /// Where it listens.
    pub address: SocketAddr,
    /// The link that lets one browser in, once.
    pub link: String,
    attach: Arc<OnceLock<AttachLine>>,
    stop: Option<(oneshot::Sender<()>, mpsc::Sender<TailCommand>)>,
    threads: Vec<JoinHandle<()>>,
}

/// Starts the page. It listens when this returns, while the recordings are still being read.
///
/// # Errors
/// The port cannot be listened on, or the system gives no thread or random numbers.
pub fn serve(config: PageConfig) -> Result<RunningPage, PageServeError> {
    let (listener, address) = listen(config.port)?;
    let tokens = AccessTokens::new(address.port())?;
    let link = format!("http://{address}{}?token={}", auth::OPEN, tokens.token()?);
    let (changed, changes) = watch::channel(0);
    let indexes: Vec<Arc<RecordingIndex>> =
        config.recordings.into_iter().map(|path| Arc::new(RecordingIndex::new(path))).collect();
    let (orders, to_follower) = mpsc::channel();
    let attach = Arc::new(OnceLock::new());
    let watched = config.journal.is_none();
    let shared = Arc::new(PageState {
        tokens,
        port: address.port(),
        indexes: indexes.clone(),
        redactor: journal::redactor(Rules::default())?,
        baselines: config.baselines,
        journal: config.journal,
        attach: Arc::clone(&attach),
        changes,
        tail: orders.clone(),
    });
    if watched {
        shared.start_reading();
    }
    let masks = Arc::clone(&shared);
    let follower = std::thread::Builder::new().name("wraptap-page-tail".to_owned()).spawn(move || {
        tail::tail_recordings(&indexes, &masks.redactor, &changed, &to_follower);
    });
    let follower = follower.map_err(PageServeError::Threads)?;
    let runtime = Builder::new_current_thread().enable_all().build().map_err(PageServeError::Threads)?;
    let (stop_serving, serving_stopped) = oneshot::channel::<()>();
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
                _ = serving_stopped => {}
                ended = axum::serve(listener, routes::router(&shared)) => {
                    if let Err(error) = ended {
                        tracing::error!(error = &error as &dyn std::error::Error, "the page ended");
                    }
                }
            }
        });
        runtime.shutdown_timeout(GRACE);
    });
    let server = server.map_err(PageServeError::Threads)?;
    Ok(RunningPage {
        address,
        link,
        attach,
        stop: Some((stop_serving, orders)),
        threads: vec![follower, server],
    })
}

impl RunningPage {
    /// Lets the page say how a client is pointed at the recorder, which listens by now.
    pub fn show_attach(&self, attach: AttachLine) {
        // the first one holds
        let _ = self.attach.set(attach);
    }
}

impl Drop for RunningPage {
    fn drop(&mut self) {
        if let Some((serving, following)) = self.stop.take() {
            // a thread that has ended does not need it
            let _ = serving.send(());
            let _ = following.send(TailCommand::End);
        }
        for thread in self.threads.drain(..) {
            // a thread that panicked has ended too
            let _ = thread.join();
        }
    }
}

fn listen(port: Port) -> Result<(TcpListener, SocketAddr), PageServeError> {
    let bind = |port: u16| {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listen = || {
            let listener = TcpListener::bind(address)?;
            listener.set_nonblocking(true)?;
            let address = listener.local_addr()?;
            Ok((listener, address))
        };
        listen().map_err(|source| PageServeError::Listen { address, source })
    };
    match port {
        Port::Only(port) => bind(port),
        Port::Rather(port) => bind(port).or_else(|_| bind(0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(port: Port) -> PageConfig {
        PageConfig {
            recordings: vec!["no/such.ndjson".into()],
            port,
            baselines: "no/such".into(),
            journal: None,
        }
    }

    #[test]
    fn a_taken_port_is_named_or_another_one_is_taken() {
        let first = serve(config(Port::Only(0))).unwrap();
        let port = first.address.port();
        assert!(first.link.starts_with(&format!("http://127.0.0.1:{port}/open?token=")), "{}", first.link);
        assert!(matches!(serve(config(Port::Only(port))), Err(PageServeError::Listen { .. })));
        assert_ne!(serve(config(Port::Rather(port))).unwrap().address.port(), port);
        drop(first);
        assert_eq!(serve(config(Port::Only(port))).unwrap().address.port(), port);
    }
}
