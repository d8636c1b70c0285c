//! Sends the probes: one task takes the refused requests from the queue, and each is probed over its own
//! connection.

use std::collections::{BTreeMap, BTreeSet};
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use http::header::{ACCEPT, AUTHORIZATION, HOST, PROXY_AUTHORIZATION, USER_AGENT};
use http::{HeaderMap, Request};
use http_body::Body as _;
use hyper::body::Incoming;
use hyper::client::conn::http1::SendRequest;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

use crate::model::exchange::{self, Body, Exchange, Headers, Origin, Response, Timings};
use crate::model::passage::{Failure, FailureSource};
use crate::model::timestamp::micros;
use crate::model::wire_bytes::WireBytes;
use crate::net::head::Head;
use crate::net::outbound_proxy::OutboundProxy;
use crate::net::upstream_wire::UpstreamHandle;
use crate::proxy::capture::{BodyCapture, BodyEnd};
use crate::proxy::context::ProxyState;
use crate::proxy::heads::recorded_headers;
use crate::proxy::pool;
use crate::proxy::probe::{Prober, RefusedRequest};
use crate::proxy::synthetic_response::SyntheticResponse;
use crate::proxy::upstream_error;

/// Refused requests that are probed at the same time.
const PARALLEL: usize = 3;
/// How long one probe may take, from connecting to the last byte of its response.
const LIMIT: Duration = Duration::from_secs(10);
/// How long the same target is not asked for again.
const REPEAT_AFTER: Duration = Duration::from_secs(1);
/// Tokens that are remembered; after that many, token owners are not asked for any more.
const TOKENS: usize = 4096;

/// The hash of a token.
type TokenFingerprint = [u8; 32];

/// A connection that carries the probes of one refused request, one after the other.
struct ProbeConnection {
    sender: SendRequest<String>,
    tap: UpstreamHandle,
}

/// Which probes were sent already.
#[derive(Debug, Default)]
struct RecentProbes {
    /// The time of each probe of the last second, by token and target.
    recent: BTreeMap<(TokenFingerprint, String), Instant>,
    /// Tokens whose owner was asked for.
    tokens: BTreeSet<TokenFingerprint>,
}

/// One refused request while it is probed.
struct ProbeTask {
    shared: Arc<ProxyState>,
    prober: Arc<Prober>,
    refused: RefusedRequest,
    /// The connection of the last probe, if it can be used again.
    connection: Option<ProbeConnection>,
}

/// Probes refused requests until `last` signals the end, then finishes what was begun. Dropping the future
/// drops the outstanding probes.
pub(crate) async fn run(
    shared: Arc<ProxyState>,
    mut queue: mpsc::Receiver<RefusedRequest>,
    mut last: oneshot::Receiver<()>,
) {
    let Some(prober) = shared.prober.clone() else { return };
    let mut recent = RecentProbes::default();
    let mut tasks = JoinSet::new();
    let mut ending = false;
    loop {
        tokio::select! {
            biased;
            Some(_) = tasks.join_next(), if !tasks.is_empty() => {}
            Some(refused) = queue.recv(), if tasks.len() < PARALLEL => {
                // no probe is made up for after a pause: the state would be another one
                let targets = match prober.is_paused() {
                    true => Vec::new(),
                    false => recent.new_targets(&refused, Instant::now()),
                };
                if !targets.is_empty() {
                    let (shared, prober) = (Arc::clone(&shared), Arc::clone(&prober));
                    tasks.spawn(ProbeTask { shared, prober, refused, connection: None }.run(targets));
                }
            }
            _ = &mut last, if !ending => {
                ending = true;
                queue.close();
            }
            else => return,
        }
    }
}

