//! Hidden retries: one call of a program, several requests on the wire. Links each repetition to the first attempt.
//!
//! A request is a repetition if an equal one (method, target, body, and headers but for `Authorization`, which a
//! refreshed token changes) ended shortly before in a way after which this client tries again by itself ([`HABITS`]).
//! Who sends a request again by hand within these few seconds, from a client with such a habit, looks the same.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::model::exchange::{Exchange, ExchangeId, Response};

/// After what a client sends a request again without telling its caller.
struct Habit {
    /// Short names of clients, as `genesys::sdk` gives them.
    clients: &'static [&'static str],
    /// Statuses that are a cue where `Retry-After` says how long to wait.
    told: &'static [u16],
    /// Statuses that are a cue without `Retry-After`, and how long the client waits then.
    untold: (&'static [u16], Duration),
    /// So is an answer that never came whole.
    broken: bool,
}

/// First match wins; the last one is for every client that is not named.
///
/// Source: PyPI PureCloudPlatformClientV2 269.0.0 on urllib3 2.8.0 and npm purecloud-platform-client-v2 262.0.0, run
/// (the latter repeats once after a 401, with a refreshed token); the Java SDK's RetryConfiguration and OkHttp, read
/// and run; curl and requests repeat nothing unless told to.
const HABITS: &[Habit] = &[
    Habit { clients: &["curl", "requests"], told: &[], untold: (&[], Duration::ZERO), broken: false },
    Habit { clients: &["javascript"], told: &[401], untold: (&[401], Duration::ZERO), broken: false },
    Habit {
        clients: &["java", "okhttp", "apache-httpclient"],
        told: &[429, 502, 503, 504],
        untold: (&[429, 502, 503, 504], Duration::from_secs(3)),
        broken: true,
    },
    Habit { clients: &[], told: &[413, 429, 503], untold: (&[], Duration::ZERO), broken: true },
];

/// How long after its time a repetition may begin.
const PATIENCE: Duration = Duration::from_secs(5);
/// The header by which wraptap marks answers of its own.
const MARK: &str = "x-wraptap-error";
/// How much before the end of `Retry-After` a repetition may begin: clients count whole seconds.
const HASTE: Duration = Duration::from_millis(500);
/// No client waits longer: the Java SDK refuses more than 180 s.
const LONGEST: Duration = Duration::from_secs(180);
/// How many calls are waited for at once; beyond it the oldest is forgotten, and its repetition stands alone.
const WAITING: usize = 256;

/// The calls that may be repeated soon.
#[derive(Debug, Default)]
pub(crate) struct Attempts(Mutex<VecDeque<Open>>);

/// A call whose last attempt ended in a way that invites another.
#[derive(Debug)]
struct Open {
    likeness: u64,
    first: ExchangeId,
    /// The next attempt begins between these two.
    from: Instant,
    until: Instant,
}

impl Attempts {
    /// Links an exchange that began and is over now to the first attempt of its call, if it is a repetition, and
    /// waits for the next one if it ended like that.
    pub(crate) fn link(&self, exchange: &mut Exchange, began: Instant, over: Instant) {
        let invited = invites(exchange, over);
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // the common case: all is well, nothing to compare
        if open.is_empty() && invited.is_none() {
            return;
        }
        open.retain(|call| began <= call.until);
        let likeness = likeness(exchange);
        let place = open
            .iter()
            .position(|call| call.likeness == likeness && (call.from..=call.until).contains(&began));
        exchange.attempt_of = place.and_then(|place| open.remove(place)).map(|call| call.first);
        if let Some((from, until)) = invited {
            let first = exchange.attempt_of.unwrap_or(exchange.id);
            open.push_back(Open { likeness, first, from, until });
        }
        while open.len() > WAITING {
            open.pop_front();
        }
    }
}

/// Returns when the next attempt would begin, if this exchange ended in a way that invites one.
fn invites(exchange: &Exchange, over: Instant) -> Option<(Instant, Instant)> {
    let client = exchange.sdk.as_ref().map_or("", |sdk| sdk.name.as_str());
    let habit = HABITS.iter().find(|habit| habit.clients.is_empty() || habit.clients.contains(&client))?;
    // an answer that wraptap gave in the upstream's place came whole
    let whole = |response: &&Response| exchange.error.is_none() || response.headers.get(MARK).is_some();
    let Some(response) = exchange.response.as_ref().filter(whole) else {
        return habit.broken.then(|| (over, over + PATIENCE));
    };
    let seconds = response.headers.text("retry-after").and_then(|text| text.trim().parse().ok());
    let wait = match seconds.map(Duration::from_secs) {
        Some(wait) if habit.told.contains(&response.status) => wait.min(LONGEST).saturating_sub(HASTE),
        None if habit.untold.0.contains(&response.status) => habit.untold.1.saturating_sub(HASTE),
        _ => return None,
    };
    Some((over + wait, over + wait + PATIENCE))
}

