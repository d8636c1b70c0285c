//! Records and responds to what hyper did not accept as a request: a head that is not HTTP, too large, too
//! slow, or cut.

use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::ReadBuf;
use tokio::time::timeout;

use crate::net::client_wire::ClientHandle;
use crate::net::request_tap::TappedHead;
use crate::proxy::client::ClientConnection;
use crate::proxy::context::WorkerContext;
use crate::proxy::pending::PendingExchange;
use crate::proxy::synthetic_response::SyntheticResponse;

/// The largest request head.
pub(crate) const HEAD_LIMIT: usize = 128 * 1024;
/// The largest number of header lines: hyper's default, the same as Apache's and Tomcat's, up to which hyper
/// parses heads without a heap allocation.
const MAX_LINES: usize = 100;
/// How long a rejected connection waits for the client to read the response.
const LINGER: Duration = Duration::from_secs(1);

/// How hyper's part of a connection ended.
pub(crate) enum ConnectionEnd {
    Regular,
    Failed(hyper::Error),
    /// A head was not complete in time.
    SlowHead,
}

/// Records the head that hyper rejected, if it did, and sends the response.
pub(crate) async fn record_and_respond(
    context: &Arc<WorkerContext>,
    client: &ClientConnection,
    ended: ConnectionEnd,
) {
    let (response, tapped) = match (&ended, client.handle.take_rejected()) {
        (ConnectionEnd::SlowHead, _) => {
            let seconds = context.shared.limits.head.as_secs();
            let message = format!("the request head was not complete after {seconds} s");
            (SyntheticResponse::client(408, "slow_head", message), client.handle.take_incomplete_head())
        }
        (ConnectionEnd::Failed(error), Some((written, tapped))) => (invalid_request(error, &written), tapped),
        (ConnectionEnd::Regular, Some((written, tapped))) => {
            let message = "the request is not valid HTTP";
            (SyntheticResponse::client(status_of(&written), "bad_request", message), tapped)
        }
        (ConnectionEnd::Failed(_) | ConnectionEnd::Regular, None) => {
            // the client is gone, so no response is sent
            if let Some(tapped) = client.handle.take_incomplete_head() {
                let message = "the client closed the connection in the middle of a request head";
                let failure = SyntheticResponse::client(400, "cut_head", message).failure();
                begin(context, client, tapped).fail(failure);
            }
            return;
        }
    };
    if let Some(tapped) = tapped {
        begin(context, client, tapped).refuse(&response);
    }
    send(&client.handle, &response.to_bytes()).await;
}

/// Returns an exchange with what was read of its head.
fn begin(context: &WorkerContext, client: &ClientConnection, tapped: TappedHead) -> Arc<PendingExchange> {
    let pending = PendingExchange::begin(&context.shared.recorder, client, tapped);
    // whether a body was to follow is unknown
    pending.request_complete();
    // a head that cannot be parsed is kept as it came
    pending.edit(|exchange| {
        if exchange.request.target.is_empty() {
            exchange.request.head.get_or_insert_with(Default::default);
        }
    });
    pending
}

fn invalid_request(error: &hyper::Error, written: &[u8]) -> SyntheticResponse {
    let status = status_of(written);
    if error.is_parse_too_large() {
        let limit = HEAD_LIMIT / 1024;
        let message = format!("the request head is larger than {limit} KiB or has over {MAX_LINES} lines");
        return SyntheticResponse::client(status, "head_too_large", message);
    }
    SyntheticResponse::client(status, "bad_request", format!("the request is not valid HTTP ({error})"))
}

/// Returns the status of the response that hyper wrote.
fn status_of(written: &[u8]) -> u16 {
    written.get(9..12).and_then(|code| std::str::from_utf8(code).ok()?.parse().ok()).unwrap_or(400)
}

/// Writes a response to the socket and waits a moment until the client has read it: closing at once would
/// reset the connection, and the response would be lost.
async fn send(client: &ClientHandle, bytes: &[u8]) {
    let sending = async {
        let mut left = bytes;
        while !left.is_empty() {
            let written = poll_fn(|cx| client.poll_write_directly(cx, left)).await?;
            left = &left[written..];
        }
        poll_fn(|cx| client.poll_close_directly(cx)).await?;
        let mut space = vec![0; 16 * 1024];
        loop {
            let mut buffer = ReadBuf::new(&mut space);
            poll_fn(|cx| client.poll_read_directly(cx, &mut buffer)).await?;
            if buffer.filled().is_empty() {
                return Ok::<_, std::io::Error>(());
            }
        }
    };
    // a client that does not read, or is gone, ends this too
    let _ = timeout(LINGER, sending).await;
}
