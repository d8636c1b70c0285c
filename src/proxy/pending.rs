//! An exchange while it happens. It is recorded exactly once: when its answer is complete, when it failed, or, if
//! everybody lost interest, when the last part of it is dropped.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Instant;

use bytes::Bytes;
use http::HeaderMap;

use crate::api::genesys::sdk;
use crate::journal::{Begun, Ended, Journal};
use crate::model::exchange::{Body, Connection, Exchange, Headers, Interim, Origin, Request, Response};
use crate::model::passage::{Failure, FailureSource, Tunnel};
use crate::model::timestamp::micros;
use crate::net::client_wire::{ClientGone, ClientHandle};
use crate::net::head::Head;
use crate::net::request_tap::{StartTime, TappedHead};
use crate::proxy::capture::BodyCapture;
use crate::proxy::context::Context;
use crate::proxy::heads;
use crate::proxy::synthetic_response::SyntheticResponse;
use crate::sync;

/// An exchange that is happening.
#[derive(Debug)]
pub(crate) struct PendingExchange {
    context: Arc<Context>,
    client: ClientHandle,
    began: StartTime,
    state: Mutex<PendingState>,
}

#[derive(Debug)]
struct PendingState {
    /// `None` once it is recorded.
    exchange: Option<Box<Exchange>>,
    sent: BodyCapture,
    received: BodyCapture,
    /// The end of the request was read.
    sent_whole: bool,
    /// All that the exchange says of its request stands in it.
    asked: bool,
    /// What was done for its line before it is over.
    begun: Option<Begun>,
    /// The last sign of life of the request: its head, or a part of its body.
    progress: Instant,
    /// Why the request's body broke, if it did.
    upload: Option<String>,
}

/// Whoever holds this owes the pending its end: if it is dropped before, the exchange failed.
#[derive(Debug)]
pub(crate) struct RecordOnDrop(Arc<PendingExchange>);

impl PendingExchange {
    /// Begins an exchange with the head that the tap kept.
    pub(crate) fn begin(
        context: &Arc<Context>,
        client: &ClientHandle,
        connection: Connection,
        tapped: TappedHead,
    ) -> (Arc<Self>, RecordOnDrop) {
        let TappedHead { head, began } = tapped;
        let line = head.request_line();
        let exchange = Exchange {
            started_at: began.wall.into(),
            connection: Some(connection),
            ..Exchange::of(
                context.shared.journal.next_id(),
                Origin::Live,
                Request {
                    method: head.own(line.method),
                    target: head.own(line.target),
                    version: text(line.version),
                    head: head.kept(),
                    headers: head.headers,
                    body: Body::default(),
                    trailers: Headers::default(),
                },
            )
        };
        context.shared.in_flight.fetch_add(1, Ordering::Relaxed);
        let pending = Arc::new(Self {
            context: Arc::clone(context),
            client: client.clone(),
            began,
            state: Mutex::new(PendingState {
                exchange: Some(Box::new(exchange)),
                sent: BodyCapture::new(&context.shared.budget),
                received: BodyCapture::new(&context.shared.budget),
                sent_whole: false,
                asked: false,
                begun: None,
                progress: began.instant,
                upload: None,
            }),
        });
        (Arc::clone(&pending), RecordOnDrop(pending))
    }

