//! The stream that notifies a page of new exchanges, without their content: the page requests its window
//! again, so a page that lags misses nothing.

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

use crate::web::state::PageState;

/// Changes that are closer together are sent as one.
const PACE: Duration = Duration::from_millis(150);
/// Maximum time without an event, so that both sides notice when the other one is gone.
const PULSE: Duration = Duration::from_secs(10);

/// Responds with a stream of server-sent events.
pub(super) async fn stream(State(shared): State<Arc<PageState>>) -> Response {
    // at most one event waits: a slow reader gets the newest state, not every one
    let (sender, events) = mpsc::channel(1);
    tokio::spawn(send_changes(shared, sender));
    ([(CONTENT_TYPE, "text/event-stream")], Body::new(EventStream(events))).into_response()
}

async fn send_changes(shared: Arc<PageState>, sender: mpsc::Sender<Bytes>) {
    let mut changes = shared.changes.clone();
    loop {
        let totals: Vec<u64> = shared.indexes.iter().map(|index| index.read().total()).collect();
        let missing = shared.journal.as_ref().map_or(0, |journal| journal.lost().count());
        let state = serde_json::json!({ "totals": totals, "missing": missing });
        if sender.send(format!("event: state\ndata: {state}\n\n").into()).await.is_err() {
            return;
        }
        sleep(PACE).await;
        while let Err(_quiet) = timeout(PULSE, changes.changed()).await {
            if sender.send(Bytes::from_static(b": here\n\n")).await.is_err() {
                return;
            }
        }
        if changes.has_changed().is_err() {
            return;
        }
    }
}

/// The events as the body of a response.
struct EventStream(mpsc::Receiver<Bytes>);

impl http_body::Body for EventStream {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(context).map(|event| event.map(|event| Ok(Frame::data(event))))
    }
}
