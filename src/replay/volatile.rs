//! What changes from one answer to the next although nothing changed: ids, times, masks.

use std::borrow::Cow;

use crate::interchange::masks::{self, FoundMask};
use crate::model::timestamp::Timestamp;

/// Members whose value belongs to the one answer, whatever its shape.
const MEMBERS: &[&str] = &["contextId", "correlationId", "requestId", "traceId"];

/// Returns whether a member's value belongs to one answer only.
pub fn is_member(key: &str) -> bool {
    MEMBERS.iter().any(|known| known.eq_ignore_ascii_case(key))
}

/// Returns a text with every uuid as `{id}`, every RFC 3339 time as `{time}` and every mask as `{secret}`.
pub fn folded(text: &str) -> Cow<'_, str> {
    fold(text, masks::find(text.as_bytes()), uuid)
}

/// Returns a text with every RFC 3339 time as `{time}`.
pub fn times_folded(text: &str) -> Cow<'_, str> {
    fold(text, Vec::new(), |_, _| None)
}

fn fold(text: &str, masks: Vec<FoundMask>, id: impl Fn(&[u8], usize) -> Option<usize>) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut out = String::new();
    let (mut at, mut done) = (0, 0);
    while at < bytes.len() {
        let found = if let Some(mask) = masks.iter().find(|mask| mask.start == at) {
            Some((mask.end - mask.start, "{secret}"))
        } else if starts_word(bytes, at) {
            id(bytes, at)
                .map(|length| (length, "{id}"))
                .or_else(|| time(text, at).map(|length| (length, "{time}")))
        } else {
            None
        };
        match found {
            Some((length, stand_in)) => {
                out.push_str(&text[done..at]);
                out.push_str(stand_in);
                at += length;
                done = at;
            }
            None => at += 1,
        }
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

fn starts_word(bytes: &[u8], at: usize) -> bool {
    at == 0 || !bytes[at - 1].is_ascii_alphanumeric()
}

/// The length of the uuid that begins here.
fn uuid(bytes: &[u8], at: usize) -> Option<usize> {
    const LENGTH: usize = 36;
    let text = bytes.get(at..at + LENGTH)?;
    let shaped = text.iter().enumerate().all(|(index, byte)| match index {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    });
    let ended = bytes.get(at + LENGTH).is_none_or(|byte| !byte.is_ascii_alphanumeric());
    (shaped && ended).then_some(LENGTH)
}

/// The length of the RFC 3339 time that begins here.
fn time(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let bytes = rest.as_bytes();
    let dated = bytes.len() >= 20
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && bytes[4] == b'-'
        && bytes[7] == b'-'
        && matches!(bytes[10], b'T' | b't' | b' ');
    if !dated {
        return None;
    }
    let length = bytes[11..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.' | b'+' | b'-' | b'Z' | b'z'))
        .count()
        + 11;
    Timestamp::parse(&rest[..length]).map(|_| length)
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn ids_times_and_masks_fold_wherever_they_stand() {
        assert_eq!(
            folded(
                "Conversation 7fb334b0-0e9e-11e4-9191-0800200c9a66 at 2026-11-20T08:30:15.123Z, redacted-token-0123456789ab"
            ),
            "Conversation {id} at {time}, {secret}"
        );
        assert_eq!(folded("2026-11-20T08:30:15+01:00"), "{time}");
    }

    #[test]
    fn what_only_looks_alike_stays() {
        for text in [
            "7fb334b0-0e9e-11e4-9191-0800200c9a6",
            "x7fb334b0-0e9e-11e4-9191-0800200c9a66",
            "2026-11-20",
            "ü",
        ] {
            assert_eq!(folded(text), text);
        }
    }
}
