//! Numbers, times and Base64, written straight into the buffer of a line.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::model::timestamp::Timestamp;

/// Appends a number.
#[inline]
pub(super) fn number(out: &mut Vec<u8>, number: u64) {
    if number < EIGHT {
        // Only the last of eight zeros is written.
        let digits = digits(number);
        let zeros = (digits | (1 << 56)).trailing_zeros() / 8;
        out.extend_from_slice(&((digits | ZEROS) >> (zeros * 8)).to_le_bytes());
        out.truncate(out.len() - zeros as usize);
    } else {
        large(out, number);
    }
}

/// Appends a number of more than eight digits.
#[cold]
fn large(out: &mut Vec<u8>, large: u64) {
    number(out, large / EIGHT);
    out.extend_from_slice(&(digits(large % EIGHT) | ZEROS).to_le_bytes());
}

/// What has more than eight digits.
const EIGHT: u64 = 100_000_000;

/// Makes eight digits of bytes from 0 to 9 into text.
const ZEROS: u64 = u64::from_le_bytes(*b"00000000");

/// Returns the eight digits of a number below `EIGHT`, a byte each, the first digit the lowest.
///
/// Halves all parts of the word at once: to two numbers of four digits, four of two, eight of one. Each quotient comes
/// from a multiplication with the reciprocal, exact for parts so small; the remainder moves to the part above.
fn digits(number: u64) -> u64 {
    let fours = (number / 10_000) | ((number % 10_000) << 32);
    let hundreds = ((fours * 10_486) >> 20) & 0x0000_007f_0000_007f;
    let twos = hundreds | ((fours - 100 * hundreds) << 16);
    let tens = ((twos * 103) >> 10) & 0x000f_000f_000f_000f;
    tens | ((twos - 10 * tens) << 8)
}

/// Appends bytes as a Base64 string.
pub(super) fn base64(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'"');
    let from = out.len();
    out.resize(from + bytes.len().div_ceil(3) * 4, 0);
    let written = STANDARD.encode_slice(bytes, &mut out[from..]).unwrap_or(0);
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
    let (seconds, micros) = (micros / 1_000_000, micros % 1_000_000);
    let date = text_of(year * 10_000 + month * 100 + day);
    let time = text_of(seconds / 3600 * 10_000 + seconds / 60 % 60 * 100 + seconds % 60);
    let micros = text_of(micros);
    let mut text = *b"\"0000-00-00T00:00:00.000000Z\"";
    text[1..5].copy_from_slice(&date[..4]);
    text[6..8].copy_from_slice(&date[4..6]);
    text[9..11].copy_from_slice(&date[6..]);
    text[12..14].copy_from_slice(&time[2..4]);
    text[15..17].copy_from_slice(&time[4..6]);
    text[18..20].copy_from_slice(&time[6..]);
    text[21..27].copy_from_slice(&micros[2..]);
    out.extend_from_slice(&text);
}

/// Returns the eight digits of a number below `EIGHT` as text.
fn text_of(number: i64) -> [u8; 8] {
    (digits(number as u64) | ZEROS).to_le_bytes()
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

        #[test]
        fn numbers_are_written_as_usual(number: u64, digits in 0..20_u32) {
            for number in [number, number % 10_u64.pow(digits), 10_u64.pow(digits), 10_u64.pow(digits) - 1] {
                let mut out = b"x".to_vec();
                super::number(&mut out, number);
                prop_assert_eq!(String::from_utf8(out).unwrap(), format!("x{number}"));
            }
        }
    }

    #[test]
    fn every_number_of_four_digits_is_written_right_in_either_half() {
        for number in 0..10_000 {
            for number in [number, number * 10_000 + 9_999, 99_990_000 + number] {
                let mut out = Vec::new();
                super::number(&mut out, number);
                assert_eq!(out, number.to_string().into_bytes());
            }
        }
    }
}
