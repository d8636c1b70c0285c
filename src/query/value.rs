//! What values of a query mean.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, civil};

use crate::model::timestamp::Timestamp;

/// What `since:` counts from.
#[derive(Clone, Debug)]
pub struct QueryTime {
    /// The present.
    pub now: jiff::Timestamp,
    /// The user's own zone.
    pub zone: TimeZone,
}

/// Some statuses.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum StatusSet {
    /// This status, or those from one to another.
    Between(u16, u16),
    /// No response.
    None,
}

impl StatusSet {
    pub(super) fn from_text(text: &str) -> Option<Self> {
        let text = text.to_ascii_lowercase();
        if text == "none" {
            return Some(Self::None);
        }
        if let Some(first) = text.strip_suffix("xx") {
            let first = first.parse::<u16>().ok().filter(|first| (1..=9).contains(first))?;
            return Some(Self::Between(first * 100, first * 100 + 99));
        }
        let one = text.parse().ok().filter(|status| (100..=999).contains(status))?;
        Some(Self::Between(one, one))
    }

    pub(super) fn holds(self, status: Option<u16>) -> bool {
        match self {
            Self::Between(low, high) => status.is_some_and(|status| (low..=high).contains(&status)),
            Self::None => status.is_none(),
        }
    }
}

/// What became of an exchange.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum ExchangeState {
    Refused,
    Accepted,
    Failed,
    Retry,
}

impl ExchangeState {
    pub(super) const ALL: [Self; 4] = [Self::Refused, Self::Accepted, Self::Failed, Self::Retry];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Accepted => "accepted",
            Self::Failed => "failed",
            Self::Retry => "retry",
        }
    }
}

/// Reads a time ago (`10m`, `2h`, `3d`) or a point in time; a day or a time of day without a zone is in the
/// user's own.
pub(super) fn since(text: &str, time: &QueryTime) -> Option<Timestamp> {
    let ago = |duration: SignedDuration| time.now.checked_sub(duration).unwrap_or(jiff::Timestamp::MIN);
    let point = if let Ok(duration) = text.parse::<SignedDuration>() {
        ago(duration.abs())
    } else if let Some(days) = text.strip_suffix('d').and_then(|days| days.parse::<i64>().ok()) {
        ago(SignedDuration::from_hours(days.saturating_mul(24).clamp(0, 1 << 30)))
    } else if let Ok(point) = text.parse::<jiff::Timestamp>() {
        point
    } else {
        text.parse::<civil::DateTime>().ok()?.to_zoned(time.zone.clone()).ok()?.timestamp()
    };
    Some(Timestamp(point.as_microsecond()))
}
