//! An exchange while it is in progress. It is recorded exactly once: when its response is complete, when it
//! failed, or when the last part of it is dropped.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Instant;

use bytes::Bytes;

use crate::api;
use crate::journal::Journal;
use crate::model::exchange::{Body, Exchange, ExchangeId, Headers, Interim, Origin, Request, Response};
use crate::model::passage::{Failure, FailureSource, Side, Tunnel};
use crate::model::timestamp::micros;
use crate::net::client_wire::{ClientGone, ClientHandle};
use crate::net::head::Head;
use crate::net::request_tap::{StartTime, TappedHead};
use crate::proxy::capture::{BodyCapture, BodyEnd};
use crate::proxy::client::ClientConnection;
use crate::proxy::hop_by_hop::change;
use crate::proxy::recorder::Recorder;
use crate::proxy::synthetic_response::SyntheticResponse;
use crate::sync;

/// How many interim responses of one exchange are kept and passed on, and how many bytes of them. A flood of
/// them is as legal as it is useless.
const MAX_INTERIM: usize = 64;
const MAX_INTERIM_BYTES: usize = 64 * 1024;

/// What happens to an interim response.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Interims {
    /// It is recorded, and to be passed on.
    Kept,
    /// There were enough before it.
    Enough,
}

/// An exchange in progress.
#[derive(Debug)]
pub(crate) struct PendingExchange {
    recorder: Arc<Recorder>,
    client: ClientHandle,
    id: ExchangeId,
    began: StartTime,
    state: Mutex<PendingState>,
}

#[derive(Debug)]
struct PendingState {
    /// `None` once it is recorded.
    exchange: Option<Box<Exchange>>,
    request_body: BodyCapture,
    response_body: BodyCapture,
    /// The request was read to its end.
    request_complete: bool,
    /// When the last byte of the request was read.
    progress: Instant,
    /// Why the request body broke, if it did.
    broken_request: Option<String>,
    /// Bytes of the interim responses that were kept, and how many were not.
    interim_bytes: usize,
    interim_dropped: u64,
}

/// Records the exchange as failed if it is dropped before the exchange is recorded.
#[derive(Debug)]
pub(crate) struct RecordOnDrop(Arc<PendingExchange>);

impl RecordOnDrop {
    pub(crate) fn new(pending: &Arc<PendingExchange>) -> Self {
        Self(Arc::clone(pending))
    }

    pub(crate) fn pending(&self) -> &Arc<PendingExchange> {
        &self.0
    }
}

impl Drop for RecordOnDrop {
    fn drop(&mut self) {
        if self.0.lock().exchange.is_some() {
            self.0.give_up();
        }
    }
}

impl PendingExchange {
    /// Begins an exchange with the head that the tap kept.
    pub(crate) fn begin(
        recorder: &Arc<Recorder>,
        client: &ClientConnection,
        TappedHead { head, began }: TappedHead,
    ) -> Arc<Self> {
        let id = recorder.journal().next_id();
        let line = head.request_line();
        let request = Request {
            method: head.to_owned_part(line.method),
            target: head.to_owned_part(line.target),
            version: String::from_utf8_lossy(line.version).into_owned(),
            head: head.unusual_bytes(),
            headers: head.headers,
            body: Body::default(),
            trailers: Headers::default(),
        };
        let exchange = Exchange {
            started_at: began.wall.into(),
            connection: Some(client.next_request()),
            ..Exchange::of(id, Origin::Live, request)
        };
        recorder.count_begun();
        Arc::new(Self {
            recorder: Arc::clone(recorder),
            client: client.handle.clone(),
            id,
            began,
            state: Mutex::new(PendingState {
                exchange: Some(Box::new(exchange)),
                request_body: BodyCapture::new(recorder.budget()),
                response_body: BodyCapture::new(recorder.budget()),
                request_complete: false,
                progress: began.instant,
                broken_request: None,
                interim_bytes: 0,
                interim_dropped: 0,
            }),
        })
    }

