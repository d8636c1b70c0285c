//! Header fields that belong to one connection and do not travel further (RFC 9110, 7.6.1). The others go on in both
//! directions as they came: in the order of the wire, with their letter case.

use http::header::{CONNECTION, UPGRADE};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::model::exchange::{Header, Headers};
use crate::model::passage::{Change, Side};
use crate::net::head_rewriter::HeadLines;

/// The fields that are always about one connection; the values of the first six are no secrets.
const OWN: [&str; 8] = [
    "connection",
    "keep-alive",
    "proxy-connection",
    "te",
    "transfer-encoding",
    "upgrade",
    "proxy-authorization",
    "proxy-authenticate",
];

/// One bit for each length that one of these names has: most others have another.
const OWN_LENGTHS: u64 = 1 << 2 | 1 << 7 | 1 << 10 | 1 << 16 | 1 << 17 | 1 << 18 | 1 << 19;

/// What a `Connection` field must never remove: it would change what the message is.
const NEVER: [&str; 3] = ["content-length", "transfer-encoding", "host"];

/// Tells whether a field is always about one connection.
fn is_own(name: &[u8]) -> bool {
    OWN_LENGTHS & (1 << name.len().min(63)) != 0 && OWN.iter().any(|own| is(name, own))
}

fn is(name: &[u8], wanted: &str) -> bool {
    name.eq_ignore_ascii_case(wanted.as_bytes())
}

/// Returns the protocol that a request or a 101 switches to, if it says so in the proper way.
///
/// HTTP/2 in clear is not one of them: it would run past the recorder.
pub(crate) fn upgrade(headers: &HeaderMap) -> Option<HeaderValue> {
    let protocol = headers.get(UPGRADE)?;
    let values = |name: &HeaderName| headers.get_all(name).iter().map(HeaderValue::as_bytes);
    let named = values(&CONNECTION).flat_map(tokens).any(|token| is(token, "upgrade"));
    let h2c = values(&UPGRADE).flat_map(tokens).any(|token| token.to_ascii_lowercase().starts_with(b"h2c"));
    (named && !h2c).then(|| protocol.clone())
}

/// A message on its way over the hop.
pub(crate) struct HopRules<'a> {
    /// Which of the two it is.
    pub(crate) side: Side,
    /// What the Host field has to say.
    pub(crate) host: Option<&'a [u8]>,
    /// Fields of our own, behind the others.
    pub(crate) more: &'a [(&'static str, &'a [u8])],
    /// It has no body whatever its fields say, and must not have a length (a 204; RFC 9110, 8.6).
    pub(crate) lengthless: bool,
}

