//! `--probe`: right after a refusal wraptap asks the API itself, by GET and with the caller's own token, what only the
//! API knows: the state of the conversation, the codes that the participant may use, the token's permissions.
//!
//! The request path only hands over what the question needs (`RefusedRequest`), and never waits; `worker` asks.

pub(crate) mod questions;
pub(crate) mod worker;

use std::sync::Mutex;
use std::time::{Duration, Instant};

use http::header::{AUTHORIZATION, RETRY_AFTER};
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use tokio::sync::mpsc;

use crate::proxy::routes::{Routes, Upstream};
use crate::sync;

/// Refusals that wait to be asked about; more are passed over.
const WAITING: usize = 32;
/// How long nothing is asked after a 429 that does not say how long: the API counts by the minute.
const REST: Duration = Duration::from_secs(60);

/// Takes refusals in from every worker.
#[derive(Debug)]
pub(crate) struct Prober {
    queue: mpsc::Sender<RefusedRequest>,
    /// Nothing is asked before it is over.
    rest: Mutex<Option<ProbePause>>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum ProbePause {
    Until(Instant),
    ForEver,
}

/// What has to be kept of a request in case it is refused. Lives in memory only.
#[derive(Debug)]
pub(crate) struct RefusedRequest {
    method: Method,
    /// The target as the upstream gets it.
    target: String,
    /// Marked as sensitive: it prints as nothing.
    authorization: HeaderValue,
    status: u16,
}

impl Prober {
    /// Returns a prober, and where its interests come out.
    pub(crate) fn new() -> (Self, mpsc::Receiver<RefusedRequest>) {
        let (queue, interests) = mpsc::channel(WAITING);
        (Self { queue, rest: Mutex::new(None) }, interests)
    }

    /// Keeps what is needed of a request on its way to `upstream`, if it is one that could be asked about.
    pub(crate) fn interest<B>(
        &self,
        routes: &Routes,
        upstream: &Upstream,
        request: &Request<B>,
    ) -> Option<RefusedRequest> {
        let target = request.uri().path_and_query().map_or("", PathAndQuery::as_str);
        if upstream.index != routes.api.index || !questions::is_about(target) {
            return None;
        }
        let mut authorization = request.headers().get(AUTHORIZATION)?.clone();
        authorization.set_sensitive(true);
        Some(RefusedRequest {
            method: request.method().clone(),
            target: target.to_owned(),
            authorization,
            status: 0,
        })
    }

    /// Hears of every answer of the upstream: one that asks to wait is obeyed.
    pub(crate) fn hear(&self, status: StatusCode, headers: &HeaderMap) {
        let Some(rest) = rest(status, headers, Instant::now()) else { return };
        let mut known = sync::lock(&self.rest);
        *known = match (*known, rest) {
            (Some(ProbePause::Until(known)), ProbePause::Until(asked)) => {
                Some(ProbePause::Until(known.max(asked)))
            }
            (Some(ProbePause::ForEver), _) => *known,
            _ => Some(rest),
        };
    }

    /// Tells whether the API asked to be left alone for now.
    pub(crate) fn is_resting(&self) -> bool {
        match *sync::lock(&self.rest) {
            Some(ProbePause::Until(until)) => Instant::now() < until,
            Some(ProbePause::ForEver) => true,
            None => false,
        }
    }

    /// Hands a refusal over; never waits.
    pub(crate) fn ask(&self, interest: RefusedRequest) {
        // with this many refusals waiting, one more tells nothing new
        let _ = self.queue.try_send(interest);
    }
}

impl RefusedRequest {
    /// Takes the answer in; `None` if there is nothing to ask about it.
    pub(crate) fn answered<B>(mut self, response: &Response<B>) -> Option<Self> {
        self.status = response.status().as_u16();
        (!self.questions().is_empty()).then_some(self)
    }

    fn questions(&self) -> Vec<String> {
        questions::questions(&self.method, &self.target, self.status)
    }
}

/// Returns how long an answer asks to be left alone, if it does.
fn rest(status: StatusCode, headers: &HeaderMap, now: Instant) -> Option<ProbePause> {
    let asked = headers.get(RETRY_AFTER);
    if asked.is_none() && status != StatusCode::TOO_MANY_REQUESTS {
        return None;
    }
    // a date instead of seconds is rare, and a minute is what the API counts by
    let seconds = asked.and_then(|value| value.to_str().ok()).and_then(|text| text.trim().parse().ok());
    let wait = seconds.map_or(REST, Duration::from_secs);
    Some(now.checked_add(wait).map_or(ProbePause::ForEver, ProbePause::Until))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(status: u16, retry_after: Option<&str>) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        if let Some(value) = retry_after {
            headers.insert(RETRY_AFTER, value.parse().unwrap());
        }
        let now = Instant::now();
        match rest(StatusCode::from_u16(status).unwrap(), &headers, now)? {
            ProbePause::Until(until) => Some(until - now),
            ProbePause::ForEver => Some(Duration::MAX),
        }
    }

    #[test]
    fn a_429_and_any_retry_after_are_obeyed() {
        assert_eq!(heard(400, None), None);
        assert_eq!(heard(429, None), Some(REST));
        assert_eq!(heard(429, Some("7")), Some(Duration::from_secs(7)));
        assert_eq!(heard(503, Some("2")), Some(Duration::from_secs(2)));
        assert_eq!(heard(503, Some("Fri, 20 Nov 2026 08:30:00 GMT")), Some(REST));
        assert_eq!(heard(429, Some("18446744073709551615")), Some(Duration::MAX));
    }

    #[test]
    fn a_longer_rest_is_not_cut_short_by_a_shorter_one() {
        let (prober, _interests) = Prober::new();
        assert!(!prober.is_resting());
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_static("60"));
        prober.hear(StatusCode::TOO_MANY_REQUESTS, &headers);
        headers.insert(RETRY_AFTER, HeaderValue::from_static("0"));
        prober.hear(StatusCode::SERVICE_UNAVAILABLE, &headers);
        assert!(prober.is_resting());
    }

    #[test]
    fn the_token_is_kept_for_the_api_alone_and_prints_as_nothing() {
        let (prober, _interests) = Prober::new();
        let routes = Routes::from_urls("http://api:1", Some("http://login:2")).unwrap();
        let target = "/api/v2/conversations/calls/7fb334b0-0e9e-11e4-9191-0800200c9a66/disconnect";
        let request = |authorized: bool| {
            let request = Request::post(target);
            let request = if authorized { request.header(AUTHORIZATION, "Bearer hush") } else { request };
            request.body(()).unwrap()
        };
        let login = routes.login.as_ref().unwrap();
        assert!(prober.interest(&routes, login, &request(true)).is_none());
        assert!(prober.interest(&routes, &routes.api, &request(false)).is_none());
        let interest = prober.interest(&routes, &routes.api, &request(true)).unwrap();
        assert!(!format!("{interest:?}").contains("hush"));
    }
}