    fn lock(&self) -> MutexGuard<'_, PendingState> {
        sync::lock(&self.state)
    }

    /// Changes the exchange, unless it is recorded already.
    pub(crate) fn note(&self, change: impl FnOnce(&mut Exchange)) {
        if let Some(exchange) = &mut self.lock().exchange {
            change(exchange);
        }
    }

    /// Returns the seconds since the request began.
    pub(crate) fn seconds(&self) -> f64 {
        self.began.instant.elapsed().as_secs_f64()
    }

    fn elapsed(&self) -> u64 {
        micros(self.began.instant.elapsed())
    }

    /// A part of the request's body came by, perhaps the last one.
    pub(crate) fn sent(&self, piece: &Bytes, last: bool) {
        let mut state = self.lock();
        state.sent.add(piece);
        state.progress = Instant::now();
        if last {
            state.sent_whole(&self.began);
        }
    }

    /// The request's body ended, perhaps with trailers.
    pub(crate) fn sent_whole(&self, trailers: Option<&HeaderMap>) {
        let mut state = self.lock();
        if state.sent_whole {
            return;
        }
        state.progress = Instant::now();
        state.sent_whole(&self.began);
        if let (Some(trailers), Some(exchange)) = (trailers, &mut state.exchange) {
            exchange.request.trailers = heads::lines(trailers);
        }
    }

    /// The request's body broke.
    pub(crate) fn upload_broke(&self, why: String) {
        self.lock().upload.get_or_insert(why);
    }

    /// Returns why the request's body broke, if it did.
    pub(crate) fn broken_upload(&self) -> Option<String> {
        self.lock().upload.clone()
    }

    /// Returns the last sign of life of the request, and whether it was read to its end.
    pub(crate) fn progress(&self) -> (Instant, bool) {
        let state = self.lock();
        (state.progress, state.sent_whole)
    }

    /// Returns whether no more of the request's body is kept.
    pub(crate) fn is_request_full(&self) -> bool {
        self.lock().sent.is_cut()
    }

    /// A part of the answer's body came by.
    pub(crate) fn received(&self, piece: &Bytes) {
        self.lock().received.add(piece);
    }

    /// A connection to the upstream is ready.
    pub(crate) fn connected(&self) {
        let elapsed = self.elapsed();
        self.note(|exchange| exchange.timings.upstream_connected = Some(elapsed));
    }

    /// An interim answer came.
    pub(crate) fn interim(&self, head: &Head) {
        let line = head.status_line();
        self.note(|exchange| {
            exchange.interim.push(Interim {
                status: line.status,
                reason: line.reason.into(),
                headers: head.headers.clone(),
            });
        });
    }

    /// The head of the final answer came.
    pub(crate) fn answered(&self, head: Head) {
        let elapsed = self.elapsed();
        let line = head.status_line();
        let response = Response {
            version: text(line.version),
            status: line.status,
            reason: head.own(line.reason),
            head: head.kept(),
            headers: head.headers,
            body: Body::default(),
            trailers: Headers::default(),
        };
        self.note(|exchange| {
            exchange.timings.response_head = Some(elapsed);
            exchange.response = Some(response);
        });
    }

    /// Records the exchange as whole, with others if there are any; until then the client does not get the last of its
    /// answer.
    pub(crate) fn finish(&self) {
        let Context { shared, batch, .. } = &*self.context;
        let failure = self.client.is_reset().then(|| self.given_up());
        let alone = shared.is_alone();
        match self.end(failure, true) {
            Some(exchange) if alone => batch.let_go(shared.record(std::iter::once(exchange))),
            Some(exchange) => batch.record(exchange, &self.client),
            None => {}
        }
    }

    /// Records the exchange as failed.
    pub(crate) fn fail(&self, failure: Failure) {
        self.record(Some(failure), false);
    }

    /// Records the exchange as answered by wraptap itself.
    pub(crate) fn refuse(&self, refusal: &SyntheticResponse) {
        self.note(|exchange| exchange.response = Some(refusal.record()));
        self.record(Some(refusal.failure()), true);
    }

    /// Records the exchange as a tunnel that is about to open.
    pub(crate) fn tunnel(&self) {
        self.note(|exchange| exchange.tunnel = Some(Tunnel::default()));
        self.record(None, true);
    }

    /// Records the exchange as one whose client went away.
    pub(crate) fn give_up(&self) {
        let failure = self.given_up();
        self.fail(failure);
    }

    /// Records the exchange at once.
    fn record(&self, failure: Option<Failure>, answer_whole: bool) {
        if let Some(exchange) = self.end(failure, answer_whole) {
            self.context.shared.record(std::iter::once(exchange));
        }
    }

    /// Does what can be done for the line of an exchange whose request was sent, while its answer is still to come.
    pub(crate) fn begin_line(&self) {
        let mut state = self.lock();
        if state.asked || !state.sent_whole {
            return;
        }
        let journal = &self.context.shared.journal;
        state.complete_request(journal);
        state.begun = state.exchange.as_deref_mut().and_then(|exchange| journal.begin(exchange));
    }

    /// Returns the exchange as it came to its end; `None` if it has done so before.
    fn end(&self, failure: Option<Failure>, answer_whole: bool) -> Option<Ended> {
        let total = self.elapsed();
        let mut state = self.lock();
        state.complete_request(&self.context.shared.journal);
        let mut exchange = state.exchange.take()?;
        exchange.timings.total = total;
        if let Some(response) = &mut exchange.response
            && response.body.is_empty()
        {
            response.body = state.received.finish(answer_whole);
        }
        exchange.error = failure;
        self.context.shared.in_flight.fetch_sub(1, Ordering::Relaxed);
        Some(Ended { exchange, begun: state.begun.take() })
    }

    /// Says why nobody is interested any more.
    fn given_up(&self) -> Failure {
        let total = self.seconds();
        let head = self.lock().exchange.as_ref().and_then(|exchange| {
            exchange.response.as_ref()?;
            exchange.timings.response_head
        });
        let stage = match head {
            Some(micros) if self.client.closed_at().is_some() => {
                format!("the answer came after {:.1} s", micros as f64 / 1e6)
            }
            Some(_) => "before the answer was complete".to_owned(),
            None => "before there was an answer".to_owned(),
        };
        if let Some(at) = self.client.closed_at()
            && !self.context.shared.is_cutting()
        {
            let seconds = at.saturating_duration_since(self.began.instant).as_secs_f64();
            return Failure {
                source: FailureSource::Client,
                message: format!("the client gave up after {seconds:.1} s, {stage}"),
            };
        }
        match self.client.gone() {
            _ if self.context.shared.is_cutting() => Failure {
                source: FailureSource::Wraptap,
                message: format!("wraptap was stopped after {total:.1} s, {stage}"),
            },
            Some(ClientGone::Reset) => Failure {
                source: FailureSource::Client,
                message: format!("the client reset the connection after {total:.1} s, {stage}"),
            },
            Some(ClientGone::Closed(_)) | None => Failure {
                source: FailureSource::Client,
                message: format!("the client closed the connection after {total:.1} s, {stage}"),
            },
        }
    }
}

impl PendingState {
    /// Puts into the exchange what is known of its request by now.
    fn complete_request(&mut self, journal: &Journal) {
        if let Some(exchange) = &mut self.exchange
            && !std::mem::replace(&mut self.asked, true)
        {
            journal.run().clone_into(&mut exchange.run);
            env!("CARGO_PKG_VERSION").clone_into(&mut exchange.recorder);
            exchange.sdk = sdk::detect(&exchange.request.headers);
            exchange.request.body = self.sent.finish(self.sent_whole);
        }
    }

    /// The request was read to its end at the moment of its last progress.
    fn sent_whole(&mut self, began: &StartTime) {
        if !std::mem::replace(&mut self.sent_whole, true)
            && let Some(exchange) = &mut self.exchange
        {
            exchange.timings.request_read = Some(micros(self.progress.duration_since(began.instant)));
        }
    }
}

impl Drop for RecordOnDrop {
    fn drop(&mut self) {
        if self.0.lock().exchange.is_some() {
            let failure = self.0.given_up();
            self.0.fail(failure);
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
