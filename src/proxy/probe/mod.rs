//! `--probe`: right after a refused request, wraptap asks the API for what only the API knows, by GET and
//! with the caller's own token: the state of the conversation, the codes that the participant may use, the
//! token's permissions.
//!
//! The request path only hands over what the probes need (`RefusedRequest`) and never waits; `worker` sends
//! them.

pub(crate) mod worker;

use std::sync::Mutex;
use std::time::{Duration, Instant};

use http::header::{AUTHORIZATION, RETRY_AFTER};
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use tokio::sync::mpsc;

use crate::api::{self, Api};
use crate::proxy::routes::{Routes, Upstream};
use crate::sync;

/// Refused requests that wait to be probed; further ones are dropped.
const QUEUE: usize = 32;
/// How long probes pause after a 429 without `Retry-After`: the API counts requests by the minute.
const DEFAULT_PAUSE: Duration = Duration::from_secs(60);

/// Takes refused requests from all workers.
#[derive(Debug)]
pub(crate) struct Prober {
    queue: mpsc::Sender<RefusedRequest>,
    /// No probe is sent during the pause.
    pause: Mutex<Option<ProbePause>>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum ProbePause {
    Until(Instant),
    Forever,
}

/// What is kept of a request in case it is refused. It is held in memory only.
#[derive(Debug)]
pub(crate) struct RefusedRequest {
    /// What is known about the API that it went to.
    api: &'static dyn Api,
    method: Method,
    /// The target as sent to the upstream.
    target: String,
    /// Marked as sensitive, so that it is never printed.
    authorization: HeaderValue,
    status: u16,
}

impl Prober {
    /// Returns a prober, and the queue that it fills.
    pub(crate) fn new() -> (Self, mpsc::Receiver<RefusedRequest>) {
        let (queue, refused) = mpsc::channel(QUEUE);
        (Self { queue, pause: Mutex::new(None) }, refused)
    }

    /// Returns what probes need of a request to `upstream`; `None` if it would not be probed.
    pub(crate) fn candidate<B>(
        &self,
        routes: &Routes,
        upstream: &Upstream,
        request: &Request<B>,
    ) -> Option<RefusedRequest> {
        let target = request.uri().path_and_query().map_or("", PathAndQuery::as_str);
        let api = api::for_upstream(&upstream.name);
        if upstream.index != routes.api.index || !api.is_probed(target) {
            return None;
        }
        let mut authorization = request.headers().get(AUTHORIZATION)?.clone();
        authorization.set_sensitive(true);
        Some(RefusedRequest {
            api,
            method: request.method().clone(),
            target: target.to_owned(),
            authorization,
            status: 0,
        })
    }

    /// Takes note of a response of the upstream: if it asks clients to wait, probes pause.
    pub(crate) fn note_response(&self, status: StatusCode, headers: &HeaderMap) {
        let Some(pause) = requested_pause(status, headers, Instant::now()) else { return };
        let mut known = sync::lock(&self.pause);
        *known = match (*known, pause) {
            (Some(ProbePause::Until(known)), ProbePause::Until(asked)) => {
                Some(ProbePause::Until(known.max(asked)))
            }
            (Some(ProbePause::Forever), _) => *known,
            _ => Some(pause),
        };
    }

    /// Returns whether probes pause now.
    pub(crate) fn is_paused(&self) -> bool {
        match *sync::lock(&self.pause) {
            Some(ProbePause::Until(until)) => Instant::now() < until,
            Some(ProbePause::Forever) => true,
            None => false,
        }
    }

    /// Queues a refused request for probing; never waits.
    pub(crate) fn probe(&self, refused: RefusedRequest) {
        // when the queue is full, one more refused request adds nothing
        let _ = self.queue.try_send(refused);
    }
}

impl RefusedRequest {
    /// Adds the response; `None` if there is nothing to ask about it.
    pub(crate) fn with_response<B>(mut self, response: &Response<B>) -> Option<Self> {
        self.status = response.status().as_u16();
        (!self.targets().is_empty()).then_some(self)
    }

    fn targets(&self) -> Vec<String> {
        self.api.probe_targets(self.method.as_str(), &self.target, self.status)
    }
}

/// Returns the pause that a response asks for, if it does.
fn requested_pause(status: StatusCode, headers: &HeaderMap, now: Instant) -> Option<ProbePause> {
    let asked = headers.get(RETRY_AFTER);
    if asked.is_none() && status != StatusCode::TOO_MANY_REQUESTS {
        return None;
    }
    // a date instead of seconds is rare; a minute is the API's counting period
    let seconds = asked.and_then(|value| value.to_str().ok()).and_then(|text| text.trim().parse().ok());
    let wait = seconds.map_or(DEFAULT_PAUSE, Duration::from_secs);
    Some(now.checked_add(wait).map_or(ProbePause::Forever, ProbePause::Until))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pause_after(status: u16, retry_after: Option<&str>) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        if let Some(value) = retry_after {
            headers.insert(RETRY_AFTER, value.parse().unwrap());
        }
        let now = Instant::now();
        match requested_pause(StatusCode::from_u16(status).unwrap(), &headers, now)? {
            ProbePause::Until(until) => Some(until - now),
            ProbePause::Forever => Some(Duration::MAX),
        }
    }

    #[test]
    fn a_429_and_any_retry_after_are_obeyed() {
        assert_eq!(pause_after(400, None), None);
        assert_eq!(pause_after(429, None), Some(DEFAULT_PAUSE));
        assert_eq!(pause_after(429, Some("7")), Some(Duration::from_secs(7)));
        assert_eq!(pause_after(503, Some("2")), Some(Duration::from_secs(2)));
        assert_eq!(pause_after(503, Some("Fri, 20 Nov 2026 08:30:00 GMT")), Some(DEFAULT_PAUSE));
        assert_eq!(pause_after(429, Some("18446744073709551615")), Some(Duration::MAX));
    }

    #[test]
    fn a_longer_pause_is_not_cut_short_by_a_shorter_one() {
        let (prober, _refused) = Prober::new();
        assert!(!prober.is_paused());
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_static("60"));
        prober.note_response(StatusCode::TOO_MANY_REQUESTS, &headers);
        headers.insert(RETRY_AFTER, HeaderValue::from_static("0"));
        prober.note_response(StatusCode::SERVICE_UNAVAILABLE, &headers);
        assert!(prober.is_paused());
    }

    #[test]
    fn the_token_is_kept_for_the_api_alone_and_prints_as_nothing() {
        let (prober, _refused) = Prober::new();
        let routes = Routes::from_urls("http://api:1", Some("http://login:2")).unwrap();
        let target = "/api/v2/conversations/calls/7fb334b0-0e9e-11e4-9191-0800200c9a66/disconnect";
        let request = |authorized: bool| {
            let request = Request::post(target);
            let request = if authorized { request.header(AUTHORIZATION, "Bearer hush") } else { request };
            request.body(()).unwrap()
        };
        let login = routes.login.as_ref().unwrap();
        assert!(prober.candidate(&routes, login, &request(true)).is_none());
        assert!(prober.candidate(&routes, &routes.api, &request(false)).is_none());
        let candidate = prober.candidate(&routes, &routes.api, &request(true)).unwrap();
        assert!(!format!("{candidate:?}").contains("hush"));
    }
}