impl RecentProbes {
    /// Returns the targets that were not asked for a moment ago, and remembers them.
    fn new_targets(&mut self, refused: &RefusedRequest, now: Instant) -> Vec<String> {
        let digest = ring::digest::digest(&ring::digest::SHA256, refused.authorization.as_bytes());
        let mut token = TokenFingerprint::default();
        token.copy_from_slice(digest.as_ref());
        self.recent.retain(|_, asked| now.saturating_duration_since(*asked) < REPEAT_AFTER);
        let mut targets = refused.targets();
        targets.retain(|target| match refused.api.asks_for_token_owner(target) {
            true => self.tokens.len() < TOKENS && self.tokens.insert(token),
            false => {
                let key = (token, target.clone());
                let new = !self.recent.contains_key(&key);
                if new {
                    self.recent.insert(key, now);
                }
                new
            }
        });
        targets
    }
}

impl ProbeTask {
    /// Sends one probe after the other, and records each.
    async fn run(mut self, targets: Vec<String>) {
        for target in targets {
            if self.prober.is_paused() {
                return;
            }
            let began = Instant::now();
            let mut exchange = self.new_exchange(&target);
            let mut received = BodyCapture::new(self.shared.recorder.budget());
            let sent = self.send(&mut exchange, &mut received, began);
            let failure = match tokio::time::timeout(LIMIT, sent).await {
                Ok(Ok(())) => None,
                Ok(Err(failure)) => Some(failure),
                Err(_) => Some(Failure {
                    source: FailureSource::Upstream,
                    message: format!("no complete response within {} s", LIMIT.as_secs()),
                }),
            };
            if let Some(response) = &mut exchange.response {
                let end = if failure.is_none() { BodyEnd::Complete } else { BodyEnd::Cut };
                response.body = received.finish(end);
            }
            if failure.is_some() {
                self.connection = None;
            }
            exchange.error = failure;
            exchange.timings.total = micros(began.elapsed());
            self.shared.recorder.record(std::iter::once(Box::new(exchange)));
        }
    }

    /// Sends one probe and reads its response into the exchange.
    async fn send(
        &mut self,
        exchange: &mut Exchange,
        received: &mut BodyCapture,
        began: Instant,
    ) -> Result<(), Failure> {
        let request = self.to_http(exchange)?;
        let mut connection = self.connect().await?;
        exchange.timings.upstream_connected = Some(micros(began.elapsed()));
        connection.tap.lock().tap.arm();
        let response = connection.sender.send_request(request).await.map_err(|error| {
            upstream_error::no_response(&error, &exchange.upstream, &connection.tap).failure()
        })?;
        exchange.timings.response_head = Some(micros(began.elapsed()));
        self.prober.note_response(response.status(), response.headers());
        let head = connection.tap.lock().tap.take_final();
        exchange.response = Some(recorded_response(&response, head.as_ref()));
        let mut body = response.into_body();
        while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
            let frame = frame.map_err(|error| Failure {
                source: FailureSource::Upstream,
                message: upstream_error::describe_broken_body(&error, &connection.tap),
            })?;
            if let Some(piece) = frame.data_ref() {
                received.add(piece);
            }
        }
        self.connection = Some(connection);
        Ok(())
    }

    /// Returns the connection of the last probe, or a new one.
    async fn connect(&mut self) -> Result<ProbeConnection, Failure> {
        if let Some(mut connection) = self.connection.take()
            && connection.sender.ready().await.is_ok()
        {
            return Ok(connection);
        }
        let connected = pool::open(&self.shared.connector, &self.shared.routes.api).await;
        let (sender, tap, driver) =
            connected.map_err(|error| upstream_error::no_connection(&error).failure())?;
        // its errors reach the exchange through the response
        tokio::spawn(driver);
        Ok(ProbeConnection { sender, tap })
    }

    /// Returns the exchange of a probe that is about to be sent.
    fn new_exchange(&self, target: &str) -> Exchange {
        let upstream = &self.shared.routes.api;
        let mut headers = Headers::of([
            ("Host", upstream.host.to_str().unwrap_or_default()),
            ("Accept", "application/json"),
            ("User-Agent", concat!("wraptap/", env!("CARGO_PKG_VERSION"), " (probe)")),
        ]);
        let mut secret = HeaderMap::new();
        secret.insert(AUTHORIZATION, self.refused.authorization.clone());
        headers.0.extend(recorded_headers(&secret).0);
        Exchange {
            run: self.shared.recorder.journal().run().to_owned(),
            started_at: SystemTime::now().into(),
            timings: Timings { request_read: Some(0), ..Timings::default() },
            recorder: env!("CARGO_PKG_VERSION").to_owned(),
            upstream: upstream.name.clone(),
            ..Exchange::of(
                self.shared.recorder.journal().next_id(),
                Origin::Probe,
                exchange::Request::of("GET", target, headers, Body::default()),
            )
        }
    }

    /// Returns the request as it is sent. Through a company's proxy without TLS, the target names the
    /// upstream, and the proxy gets its own credentials, which are in no recording.
    fn to_http(&self, exchange: &Exchange) -> Result<Request<String>, Failure> {
        let upstream = &self.shared.routes.api;
        let proxy = self.shared.connector.proxy.as_ref().filter(|_| !upstream.server.secure);
        let target = exchange.request.target.lossy();
        let uri = match proxy {
            Some(_) => format!("http://{}{target}", upstream.server.authority()),
            None => target.into_owned(),
        };
        let mut request = Request::get(uri);
        let fields = [
            (HOST, "host"),
            (ACCEPT, "accept"),
            (USER_AGENT, "user-agent"),
            (AUTHORIZATION, "authorization"),
        ];
        for (name, recorded) in fields {
            if let Some(value) = exchange.request.headers.get(recorded) {
                request = request.header(name, value.as_bytes());
            }
        }
        if let Some(value) = proxy.and_then(OutboundProxy::credentials) {
            request = request.header(PROXY_AUTHORIZATION, value);
        }
        request.body(String::new()).map_err(|error| {
            SyntheticResponse::client(400, "bad_target", format!("the probe cannot be sent: {error}"))
                .failure()
        })
    }
}

