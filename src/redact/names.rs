//! The names of headers, parameters and members whose value is a secret.

use crate::redact::kind::SecretKind;
use crate::redact::notation;

/// Endings of a name, in lower case without `-` and `_`, and the kind of the value.
const ENDINGS: &[(&str, SecretKind)] = &[
    ("token", SecretKind::Token),
    ("tokens", SecretKind::Token),
    ("jwt", SecretKind::Token),
    ("secret", SecretKind::Secret),
    ("secrets", SecretKind::Secret),
    ("codeverifier", SecretKind::Secret),
    ("password", SecretKind::Password),
    ("passwords", SecretKind::Password),
    ("passwd", SecretKind::Password),
    ("passphrase", SecretKind::Password),
    ("passcode", SecretKind::Password),
    ("passwordhash", SecretKind::Password),
    ("passwordvalue", SecretKind::Password),
    ("tokenvalue", SecretKind::Token),
    ("secretvalue", SecretKind::Secret),
    ("secretstring", SecretKind::Secret),
    ("apikey", SecretKind::Key),
    ("accesskey", SecretKind::Key),
    ("secretkey", SecretKind::Key),
    ("sessionkey", SecretKind::Key),
    ("accountkey", SecretKind::Key),
    ("masterkey", SecretKind::Key),
    ("privatekey", SecretKind::Key),
    ("sharedkey", SecretKind::Key),
    ("signingkey", SecretKind::Key),
    ("encryptionkey", SecretKind::Key),
    ("subscriptionkey", SecretKind::Key),
    ("functionskey", SecretKind::Key),
    ("authkey", SecretKind::Key),
    ("assertion", SecretKind::Assertion),
    ("samlresponse", SecretKind::Assertion),
    ("signature", SecretKind::Signature),
    ("authorization", SecretKind::Credentials),
    ("credential", SecretKind::Credentials),
    ("credentials", SecretKind::Credentials),
    ("devicecode", SecretKind::Code),
    ("authcode", SecretKind::Code),
    ("authorizationcode", SecretKind::Code),
    ("setcookie", SecretKind::Cookie),
    ("sessid", SecretKind::Cookie),
    ("jsessionid", SecretKind::Cookie),
];

