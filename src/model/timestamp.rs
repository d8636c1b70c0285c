//! Points in time as plain numbers, so that the pure floors need no clock.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A point in time: microseconds since 1970-01-01T00:00:00Z. Shown as RFC 3339 in UTC with six fraction
/// digits.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Parses RFC 3339 text of any offset; fractions beyond a microsecond are cut.
    pub fn parse(text: &str) -> Option<Self> {
        let instant: jiff::Timestamp = text.parse().ok()?;
        Some(Self(instant.as_microsecond()))
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        let micros = |duration: Duration| i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
        match time.duration_since(UNIX_EPOCH) {
            Ok(after) => Self(micros(after)),
            Err(before) => Self(-micros(before.duration())),
        }
    }
}

/// Returns a duration in microseconds, as `Timings` has it.
pub fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(instant) => write!(f, "{instant:.6}"),
            Err(_) => write!(f, "{} µs since 1970", self.0),
        }
    }
}

/// Says how far apart two moments are: `240 ms`, `1.2 s`, `3 min`, `2 h`.
pub fn apart(a: Timestamp, b: Timestamp) -> String {
    let micros = a.0.abs_diff(b.0);
    match micros {
        0..1_000_000 => format!("{} ms", micros / 1_000),
        1_000_000..120_000_000 => format!("{}.{} s", micros / 1_000_000, micros / 100_000 % 10),
        120_000_000..7_200_000_000 => format!("{} min", micros / 60_000_000),
        _ => format!("{} h", micros / 3_600_000_000),
    }
}

#[cfg(test)]
mod tests {
    use super::{Timestamp, apart};

    #[test]
    fn shows_microseconds_in_utc_and_reads_them_back() {
        let text = "2026-11-20T08:30:15.123456Z";
        let parsed = Timestamp::parse(text).unwrap();
        assert_eq!(parsed.to_string(), text);
        assert_eq!(Timestamp::parse("2026-11-20T09:30:15.123456+01:00"), Some(parsed));
    }

    #[test]
    fn whole_seconds_keep_six_digits() {
        assert_eq!(Timestamp(0).to_string(), "1970-01-01T00:00:00.000000Z");
    }

    #[test]
    fn distances_in_time_are_said_in_the_unit_that_fits() {
        let at = Timestamp;
        assert_eq!(apart(at(0), at(240_000)), "240 ms");
        assert_eq!(apart(at(1_250_000), at(0)), "1.2 s");
        assert_eq!(apart(at(0), at(180_000_000)), "3 min");
        assert_eq!(apart(at(0), at(7_200_000_000)), "2 h");
    }
}
