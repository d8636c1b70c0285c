//! Tokens in URLs that no name gives away: in a path, behind a step such as `reset`, and in the queries of
//! redirects.

use crate::redact::hit::Hit;
use crate::redact::kind::SecretKind;
use crate::redact::names;
use crate::redact::notation::PlainText;
use crate::redact::token_shape::{is_random, is_token};

/// Bytes of a token behind a step that announces one.
const SHORTEST: usize = 16;

/// Steps of a path behind which a token comes.
const STEPS: &[&[u8]] = &[
    b"reset",
    b"invite",
    b"invites",
    b"invitation",
    b"invitations",
    b"activate",
    b"activation",
    b"verify",
    b"confirm",
    b"unsubscribe",
    b"magic",
    b"magic-link",
    b"session",
    b"sessions",
    b"ticket",
    b"hook",
    b"hooks",
    b"webhook",
    b"webhooks",
    b"share",
    b"shared",
];

/// Parameters of a redirect whose value is a secret, besides those whose names end like a secret's.
const PARAMETERS: &[&[u8]] = &[
    b"code",
    b"ticket",
    b"sid",
    b"session",
    b"sessionid",
    b"session_id",
    b"key",
    b"otp",
    b"hash",
    b"invite",
    b"state",
    b"samlart",
    b"magic",
    b"t",
    b"k",
];

/// Returns whether a header holds a URL that its receiver goes to, or came from.
pub(crate) fn is_location(name: &[u8]) -> bool {
    [&b"location"[..], b"content-location", b"referer", b"refresh", b"link"]
        .iter()
        .any(|location| name.eq_ignore_ascii_case(location))
}

/// Adds the tokens in the path and the query of a URL.
pub(crate) fn scan(text: &[u8], hits: &mut Vec<Hit>) {
    scan_path(text, hits);
    let Some(query) = text.iter().position(|byte| matches!(byte, b'?' | b'#')) else { return };
    let plain = PlainText::new(&text[query..]);
    each_piece(plain.bytes(), b"?#&;", &mut |start, end| {
        let piece = &plain.bytes()[start..end];
        let Some(equals) = piece.iter().position(|byte| *byte == b'=') else { return };
        let (name, value) = (piece[..equals].to_ascii_lowercase(), &piece[equals + 1..]);
        let least = if PARAMETERS.contains(&&*name) { 8 } else { SHORTEST };
        if is_random(value) || (PARAMETERS.contains(&&*name) && is_token(value, least)) {
            let (start, end) = plain.written(start + equals + 1, end);
            hits.push(Hit::unnamed(query + start, query + end, SecretKind::Token));
        }
    });
}

/// Adds the tokens in the path of a target or URL.
pub(crate) fn scan_path(text: &[u8], hits: &mut Vec<Hit>) {
    let end = text.iter().position(|byte| matches!(byte, b'?' | b'#')).unwrap_or(text.len());
    // Nearly every path: no step is long enough.
    if !text[..end].split(|byte| *byte == b'/').any(|step| is_token(step, SHORTEST)) {
        return;
    }
    let mut is_announced = false;
    each_piece(&text[..end], b"/ ", &mut |start, end| {
        let step = &text[start..end];
        if (is_announced && is_token(step, SHORTEST)) || is_random(step) {
            hits.push(Hit::unnamed(start, end, SecretKind::Token));
        }
        is_announced = STEPS.contains(&&*step.to_ascii_lowercase()) || names::is_token_step(step);
    });
}

/// Calls `see` with the range of each piece between separators.
fn each_piece(text: &[u8], separators: &[u8], see: &mut dyn FnMut(usize, usize)) {
    let mut at = 0;
    for piece in text.split(|byte| separators.contains(byte)) {
        see(at, at + piece.len());
        at += piece.len() + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(scan: fn(&[u8], &mut Vec<Hit>), text: &str) -> Vec<String> {
        let mut hits = Vec::new();
        scan(text.as_bytes(), &mut hits);
        hits.iter().map(|hit| text[hit.start..hit.end].to_owned()).collect()
    }

    #[test]
    fn a_token_in_a_path_is_known_by_its_step_or_its_look() {
        assert_eq!(masked(scan_path, "/reset/0123456789abcdef/now"), ["0123456789abcdef"]);
        assert_eq!(masked(scan_path, "/api/tokens/a1b2c3d4e5f6a7b8?x=1"), ["a1b2c3d4e5f6a7b8"]);
        assert_eq!(
            masked(scan_path, "/services/T0/B0/aB3dE5fG7hI9jK1lM3nO5pQ7"),
            ["aB3dE5fG7hI9jK1lM3nO5pQ7"]
        );
        for path in [
            "/api/v2/tokens/3b1f0c52-9d44-4c1e-8f7a-0123456789ab",
            "/api/v2/authorization/roles/employee-of-the-month-2026",
            "/api/v2/conversations/calls/0123456789abcdef0123456789abcdef/participants/1",
            "/files/Conversations-2024-Report-Monthly-Export-EU1.csv",
        ] {
            assert!(masked(scan_path, path).is_empty(), "{path}");
        }
    }

    #[test]
    fn the_query_of_a_redirect_shows_no_ticket() {
        assert_eq!(masked(scan, "https://a/cb?lang=de&ticket=ST-12-abcdefgh&page=2"), ["ST-12-abcdefgh"]);
        assert!(masked(scan, "https://a/api/v2/users?pageSize=25&sortOrder=ascending").is_empty());
    }
}
