//! The accept loop: never ends because of one connection, one error, or a lack of descriptors.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};

use crate::net::connect::is_exhaustion;
use crate::proxy::context::Notices;

/// How long to wait when no descriptor is left.
const PAUSE: Duration = Duration::from_millis(50);

/// What a worker is told.
pub(crate) enum WorkerMessage {
    /// To carry this connection.
    Carry(std::net::TcpStream, SocketAddr),
    /// That descriptors are needed: what only waits to be used again can go.
    MakeRoom,
}

/// Accepts connections and deals them out to the workers in turn, until a stop.
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
        match accepted
            .and_then(|(stream, address)| Ok(WorkerMessage::Carry(TcpStream::into_std(stream)?, address)))
        {
            Ok(accepted) => {
                exhausted = false;
                // a worker that is gone is ending with us
                let _ = workers[next % workers.len()].send(accepted);
                next += 1;
            }
            Err(error) if is_exhaustion(&error) => {
                if !std::mem::replace(&mut exhausted, true) {
                    notices.tell(
                        "warning: no file descriptor left for new connections; waiting (raise `ulimit -n`)",
                    );
                }
                for worker in &workers {
                    let _ = worker.send(WorkerMessage::MakeRoom);
                }
                tokio::time::sleep(PAUSE).await;
            }
            // a connection that ended before it was accepted
            Err(_) => tokio::task::yield_now().await,
        }
    }
}
