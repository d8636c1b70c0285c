//! Asking: one task takes the refusals in, a few at a time are asked about, each over a connection of its own.

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

use crate::model::exchange::{
    Body, Exchange, Headers, Origin, Request as ExchangeRequest, Response, Timings,
};
use crate::model::passage::{Failure, FailureSource};
use crate::model::timestamp::micros;
use crate::model::wire_bytes::WireBytes;
use crate::net::head::Head;
use crate::net::outbound_proxy::OutboundProxy;
use crate::net::upstream_wire::UpstreamHandle;
use crate::proxy::capture::BodyCapture;
use crate::proxy::context::ProxyState;
use crate::proxy::heads::lines;
use crate::proxy::pool;
use crate::proxy::probe::questions::is_whose_token;
use crate::proxy::probe::{Prober, RefusedRequest};
use crate::proxy::synthetic_response::SyntheticResponse;
use crate::proxy::upstream_error;

/// Refusals that are asked about at the same time.
const PARALLEL_PROBES: usize = 3;
/// How long one question may take, from the connection to the last byte of its answer.
const LIMIT: Duration = Duration::from_secs(10);
/// How long the same question is not asked again.
const AGAIN: Duration = Duration::from_secs(1);
/// Tokens that are remembered as asked about; then none is asked about any more.
const TOKENS: usize = 4096;

/// A secret's fingerprint.
type TokenFingerprint = [u8; 32];

/// A connection that carries one refusal's questions after each other.
struct ProbeConnection {
    sender: SendRequest<String>,
    tap: UpstreamHandle,
}

/// What was asked already.
#[derive(Debug, Default)]
struct RecentProbes {
    /// When each question was asked, by token and target; only the last second's.
    recent: BTreeMap<(TokenFingerprint, String), Instant>,
    /// Tokens whose owner was asked for.
    tokens: BTreeSet<TokenFingerprint>,
}

/// Asks about what comes until `last` tells that no more comes, and then to the end of what was begun. Dropping it
/// drops what is outstanding.
pub(crate) async fn run(
    shared: Arc<ProxyState>,
    mut interests: mpsc::Receiver<RefusedRequest>,
    mut last: oneshot::Receiver<()>,
) {
    let Some(prober) = shared.prober.clone() else { return };
    let mut memory = RecentProbes::default();
    let mut upstream_call = JoinSet::new();
    let mut ending = false;
    loop {
        tokio::select! {
            biased;
            Some(_) = upstream_call.join_next(), if !upstream_call.is_empty() => {}
            Some(interest) = interests.recv(), if upstream_call.len() < PARALLEL_PROBES => {
                // what was refused while the API wants its rest is not asked later: the state would be another
                let questions = match prober.is_resting() {
                    true => Vec::new(),
                    false => memory.fresh(&interest, Instant::now()),
                };
                if !questions.is_empty() {
                    upstream_call.spawn(ask(Arc::clone(&shared), Arc::clone(&prober), interest, questions));
                }
            }
            _ = &mut last, if !ending => {
                ending = true;
                interests.close();
            }
            else => return,
        }
    }
}