fn recorded_response(response: &http::Response<Incoming>, head: Option<&Head>) -> Response {
    let line = head.map(Head::status_line);
    Response {
        version: line.as_ref().map_or_else(
            || format!("{:?}", response.version()),
            |line| String::from_utf8_lossy(line.version).into_owned(),
        ),
        status: response.status().as_u16(),
        reason: line.map_or_else(WireBytes::default, |line| line.reason.into()),
        headers: head.map_or_else(|| recorded_headers(response.headers()), |head| head.headers.clone()),
        body: Body::default(),
        trailers: Headers::default(),
        head: head.and_then(Head::unusual_bytes),
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderValue, Method};

    use super::*;

    fn refused(token: &str, id: u8) -> RefusedRequest {
        RefusedRequest {
            api: crate::api::assumed(),
            method: Method::PUT,
            target: format!("/api/v2/conversations/c0000000-0000-4000-8000-0000000000{id:02}/x"),
            authorization: HeaderValue::from_str(token).unwrap(),
            status: 400,
        }
    }

    #[test]
    fn a_target_is_not_asked_for_again_within_a_second_and_a_token_owner_only_once() {
        let mut recent = RecentProbes::default();
        let start = Instant::now();
        assert_eq!(recent.new_targets(&refused("a", 1), start).len(), 2);
        assert_eq!(recent.new_targets(&refused("a", 1), start + REPEAT_AFTER / 2).len(), 0);
        assert_eq!(
            recent.new_targets(&refused("a", 2), start + REPEAT_AFTER / 2).len(),
            1,
            "another conversation"
        );
        assert_eq!(recent.new_targets(&refused("b", 1), start + REPEAT_AFTER / 2).len(), 2, "another caller");
        assert_eq!(recent.new_targets(&refused("a", 1), start + REPEAT_AFTER).len(), 1, "all but the token");
    }
}