/// Whole names too short to be looked for as endings.
const WHOLE: &[(&str, SecretKind)] = &[
    ("pwd", SecretKind::Password),
    ("pass", SecretKind::Password),
    ("bearer", SecretKind::Bearer),
    ("auth", SecretKind::Credentials),
    ("cookie", SecretKind::Cookie),
    ("sig", SecretKind::Signature),
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
const HEADER_ENDINGS: &[(&str, SecretKind)] = &[
    ("key", SecretKind::Key),
    ("auth", SecretKind::Credentials),
    ("session", SecretKind::Token),
    ("sessionid", SecretKind::Token),
    ("cookie2", SecretKind::Cookie),
    ("authenticationinfo", SecretKind::Digest),
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

/// The last three letters of the endings of a list: nearly every name is rejected by one comparison with all
/// of them.
const fn tails<const N: usize>(endings: &[(&str, SecretKind)]) -> [u32; N] {
    let mut tails = [0; N];
    let mut at = 0;
    while at < N {
        let bytes = endings[at].0.as_bytes();
        let end = bytes.len();
        tails[at] = u32::from_be_bytes([0, bytes[end - 3], bytes[end - 2], bytes[end - 1]]);
        at += 1;
    }
    tails
}

const ENDING_TAILS: [u32; ENDINGS.len()] = tails(ENDINGS);
const WHOLE_TAILS: [u32; WHOLE.len()] = tails(WHOLE);
const HEADER_TAILS: [u32; HEADER_ENDINGS.len()] = tails(HEADER_ENDINGS);

/// One bit for the hash of each tail: of other names one in ten passes by chance.
static ANY_TAIL: [u64; 8] = {
    let mut bits = [0; 8];
    let lists: [&[u32]; 3] = [&ENDING_TAILS, &WHOLE_TAILS, &HEADER_TAILS];
    let mut list = 0;
    while list < lists.len() {
        let mut at = 0;
        while at < lists[list].len() {
            let hash = hash(lists[list][at]);
            bits[hash / 64] |= 1 << (hash % 64);
            at += 1;
        }
        list += 1;
    }
    bits
};

/// Returns nine bits of a tail.
const fn hash(tail: u32) -> usize {
    (tail.wrapping_mul(0x9e37_79b1) >> 23) as usize
}

/// Returns the last three letters or digits of a name in lower case; 0, which no ending has, for fewer.
fn tail(name: &[u8]) -> u32 {
    if let Some(three) = name.last_chunk::<3>()
        && three.iter().all(u8::is_ascii_alphanumeric)
    {
        // the bit that makes a letter small is set in every digit
        return three.iter().fold(0, |tail, byte| tail << 8 | u32::from(byte | 0x20));
    }
    let (mut tail, mut letters) = (0, 0);
    for byte in name.iter().rev().filter(|byte| byte.is_ascii_alphanumeric()) {
        tail |= u32::from(byte.to_ascii_lowercase()) << (8 * letters);
        letters += 1;
        if letters == 3 {
            return tail;
        }
    }
    0
}

/// Returns whether the value of a header of this name may be a secret. `classify_header` sorts out the rare
/// name that only looks like it.
fn may_be_secret_header(name: &[u8]) -> bool {
    let hash = hash(tail(name));
    ANY_TAIL[hash / 64] & (1 << (hash % 64)) != 0 || memchr::memchr(b'%', name).is_some()
}

/// Returns the kind of the value of a parameter, form field or member of this name, `None` if it is no
/// secret.
///
/// Case, `-` and `_` do not matter, percent-encoding neither: `X-Access-Token` is `access_token` is
/// `accessToken`.
pub(crate) fn classify_member(name: &[u8]) -> Option<SecretKind> {
    let decoded = if name.contains(&b'%') { notation::decode(name) } else { None };
    let name = decoded.as_deref().unwrap_or(name);
    let kind = first(ENDINGS, &ENDING_TAILS, name, |_| true)
        .or_else(|| first(WHOLE, &WHOLE_TAILS, name, no_letter))?;
    let harmless = HARMLESS.iter().any(|ending| rest(name, ending).is_some());
    (!harmless).then_some(kind)
}

/// Returns whether a word such as `bearer` or `access_token` says that a token follows.
pub(crate) fn is_announced_token(word: &[u8]) -> bool {
    let ends =
        |word: &[u8]| classify_member(word).is_some() || HEADER_WORDS.contains(&&*word.to_ascii_lowercase());
    ends(word) || word.split(|byte| matches!(byte, b'.' | b'-' | b'_')).any(ends)
}

/// Returns whether a step of a path says that the next one is a token, as `tokens` and `reset-password` do.
pub(crate) fn is_token_step(step: &[u8]) -> bool {
    classify_member(step).is_some_and(|kind| kind != SecretKind::Credentials)
}

/// Words that announce a token among others.
const HEADER_WORDS: [&[u8]; 3] = [b"basic", b"key", b"authorization"];

/// Returns the kind of the value of a header of this name, `None` if it is no secret.
pub(crate) fn classify_header(name: &[u8]) -> Option<SecretKind> {
    if !may_be_secret_header(name) {
        return None;
    }
    // nearly every request has it
    if name.eq_ignore_ascii_case(b"authorization") {
        return Some(SecretKind::Credentials);
    }
    let kind = classify_member(name).or_else(|| first(HEADER_ENDINGS, &HEADER_TAILS, name, |_| true))?;
    let harmless = HARMLESS_HEADERS.iter().any(|whole| rest(name, whole).is_some_and(no_letter));
    (!harmless).then_some(kind)
}

/// Returns the first kind of a list whose ending the name has, behind something that fits.
fn first(
    list: &[(&str, SecretKind)],
    tails: &[u32],
    name: &[u8],
    fits: fn(&[u8]) -> bool,
) -> Option<SecretKind> {
    let wanted = tail(name);
    let mut alike = list.iter().zip(tails).filter(|(_, tail)| **tail == wanted);
    alike.find(|((ending, _), _)| rest(name, ending).is_some_and(fits)).map(|((_, kind), _)| *kind)
}

/// Returns what precedes `ending`, compared from the last letter on, so that nearly every name is rejected by
/// its first comparison. Anything but letters and digits is passed over in the name.
fn rest<'a>(name: &'a [u8], ending: &str) -> Option<&'a [u8]> {
    let mut name = name;
    for wanted in ending.bytes().rev() {
        loop {
            let (last, before) = name.split_last()?;
            name = before;
            if last.is_ascii_alphanumeric() {
                if last.to_ascii_lowercase() != wanted {
                    return None;
                }
                break;
            }
        }
    }
    Some(name)
}

fn no_letter(rest: &[u8]) -> bool {
    !rest.iter().any(u8::is_ascii_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spelling_of_a_name_does_not_matter() {
        for name in ["access_token", "accessToken", "ACCESS-TOKEN", "access%5Ftoken", "oauth.access_token"] {
            assert_eq!(classify_member(name.as_bytes()), Some(SecretKind::Token), "{name}");
        }
        assert_eq!(classify_member(b"client_secret"), Some(SecretKind::Secret));
        assert_eq!(classify_header(b"X-API-Key"), Some(SecretKind::Key));
        assert_eq!(classify_header(b"X-Custom-Key"), Some(SecretKind::Key));
    }

    #[test]
    fn no_ending_is_rejected_by_its_tail() {
        for (ending, _) in [ENDINGS, WHOLE, HEADER_ENDINGS].concat() {
            let spelled: String =
                ending.chars().flat_map(|letter| [letter.to_ascii_uppercase(), '-']).collect();
            for name in [ending.to_owned(), format!("X-{ending}"), spelled] {
                assert!(may_be_secret_header(name.as_bytes()), "{name}");
            }
        }
        assert!(may_be_secret_header(b"access_toke%6E") && may_be_secret_header(b"access_toke%6E--"));
        for name in ["Host", "Date", "User-Agent", "Content-Type", "Content-Length", "Server", "X", "", "--"]
        {
            assert!(!may_be_secret_header(name.as_bytes()), "{name}");
        }
    }

    #[test]
    fn harmless_names_stay() {
        for name in
            ["code", "codeId", "id", "key", "token_type", "nextPageToken", "sessionId", "author", "passed"]
        {
            assert_eq!(classify_member(name.as_bytes()), None, "{name}");
        }
        for name in ["Sec-WebSocket-Key", "Host", "ININ-Correlation-Id", "Content-Type", "WWW-Authenticate"] {
            assert_eq!(classify_header(name.as_bytes()), None, "{name}");
        }
    }
}