/// Returns the fields by which a hop switches to another protocol.
pub(crate) fn switching_to(protocol: &HeaderValue) -> [(&'static str, &[u8]); 2] {
    [("Connection", b"upgrade"), ("Upgrade", protocol.as_bytes())]
}

/// Returns the lines that go on, and says in `changed` what does not, or not as it was.
pub(crate) fn onward(wire: &Headers, hop: &HopRules<'_>, changed: &mut Vec<Change>) -> HeadLines {
    let stripped = Stripped::of(wire);
    let mut lines = HeadLines { bytes: Vec::with_capacity(128 + 64 * wire.0.len()), has_length: false };
    let mut hosts = 0;
    if let Some(host) = hop.host
        && !wire.iter().any(|header| is(header.name.as_bytes(), "host"))
    {
        add(&mut lines.bytes, b"Host", host);
        changed.push(change(hop.side, "Host", None, Some(host), "routed to the upstream"));
    }
    for header in wire.iter() {
        let (name, value) = (header.name.as_bytes(), header.value.as_bytes());
        if let Some(why) = stripped.why(name) {
            changed.push(removed(hop.side, header, why));
        } else if is(name, "content-length") {
            let one = value.split(|byte| *byte == b',').next().unwrap_or_default().trim_ascii();
            if hop.lengthless {
                changed.push(removed(hop.side, header, "an answer of this status has no length"));
            } else if lines.has_length {
                changed.push(removed(hop.side, header, "one length is enough"));
            } else {
                if one != value {
                    changed.push(altered(hop.side, header, one, "one length is enough"));
                }
                lines.has_length = true;
                add(&mut lines.bytes, name, one);
            }
        } else if let Some(host) = hop.host.filter(|_| is(name, "host")) {
            hosts += 1;
            if hosts == 1 {
                if value != host {
                    changed.push(altered(hop.side, header, host, "routed to the upstream"));
                }
                add(&mut lines.bytes, name, host);
            }
        } else {
            add(&mut lines.bytes, name, value);
        }
    }
    if stripped.trailers && hop.side == Side::Request {
        add(&mut lines.bytes, b"TE", b"trailers");
        add(&mut lines.bytes, b"Connection", b"TE");
    }
    for (name, value) in hop.more {
        add(&mut lines.bytes, name.as_bytes(), value);
    }
    lines
}

fn add(lines: &mut Vec<u8>, name: &[u8], value: &[u8]) {
    lines.extend_from_slice(name);
    lines.extend_from_slice(b": ");
    lines.extend_from_slice(value);
    lines.extend_from_slice(b"\r\n");
}

/// What a head says of which of its fields stay behind.
#[derive(Default)]
struct Stripped<'a> {
    /// Some field is always about one connection.
    any: bool,
    /// Names in `Connection` that are not about it by themselves.
    named: Vec<&'a [u8]>,
    /// The first one decides about the framing, and hyper writes its own: Content-Length goes along.
    transfer_encoding: bool,
    upgrade: bool,
    /// The client takes trailers, which is for us to say to the upstream anew.
    trailers: bool,
}

impl<'a> Stripped<'a> {
    fn of(wire: &'a Headers) -> Self {
        let mut stripped = Self::default();
        for header in wire.iter() {
            let (name, value) = (header.name.as_bytes(), header.value.as_bytes());
            if !is_own(name) {
                continue;
            }
            stripped.any = true;
            stripped.transfer_encoding |= is(name, "transfer-encoding");
            stripped.upgrade |= is(name, "upgrade");
            stripped.trailers |= is(name, "te") && tokens(value).any(|token| is(token, "trailers"));
            if is(name, "connection") {
                // the usual two are no names of fields, or own ones
                let usual = |token: &[u8]| is(token, "keep-alive") || is(token, "close");
                let never = |token: &[u8]| NEVER.iter().any(|name| is(token, name));
                stripped.named.extend(tokens(value).filter(|token| !usual(token) && !never(token)));
            }
        }
        stripped
    }

    /// Returns why a field stays behind, if it does.
    fn why(&self, name: &[u8]) -> Option<&'static str> {
        if !self.any {
            return None;
        }
        let ruled = (self.transfer_encoding && is(name, "content-length"))
            || (self.upgrade && is(name, "http2-settings"))
            || self.named.iter().any(|named| name.eq_ignore_ascii_case(named));
        match (is_own(name), ruled) {
            (true, _) => Some("hop-by-hop"),
            (false, true) => Some("named by Connection or ruled by framing"),
            (false, false) => None,
        }
    }
}

fn removed(side: Side, header: &Header, why: &str) -> Change {
    let name = header.name.as_bytes();
    let shown = OWN[..6].iter().any(|own| is(name, own)) || is(name, "content-length");
    let from = if shown { header.value.to_text() } else { "(its value)".to_owned() };
    change(side, header.name.to_text(), Some(from), None, why)
}

fn altered(side: Side, header: &Header, to: &[u8], why: &str) -> Change {
    change(side, header.name.to_text(), Some(header.value.to_text()), Some(to), why)
}

/// Returns a change as it stands in a recording.
pub(crate) fn change(
    side: Side,
    what: impl Into<String>,
    from: Option<String>,
    to: Option<&[u8]>,
    why: &str,
) -> Change {
    Change {
        side,
        what: what.into(),
        from,
        to: to.map(|to| String::from_utf8_lossy(to).into_owned()),
        why: why.to_owned(),
    }
}

