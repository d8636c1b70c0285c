//! How the API's models write numbers, days and points in time, and what a value is called.

use serde_json::Value;

/// `120.0` as `120`, as far as a float holds integers exactly.
pub(super) fn whole(number: &serde_json::Number) -> Option<String> {
    let value = number.as_f64().filter(|value| value.abs() < 9_007_199_254_740_992.0)?;
    Some(format!("{value:.0}"))
}

/// A value's JSON type, with its article.
pub(super) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// `yyyy-MM-ddTHH:mm:ss[.mmm]Z`, as the models' own descriptions write it.
pub(super) fn is_instant(text: &str) -> bool {
    let fraction = text.len() == 20 || (text.len() == 24 && text.as_bytes()[19] == b'.');
    fraction
        && text.as_bytes().get(10) == Some(&b'T')
        && text.ends_with('Z')
        && text.parse::<jiff::Timestamp>().is_ok()
}

/// `yyyy-MM-dd`.
pub(super) fn is_day(text: &str) -> bool {
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_in_time_have_three_fraction_digits_or_none_and_z() {
        for right in ["2026-11-20T08:30:15Z", "2026-11-20T08:30:15.123Z"] {
            assert!(is_instant(right), "{right}");
        }
        for wrong in [
            "2026-11-20T08:30:15.1Z",
            "2026-11-20 08:30:15Z",
            "2026-13-20T08:30:15Z",
            "2026-11-20T08:30:15+00:00",
        ] {
            assert!(!is_instant(wrong), "{wrong}");
        }
        assert!(is_day("2026-11-20") && !is_day("2026-02-30"));
    }

    #[test]
    fn a_fraction_of_nothing_is_written_without_it_as_far_as_that_is_exact() {
        let number = |text: &str| serde_json::from_str::<serde_json::Number>(text).unwrap();
        assert_eq!(whole(&number("120.0")).as_deref(), Some("120"));
        assert_eq!(whole(&number("1e300")), None);
    }
}
