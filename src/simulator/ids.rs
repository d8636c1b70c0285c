//! PathIds and dates: the shape of a uuid, uuids made of a number, instants as the API writes them.

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Millis = u64;

/// Returns the uuid in lower case, if the text has the form 8-4-4-4-12 of hexadecimal digits.
pub(crate) fn uuid(text: &str) -> Option<String> {
    let hyphens = [8, 13, 18, 23];
    let fits = text.len() == 36
        && text
            .bytes()
            .enumerate()
            .all(|(at, b)| if hyphens.contains(&at) { b == b'-' } else { b.is_ascii_hexdigit() });
    fits.then(|| text.to_ascii_lowercase())
}

/// Returns a number that depends on every byte (FNV-1a, then mixed): for ids only, not for secrets.
pub(crate) fn digest(parts: &[&[u8]]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for part in parts {
        for byte in part.iter().chain(&[0xff]) {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    mix(hash)
}

/// Returns a uuid of version 4's shape made of two numbers; equal numbers, equal uuids.
pub(crate) fn uuid_of(seed: u64, number: u64) -> String {
    let high = mix(seed ^ mix(number));
    let low = mix(high ^ 0x9e37_79b9_7f4a_7c15);
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        0x8000 | ((low >> 48) & 0x3fff),
        low & 0xffff_ffff_ffff
    )
}

/// Writes an instant as the API does: UTC, three fraction digits, `Z`.
pub(crate) fn iso(at: Millis) -> String {
    let instant = i64::try_from(at).ok().and_then(|at| jiff::Timestamp::from_millisecond(at).ok());
    instant.map_or_else(|| format!("{at} ms"), |instant| format!("{instant:.3}"))
}

/// Returns whether a text is a date as the models document it: `yyyy-MM-ddTHH:mm:ss[.mmm]Z`.
pub(crate) fn is_iso(text: &str) -> bool {
    let fraction = text.len().checked_sub(20);
    let shaped = text.ends_with('Z')
        && text.as_bytes().get(10) == Some(&b'T')
        && match fraction {
            Some(0) => true,
            Some(4) => text.as_bytes()[19] == b'.',
            _ => false,
        };
    shaped && text.parse::<jiff::Timestamp>().is_ok()
}

/// Finalises a hash (splitmix64), so that near numbers give far ones.
fn mix(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use super::{is_iso, iso, uuid, uuid_of};

    #[test]
    fn only_the_documented_date_form_passes() {
        for text in ["2026-11-20T08:30:15Z", "2026-11-20T08:30:15.123Z", &iso(1_795_000_000_123)] {
            assert!(is_iso(text), "{text}");
        }
        for text in [
            "",
            "2026-11-20",
            "2026-11-20T08:30:15",
            "2026-11-20T08:30:15+00:00",
            "2026-11-20T08:30:15.123456Z",
            "2026-13-20T08:30:15Z",
            "2026-11-20 08:30:15Z",
            "ü026-11-20T08:30:1Z",
        ] {
            assert!(!is_iso(text), "{text}");
        }
    }

    #[test]
    fn made_uuids_have_the_shape_and_differ() {
        let made = uuid_of(1, 2);
        assert_eq!(uuid(&made).as_deref(), Some(made.as_str()));
        assert_ne!(made, uuid_of(1, 3));
        assert_eq!(made, uuid_of(1, 2));
    }

    #[test]
    fn other_shapes_are_no_uuids() {
        for text in ["", "7fb334b00e9e11e491910800200c9a66", "7fb334b0-0e9e-11e4-9191-0800200c9a6g"] {
            assert_eq!(uuid(text), None, "{text}");
        }
    }
}
