//! Header fields that belong to one connection and do not travel further (RFC 9110, 7.6.1), removed in both
//! directions without disturbing the order of the others.

use http::header::{
    CONNECTION, CONTENT_LENGTH, HOST, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TE, TRANSFER_ENCODING, UPGRADE,
};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::model::exchange::Headers;
use crate::model::passage::{Change, Side};

const KEEP_ALIVE: HeaderName = HeaderName::from_static("keep-alive");
const PROXY_CONNECTION: HeaderName = HeaderName::from_static("proxy-connection");
const HTTP2_SETTINGS: HeaderName = HeaderName::from_static("http2-settings");

/// The fields that are always about one connection.
const OWN: [HeaderName; 8] = [
    CONNECTION,
    KEEP_ALIVE,
    PROXY_CONNECTION,
    TE,
    TRANSFER_ENCODING,
    UPGRADE,
    PROXY_AUTHORIZATION,
    PROXY_AUTHENTICATE,
];

/// Tells whether a field is one of these, without a look-up in the map for each.
fn is_own(name: &HeaderName) -> bool {
    OWN_LENGTHS & (1 << name.as_str().len().min(63)) != 0 && OWN.contains(name)
}

/// One bit for each length that one of these names has: most others have another.
const OWN_LENGTHS: u64 = 1 << 2 | 1 << 7 | 1 << 10 | 1 << 16 | 1 << 17 | 1 << 18 | 1 << 19;

/// What a `Connection` field must never remove: it would change what the message is.
const NEVER: [HeaderName; 3] = [CONTENT_LENGTH, TRANSFER_ENCODING, HOST];

/// Returns the protocol that a request or a 101 switches to, if it says so in the proper way.
///
/// HTTP/2 in clear is not one of them: it would run past the recorder.
pub(crate) fn upgrade(headers: &HeaderMap) -> Option<HeaderValue> {
    let protocol = headers.get(UPGRADE)?;
    let named = tokens(headers, &CONNECTION).any(|token| token.eq_ignore_ascii_case("upgrade"));
    let h2c = tokens(headers, &UPGRADE).any(|token| token.to_ascii_lowercase().starts_with("h2c"));
    (named && !h2c).then(|| protocol.clone())
}

/// Removes what belongs to the hop it came over, and says so in `changed`.
///
/// With Transfer-Encoding goes Content-Length: the first one decides about the framing, and hyper writes its own.
pub(crate) fn strip(headers: &mut HeaderMap, side: Side, changed: &mut Vec<Change>) {
    let mut doomed: Vec<HeaderName> = headers.keys().filter(|name| is_own(name)).cloned().collect();
    if doomed.is_empty() {
        one_length(headers, side, changed);
        return;
    }
    let trailers =
        side == Side::Request && tokens(headers, &TE).any(|token| token.eq_ignore_ascii_case("trailers"));
    // the usual two are no names of fields, or taken already: no need to make names of them
    let usual = |token: &str| token.eq_ignore_ascii_case("keep-alive") || token.eq_ignore_ascii_case("close");
    for token in tokens(headers, &CONNECTION).filter(|token| !usual(token)) {
        if let Ok(name) = HeaderName::from_bytes(token.as_bytes())
            && headers.contains_key(&name)
            && !NEVER.contains(&name)
            && !doomed.contains(&name)
        {
            doomed.push(name);
        }
    }
    if doomed.contains(&TRANSFER_ENCODING) && headers.contains_key(CONTENT_LENGTH) {
        doomed.push(CONTENT_LENGTH);
    }
    if doomed.contains(&UPGRADE) && headers.contains_key(HTTP2_SETTINGS) && !doomed.contains(&HTTP2_SETTINGS)
    {
        doomed.push(HTTP2_SETTINGS);
    }
    remove(headers, &doomed, side, changed);
    one_length(headers, side, changed);
    if trailers {
        headers.insert(TE, HeaderValue::from_static("trailers"));
        headers.insert(CONNECTION, HeaderValue::from_static("TE"));
    }
}

/// Tells in `changed` that repeated names which stood apart (in `wire`) are sent side by side.
pub(crate) fn note_grouping(headers: &HeaderMap, wire: &Headers, side: Side, changed: &mut Vec<Change>) {
    if headers.keys_len() == headers.len() {
        return;
    }
    let names: Vec<_> = wire.iter().map(|header| header.name.lossy()).collect();
    let apart = names.iter().enumerate().any(|(at, name)| {
        at > 0
            && !names[at - 1].eq_ignore_ascii_case(name)
            && names[..at].iter().any(|earlier| earlier.eq_ignore_ascii_case(name))
    });
    if apart {
        let mut sent: Vec<&str> = Vec::with_capacity(names.len());
        for name in &names {
            match sent.iter().rposition(|earlier| earlier.eq_ignore_ascii_case(name)) {
                Some(at) => sent.insert(at + 1, name),
                None => sent.push(name),
            }
        }
        changed.push(Change {
            side,
            what: "header order".to_owned(),
            from: Some(names.join(", ")),
            to: Some(sent.join(", ")),
            why: "repeated names are sent side by side".to_owned(),
        });
    }
}

/// Spells the names in `changed` as they stood on the wire: hyper knows them in lower case only.
pub(crate) fn spell(changed: &mut [Change], wire: &Headers) {
    for change in changed {
        if let Some(header) = wire.iter().find(|header| header.name.eq_ignore_case(&change.what)) {
            change.what = header.name.lossy().into_owned();
        }
    }
}