    fn lock(&self) -> MutexGuard<'_, PendingState> {
        sync::lock(&self.state)
    }

    pub(crate) fn id(&self) -> ExchangeId {
        self.id
    }

    pub(crate) fn client(&self) -> &ClientHandle {
        &self.client
    }

    /// Changes the exchange, unless it is recorded already.
    pub(crate) fn edit(&self, edit: impl FnOnce(&mut Exchange)) {
        if let Some(exchange) = &mut self.lock().exchange {
            edit(exchange);
        }
    }

    /// Returns the microseconds since the request began.
    fn elapsed(&self) -> u64 {
        micros(self.began.instant.elapsed())
    }

    /// Adds a piece of the request body.
    pub(crate) fn request_data(&self, piece: &Bytes) {
        let mut state = self.lock();
        state.request_body.add(piece);
        state.progress = Instant::now();
    }

    /// The request was read to its end.
    pub(crate) fn request_complete(&self) {
        let mut state = self.lock();
        if std::mem::replace(&mut state.request_complete, true) {
            return;
        }
        state.progress = Instant::now();
        let read = micros(state.progress.duration_since(self.began.instant));
        if let Some(exchange) = &mut state.exchange {
            exchange.timings.request_read = Some(read);
        }
    }

    /// The request body broke.
    pub(crate) fn request_broke(&self, why: String) {
        self.lock().broken_request.get_or_insert(why);
    }

    /// Returns why the request body broke, if it did.
    pub(crate) fn broken_request(&self) -> Option<String> {
        self.lock().broken_request.clone()
    }

    /// Returns when the last byte of the request was read, and whether the request was read to its end.
    pub(crate) fn request_progress(&self) -> (Instant, bool) {
        let state = self.lock();
        (state.progress, state.request_complete)
    }

    /// Returns whether no more of the request body is kept.
    pub(crate) fn is_request_full(&self) -> bool {
        self.lock().request_body.is_full()
    }

    /// A connection to the upstream is ready.
    pub(crate) fn upstream_connected(&self) {
        let elapsed = self.elapsed();
        self.edit(|exchange| exchange.timings.upstream_connected = Some(elapsed));
    }

    /// Adds an interim response; returns whether it is one of the first, which alone are kept and passed on.
    pub(crate) fn interim_response(&self, head: &Head) -> Interims {
        let line = head.status_line();
        let state = &mut *self.lock();
        let Some(exchange) = &mut state.exchange else { return Interims::Enough };
        state.interim_bytes = state.interim_bytes.saturating_add(head.bytes.len());
        if exchange.interim.len() >= MAX_INTERIM || state.interim_bytes > MAX_INTERIM_BYTES {
            state.interim_dropped += 1;
            return Interims::Enough;
        }
        exchange.interim.push(Interim {
            status: line.status,
            reason: line.reason.into(),
            headers: head.headers.clone(),
        });
        Interims::Kept
    }

    /// Adds the head of the final response.
    pub(crate) fn response_head(&self, head: Head) {
        let elapsed = self.elapsed();
        let line = head.status_line();
        let response = Response {
            version: String::from_utf8_lossy(line.version).into_owned(),
            status: line.status,
            reason: head.to_owned_part(line.reason),
            head: head.unusual_bytes(),
            headers: head.headers,
            body: Body::default(),
            trailers: Headers::default(),
        };
        self.edit(|exchange| {
            exchange.timings.response_head = Some(elapsed);
            exchange.response = Some(response);
        });
    }

    /// Adds a piece of the response body.
    pub(crate) fn response_data(&self, piece: &Bytes) {
        self.lock().response_body.add(piece);
    }

    /// Records the exchange as failed.
    pub(crate) fn fail(&self, failure: Failure) {
        self.record(Some(failure), BodyEnd::Cut);
    }

    /// Records the exchange with a response of wraptap.
    pub(crate) fn refuse(&self, refusal: &SyntheticResponse) {
        self.edit(|exchange| exchange.response = Some(refusal.to_recorded()));
        self.record(Some(refusal.failure()), BodyEnd::Complete);
    }

    /// Records the exchange as a tunnel that is about to open.
    pub(crate) fn record_tunnel(&self) {
        self.edit(|exchange| exchange.tunnel = Some(Tunnel::default()));
        self.record(None, BodyEnd::Complete);
    }

    /// Records the exchange as one whose client is gone.
    pub(crate) fn give_up(&self) {
        self.fail(self.client_failure());
    }

    fn record(&self, failure: Option<Failure>, response: BodyEnd) {
        if let Some(exchange) = self.end(failure, response) {
            self.recorder.record(std::iter::once(exchange));
        }
    }

    /// Ends the exchange with a complete response, for the caller to record; `None` if it has ended already.
    pub(crate) fn complete(&self) -> Option<Box<Exchange>> {
        let failure = self.client.is_reset().then(|| self.client_failure());
        self.end(failure, BodyEnd::Complete)
    }

    fn end(&self, failure: Option<Failure>, response_end: BodyEnd) -> Option<Box<Exchange>> {
        let total = self.elapsed();
        let mut state = self.lock();
        state.fill_in_request(self.recorder.journal());
        let mut exchange = state.exchange.take()?;
        exchange.timings.total = total;
        if state.interim_dropped > 0 {
            let dropped = format!("{} more", state.interim_dropped);
            let why = "an upstream may send any number, and only the first are passed on and recorded";
            exchange.changed.push(change(Side::Response, "interim responses", Some(dropped), None, why));
        }
        if let Some(response) = &mut exchange.response
            && response.body.is_empty()
        {
            response.body = state.response_body.finish(response_end);
        }
        exchange.error = failure;
        self.recorder.count_ended();
        Some(exchange)
    }

    /// Describes how the client, or wraptap's own end, ended the exchange.
    fn client_failure(&self) -> Failure {
        let total = self.began.instant.elapsed().as_secs_f64();
        let closed_at = self.client.closed_at();
        let head = self.lock().exchange.as_ref().and_then(|exchange| {
            exchange.response.as_ref()?;
            exchange.timings.response_head
        });
        let stage = match head {
            Some(micros) if closed_at.is_some() => {
                format!("the response came after {:.1} s", micros as f64 / 1e6)
            }
            Some(_) => "before the response was complete".to_owned(),
            None => "before there was a response".to_owned(),
        };
        if self.recorder.is_cutting() {
            let message = format!("wraptap was stopped after {total:.1} s, {stage}");
            return Failure { source: FailureSource::Wraptap, message };
        }
        let message = match (closed_at, self.client.gone()) {
            (Some(at), _) => {
                let seconds = at.saturating_duration_since(self.began.instant).as_secs_f64();
                format!("the client gave up after {seconds:.1} s, {stage}")
            }
            (None, Some(ClientGone::Reset)) => {
                format!("the client reset the connection after {total:.1} s, {stage}")
            }
            (None, _) => format!("the client closed the connection after {total:.1} s, {stage}"),
        };
        Failure { source: FailureSource::Client, message }
    }
}

impl PendingState {
    /// Puts what is known of the request into the exchange.
    fn fill_in_request(&mut self, journal: &Journal) {
        let end = if self.request_complete { BodyEnd::Complete } else { BodyEnd::Cut };
        if let Some(exchange) = &mut self.exchange {
            journal.run().clone_into(&mut exchange.run);
            env!("CARGO_PKG_VERSION").clone_into(&mut exchange.recorder);
            exchange.sdk = api::for_upstream(&exchange.upstream).client_of(&exchange.request.headers);
            exchange.request.body = self.request_body.finish(end);
        }
    }
}