/// Returns a number that equal requests share.
fn likeness(exchange: &Exchange) -> u64 {
    let request = &exchange.request;
    let mut hasher = DefaultHasher::new();
    (request.method.as_bytes(), request.target.as_bytes()).hash(&mut hasher);
    for header in request.headers.iter().filter(|header| !header.name.eq_ignore_case("authorization")) {
        (header.name.as_bytes(), header.value.as_bytes()).hash(&mut hasher);
    }
    (request.body.total, &request.body.octets).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::exchange::{Failure, FailureSource, Headers, Sdk, tests::exchange};

    /// One POST of a client that ended with a status and `Retry-After`.
    fn ended(id: u64, client: &str, status: u16, retry_after: Option<&str>) -> Exchange {
        let mut exchange = exchange(id, "POST", "/api/v2/wrapup", "{}", status);
        exchange.sdk = Some(Sdk { name: client.to_owned(), version: None, marks: Vec::new() });
        if let (Some(seconds), Some(response)) = (retry_after, &mut exchange.response) {
            response.headers = Headers::of([("Retry-After", seconds)]);
        }
        exchange
    }

    /// Links exchanges that begin at these seconds and end at once; returns what each is an attempt of.
    fn linked(exchanges: Vec<(f64, Exchange)>) -> Vec<Option<u64>> {
        let attempts = Attempts::default();
        let start = Instant::now();
        let link = |(second, mut exchange): (f64, Exchange)| {
            let at = start + Duration::from_secs_f64(second);
            attempts.link(&mut exchange, at, at);
            exchange.attempt_of.map(ExchangeId::get)
        };
        exchanges.into_iter().map(link).collect()
    }

    /// Returns what an equal request so many seconds after this one is taken for.
    fn repeated(first: Exchange, second: f64) -> Option<u64> {
        let mut again = first.clone();
        again.id = ExchangeId::new(2).unwrap();
        linked(vec![(0.0, first), (second, again)])[1]
    }

    #[test]
    fn every_repetition_is_linked_to_the_first_attempt() {
        let answers = [503, 429, 202].into_iter().zip([1_u32, 2, 3]);
        let call = |(status, id): (u16, u32)| (f64::from(id), ended(id.into(), "python", status, Some("1")));
        assert_eq!(linked(answers.map(call).collect()), [None, Some(1), Some(1)]);
    }

    #[test]
    fn after_any_other_answer_an_equal_request_is_a_new_call() {
        for status in [200, 202, 400, 404, 500] {
            assert_eq!(repeated(ended(1, "python", status, Some("0")), 0.1), None, "{status}");
        }
    }

    #[test]
    fn each_client_has_its_own_cues() {
        let without = |client, status, second| repeated(ended(1, client, status, None), second);
        assert_eq!(without("python", 503, 0.1), None);
        assert_eq!((without("java", 503, 0.1), without("java", 503, 3.0)), (None, Some(1)));
        assert_eq!((without("javascript", 401, 0.2), without("javascript", 503, 0.2)), (Some(1), None));
        assert_eq!(repeated(ended(1, "curl", 429, Some("1")), 1.0), None);
        assert_eq!(repeated(ended(1, "a client nobody knows", 429, Some("1")), 1.0), Some(1));
    }

    #[test]
    fn before_the_end_of_retry_after_and_long_behind_it_nobody_retries() {
        for (second, expected) in [(0.2, None), (1.6, Some(1)), (2.1, Some(1)), (60.0, None)] {
            assert_eq!(repeated(ended(1, "python", 429, Some("2")), second), expected, "{second}");
        }
    }

    #[test]
    fn an_answer_that_broke_is_a_cue_and_one_that_wraptap_gave_is_judged_by_its_status() {
        let mut broken = ended(1, "python", 200, None);
        broken.error = Some(Failure { source: FailureSource::Upstream, message: "reset".to_owned() });
        assert_eq!(repeated(broken.clone(), 0.1), Some(1));
        let response = broken.response.as_mut().unwrap();
        response.status = 502;
        response.headers = Headers::of([("x-wraptap-error", "connect")]);
        assert_eq!(repeated(broken, 0.1), None);
    }

    #[test]
    fn another_body_is_another_call_and_another_token_is_not() {
        let first = ended(1, "javascript", 401, None);
        let mut other = ended(2, "javascript", 202, None);
        other.request.body = crate::model::exchange::Body::whole("{\"code\":1}");
        assert_eq!(linked(vec![(0.0, first.clone()), (0.1, other)]), [None, None]);
        let mut renewed = ended(2, "javascript", 202, None);
        renewed.request.headers.0.extend(Headers::of([("Authorization", "Bearer new")]).0);
        assert_eq!(linked(vec![(0.0, first), (0.1, renewed)]), [None, Some(1)]);
    }

    #[test]
    fn two_calls_side_by_side_are_two_calls() {
        let attempts = Attempts::default();
        let start = Instant::now();
        let after = |milliseconds| start + Duration::from_millis(milliseconds);
        let (mut one, mut two) = (ended(1, "javascript", 401, None), ended(2, "javascript", 401, None));
        attempts.link(&mut one, after(0), after(50));
        attempts.link(&mut two, after(10), after(60));
        assert_eq!(two.attempt_of, None, "it began before the first had ended");
    }

    #[test]
    fn what_is_waited_for_is_bounded() {
        let attempts = Attempts::default();
        let now = Instant::now();
        for id in 1..2000 {
            let mut exchange = ended(id, "python", 503, Some("1"));
            exchange.request.target = format!("/{id}").into();
            attempts.link(&mut exchange, now, now);
        }
        assert_eq!(attempts.0.lock().unwrap().len(), WAITING);
    }
}
