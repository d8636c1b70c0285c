//! Counting requests per token and minute, for the `inin-ratelimit-*` headers and the 429.

use std::collections::BTreeMap;

use crate::simulator::ids::Millis;

/// The window that requests are counted in, in milliseconds.
const WINDOW: Millis = 60_000;
/// What `inin-ratelimit-allowed` says without `--rate-limit`; the value of a response captured in 2021.
const SHOWN: u64 = 180;
/// How many first requests of a throttled client are refused.
const THROTTLED: u64 = 2;

/// The counts of the running windows.
#[derive(Debug, Default)]
pub(crate) struct Rates {
    windows: BTreeMap<String, MinuteWindow>,
}

#[derive(Clone, Copy, Debug)]
struct MinuteWindow {
    since: Millis,
    count: u64,
}

/// The count of a token in its window.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Rate {
    /// Requests so far, this one included.
    pub(crate) count: u64,
    /// The limit as the headers show it.
    pub(crate) allowed: u64,
    /// Seconds until the window ends, rounded up.
    pub(crate) reset: u64,
}

impl Rates {
    /// Counts a request of `token`; the empty token is used for requests without one.
    pub(crate) fn count(&mut self, token: &str, now: Millis, limit: Option<u64>) -> Rate {
        // Windows that are over are dropped, so that memory does not grow with the number of tokens seen.
        self.windows.retain(|_, window| now < window.since + WINDOW);
        let window = self.windows.entry(token.to_owned()).or_insert(MinuteWindow { since: now, count: 0 });
        window.count += 1;
        let left = (window.since + WINDOW).saturating_sub(now);
        Rate { count: window.count, allowed: limit.unwrap_or(SHOWN), reset: left.div_ceil(1000) }
    }
}

impl Rate {
    /// Returns the seconds of `Retry-After`, if the request is over its limit.
    pub(crate) fn retry_after(&self, limit: Option<u64>, throttled: bool) -> Option<u64> {
        match limit {
            Some(limit) if self.count > limit => Some(self.reset.max(1)),
            _ if throttled && self.count <= THROTTLED => Some(1),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Rate, Rates};

    #[test]
    fn a_window_ends_after_a_minute_and_tokens_do_not_share_one() {
        let mut rates = Rates::default();
        assert_eq!(rates.count("a", 0, Some(2)), Rate { count: 1, allowed: 2, reset: 60 });
        assert_eq!(rates.count("b", 500, None), Rate { count: 1, allowed: 180, reset: 60 });
        assert_eq!(rates.count("a", 59_999, Some(2)), Rate { count: 2, allowed: 2, reset: 1 });
        assert_eq!(rates.count("a", 60_000, Some(2)), Rate { count: 1, allowed: 2, reset: 60 });
    }

    #[test]
    fn only_the_request_over_the_limit_waits() {
        let rate = |count| Rate { count, allowed: 2, reset: 7 };
        assert_eq!(rate(2).retry_after(Some(2), false), None);
        assert_eq!(rate(3).retry_after(Some(2), false), Some(7));
        assert_eq!(rate(2).retry_after(None, true), Some(1));
        assert_eq!(rate(3).retry_after(None, true), None);
    }
}
