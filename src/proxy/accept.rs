//! The accept loop. It goes on after a failed connection, an error, or a lack of file descriptors, and
//! accepts no more clients than the descriptors allow: those that wait are served later, and none is refused.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};

use crate::net::connect::is_exhaustion;
use crate::proxy::notices::Notices;

/// How long to wait when no file descriptor is left.
const PAUSE: Duration = Duration::from_millis(50);

/// A message to a worker.
pub(crate) enum WorkerMessage {
    /// Serve this connection.
    Serve(AcceptedClient),
    /// Close idle upstream connections: file descriptors are needed.
    FreeDescriptors,
}

/// A connection that was just accepted.
pub(crate) struct AcceptedClient {
    pub(crate) stream: std::net::TcpStream,
    pub(crate) address: SocketAddr,
    /// Its place among those that the descriptors allow.
    pub(crate) place: OwnedSemaphorePermit,
}

/// Returns the next place; waits for one if too many clients are connected, and says so once.
async fn next_place(places: &Arc<Semaphore>, said: &mut bool, notices: &Notices) -> OwnedSemaphorePermit {
    loop {
        if let Ok(place) = Arc::clone(places).try_acquire_owned() {
            return place;
        }
        if !std::mem::replace(said, true) {
            notices.send(
                "warning: as many clients are connected as the file descriptors allow; others wait (raise `ulimit -n`)",
            );
        }
        // the semaphore is never closed
        drop(places.acquire().await);
    }
}

/// Accepts connections and hands them to the workers in turn, until a stop is requested.
pub(crate) async fn accept(
    listener: TcpListener,
    workers: Vec<mpsc::UnboundedSender<WorkerMessage>>,
    mut stopping: watch::Receiver<bool>,
    notices: Notices,
    places: Arc<Semaphore>,
) {
    let mut next = 0;
    let (mut exhausted, mut crowded) = (false, false);
    loop {
        let accepted = tokio::select! {
            biased;
            _ = stopping.wait_for(|stop| *stop) => return,
            accepted = async {
                let place = next_place(&places, &mut crowded, &notices).await;
                (listener.accept().await, place)
            } => accepted,
        };
        let (accepted, place) = accepted;
        let accepted = accepted.and_then(|(stream, address)| {
            let stream = TcpStream::into_std(stream)?;
            Ok(WorkerMessage::Serve(AcceptedClient { stream, address, place }))
        });
        match accepted {
            Ok(message) => {
                exhausted = false;
                // a worker that has ended does so because the proxy ends
                let _ = workers[next % workers.len()].send(message);
                next += 1;
            }
            Err(error) if is_exhaustion(&error) => {
                if !std::mem::replace(&mut exhausted, true) {
                    notices.send(
                        "warning: no file descriptor left for new connections; waiting (raise `ulimit -n`)",
                    );
                }
                for worker in &workers {
                    let _ = worker.send(WorkerMessage::FreeDescriptors);
                }
                tokio::time::sleep(PAUSE).await;
            }
            // the connection ended before it was accepted
            Err(_) => tokio::task::yield_now().await,
        }
    }
}
