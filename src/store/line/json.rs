//! JSON text written straight into one buffer.

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

/// Appends a string with its quotes.
pub(super) fn string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    escaped(out, text.as_bytes());
    out.push(b'"');
}

/// Appends octets as a string if they are ASCII and need no escape, which nearly all from a head are: one look tells
/// both. Returns false, and appends nothing, if they are anything else.
pub(super) fn plain(out: &mut Vec<u8>, octets: &[u8]) -> bool {
    let (eights, rest) = octets.as_chunks::<8>();
    let mut odd = 0;
    for eight in eights {
        let word = u64::from_le_bytes(*eight);
        odd |= odd_octets(word) | (word & HIGH);
    }
    let plain = odd == 0 && rest.iter().all(|octet| octet.is_ascii() && SHORT[usize::from(*octet)] == 0);
    if plain {
        out.reserve(octets.len() + 2);
        out.push(b'"');
        out.extend_from_slice(octets);
        out.push(b'"');
    }
    plain
}

/// Appends octets as a string of U+0000 to U+00FF, one a character.
pub(super) fn latin1(out: &mut Vec<u8>, octets: &[u8]) {
    out.push(b'"');
    for octet in octets {
        let mut buffer = [0; 4];
        escaped(out, char::from(*octet).encode_utf8(&mut buffer).as_bytes());
    }
    out.push(b'"');
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

/// Copies runs of what needs no escape, looking at eight octets at a time.
fn escaped(out: &mut Vec<u8>, text: &[u8]) {
    out.reserve(text.len() + text.len() / 8);
    let (eights, rest) = text.as_chunks::<8>();
    let mut done = 0;
    for (at, eight) in (0..).step_by(8).zip(eights) {
        let mut odd = odd_octets(u64::from_le_bytes(*eight));
        while odd != 0 {
            let here = at + odd.trailing_zeros() as usize / 8;
            out.extend_from_slice(&text[done..here]);
            escape(out, text[here]);
            done = here + 1;
            odd &= odd - 1;
        }
    }
    for here in text.len() - rest.len()..text.len() {
        if SHORT[usize::from(text[here])] != 0 {
            out.extend_from_slice(&text[done..here]);
            escape(out, text[here]);
            done = here + 1;
        }
    }
    out.extend_from_slice(&text[done..]);
}

/// Appends an octet that cannot stand as it is.
fn escape(out: &mut Vec<u8>, octet: u8) {
    match SHORT[usize::from(octet)] {
        b'u' => {
            const HEX: &[u8; 16] = b"0123456789abcdef";
            out.extend_from_slice(b"\\u00");
            out.push(HEX[usize::from(octet >> 4)]);
            out.push(HEX[usize::from(octet & 15)]);
        }
        letter => out.extend_from_slice(&[b'\\', letter]),
    }
}

/// Every lowest and every highest bit of eight octets.
const ONES: u64 = u64::MAX / 255;
const HIGH: u64 = ONES << 7;

/// Returns a word with the highest bit set of each octet that cannot stand as it is.
fn odd_octets(word: u64) -> u64 {
    // exact for every octet: adding 0x7f to seven bits carries into the eighth unless they are 0, and never beyond
    let zero = |word: u64| !(((word & !HIGH) + !HIGH) | word) & HIGH;
    let equal = |octet: u8| zero(word ^ (ONES * u64::from(octet)));
    zero(word & (ONES * 0xe0)) | equal(b'"') | equal(b'\\') | equal(0x7f)
}

/// What stands behind the backslash of an octet that needs one, 0 for those that stand as they are: all but control
/// characters (DEL too, for terminals), `"` and `\`.
const SHORT: [u8; 256] = {
    let mut short = [0; 256];
    let mut octet = 0;
    while octet < 32 {
        short[octet] = b'u';
        octet += 1;
    }
    short[127] = b'u';
    short[b'"' as usize] = b'"';
    short[b'\\' as usize] = b'\\';
    short[b'\n' as usize] = b'n';
    short[b'\r' as usize] = b'r';
    short[b'\t' as usize] = b't';
    short
};

/// Appends a point in time as RFC 3339 in UTC with six fraction digits, with its quotes.
pub(super) fn timestamp(out: &mut Vec<u8>, time: Timestamp) {
    let (day, micros) = (time.0.div_euclid(86_400_000_000), time.0.rem_euclid(86_400_000_000));
    let (year, month, day) = civil(day);
    if !(0..=9999).contains(&year) {
        return string(out, &time.to_string());
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

        #[test]
        fn what_is_plain_is_written_as_any_string(octets in proptest::collection::vec(any::<u8>(), 0..30), text in "[ -~]{0,30}") {
            for octets in [octets, text.into_bytes()] {
                let (mut quick, mut slow) = (Vec::new(), Vec::new());
                let odd = |octet: &u8| !(0x20..0x7f).contains(octet) || matches!(octet, b'"' | b'\\');
                prop_assert_eq!(plain(&mut quick, &octets), !octets.iter().any(odd));
                if !quick.is_empty() {
                    string(&mut slow, std::str::from_utf8(&octets).unwrap());
                    prop_assert_eq!(quick, slow);
                }
            }
        }

        #[test]
        fn strings_are_escaped_as_json_has_them(text in "[ -\"\\\\a-z\\x00-\\x1f\\x7f\u{80}ü€]{0,40}") {
            let mut out = Vec::new();
            string(&mut out, &text);
            prop_assert_eq!(serde_json::from_slice::<String>(&out).unwrap(), text);
            prop_assert!(!out.contains(&0x7f) && out.iter().all(|octet| *octet >= 0x20));
        }
    }
}
