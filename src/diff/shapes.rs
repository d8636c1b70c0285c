//! The notations of uuids and date-times: what is written, and how.

/// How a uuid is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct UuidShape {
    dashes: bool,
    enclosure: Enclosure,
    /// `None` for one without letters, which fits either case.
    case: Option<Case>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Enclosure {
    Bare,
    Braces,
    Parentheses,
    Urn,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Case {
    Lower,
    Upper,
    Mixed,
}

impl UuidShape {
    /// Returns whether two uuids are written alike; a uuid without letters fits either case.
    pub(crate) fn is_alike(self, other: Self) -> bool {
        let case = match (self.case, other.case) {
            (Some(a), Some(b)) => a == b,
            _ => true,
        };
        case && self.dashes == other.dashes && self.enclosure == other.enclosure
    }

    /// Writes 32 hexadecimal digits in this shape.
    pub(crate) fn write(self, digits: &str) -> String {
        let mut text = match self.case {
            Some(Case::Upper) => digits.to_ascii_uppercase(),
            Some(Case::Lower) => digits.to_ascii_lowercase(),
            Some(Case::Mixed) | None => digits.to_owned(),
        };
        if self.dashes && text.len() == 32 {
            for at in [20, 16, 12, 8] {
                text.insert(at, '-');
            }
        }
        match self.enclosure {
            Enclosure::Bare => text,
            Enclosure::Braces => format!("{{{text}}}"),
            Enclosure::Parentheses => format!("({text})"),
            Enclosure::Urn => format!("urn:uuid:{text}"),
        }
    }
}

pub(super) fn uuid(text: &str) -> Option<UuidShape> {
    let inside = |open: char, close: char| text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    let (bare, enclosure) = if let Some(bare) = inside('{', '}') {
        (bare, Enclosure::Braces)
    } else if let Some(bare) = inside('(', ')') {
        (bare, Enclosure::Parentheses)
    } else if text.get(..9).is_some_and(|prefix| prefix.eq_ignore_ascii_case("urn:uuid:")) {
        (&text[9..], Enclosure::Urn)
    } else {
        (text, Enclosure::Bare)
    };
    let bytes = bare.as_bytes();
    let dashes = match bytes.len() {
        36 => true,
        32 => false,
        _ => return None,
    };
    for (at, byte) in bytes.iter().enumerate() {
        let dash = dashes && matches!(at, 8 | 13 | 18 | 23);
        if dash != (*byte == b'-') || !(dash || byte.is_ascii_hexdigit()) {
            return None;
        }
    }
    let lower = bytes.iter().any(u8::is_ascii_lowercase);
    let upper = bytes.iter().any(u8::is_ascii_uppercase);
    let case = match (lower, upper) {
        (false, false) => None,
        (true, false) => Some(Case::Lower),
        (false, true) => Some(Case::Upper),
        (true, true) => Some(Case::Mixed),
    };
    Some(UuidShape { dashes, enclosure, case })
}

/// Returns whether a text is the nil uuid.
pub(crate) fn is_nil_uuid(text: &str) -> bool {
    let digits =
        text.get(..9).filter(|prefix| prefix.eq_ignore_ascii_case("urn:uuid:")).map_or(text, |_| &text[9..]);
    uuid(text).is_some() && digits.bytes().all(|b| !b.is_ascii_hexdigit() || b == b'0')
}

/// How a date-time is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct TimeShape {
    pub(crate) separator: u8,
    pub(crate) seconds: bool,
    pub(crate) fraction_mark: Option<u8>,
    pub(crate) fraction_digits: usize,
    pub(crate) zone: Zone,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Zone {
    None,
    Z,
    Colon,
    Compact,
    Hours,
}

/// Returns whether a text is the first instant of year 1, which .NET and Go write for "not set".
pub(crate) fn is_zero_time(text: &str) -> bool {
    date_time(text).is_some()
        && text.get(..10) == Some("0001-01-01")
        && text[10..].bytes().all(|b| !b.is_ascii_digit() || b == b'0')
}

/// Takes `count` digits of a value up to `most` off the front.
fn number(text: &str, count: usize, most: u32) -> Option<&str> {
    let digits = text.get(..count)?;
    let fits = digits.bytes().all(|b| b.is_ascii_digit()) && digits.parse::<u32>().ok()? <= most;
    fits.then(|| &text[count..])
}

/// Takes `YYYY-MM-DD` off the front.
pub(super) fn date(text: &str) -> Option<&str> {
    let rest = number(text, 4, 9999)?.strip_prefix('-')?;
    let month = rest.get(..2)?;
    let rest = number(rest, 2, 12)?.strip_prefix('-')?;
    let day = rest.get(..2)?;
    (month != "00" && day != "00").then_some(())?;
    number(rest, 2, 31)
}

pub(super) fn date_time(text: &str) -> Option<TimeShape> {
    let rest = date(text)?;
    let separator = *rest.as_bytes().first().filter(|b| matches!(b, b'T' | b't' | b' '))?;
    let rest = number(&rest[1..], 2, 24)?.strip_prefix(':')?;
    let mut rest = number(rest, 2, 59)?;
    let mut shape =
        TimeShape { separator, seconds: false, fraction_mark: None, fraction_digits: 0, zone: Zone::None };
    if let Some(seconds) = rest.strip_prefix(':') {
        rest = number(seconds, 2, 60)?;
        shape.seconds = true;
        if let Some(fraction) = rest.strip_prefix(['.', ',']) {
            shape.fraction_mark = rest.bytes().next();
            shape.fraction_digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
            rest = &fraction[shape.fraction_digits..];
            (shape.fraction_digits > 0).then_some(())?;
        }
    }
    shape.zone = match rest {
        "" => Zone::None,
        "Z" | "z" => Zone::Z,
        _ => {
            let offset = number(rest.strip_prefix(['+', '-'])?, 2, 23)?;
            match offset.strip_prefix(':') {
                Some(minutes) => {
                    number(minutes, 2, 59).filter(|rest| rest.is_empty()).map(|_| Zone::Colon)?
                }
                None if offset.is_empty() => Zone::Hours,
                None => number(offset, 2, 59).filter(|rest| rest.is_empty()).map(|_| Zone::Compact)?,
            }
        }
    };
    Some(shape)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_mean_nothing_are_recognised() {
        assert!(is_nil_uuid("00000000-0000-0000-0000-000000000000"));
        assert!(!is_nil_uuid("00000000-0000-0000-0000-000000000001"));
        assert!(is_zero_time("0001-01-01T00:00:00Z") && is_zero_time("0001-01-01T00:00:00.000Z"));
        assert!(!is_zero_time("0001-01-01T00:00:01Z"));
    }
}
