//! Which exchanges are attempts of one call: the hidden retries of SDKs and HTTP clients. A rule without
//! clock or I/O.
//!
//! An exchange repeats an earlier one if the same client (address and `User-Agent`) sends the same method,
//! target and body again in the time in which its kind of client retries by itself:
//!
//! - after 429, 503 or 413 with `Retry-After`: when that has passed (Python's urllib3; Java with a
//!   `RetryConfiguration`, which also repeats 429, 502, 503 and 504 after three seconds of its own);
//! - after a connection that broke off: at once (urllib3, OkHttp);
//! - after a 401: with another token, once the client has asked for one (JavaScript and Python with a refresh
//!   token).
//!
//! Source: the clients' own code, observed against a recorder that answered so. What a program repeats on its
//! own in the same time looks the same, and is linked too.

use std::collections::VecDeque;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use crate::model::exchange::{Exchange, ExchangeId, Origin};

/// Exchanges that wait for a repetition at a time, and logins remembered.
const MOST: usize = 256;

/// Longest `Retry-After` that any of the clients obeys, in seconds (Java refuses more).
const LONGEST_WAIT: u64 = 180;

/// Java's own pause, in seconds.
const JAVA_PAUSE: u64 = 3;

/// What a busy client may be late, in microseconds.
const SLACK: i64 = 3_000_000;

/// What two readings of the clock may differ by, in microseconds.
const CLOCK: i64 = 20_000;

/// How long a client takes to get a new token and come back, in microseconds.
const LOGIN: i64 = 30_000_000;

/// How long an exchange may take that is a repetition, in microseconds: what waits is forgotten so long after
/// the last moment at which it can be repeated.
const LATEST: i64 = 600_000_000;

/// The exchanges of the last minutes that a client may repeat by itself.
#[derive(Debug, Default)]
pub(crate) struct RetryLinker {
    waiting: VecDeque<RetryCandidate>,
    logins: VecDeque<Login>,
}

#[derive(Clone, Copy, Debug)]
struct RetryCandidate {
    request: u64,
    client: u64,
    /// The first attempt of the call.
    first: ExchangeId,
    /// A repetition begins between these.
    from: i64,
    until: i64,
    /// Set if only another token makes it a repetition: the hash of the one refused.
    refused_token: Option<u64>,
}

impl RetryCandidate {
    /// Returns whether a repetition may have begun then.
    fn is_at(&self, started: i64) -> bool {
        (self.from..=self.until).contains(&started)
    }
}

#[derive(Clone, Copy, Debug)]
struct Login {
    client: u64,
    started: i64,
    ended: i64,
}

impl RetryLinker {
    /// Returns whether an exchange may repeat another or be repeated: if not, nothing of it has to be
    /// compared, and to read a large body for nothing would cost more than all else here.
    fn concerns(&mut self, exchange: &Exchange) -> bool {
        if exchange.origin != Origin::Live {
            return false;
        }
        let started = exchange.started_at.0;
        self.waiting.retain(|waiting| waiting.until >= started.saturating_sub(LATEST));
        self.waiting.iter().any(|waiting| waiting.is_at(started))
            || outcome(exchange).is_some()
            || is_login(exchange)
    }

    /// Returns the first attempt of the call that this exchange goes on with, and remembers it in case it is
    /// repeated itself. Ask before secrets are masked, since it compares tokens.
    pub(crate) fn link(&mut self, exchange: &Exchange) -> Option<ExchangeId> {
        if !self.concerns(exchange) {
            return None;
        }
        let outcome = outcome(exchange);
        let login = is_login(exchange);
        let started = exchange.started_at.0;
        let ended = started.saturating_add(i64::try_from(exchange.timings.total).unwrap_or(i64::MAX));
        let client = client(exchange)?;
        if login {
            push(&mut self.logins, Login { client, started, ended });
        }
        let request = request(exchange, client);
        let token = token(exchange);
        let found = self.waiting.iter().position(|waiting| {
            waiting.request == request
                && waiting.is_at(started)
                && waiting.refused_token.is_none_or(|refused| {
                    refused != token && self.logged_in_between(waiting.client, waiting.from, started)
                })
        });
        let first = found.and_then(|at| self.waiting.remove(at)).map(|waiting| waiting.first);
        if let Some(outcome) = outcome {
            // A client that was cut off can be back before the other side has noticed.
            let early = if matches!(outcome, RetryTrigger::Broken) { SLACK } else { CLOCK };
            let (from, until) = (started.max(ended - early), ended.saturating_add(outcome.window()));
            let refused_token = matches!(outcome, RetryTrigger::Unauthorized).then_some(token);
            let first = first.unwrap_or(exchange.id);
            push(&mut self.waiting, RetryCandidate { request, client, first, from, until, refused_token });
        }
        first
    }

    fn logged_in_between(&self, client: u64, from: i64, to: i64) -> bool {
        self.logins
            .iter()
            .any(|login| login.client == client && login.started >= from - SLACK && login.ended <= to + SLACK)
    }
}

/// How an exchange ended that a client may repeat by itself.
enum RetryTrigger {
    /// After this number of seconds.
    Wait(u64),
    /// At once.
    Broken,
    /// After a login.
    Unauthorized,
}

impl RetryTrigger {
    fn window(&self) -> i64 {
        match self {
            Self::Wait(seconds) => i64::try_from(*seconds).unwrap_or(0) * 1_000_000 + SLACK,
            Self::Broken => SLACK,
            Self::Unauthorized => LOGIN,
        }
    }
}

fn outcome(exchange: &Exchange) -> Option<RetryTrigger> {
    let Some(response) = &exchange.response else {
        return exchange.error.is_some().then_some(RetryTrigger::Broken);
    };
    // What wraptap answered in the upstream's place arrived whole, whatever the error says.
    let own = response.headers.get("x-wraptap-error").is_some();
    if exchange.error.is_some() && !own {
        return Some(RetryTrigger::Broken);
    }
    let java = exchange.sdk.as_ref().is_some_and(|sdk| sdk.name == "java");
    let wait = response.headers.text("retry-after").map(|text| {
        // A date instead of seconds: as long as any client would wait.
        text.trim().parse().unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT)
    });
    match (response.status, wait) {
        (413 | 429 | 503, Some(seconds)) => Some(RetryTrigger::Wait(seconds)),
        (429 | 502 | 503 | 504, None) if java => Some(RetryTrigger::Wait(JAVA_PAUSE)),
        (401, _) => Some(RetryTrigger::Unauthorized),
        _ => None,
    }
}

fn is_login(exchange: &Exchange) -> bool {
    exchange.request.method.as_bytes() == b"POST"
        && memchr::memmem::find(exchange.request.target.as_bytes(), b"/oauth/token").is_some()
        && exchange.is_accepted()
}

/// The client's address without its port: a retry may come on another connection.
fn client(exchange: &Exchange) -> Option<u64> {
    let address = &exchange.connection.as_ref()?.client;
    let host = address.rsplit_once(':').map_or(address.as_str(), |(host, _)| host);
    Some(hash(&(host, exchange.request.headers.get("user-agent"))))
}

fn request(exchange: &Exchange, client: u64) -> u64 {
    let request = &exchange.request;
    hash(&(client, &request.method, &request.target, request.body.total, &request.body.bytes))
}

fn token(exchange: &Exchange) -> u64 {
    hash(&exchange.request.headers.get("authorization"))
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

fn push<T>(list: &mut VecDeque<T>, item: T) {
    if list.len() == MOST {
        list.pop_front();
    }
    list.push_back(item);
}

#[cfg(test)]
mod tests;
