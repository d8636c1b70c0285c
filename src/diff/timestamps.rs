//! One instant in two notations: ISO 8601 beside an epoch number or another way to write a date-time.

use crate::diff::formats::Format;
use crate::diff::indexed::IndexedBody;
use crate::json::document::{Kind, NodeId};
use crate::json::number::Number;

/// Returns whether one value is an ISO 8601 date-time and the other an epoch number (as text too) or a
/// date-time in another notation.
pub(crate) fn is_other_notation(good: &IndexedBody, g: NodeId, candidate: &IndexedBody, c: NodeId) -> bool {
    let (is_iso_g, is_iso_c) = (is_iso(good, g), is_iso(candidate, c));
    match (is_iso_g, is_iso_c) {
        (true, false) => is_elsewise(candidate, c),
        (false, true) => is_elsewise(good, g),
        _ => false,
    }
}

fn is_iso(side: &IndexedBody, id: NodeId) -> bool {
    side.kind(id) == Kind::String
        && Format::detect(side.doc.string(id)).is_some_and(|format| format.is_date_time())
}

fn is_elsewise(side: &IndexedBody, id: NodeId) -> bool {
    match side.kind(id) {
        Kind::Number => is_epoch(&side.number(id)),
        Kind::String => {
            let text = side.doc.string(id);
            let digits = text.bytes().all(|b| b.is_ascii_digit() || b == b'.') && !text.is_empty();
            (digits && is_epoch(&Number::parse(text))) || is_other_text(text)
        }
        _ => false,
    }
}

/// Seconds, milliseconds, microseconds or nanoseconds since 1970, between 2001 and 2286.
pub(crate) fn is_epoch(number: &Number) -> bool {
    !number.is_negative() && matches!(number.whole_digits(), 10 | 13 | 16 | 19)
}

/// RFC 1123 and its relatives, `/Date(…)/`, basic ISO 8601, and day-month-year with a time.
fn is_other_text(text: &str) -> bool {
    is_date_call(text) || is_basic(text) || is_spelled_out(text)
}

/// `/Date(1715679067482)/` and `/Date(1715679067482+0200)/`
fn is_date_call(text: &str) -> bool {
    let inner = text.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/"));
    let inner = inner.or_else(|| text.strip_prefix("Date(").and_then(|rest| rest.strip_suffix(')')));
    inner.is_some_and(|inner| {
        let digits = inner.trim_start_matches('-');
        !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-'))
    })
}

/// `20240514T093107Z`
fn is_basic(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 13
        && bytes[..8].iter().all(u8::is_ascii_digit)
        && bytes[8] == b'T'
        && bytes[9..13].iter().all(u8::is_ascii_digit)
        && bytes[13..].iter().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'Z' | b'+' | b'-' | b':'))
}

/// A clock time, and a month by name or a date in figures.
fn is_spelled_out(text: &str) -> bool {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    if text.len() > 80 || !has_clock(text) {
        return false;
    }
    let parts = text.split([' ', ',', 'T', '-']).filter(|part| !part.is_empty());
    let lower: Vec<String> = parts.map(str::to_ascii_lowercase).collect();
    let month = lower.iter().any(|part| MONTHS.iter().any(|month| part.starts_with(month)));
    let figures = lower.iter().any(|part| {
        let fields: Vec<&str> = part.split(['/', '.']).collect();
        fields.len() == 3 && fields.iter().all(|f| !f.is_empty() && f.bytes().all(|b| b.is_ascii_digit()))
    });
    let year = text.split(|c: char| !c.is_ascii_digit()).any(|part| matches!(part.len(), 2 | 4));
    (month && year) || figures
}

/// `hh:mm` somewhere in the text.
fn has_clock(text: &str) -> bool {
    text.as_bytes()
        .windows(4)
        .any(|w| w[0].is_ascii_digit() && w[1] == b':' && w[2].is_ascii_digit() && w[3].is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_notations_are_known() {
        for text in [
            "Tue, 14 May 2024 09:31:07 GMT",
            "/Date(1715679067482)/",
            "/Date(1715679067482+0200)/",
            "20240514T093107Z",
            "05/14/2024 09:31:07",
            "14.05.2024 09:31",
            "May 14, 2024 9:31:07 AM",
        ] {
            assert!(is_other_text(text), "{text}");
        }
        for text in ["2024-05-14", "call me at 09:31", "May 2024", "Date(x)", "2024"] {
            assert!(!is_other_text(text), "{text}");
        }
    }

    #[test]
    fn epochs_have_ten_thirteen_sixteen_or_nineteen_digits() {
        for text in ["1715679067", "1715679067482", "1715679067.482", "1715679067482000"] {
            assert!(is_epoch(&Number::parse(text)), "{text}");
        }
        for text in ["0", "120000", "171567906748", "-1715679067"] {
            assert!(!is_epoch(&Number::parse(text)), "{text}");
        }
    }
}