/// Removes fields; the others stay in their order (`HeaderMap::remove` alone moves the last one forward).
fn remove(headers: &mut HeaderMap, doomed: &[HeaderName], side: Side, changed: &mut Vec<Change>) {
    for name in doomed {
        for value in headers.get_all(name) {
            let shown = OWN[..6].contains(name) || *name == CONTENT_LENGTH;
            changed.push(Change {
                side,
                what: name.as_str().to_owned(),
                from: Some(match value.to_str() {
                    Ok(value) if shown => value.to_owned(),
                    _ => "(its value)".to_owned(),
                }),
                to: None,
                why: if OWN.contains(name) {
                    "hop-by-hop"
                } else {
                    "named by Connection or ruled by framing"
                }
                .to_owned(),
            });
        }
    }
    // Nothing stands behind a last one that could be moved.
    if let [name] = doomed
        && headers.keys().last() == Some(name)
    {
        headers.remove(name);
        return;
    }
    let mut kept = HeaderMap::with_capacity(headers.len());
    let mut current = None;
    for (name, value) in headers.drain() {
        if name.is_some() {
            current = name;
        }
        if let Some(name) = &current
            && !doomed.contains(name)
        {
            kept.append(name.clone(), value);
        }
    }
    *headers = kept;
}

/// Makes several equal lengths one. Different ones never get here: hyper refuses them.
fn one_length(headers: &mut HeaderMap, side: Side, changed: &mut Vec<Change>) {
    let mut values = headers.get_all(CONTENT_LENGTH).iter();
    let Some(first) = values.next() else { return };
    if values.next().is_none() && !first.as_bytes().contains(&b',') {
        return;
    }
    let Ok(text) = first.to_str() else { return };
    let one = text.split(',').next().unwrap_or_default().trim().to_owned();
    let Ok(value) = HeaderValue::from_str(&one) else { return };
    changed.push(Change {
        side,
        what: CONTENT_LENGTH.as_str().to_owned(),
        from: Some(text.to_owned()),
        to: Some(one),
        why: "one length is enough".to_owned(),
    });
    headers.insert(CONTENT_LENGTH, value);
}

fn tokens<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .filter(|token| !token.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stripped(lines: &[(&'static str, &str)]) -> (Vec<String>, Vec<String>) {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().unwrap());
        }
        let mut changed = Vec::new();
        strip(&mut headers, Side::Request, &mut changed);
        let left =
            headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
        (left, changed.into_iter().map(|change| change.what).collect())
    }

    #[test]
    fn removes_own_and_nominated_fields_and_keeps_the_order() {
        let (left, changed) = stripped(&[
            ("connection", "keep-alive, X-Hop"),
            ("a", "1"),
            ("x-hop", "secret"),
            ("b", "2"),
            ("keep-alive", "timeout=5"),
            ("a", "3"),
        ]);
        assert_eq!(left, ["a: 1", "a: 3", "b: 2"]);
        assert_eq!(changed, ["connection", "keep-alive", "x-hop"]);
    }

    #[test]
    fn the_lengths_are_those_of_the_names() {
        assert!(OWN.iter().all(is_own));
        let lengths = OWN.iter().fold(0, |lengths, name| lengths | 1 << name.as_str().len());
        assert_eq!(lengths, OWN_LENGTHS);
    }

    #[test]
    fn a_last_field_goes_alone() {
        let lines = [("a", "1"), ("b", "2"), ("a", "3"), ("connection", "close"), ("connection", "x")];
        assert_eq!(stripped(&lines).0, ["a: 1", "a: 3", "b: 2"]);
    }

    #[test]
    fn a_connection_field_cannot_remove_the_framing() {
        let (left, _) =
            stripped(&[("connection", "content-length, host"), ("content-length", "5"), ("host", "h")]);
        assert_eq!(left, ["content-length: 5", "host: h"]);
    }

    #[test]
    fn transfer_encoding_takes_content_length_along_and_equal_lengths_become_one() {
        assert!(stripped(&[("transfer-encoding", "chunked"), ("content-length", "3")]).0.is_empty());
        assert_eq!(stripped(&[("content-length", "5, 5")]).0, ["content-length: 5"]);
    }

    #[test]
    fn te_stays_only_as_our_own_trailers() {
        assert_eq!(
            stripped(&[("te", "gzip, trailers"), ("connection", "TE")]).0,
            ["te: trailers", "connection: TE"]
        );
        assert!(stripped(&[("te", "gzip"), ("connection", "TE")]).0.is_empty());
    }

    #[test]
    fn upgrades_are_asked_for_properly_and_are_not_http2() {
        let headers = |lines: &[(&'static str, &'static str)]| {
            lines
                .iter()
                .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
                .collect()
        };
        let asked: HeaderMap = headers(&[("connection", "keep-alive, Upgrade"), ("upgrade", "websocket")]);
        assert_eq!(upgrade(&asked).unwrap(), "websocket");
        let lone: HeaderMap = headers(&[("upgrade", "foo/1")]);
        assert_eq!(upgrade(&lone), None);
        let h2c: HeaderMap = headers(&[("connection", "upgrade, http2-settings"), ("upgrade", "h2c")]);
        assert_eq!(upgrade(&h2c), None);
    }

    #[test]
    fn names_that_stood_apart_are_told_of() {
        let mut headers = HeaderMap::new();
        for (name, value) in [("x-a", "1"), ("x-b", "2"), ("x-a", "3")] {
            headers.append(name, value.parse().unwrap());
        }
        let mut changed = Vec::new();
        note_grouping(
            &headers,
            &Headers::of([("X-A", "1"), ("X-B", "2"), ("X-A", "3")]),
            Side::Request,
            &mut changed,
        );
        assert_eq!(changed[0].to.as_deref(), Some("X-A, X-A, X-B"));
    }
}
