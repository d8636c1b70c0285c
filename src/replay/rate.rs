//! When the next request is sent: recorded gaps, a rate, and what a server asks for by `Retry-After`.

use std::time::Duration;

use crate::model::exchange::Response;
use crate::model::timestamp::Timestamp;

/// How requests follow each other.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum SendRate {
    /// One as soon as the other is answered.
    #[default]
    AtOnce,
    /// The maximum number a second.
    Rate(f64),
    /// With the gaps of the recording.
    Recorded,
}

impl SendRate {
    /// Returns how long after the first request the one numbered `index` (from 0) is due.
    pub fn due(self, index: u64, first: Timestamp, own: Timestamp) -> Duration {
        match self {
            Self::AtOnce => Duration::ZERO,
            Self::Rate(rate) => {
                #[allow(clippy::cast_precision_loss, reason = "no replay has 2^52 requests")]
                let seconds = index as f64 / rate;
                Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
            }
            Self::Recorded => Duration::from_micros(u64::try_from(own.0 - first.0).unwrap_or(0)),
        }
    }
}

/// Returns how long a server asks to be left alone: `Retry-After` in seconds, or as a date seen from `now`.
pub fn retry_after(response: &Response, now: Timestamp) -> Option<Duration> {
    let text = response.headers.text("retry-after")?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    Some(Duration::from_micros(u64::try_from(date.as_microsecond() - now.0).unwrap_or(0)))
}

/// Returns a duration typed by a user: `30s`, `500ms`, `2m`, `1h`, or bare seconds.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[number.len()..] {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        _ => return Err(format!("`{text}` is no duration: write 500ms, 30s, 2m or 1h")),
    };
    let seconds: f64 =
        number.parse().map_err(|_| format!("`{text}` is no duration: write 500ms, 30s, 2m or 1h"))?;
    Duration::try_from_secs_f64(seconds * unit)
        .map_err(|_| format!("`{text}` is no duration: it is negative or far too long"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::exchange::{Body, Headers};

    fn asking(value: &str) -> Response {
        Response::of(429, "", Headers::of([("Retry-After", value)]), Body::default())
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = Timestamp::parse("2026-11-20T08:30:00Z").unwrap();
        assert_eq!(retry_after(&asking("42"), now), Some(Duration::from_secs(42)));
        let date = asking("Fri, 20 Nov 2026 08:31:00 GMT");
        assert_eq!(retry_after(&date, now), Some(Duration::from_secs(60)));
        assert_eq!(retry_after(&asking("soon"), now), None);
    }

    #[test]
    fn requests_are_due_by_rate_or_by_the_recorded_gaps() {
        let (first, own) = (Timestamp(5_000_000), Timestamp(7_500_000));
        assert_eq!(SendRate::Rate(4.0).due(2, first, own), Duration::from_millis(500));
        assert_eq!(SendRate::Recorded.due(2, first, own), Duration::from_millis(2500));
        assert_eq!(SendRate::Recorded.due(2, own, first), Duration::ZERO);
    }

    #[test]
    fn durations_have_units_or_are_seconds() {
        assert_eq!(parse_duration("30s"), Ok(Duration::from_secs(30)));
        assert_eq!(parse_duration("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(parse_duration("1.5"), Ok(Duration::from_millis(1500)));
        for text in ["", "s", "5d", "-1s", "1e300h"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }
}