/// Returns the elements of a list in a field's value.
fn tokens(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii).filter(|token| !token.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOP: HopRules<'static> = HopRules { side: Side::Request, host: None, more: &[], lengthless: false };

    fn carried(hop: &HopRules<'_>, pairs: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
        let header = |(name, value): &(&str, &str)| Header { name: (*name).into(), value: (*value).into() };
        let wire = Headers(pairs.iter().map(header).collect());
        let mut changed = Vec::new();
        let lines = onward(&wire, hop, &mut changed);
        let text = String::from_utf8(lines.bytes).unwrap();
        let left: Vec<String> = text.split_terminator("\r\n").map(str::to_owned).collect();
        assert_eq!(
            lines.has_length,
            left.iter().any(|line| line.to_lowercase().starts_with("content-length:"))
        );
        (left, changed.into_iter().map(|change| change.what).collect())
    }

    #[test]
    fn removes_own_and_nominated_fields_and_keeps_order_and_case_of_the_others() {
        let (left, changed) = carried(
            &HOP,
            &[
                ("connection", "keep-alive, X-HopRules"),
                ("A", "1"),
                ("x-hop", "secret"),
                ("b", "2"),
                ("Keep-Alive", "timeout=5"),
                ("A", "3"),
            ],
        );
        assert_eq!(left, ["A: 1", "b: 2", "A: 3"]);
        assert_eq!(changed, ["connection", "x-hop", "Keep-Alive"]);
    }

    #[test]
    fn the_lengths_are_those_of_the_names() {
        assert!(OWN.iter().all(|name| is_own(name.as_bytes())));
        let lengths = OWN.iter().fold(0, |lengths, name| lengths | 1 << name.len());
        assert_eq!(lengths, OWN_LENGTHS);
    }

    #[test]
    fn a_connection_field_cannot_remove_the_framing() {
        let (left, _) =
            carried(&HOP, &[("connection", "content-length, host"), ("content-length", "5"), ("host", "h")]);
        assert_eq!(left, ["content-length: 5", "host: h"]);
    }

    #[test]
    fn transfer_encoding_takes_content_length_along_and_equal_lengths_become_one() {
        assert!(carried(&HOP, &[("transfer-encoding", "chunked"), ("content-length", "3")]).0.is_empty());
        assert_eq!(carried(&HOP, &[("Content-Length", "5, 5")]).0, ["Content-Length: 5"]);
        let twice = carried(&HOP, &[("Content-Length", "5"), ("content-length", "5")]);
        assert_eq!(twice, (vec!["Content-Length: 5".to_owned()], vec!["content-length".to_owned()]));
    }

    #[test]
    fn an_answer_that_has_no_length_gets_none() {
        let hop = HopRules { side: Side::Response, lengthless: true, ..HOP };
        assert_eq!(carried(&hop, &[("Content-Length", "0"), ("A", "1")]).0, ["A: 1"]);
    }

    #[test]
    fn the_host_is_that_of_the_upstream_in_its_place_or_in_front() {
        let hop = HopRules { host: Some(b"api"), ..HOP };
        assert_eq!(
            carried(&hop, &[("A", "1"), ("HOST", "x")]),
            (vec!["A: 1".to_owned(), "HOST: api".to_owned()], vec!["HOST".to_owned()])
        );
        assert_eq!(carried(&hop, &[("host", "api")]), (vec!["host: api".to_owned()], vec![]));
        assert_eq!(carried(&hop, &[("A", "1")]).0, ["Host: api", "A: 1"]);
    }

    #[test]
    fn te_stays_only_as_our_own_trailers() {
        assert_eq!(
            carried(&HOP, &[("te", "gzip, trailers"), ("connection", "TE")]).0,
            ["TE: trailers", "Connection: TE"]
        );
        assert!(carried(&HOP, &[("te", "gzip"), ("connection", "TE")]).0.is_empty());
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
}
