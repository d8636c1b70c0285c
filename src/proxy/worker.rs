//! One worker thread: it serves the connections that it is given until a stop is requested, then drains.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::{JoinHandle, JoinSet};

use crate::net::descriptors;
use crate::proxy::accept::{AcceptedClient, WorkerMessage, accept};
use crate::proxy::batch::Batch;
use crate::proxy::connection;
use crate::proxy::context::{ProxyState, WorkerContext};
use crate::proxy::pool::{ConnectionPool, IDLE_CHECK};
use crate::proxy::probe::{self, RefusedRequest};

/// How long the end waits for probes, so that the last refused request of a command is explained too.
const LAST_PROBES: Duration = Duration::from_secs(1);

/// What the first worker does for all: it accepts connections and sends probes.
pub(crate) struct FirstWorker {
    pub(crate) listeners: Vec<(TcpListener, SocketAddr)>,
    /// The workers that get the connections.
    pub(crate) workers: Vec<mpsc::UnboundedSender<WorkerMessage>>,
    /// The refused requests to probe.
    pub(crate) refused: Option<mpsc::Receiver<RefusedRequest>>,
}

/// Runs a worker to its end.
pub(crate) async fn work(
    shared: Arc<ProxyState>,
    messages: mpsc::UnboundedReceiver<WorkerMessage>,
    first: Option<FirstWorker>,
) {
    let context = Arc::new(WorkerContext {
        shared: Arc::clone(&shared),
        pool: ConnectionPool::default(),
        batch: Batch::default(),
    });
    let batching = Arc::clone(&context);
    tokio::spawn(async move { batching.batch.run(&batching.shared.recorder).await });
    let mut tasks = JoinSet::new();
    let mut probing = None;
    if let Some(FirstWorker { listeners, workers, refused }) = first {
        start_accepting(&shared, listeners, &workers, &mut tasks);
        probing = refused.map(|refused| Probing::start(&shared, refused));
    }
    serve_connections(&context, messages, &mut tasks).await;
    drain(&context, tasks).await;
    if let Some(probing) = probing {
        probing.end().await;
    }
}

fn start_accepting(
    shared: &ProxyState,
    listeners: Vec<(TcpListener, SocketAddr)>,
    workers: &[mpsc::UnboundedSender<WorkerMessage>],
    tasks: &mut JoinSet<()>,
) {
    let notices = &shared.recorder.notices;
    let places = Arc::new(Semaphore::new(descriptors::max_clients()));
    for (listener, _) in listeners {
        match tokio::net::TcpListener::from_std(listener) {
            Ok(listener) => {
                let (stopping, places) = (shared.stopping.clone(), Arc::clone(&places));
                tasks.spawn(accept(listener, workers.to_vec(), stopping, notices.clone(), places));
            }
            Err(error) => notices.send(format!("error: cannot accept connections: {error}")),
        }
    }
}

/// Serves connections until a stop is requested.
async fn serve_connections(
    context: &Arc<WorkerContext>,
    mut messages: mpsc::UnboundedReceiver<WorkerMessage>,
    tasks: &mut JoinSet<()>,
) {
    let mut stopping = context.shared.stopping.clone();
    let mut idle_check = tokio::time::interval(IDLE_CHECK);
    loop {
        tokio::select! {
            biased;
            _ = stopping.wait_for(|stop| *stop) => return,
            _ = idle_check.tick() => context.pool.evict_idle(),
            Some(message) = messages.recv() => match message {
                WorkerMessage::Serve(AcceptedClient { stream, address, place }) => {
                    if let Ok(stream) = tokio::net::TcpStream::from_std(stream) {
                        let context = Arc::clone(context);
                        tasks.spawn(async move {
                            connection::serve(context, stream, address).await;
                            drop(place);
                        });
                    }
                }
                WorkerMessage::FreeDescriptors => context.pool.clear(),
            },
            Some(_) = tasks.join_next(), if !tasks.is_empty() => {}
        }
    }
}

/// Waits for the exchanges in flight, for as long as the limits allow, and ends the others.
async fn drain(context: &WorkerContext, mut tasks: JoinSet<()>) {
    let drained = async { while tasks.join_next().await.is_some() {} };
    let cut = tokio::time::timeout(context.shared.limits.drain, drained).await.is_err();
    // exchanges that are dropped from here on, also with the runtime, are recorded as cut short by wraptap
    context.shared.recorder.begin_cutting();
    if cut {
        // a client whose connection is closed now may take that for the end of its response: record first
        context.batch.flush(&context.shared.recorder);
        tasks.shutdown().await;
        context.batch.flush(&context.shared.recorder);
    }
}

/// The task that sends probes.
struct Probing {
    task: JoinHandle<()>,
    last: oneshot::Sender<()>,
}

impl Probing {
    fn start(shared: &Arc<ProxyState>, refused: mpsc::Receiver<RefusedRequest>) -> Self {
        let (last, ending) = oneshot::channel();
        Self { task: tokio::spawn(probe::worker::run(Arc::clone(shared), refused, ending)), last }
    }

    /// Waits for the outstanding probes. Those that take too long are dropped with the runtime and not
    /// recorded.
    async fn end(self) {
        // it may have ended already
        let _ = self.last.send(());
        let _ = tokio::time::timeout(LAST_PROBES, self.task).await;
    }
}
