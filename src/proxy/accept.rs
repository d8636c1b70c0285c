//! The accept loop. It goes on after a failed connection, an error, or a lack of file descriptors.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};

use crate::net::connect::is_exhaustion;
use crate::proxy::notices::Notices;

/// How long to wait when no file descriptor is left.
const PAUSE: Duration = Duration::from_millis(50);

/// A message to a worker.
pub(crate) enum WorkerMessage {
    /// Serve this connection.
    Serve(std::net::TcpStream, SocketAddr),
    /// Close idle upstream connections: file descriptors are needed.
    FreeDescriptors,
}

/// Accepts connections and hands them to the workers in turn, until a stop is requested.
pub(crate) async fn accept(
    listener: TcpListener,
    workers: Vec<mpsc::UnboundedSender<WorkerMessage>>,
    mut stopping: watch::Receiver<bool>,
    notices: Notices,
) {
    let mut next = 0;
    let mut exhausted = false;
    loop {
        let accepted = tokio::select! {
            biased;
            _ = stopping.wait_for(|stop| *stop) => return,
            accepted = listener.accept() => accepted,
        };
        let accepted = accepted
            .and_then(|(stream, address)| Ok(WorkerMessage::Serve(TcpStream::into_std(stream)?, address)));
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
