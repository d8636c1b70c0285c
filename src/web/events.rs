//! The stream that tells a page that there is more: never what, so that a page which lags misses nothing. It asks for
//! its window again.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http_body::Frame;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

use crate::web::server::Shared;

/// Changes that come closer together are told once.
const PACE: Duration = Duration::from_millis(150);
/// Something is sent at least so often, so that both sides notice when the other one is gone.
const PULSE: Duration = Duration::from_secs(10);

/// Answers with a stream of server-sent events.
pub(super) async fn stream(State(shared): State<Arc<Shared>>) -> Response {
    // one event waits at most: whoever reads slowly is told of the newest state, not of every one
    let (told, events) = mpsc::channel(1);
    tokio::spawn(tell(shared, told));
    ([(CONTENT_TYPE, "text/event-stream")], Body::new(Events(events))).into_response()
}

async fn tell(shared: Arc<Shared>, told: mpsc::Sender<Bytes>) {
    let mut changes = shared.changes.clone();
    loop {
        let totals: Vec<u64> = shared.indexes.iter().map(|index| index.read().total()).collect();
        let missing = shared.journal.as_ref().map_or(0, |journal| journal.lost().count());
        let state = serde_json::json!({ "totals": totals, "missing": missing });
        if told.send(format!("event: state\ndata: {state}\n\n").into()).await.is_err() {
            return;
        }
        sleep(PACE).await;
        while let Err(_quiet) = timeout(PULSE, changes.changed()).await {
            if told.send(Bytes::from_static(b": here\n\n")).await.is_err() {
                return;
            }
        }
        if changes.has_changed().is_err() {
            return;
        }
    }
}

/// The events as an answer's body.
struct Events(mpsc::Receiver<Bytes>);

impl http_body::Body for Events {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(context).map(|event| event.map(|event| Ok(Frame::data(event))))
    }
}
