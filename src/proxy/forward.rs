//! Forwards one exchange: the request to its upstream, the response to the client. `pending` is informed of
//! each step.

use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;

use crate::net::request_tap::TappedHead;
use crate::proxy::access::Admitted;
use crate::proxy::client::ClientConnection;
use crate::proxy::context::WorkerContext;
use crate::proxy::deliver::{self, ProtocolSwitch};
use crate::proxy::heads;
use crate::proxy::outgoing_request::OutgoingRequest;
use crate::proxy::pending::{PendingExchange, RecordOnDrop};
use crate::proxy::pool::PooledConnection;
use crate::proxy::response_body::ResponseBody;
use crate::proxy::synthetic_response::SyntheticResponse;
use crate::proxy::upstream_call::{CallOutcome, UpstreamCall};

/// How long the body of a response is read whose client is gone.
const LATE_BODY: Duration = Duration::from_secs(1);

/// A request as it came in, with the result of the access check.
pub(crate) struct ReceivedRequest {
    pub(crate) request: Request<Incoming>,
    pub(crate) access: Result<Admitted, SyntheticResponse>,
    tapped: TappedHead,
}

impl ReceivedRequest {
    pub(crate) fn new(
        context: &WorkerContext,
        client: &ClientConnection,
        request: Request<Incoming>,
    ) -> Self {
        let tapped = heads::request_head(client.handle.begin_response(), &request);
        let access = context.shared.access.check(&request);
        Self { request, access, tapped }
    }
}

/// Forwards one exchange, or responds to it. There is always a response, unless the client is gone.
pub(crate) async fn forward(
    context: Arc<WorkerContext>,
    client: Arc<ClientConnection>,
    received: ReceivedRequest,
) -> Response<ResponseBody> {
    let ReceivedRequest { request, access, tapped } = received;
    let pending = PendingExchange::begin(&context.shared.recorder, &client, tapped);
    let record_on_drop = RecordOnDrop::new(&pending);
    if request.body().is_end_stream() {
        pending.request_complete();
    }
    let method = request.method().clone();
    let refuse = |refusal: SyntheticResponse| {
        pending.refuse(&refusal);
        client.handle.end_response();
        refusal.to_http(&method).map(ResponseBody::whole)
    };
    let outgoing = match access.and_then(|_| OutgoingRequest::new(&context, &pending, request)) {
        Ok(outgoing) => outgoing,
        Err(refusal) => return refuse(refusal),
    };
    let OutgoingRequest { request, head, upgrade, probe } = outgoing;
    let call = UpstreamCall { context: &context, client: &client, pending: &pending, head: &head };
    let (connection, response) = match call.run(request).await {
        CallOutcome::Response(connection, response) => (connection, response),
        CallOutcome::Failed(refusal) => return refuse(refusal),
        CallOutcome::ClientGone => return abandon(&client, record_on_drop),
    };
    if call.is_client_gone().await {
        record_late(&pending, connection, response).await;
        return abandon(&client, record_on_drop);
    }
    let prober = context.shared.prober.as_deref();
    let probe = prober.and_then(|prober| {
        prober.note_response(response.status(), response.headers());
        probe?.with_response(&response)
    });
    pending.response_head(heads::response_head(connection.tap.lock().tap.take_final(), &response));
    let mut response = match ProtocolSwitch::check(&response, upgrade) {
        Err(refusal) => return refuse(refusal),
        Ok(Some(switch)) => switch.deliver(&context, &pending, connection, response),
        Ok(None) => deliver::deliver(&context, record_on_drop, connection, response),
    };
    if let (Some(prober), Some(probe)) = (prober, probe) {
        response.body_mut().probe_after(prober, probe);
    }
    response
}

/// Records an exchange whose client is gone, if it is not recorded yet. hyper notices by itself that the
/// connection is closed; the response that it gets is never read.
fn abandon(client: &ClientConnection, record_on_drop: RecordOnDrop) -> Response<ResponseBody> {
    drop(record_on_drop);
    client.handle.end_response();
    SyntheticResponse::client_gone().to_http(&http::Method::HEAD).map(ResponseBody::whole)
}

/// Records a response whose client is gone, with as much of its body as arrives soon.
async fn record_late(
    pending: &PendingExchange,
    mut connection: PooledConnection,
    response: Response<Incoming>,
) {
    pending.response_head(heads::response_head(connection.tap.lock().tap.take_final(), &response));
    let mut body = response.into_body();
    let read = async {
        while let Some(Ok(frame)) = poll_fn(|cx| connection.poll_frame(&mut body, cx)).await {
            if let Some(piece) = frame.data_ref() {
                pending.response_data(piece);
            }
        }
    };
    // what has not arrived by then is recorded as cut
    let _ = tokio::time::timeout(LATE_BODY, read).await;
    pending.give_up();
}
