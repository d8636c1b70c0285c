//! Which exchanges a list shows.

use std::str::FromStr;

use jiff::civil;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::store::summary::Summary;

/// All conditions have to hold; empty lists hold always.
#[derive(Debug)]
pub(crate) struct ListFilter {
    pub(crate) refused: bool,
    pub(crate) statuses: Vec<StatusClass>,
    pub(crate) methods: Vec<String>,
    pub(crate) path: Option<PathGlob>,
    pub(crate) since: Option<Timestamp>,
}

impl ListFilter {
    /// Returns whether the exchange is shown.
    pub(crate) fn passes(&self, summary: &Summary<'_>) -> bool {
        (!self.refused || summary.is_refused())
            && (self.statuses.is_empty()
                || summary.status.is_some_and(|status| self.statuses.iter().any(|class| class.holds(status))))
            && (self.methods.is_empty()
                || self.methods.iter().any(|method| method.eq_ignore_ascii_case(&summary.method)))
            && self.path.as_ref().is_none_or(|glob| glob.matches(path(&summary.target)))
            && self.since.is_none_or(|since| {
                summary.started_at.parse::<Timestamp>().is_ok_and(|started| started >= since)
            })
    }
}

/// The target's path: without query, and for the absolute form without scheme and authority.
fn path(target: &str) -> &str {
    let path = target.split('?').next().unwrap_or(target);
    if path.starts_with('/') {
        return path;
    }
    match path.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |slash| &rest[slash..]),
        None => path,
    }
}

/// One status or a hundred of them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum StatusClass {
    One(u16),
    /// The first digit.
    Hundred(u16),
}

impl StatusClass {
    fn holds(self, status: u16) -> bool {
        match self {
            Self::One(one) => one == status,
            Self::Hundred(first) => status / 100 == first,
        }
    }
}

impl FromStr for StatusClass {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WANTED: &str = "give a status such as `404` or a class such as `4xx`";
        if let Some(first) = text.to_ascii_lowercase().strip_suffix("xx") {
            return match first.parse() {
                Ok(first @ 1..=9) => Ok(Self::Hundred(first)),
                _ => Err(WANTED),
            };
        }
        match text.parse() {
            Ok(status @ 100..=999) => Ok(Self::One(status)),
            _ => Err(WANTED),
        }
    }
}

/// A pattern in which `*` matches any text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct PathGlob(Vec<String>);

impl FromStr for PathGlob {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.split('*').map(str::to_owned).collect()))
    }
}

impl PathGlob {
    fn matches(&self, path: &str) -> bool {
        let [first, middle @ .., last] = self.0.as_slice() else {
            return self.0.first().is_some_and(|whole| whole == path);
        };
        let Some(mut rest) = path.strip_prefix(first.as_str()) else { return false };
        for piece in middle {
            match rest.find(piece.as_str()) {
                Some(at) => rest = &rest[at + piece.len()..],
                None => return false,
            }
        }
        rest.ends_with(last.as_str())
    }
}

/// A point in time as the user says it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Since {
    Ago(SignedDuration),
    At(Timestamp),
}

impl Since {
    /// Returns the point in time, seen from `now`.
    pub(crate) fn before(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Ago(ago) => now.checked_sub(ago).unwrap_or(Timestamp::MIN),
            Self::At(at) => at,
        }
    }
}

impl FromStr for Since {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(ago) = text.parse::<SignedDuration>() {
            return Ok(Self::Ago(ago.abs()));
        }
        // A day or a time of day without a zone is the user's own.
        let days = text.strip_suffix('d').and_then(|days| days.parse().ok());
        days.map(|days: i64| Self::Ago(SignedDuration::from_hours(days.saturating_mul(24).clamp(0, 1 << 30))))
            .or_else(|| text.parse().ok().map(Self::At))
            .or_else(|| {
                let local = text.parse::<civil::DateTime>().ok()?;
                local.to_zoned(TimeZone::system()).ok().map(|zoned| Self::At(zoned.timestamp()))
            })
            .ok_or("give a time ago (`10m`, `2h`, `3d`) or a point in time (`2026-11-20`, `2026-11-20T08:30:00Z`)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_matches_any_text_and_the_rest_only_itself() {
        let matches = |glob: &str, path: &str| glob.parse::<PathGlob>().unwrap().matches(path);
        assert!(matches("/a/b", "/a/b") && !matches("/a/b", "/a/bc"));
        assert!(matches("*wrapup*", "/x/wrapup") && matches("/x/*/z", "/x/y/y/z"));
        assert!(!matches("/x/*/z", "/x/z") && matches("*", "") && !matches("a*a", "a"));
    }

    #[test]
    fn statuses_and_classes_are_read_and_nothing_else() {
        assert_eq!("404".parse(), Ok(StatusClass::One(404)));
        assert_eq!("4XX".parse(), Ok(StatusClass::Hundred(4)));
        for text in ["", "4x", "xx", "99", "1000", "ok"] {
            assert!(text.parse::<StatusClass>().is_err(), "{text}");
        }
    }

    #[test]
    fn points_in_time_are_read_in_every_documented_form() {
        let now: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
        let since = |text: &str| text.parse::<Since>().unwrap().before(now).to_string();
        assert_eq!(since("10m"), "2026-11-20T11:50:00Z");
        assert_eq!(since("2h"), "2026-11-20T10:00:00Z");
        assert_eq!(since("3d"), "2026-11-17T12:00:00Z");
        assert_eq!(since("2026-11-20T08:30:00Z"), "2026-11-20T08:30:00Z");
        assert!("2026-11-20".parse::<Since>().is_ok() && "yesterday".parse::<Since>().is_err());
    }
}
