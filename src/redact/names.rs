//! Which names of headers, parameters and members say that the value is a secret.

use crate::redact::kind::Kind;

/// Endings of a name, in lower case without `-` and `_`, and what stands under such a name.
const ENDINGS: &[(&str, Kind)] = &[
    ("token", Kind::Token),
    ("tokens", Kind::Token),
    ("jwt", Kind::Token),
    ("secret", Kind::Secret),
    ("secrets", Kind::Secret),
    ("codeverifier", Kind::Secret),
    ("password", Kind::Password),
    ("passwords", Kind::Password),
    ("passwd", Kind::Password),
    ("passphrase", Kind::Password),
    ("apikey", Kind::Key),
    ("accesskey", Kind::Key),
    ("secretkey", Kind::Key),
    ("privatekey", Kind::Key),
    ("sharedkey", Kind::Key),
    ("signingkey", Kind::Key),
    ("encryptionkey", Kind::Key),
    ("subscriptionkey", Kind::Key),
    ("functionskey", Kind::Key),
    ("authkey", Kind::Key),
    ("assertion", Kind::Assertion),
    ("samlresponse", Kind::Assertion),
    ("signature", Kind::Signature),
    ("authorization", Kind::Credentials),
    ("credential", Kind::Credentials),
    ("credentials", Kind::Credentials),
    ("devicecode", Kind::Code),
    ("authcode", Kind::Code),
    ("authorizationcode", Kind::Code),
    ("setcookie", Kind::Cookie),
    ("sessid", Kind::Cookie),
    ("jsessionid", Kind::Cookie),
];

/// Whole names too short to be looked for as endings.
const WHOLE: &[(&str, Kind)] = &[
    ("pwd", Kind::Password),
    ("pass", Kind::Password),
    ("bearer", Kind::Bearer),
    ("auth", Kind::Credentials),
    ("cookie", Kind::Cookie),
    ("sig", Kind::Signature),
];

/// Endings that look like a secret's and are not: cursors of a paged list, counters of a language model.
const HARMLESS: &[&str] = &[
    "pagetoken",
    "nexttoken",
    "previoustoken",
    "continuationtoken",
    "pagingtoken",
    "cursortoken",
    "synctoken",
    "maxtokens",
    "totaltokens",
];

/// Endings that make the value of a header, though not of a member, a secret.
const HEADER_ENDINGS: &[(&str, Kind)] = &[
    ("key", Kind::Key),
    ("auth", Kind::Credentials),
    ("session", Kind::Token),
    ("sessionid", Kind::Token),
    ("cookie2", Kind::Cookie),
    ("authenticationinfo", Kind::Digest),
];

/// Headers that end like a secret's and are not.
const HARMLESS_HEADERS: &[&str] = &[
    "secwebsocketkey",
    "idempotencykey",
    "xidempotencykey",
    "surrogatekey",
    "cachekey",
    "xcachekey",
    "partitionkey",
    "routingkey",
];

/// Returns what stands under a parameter, form field or member of this name, `None` if no secret.
///
/// Case, `-` and `_` do not matter, percent-encoding neither: `X-Access-Token` is `access_token` is `accessToken`.
pub(crate) fn of_member(name: &[u8]) -> Option<Kind> {
    let mut buffer = [0; WIDTH];
    let name = plain(name, &mut buffer);
    if HARMLESS.iter().any(|ending| name.ends_with(ending.as_bytes())) {
        return None;
    }
    ending(ENDINGS, name)
        .or_else(|| WHOLE.iter().find(|(whole, _)| whole.as_bytes() == name).map(|(_, kind)| *kind))
}

/// Returns what stands in a header of this name, `None` if no secret.
pub(crate) fn of_header(name: &[u8]) -> Option<Kind> {
    // The last letters of all endings above: most other headers are dismissed by one comparison.
    if !b"deghlnorsty2".contains(&name.last()?.to_ascii_lowercase()) {
        return None;
    }
    let mut buffer = [0; WIDTH];
    let short = plain(name, &mut buffer);
    if HARMLESS_HEADERS.iter().any(|harmless| harmless.as_bytes() == short) {
        return None;
    }
    of_member(name).or_else(|| ending(HEADER_ENDINGS, short))
}

fn ending(list: &[(&str, Kind)], name: &[u8]) -> Option<Kind> {
    list.iter().find(|(ending, _)| name.ends_with(ending.as_bytes())).map(|(_, kind)| *kind)
}

/// Names are compared by their last octets: no secret's name needs more.
const WIDTH: usize = 48;

/// Writes the name in lower case, percent-decoded, without anything but letters and digits.
fn plain<'a>(name: &[u8], buffer: &'a mut [u8; WIDTH]) -> &'a [u8] {
    let mut length = 0;
    // Three octets of an encoded name make one, so look at more than WIDTH of them.
    let mut rest = &name[name.len().saturating_sub(WIDTH)..];
    while let [first, tail @ ..] = rest {
        let mut octet = *first;
        rest = tail;
        if octet == b'%'
            && let [high, low, tail @ ..] = rest
            && let (Some(high), Some(low)) = (hex(*high), hex(*low))
        {
            octet = high << 4 | low;
            rest = tail;
        }
        if octet.is_ascii_alphanumeric() && length < WIDTH {
            buffer[length] = octet.to_ascii_lowercase();
            length += 1;
        }
    }
    &buffer[..length]
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spelling_of_a_name_does_not_matter() {
        for name in ["access_token", "accessToken", "ACCESS-TOKEN", "access%5Ftoken", "oauth.access_token"] {
            assert_eq!(of_member(name.as_bytes()), Some(Kind::Token), "{name}");
        }
        assert_eq!(of_member(b"client_secret"), Some(Kind::Secret));
        assert_eq!(of_header(b"X-API-Key"), Some(Kind::Key));
        assert_eq!(of_header(b"X-Custom-Key"), Some(Kind::Key));
    }

    #[test]
    fn harmless_names_stay() {
        for name in
            ["code", "codeId", "id", "key", "token_type", "nextPageToken", "sessionId", "author", "passed"]
        {
            assert_eq!(of_member(name.as_bytes()), None, "{name}");
        }
        for name in ["Sec-WebSocket-Key", "Host", "ININ-Correlation-Id", "Content-Type", "WWW-Authenticate"] {
            assert_eq!(of_header(name.as_bytes()), None, "{name}");
        }
    }
}