impl RecentProbes {
    /// Returns the questions that were not asked just now, and remembers them as asked.
    fn fresh(&mut self, interest: &RefusedRequest, now: Instant) -> Vec<String> {
        let digest = ring::digest::digest(&ring::digest::SHA256, interest.authorization.as_bytes());
        let mut token = TokenFingerprint::default();
        token.copy_from_slice(digest.as_ref());
        self.recent.retain(|_, asked| now.saturating_duration_since(*asked) < AGAIN);
        let mut questions = interest.questions();
        questions.retain(|target| match is_whose_token(target) {
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
        questions
    }
}

/// Asks about one refusal, question after question.
async fn ask(shared: Arc<ProxyState>, prober: Arc<Prober>, interest: RefusedRequest, questions: Vec<String>) {
    let mut line = None;
    for target in questions {
        if prober.is_resting() {
            return;
        }
        let began = Instant::now();
        let mut exchange = begin(&shared, &target, &interest);
        let mut received = BodyCapture::new(&shared.budget);
        let asked = tokio::time::timeout(
            LIMIT,
            exchange_of(&shared, &prober, &mut exchange, &mut received, &mut line, began),
        );
        let failure = match asked.await {
            Ok(Ok(())) => None,
            Ok(Err(failure)) => Some(failure),
            Err(_) => Some(Failure {
                source: FailureSource::Upstream,
                message: format!("no whole answer within {} s", LIMIT.as_secs()),
            }),
        };
        if let Some(response) = &mut exchange.response {
            response.body = received.finish(failure.is_none());
        }
        let failed = failure.is_some();
        exchange.error = failure;
        exchange.timings.total = micros(began.elapsed());
        shared.record(std::iter::once(Box::new(exchange).into()));
        if failed {
            line = None;
        }
    }
}

/// Sends one question and reads its answer into the exchange.
async fn exchange_of(
    shared: &ProxyState,
    prober: &Prober,
    exchange: &mut Exchange,
    received: &mut BodyCapture,
    line: &mut Option<ProbeConnection>,
    began: Instant,
) -> Result<(), Failure> {
    let request = outgoing(shared, exchange)?;
    let open = match line.take() {
        Some(mut open) => open.sender.ready().await.is_ok().then_some(open),
        None => None,
    };
    let mut open = match open {
        Some(open) => open,
        None => {
            let connected = pool::open(&shared.connector, &shared.routes.api).await;
            let (sender, tap, driver) =
                connected.map_err(|error| upstream_error::no_connection(&error).failure())?;
            // its end and its errors reach the exchange through the answer
            tokio::spawn(driver);
            ProbeConnection { sender, tap }
        }
    };
    exchange.timings.upstream_connected = Some(micros(began.elapsed()));
    open.tap.lock().tap.arm();
    let answered = open.sender.send_request(request).await;
    let answered = answered
        .map_err(|error| upstream_error::no_answer(&error, &exchange.upstream, &open.tap).failure())?;
    exchange.timings.response_head = Some(micros(began.elapsed()));
    prober.hear(answered.status(), answered.headers());
    let head = open.tap.lock().tap.take_final();
    exchange.response = Some(response(&answered, head.as_ref()));
    let mut body = answered.into_body();
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let frame = frame.map_err(|error| Failure {
            source: FailureSource::Upstream,
            message: upstream_error::body_message(&error, &open.tap),
        })?;
        if let Some(piece) = frame.data_ref() {
            received.add(piece);
        }
    }
    *line = Some(open);
    Ok(())
}

/// Returns the exchange of a question that is about to be asked.
fn begin(shared: &ProxyState, target: &str, interest: &RefusedRequest) -> Exchange {
    let upstream = &shared.routes.api;
    let mut headers = Headers::of([
        ("Host", upstream.host.to_str().unwrap_or_default()),
        ("Accept", "application/json"),
        ("User-Agent", concat!("wraptap/", env!("CARGO_PKG_VERSION"), " (probe)")),
    ]);
    let mut secret = HeaderMap::new();
    secret.insert(AUTHORIZATION, interest.authorization.clone());
    headers.0.extend(lines(&secret).0);
    Exchange {
        run: shared.journal.run().to_owned(),
        started_at: SystemTime::now().into(),
        timings: Timings { request_read: Some(0), ..Timings::default() },
        recorder: env!("CARGO_PKG_VERSION").to_owned(),
        upstream: upstream.name.clone(),
        ..Exchange::of(
            shared.journal.next_id(),
            Origin::Probe,
            ExchangeRequest::of("GET", target, headers, Body::default()),
        )
    }
}

/// Returns the request as it is sent. Through a company's proxy in clear, the target names the upstream, and the
/// proxy gets its own credentials, which stand in no recording.
fn outgoing(shared: &ProxyState, exchange: &Exchange) -> Result<Request<String>, Failure> {
    let upstream = &shared.routes.api;
    let proxy = shared.connector.proxy.as_ref().filter(|_| !upstream.server.secure);
    let target = exchange.request.target.lossy();
    let uri = match proxy {
        Some(_) => format!("http://{}{target}", upstream.server.authority()),
        None => target.into_owned(),
    };
    let mut request = Request::get(uri);
    let own =
        [(HOST, "host"), (ACCEPT, "accept"), (USER_AGENT, "user-agent"), (AUTHORIZATION, "authorization")];
    for (name, known) in own {
        if let Some(value) = exchange.request.headers.get(known) {
            request = request.header(name, value.as_bytes());
        }
    }
    if let Some(value) = proxy.and_then(OutboundProxy::credentials) {
        request = request.header(PROXY_AUTHORIZATION, value);
    }
    request.body(String::new()).map_err(|error| {
        SyntheticResponse::client(400, "bad_target", format!("the question cannot be sent: {error}"))
            .failure()
    })
}

fn response(answered: &http::Response<Incoming>, head: Option<&Head>) -> Response {
    let line = head.map(Head::status_line);
    Response {
        version: line.as_ref().map_or_else(
            || format!("{:?}", answered.version()),
            |line| String::from_utf8_lossy(line.version).into_owned(),
        ),
        status: answered.status().as_u16(),
        reason: line.map_or_else(WireBytes::default, |line| line.reason.into()),
        headers: head.map_or_else(|| lines(answered.headers()), |head| head.headers.clone()),
        body: Body::default(),
        trailers: Headers::default(),
        head: head.and_then(Head::kept),
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderValue, Method};

    use super::*;

    fn interest(token: &str, id: u8) -> RefusedRequest {
        RefusedRequest {
            method: Method::PUT,
            target: format!("/api/v2/conversations/c0000000-0000-4000-8000-0000000000{id:02}/x"),
            authorization: HeaderValue::from_str(token).unwrap(),
            status: 400,
        }
    }

    #[test]
    fn the_same_is_not_asked_again_within_a_second_and_a_token_once_only() {
        let mut memory = RecentProbes::default();
        let start = Instant::now();
        assert_eq!(memory.fresh(&interest("a", 1), start).len(), 2);
        assert_eq!(memory.fresh(&interest("a", 1), start + AGAIN / 2).len(), 0);
        assert_eq!(memory.fresh(&interest("a", 2), start + AGAIN / 2).len(), 1, "another conversation");
        assert_eq!(memory.fresh(&interest("b", 1), start + AGAIN / 2).len(), 2, "another caller");
        assert_eq!(memory.fresh(&interest("a", 1), start + AGAIN).len(), 1, "all but the token");
    }
}
