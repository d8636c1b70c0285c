//! Formats of strings: what a text is, and in which notation.

use crate::diff::shapes::{self, TimeShape, UuidShape, date_time};

/// The format of a string with the shape of its notation; the first that fits, in this order.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Format {
    Uuid(UuidShape),
    DateTime(TimeShape),
    Date,
    Interval(TimeShape, TimeShape),
    Duration,
    Email,
    Uri,
    Phone,
    Locale,
}

impl Format {
    pub(crate) fn detect(text: &str) -> Option<Self> {
        if text.is_empty() || text.len() > 2_000 {
            return None;
        }
        if let Some(shape) = shapes::uuid(text) {
            return Some(Self::Uuid(shape));
        }
        if let Some(shape) = date_time(text) {
            return Some(Self::DateTime(shape));
        }
        if shapes::date(text).is_some_and(str::is_empty) {
            return Some(Self::Date);
        }
        if let Some((from, to)) = text.split_once('/')
            && let (Some(from), Some(to)) = (date_time(from), date_time(to))
        {
            return Some(Self::Interval(from, to));
        }
        match text {
            _ if is_duration(text) => Some(Self::Duration),
            _ if is_email(text) => Some(Self::Email),
            _ if is_uri(text) => Some(Self::Uri),
            _ if is_phone(text) => Some(Self::Phone),
            _ if is_locale(text) => Some(Self::Locale),
            _ => None,
        }
    }

    /// Returns whether two texts have the same format in the same notation.
    pub(crate) fn is_alike(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Uuid(a), Self::Uuid(b)) => a.is_alike(*b),
            (Self::Interval(a, b), Self::Interval(c, d)) => a == c && b == d,
            (a, b) => a == b,
        }
    }

    /// Returns whether two texts have the same format, whatever their notation.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }

    pub(crate) fn is_date_time(&self) -> bool {
        matches!(self, Self::DateTime(_))
    }

    /// The format in words.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Uuid(_) => "uuid",
            Self::DateTime(_) => "ISO 8601 date-time",
            Self::Date => "ISO 8601 date",
            Self::Interval(..) => "ISO 8601 interval",
            Self::Duration => "ISO 8601 duration",
            Self::Email => "email address",
            Self::Uri => "absolute URI",
            Self::Phone => "E.164 phone number",
            Self::Locale => "locale",
        }
    }
}

fn is_duration(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('-').unwrap_or(text).strip_prefix('P') else { return false };
    let (date, time) = match rest.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (rest, None),
    };
    let parts = |mut text: &str, units: &str| {
        let mut units = units.chars();
        let mut count = 0;
        while !text.is_empty() {
            let digits = text.bytes().take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b',')).count();
            let unit = text[digits..].chars().next()?;
            if digits == 0 || !text.as_bytes()[0].is_ascii_digit() || !units.any(|known| known == unit) {
                return None;
            }
            count += 1;
            text = &text[digits + unit.len_utf8()..];
        }
        Some(count)
    };
    match (parts(date, "YMWD"), time.map(|time| parts(time, "HMS"))) {
        (Some(_), Some(Some(times))) => times > 0,
        (Some(dates), None) => dates > 0,
        _ => false,
    }
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let plain = |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c == '@');
    plain(local)
        && plain(domain)
        && !local.contains(':')
        && domain.split('.').all(|label| !label.is_empty())
        && domain.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'))
}

fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
        && !rest.is_empty()
        && !rest.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>'))
}

fn is_phone(text: &str) -> bool {
    text.strip_prefix('+')
        .is_some_and(|digits| (2..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()))
}

fn is_locale(text: &str) -> bool {
    let mut parts = text.split('-');
    let language = parts.next().unwrap_or_default();
    let lower = (2..=3).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_lowercase());
    let script_or_region: Vec<&str> = parts.collect();
    let is_region = |part: &str| {
        (part.len() == 2 && part.bytes().all(|b| b.is_ascii_uppercase()))
            || (part.len() == 3 && part.bytes().all(|b| b.is_ascii_digit()))
    };
    let is_script = |part: &str| {
        part.len() == 4
            && part.as_bytes()[0].is_ascii_uppercase()
            && part.as_bytes()[1..].iter().all(u8::is_ascii_lowercase)
    };
    lower
        && match script_or_region.as_slice() {
            [region] => is_region(region),
            [script, region] => is_script(script) && is_region(region),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> &'static str {
        Format::detect(text).map_or("", |format| format.name())
    }

    fn alike(a: &str, b: &str) -> bool {
        Format::detect(a).unwrap().is_alike(&Format::detect(b).unwrap())
    }

    #[test]
    fn the_first_format_that_fits() {
        for (text, expected) in [
            ("7f0a1c52-9d3e-4b6a-8c21-5e4f90ab12cd", "uuid"),
            ("7f0a1c529d3e4b6a8c215e4f90ab12cd", "uuid"),
            ("urn:uuid:7f0a1c52-9d3e-4b6a-8c21-5e4f90ab12cd", "uuid"),
            ("2024-05-14T09:31:07.482Z", "ISO 8601 date-time"),
            ("2024-05-14 09:31", "ISO 8601 date-time"),
            ("2024-05-14", "ISO 8601 date"),
            ("2024-04-16T05:23:46.761Z/2024-05-06T11:10:37.709Z", "ISO 8601 interval"),
            ("PT2M", "ISO 8601 duration"),
            ("P1DT12H", "ISO 8601 duration"),
            ("a.b@contoso.test", "email address"),
            ("sip:a@b", "absolute URI"),
            ("mailto:a@b.c", "absolute URI"),
            ("+13175552038", "E.164 phone number"),
            ("en-US", "locale"),
            ("zh-Hant-TW", "locale"),
        ] {
            assert_eq!(name(text), expected, "{text}");
        }
        for text in
            ["P", "PT", "2024-13-01", "7f0a1c52-9d3e", "Note: call back", "+", "en", "24:00", "v3.14.1"]
        {
            assert_eq!(name(text), "", "{text}");
        }
    }

    #[test]
    fn shapes_tell_notations_apart() {
        assert!(alike("2024-05-14T11:31:07+02:00", "2024-05-14T05:12:44-04:00"));
        assert!(!alike("2024-05-14T09:31:07.482Z", "2024-05-14T09:31:07Z"));
        assert!(!alike("2024-05-14T09:31:07+0200", "2024-05-14T09:31:07+02:00"));
        assert!(!alike("2024-05-14T09:31:07Z", "2024-05-14 09:31:07Z"));
        assert!(!alike("7f0a1c52-9d3e-4b6a-8c21-5e4f90ab12cd", "7F0A1C52-9D3E-4B6A-8C21-5E4F90AB12CD"));
        assert!(alike("7f0a1c52-9d3e-4b6a-8c21-5e4f90ab12cd", "00000000-0000-0000-0000-000000000000"));
        assert!(alike("sip:a@b", "tel:+49123"));
    }
}
