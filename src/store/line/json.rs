//! Numbers, times and Base64, written straight into the buffer of a line.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::model::timestamp::Timestamp;

/// Appends a number.
pub(super) fn number(out: &mut Vec<u8>, mut number: u64) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

/// Appends octets as a Base64 string.
pub(super) fn base64(out: &mut Vec<u8>, octets: &[u8]) {
    out.push(b'"');
    let from = out.len();
    out.resize(from + octets.len().div_ceil(3) * 4, 0);
    let written = STANDARD.encode_slice(octets, &mut out[from..]).unwrap_or(0);
    out.truncate(from + written);
    out.push(b'"');
}

/// Appends a point in time as RFC 3339 in UTC with six fraction digits, with its quotes.
pub(super) fn timestamp(out: &mut Vec<u8>, time: Timestamp) {
    let (day, micros) = (time.0.div_euclid(86_400_000_000), time.0.rem_euclid(86_400_000_000));
    let (year, month, day) = civil(day);
    if !(0..=9999).contains(&year) {
        out.push(b'"');
        out.extend_from_slice(time.to_string().as_bytes());
        return out.push(b'"');
    }
    let seconds = micros / 1_000_000;
    let mut text = *b"\"0000-00-00T00:00:00.000000Z\"";
    for (value, place) in [
        (year, 1..5),
        (month, 6..8),
        (day, 9..11),
        (seconds / 3600, 12..14),
        (seconds / 60 % 60, 15..17),
        (seconds % 60, 18..20),
        (micros % 1_000_000, 21..27),
    ] {
        // 32 bits, because they are divided in a fraction of the time
        let mut value = value as u32;
        for digit in text[place].iter_mut().rev() {
            *digit = b'0' + (value % 10) as u8;
            value /= 10;
        }
    }
    out.extend_from_slice(&text);
}

/// Returns year, month and day of a day counted from 1970-01-01, in the Gregorian calendar.
///
/// Counts in eras of 400 years that begin in March, so that the leap day is the last of its year.
fn civil(day: i64) -> (i64, i64, i64) {
    let day = day + 719_468;
    let (era, day) = (day.div_euclid(146_097), day.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, later) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (era * 400 + year + later, month, day)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]
        #[test]
        fn times_are_written_as_the_calendar_has_them(micros in -62_000_000_000_000_000..250_000_000_000_000_000_i64) {
            let mut out = Vec::new();
            timestamp(&mut out, Timestamp(micros));
            prop_assert_eq!(String::from_utf8(out).unwrap(), format!("\"{}\"", Timestamp(micros)));
        }
    }
}
