//! Header fields that belong to one connection and are not forwarded (RFC 9110, 7.6.1). All others are
//! forwarded both ways as they came: in the order of the wire, with their letter case.

use std::borrow::Cow;

use http::header::{CONNECTION, UPGRADE};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::model::exchange::{Header, Headers};
use crate::model::passage::{Change, Side};
use crate::net::head_rewriter::HeadLines;

/// The fields that are always about one connection.
const HOP_BY_HOP: [&str; 8] = [
    "connection",
    "keep-alive",
    "proxy-connection",
    "te",
    "transfer-encoding",
    "upgrade",
    "proxy-authorization",
    "proxy-authenticate",
];

const HOST: &str = "Host";
const TRANSFER_ENCODING: &str = "Transfer-Encoding";

/// How the names of the cookies of wraptap's pages begin; the port follows.
const PAGE_COOKIE: &str = "wraptap-";

/// Transfer codings that are passed on with the bytes they code; `chunked` is of one connection.
const CODINGS: [&str; 5] = ["gzip", "x-gzip", "deflate", "compress", "x-compress"];

/// Fields that a `Connection` field cannot remove: without them the message would be another one.
const NEVER_NAMED: [&str; 3] = ["content-length", "transfer-encoding", "host"];

/// Returns whether a field is always about one connection.
fn is_hop_by_hop(name: &[u8]) -> bool {
    HOP_BY_HOP.iter().any(|own| is(name, own))
}

fn is(name: &[u8], wanted: &str) -> bool {
    name.eq_ignore_ascii_case(wanted.as_bytes())
}

/// Returns the protocol that a request or a 101 switches to, if its `Connection` field says so.
///
/// HTTP/2 without TLS is refused: wraptap could not record it.
pub(crate) fn upgrade_protocol(headers: &HeaderMap) -> Option<HeaderValue> {
    let protocol = headers.get(UPGRADE)?;
    let values = |name: &HeaderName| headers.get_all(name).iter().map(HeaderValue::as_bytes);
    let named = values(&CONNECTION).flat_map(list_elements).any(|token| is(token, "upgrade"));
    let h2c =
        values(&UPGRADE).flat_map(list_elements).any(|token| token.to_ascii_lowercase().starts_with(b"h2c"));
    (named && !h2c).then(|| protocol.clone())
}

/// How the fields of one message are forwarded.
pub(crate) struct ForwardRules<'a> {
    /// Whether it is the request or the response.
    pub(crate) side: Side,
    /// The new value of the Host field.
    pub(crate) host: Option<&'a [u8]>,
    /// Fields of wraptap: in the place of those of the same name, else at the end.
    pub(crate) added: &'a [(&'static str, &'a [u8])],
    /// Whether a Content-Length is allowed.
    pub(crate) length: ContentLength,
    /// How the body is framed.
    pub(crate) framing: Framing,
}

/// How hyper frames a body.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Framing {
    /// In chunks.
    Chunked,
    /// By its length or the end of the connection, or there is none.
    Other,
}

/// A field that wraptap writes.
struct OwnField<'a> {
    name: &'static str,
    value: Cow<'a, [u8]>,
    why: &'static str,
}

/// Whether a message may have a Content-Length.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ContentLength {
    /// It may.
    Allowed,
    /// It has no body, whatever its fields say, and must not have one (1xx and 204; RFC 9110, 8.6).
    Forbidden,
}

/// Returns the fields that switch a connection to another protocol.
pub(crate) fn upgrade_fields(protocol: &HeaderValue) -> [(&'static str, &[u8]); 2] {
    [("Connection", b"upgrade"), ("Upgrade", protocol.as_bytes())]
}

/// Returns the header lines to forward, and adds every difference to `changed`.
pub(crate) fn forward_lines(
    headers: &Headers,
    rules: &ForwardRules<'_>,
    changed: &mut Vec<Change>,
) -> HeadLines {
    let stripped = Stripped::new(headers);
    let mut own = stripped.own_fields(headers, rules);
    let mut lines =
        HeadLines { bytes: Vec::with_capacity(128 + 64 * headers.0.len()), ..HeadLines::default() };
    if let Some(host) = rules.host.filter(|_| !headers.iter().any(|header| is(header.name.as_bytes(), HOST)))
    {
        own.retain(|field| field.name != HOST);
        push_line(&mut lines, HOST.as_bytes(), host);
        changed.push(change(rules.side, HOST, None, Some(host), "routed to the upstream"));
    }
    for header in headers.iter() {
        let name = header.name.as_bytes();
        if let Some(at) = own.iter().position(|field| is(name, field.name)) {
            let field = own.remove(at);
            let from = lines.bytes.len();
            push_line(&mut lines, name, &field.value);
            if field.name == TRANSFER_ENCODING {
                lines.transfer_encoding = Some(from..lines.bytes.len());
            }
            if header.value.as_bytes() != &*field.value {
                changed.push(altered(rules.side, header, &field.value, field.why));
            }
        } else if let Some(why) = stripped.reason(name) {
            changed.push(removed(rules.side, header, why));
        } else if is(name, "content-length") {
            forward_length(header, rules, &mut lines, changed);
        } else if rules.side == Side::Request && is(name, "cookie") {
            forward_cookies(header, &mut lines, changed);
        } else if rules.host.is_some() && is(name, HOST) {
            changed.push(removed(rules.side, header, "one Host is enough"));
        } else {
            push_line(&mut lines, name, header.value.as_bytes());
        }
    }
    for field in own {
        changed.push(change(rules.side, field.name, None, Some(&field.value), field.why));
        // hyper writes its own
        if field.name != TRANSFER_ENCODING {
            push_line(&mut lines, field.name.as_bytes(), &field.value);
        }
    }
    lines
}

/// Forwards a Content-Length once, with one value.
fn forward_length(
    header: &Header,
    rules: &ForwardRules<'_>,
    lines: &mut HeadLines,
    changed: &mut Vec<Change>,
) {
    let value = header.value.as_bytes();
    let first = value.split(|byte| *byte == b',').next().unwrap_or_default().trim_ascii();
    if rules.length == ContentLength::Forbidden {
        changed.push(removed(rules.side, header, "a response with this status has no length"));
    } else if lines.has_length {
        changed.push(removed(rules.side, header, "one length is enough"));
    } else {
        if first != value {
            changed.push(altered(rules.side, header, first, "one length is enough"));
        }
        lines.has_length = true;
        push_line(lines, header.name.as_bytes(), first);
    }
}

/// Forwards cookies, but not that of a page of wraptap: a browser sends it to every port of this machine.
fn forward_cookies(header: &Header, lines: &mut HeadLines, changed: &mut Vec<Change>) {
    let value = header.value.as_bytes();
    let is_ours = |pair: &&[u8]| {
        let name = pair.trim_ascii_start().strip_prefix(PAGE_COOKIE.as_bytes());
        name.is_some_and(|rest| rest.first().is_some_and(u8::is_ascii_digit))
    };
    if memchr::memmem::find(value, PAGE_COOKIE.as_bytes()).is_none()
        || !value.split(|byte| *byte == b';').any(|pair| is_ours(&pair))
    {
        return push_line(lines, header.name.as_bytes(), value);
    }
    let others = value.split(|byte| *byte == b';').filter(|pair| !is_ours(pair));
    let others = others.collect::<Vec<_>>().join(b";".as_slice());
    let (rest, why) = (others.trim_ascii(), "the cookie of wraptap's own page");
    if rest.is_empty() {
        return changed.push(removed(Side::Request, header, why));
    }
    changed.push(altered(Side::Request, header, rest, why));
    push_line(lines, header.name.as_bytes(), rest);
}

fn push_line(lines: &mut HeadLines, name: &[u8], value: &[u8]) {
    for part in [name, b": ", value, b"\r\n"] {
        lines.bytes.extend_from_slice(part);
    }
}

/// Which fields of a head are not forwarded.
#[derive(Default)]
struct Stripped<'a> {
    /// At least one field is always about one connection.
    any: bool,
    /// Other fields that `Connection` names.
    named: Vec<&'a [u8]>,
    /// Transfer-Encoding decides the framing, and hyper writes its own: Content-Length is removed too.
    transfer_encoding: bool,
    upgrade: bool,
    /// The client accepts trailers; wraptap asks the upstream for them itself.
    trailers: bool,
}

impl<'a> Stripped<'a> {
    fn new(headers: &'a Headers) -> Self {
        let mut stripped = Self::default();
        for header in headers.iter() {
            let (name, value) = (header.name.as_bytes(), header.value.as_bytes());
            if !is_hop_by_hop(name) {
                continue;
            }
            stripped.any = true;
            stripped.transfer_encoding |= is(name, "transfer-encoding");
            stripped.upgrade |= is(name, "upgrade");
            stripped.trailers |= is(name, "te") && list_elements(value).any(|token| is(token, "trailers"));
            if is(name, "connection") {
                // `keep-alive` and `close` are options, not names of fields
                let option = |token: &[u8]| is(token, "keep-alive") || is(token, "close");
                let never = |token: &[u8]| NEVER_NAMED.iter().any(|name| is(token, name));
                stripped.named.extend(list_elements(value).filter(|token| !option(token) && !never(token)));
            }
        }
        stripped
    }

    /// Returns the fields that wraptap writes itself.
    fn own_fields<'b>(&self, headers: &Headers, rules: &ForwardRules<'b>) -> Vec<OwnField<'b>> {
        let mut own = Vec::new();
        let mut add = |name, value, why| own.push(OwnField { name, value, why });
        if let Some(host) = rules.host {
            add(HOST, Cow::Borrowed(host), "routed to the upstream");
        }
        let te = self.trailers && rules.side == Side::Request;
        for (name, value) in rules.added {
            let value = match *name {
                "Connection" if te => Cow::Owned([value, b", TE".as_slice()].concat()),
                _ => Cow::Borrowed(*value),
            };
            add(*name, value, "hop-by-hop");
        }
        if te {
            add("TE", Cow::Borrowed(b"trailers"), "hop-by-hop");
            if !rules.added.iter().any(|(name, _)| *name == "Connection") {
                add("Connection", Cow::Borrowed(b"TE"), "hop-by-hop");
            }
        }
        if rules.framing == Framing::Chunked {
            let why =
                if self.transfer_encoding { "framed anew" } else { "the length is not known in advance" };
            add(TRANSFER_ENCODING, codings(headers).into(), why);
        }
        own
    }

    /// Returns why a field is not forwarded, or `None`.
    fn reason(&self, name: &[u8]) -> Option<&'static str> {
        if !self.any {
            return None;
        }
        let implied = (self.transfer_encoding && is(name, "content-length"))
            || (self.upgrade && is(name, "http2-settings"))
            || self.named.iter().any(|named| name.eq_ignore_ascii_case(named));
        match (is_hop_by_hop(name), implied) {
            (true, _) => Some("hop-by-hop"),
            (false, true) => Some("named by Connection or ruled by framing"),
            (false, false) => None,
        }
    }
}

/// Returns the value of a Transfer-Encoding for the same codings in chunks.
fn codings(headers: &Headers) -> Vec<u8> {
    let fields = headers.iter().filter(|header| is(header.name.as_bytes(), TRANSFER_ENCODING));
    let all = fields.flat_map(|header| list_elements(header.value.as_bytes()));
    let kept = all.filter(|coding| CODINGS.iter().any(|known| is(coding, known)));
    kept.chain([b"chunked".as_slice()]).collect::<Vec<_>>().join(b", ".as_slice())
}

/// Returns the removal of a field; what of its value is secret, is masked by its name.
fn removed(side: Side, header: &Header, why: &str) -> Change {
    change(side, header.name.to_text(), Some(header.value.to_text()), None, why)
}

fn altered(side: Side, header: &Header, to: &[u8], why: &str) -> Change {
    change(side, header.name.to_text(), Some(header.value.to_text()), Some(to), why)
}

/// Returns a change for the recording.
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
pub(crate) fn list_elements(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii).filter(|token| !token.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: ForwardRules<'static> = ForwardRules {
        side: Side::Request,
        host: None,
        added: &[],
        length: ContentLength::Allowed,
        framing: Framing::Other,
    };

    fn forwarded(rules: &ForwardRules<'_>, pairs: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
        let header = |(name, value): &(&str, &str)| Header { name: (*name).into(), value: (*value).into() };
        let headers = Headers(pairs.iter().map(header).collect());
        let mut changed = Vec::new();
        let lines = forward_lines(&headers, rules, &mut changed);
        let text = String::from_utf8(lines.bytes).unwrap();
        let forwarded: Vec<String> = text.split_terminator("\r\n").map(str::to_owned).collect();
        assert_eq!(
            lines.has_length,
            forwarded.iter().any(|line| line.to_lowercase().starts_with("content-length:"))
        );
        (forwarded, changed.into_iter().map(|change| change.what).collect())
    }

    #[test]
    fn removes_own_and_nominated_fields_and_keeps_order_and_case_of_the_others() {
        let (lines, changed) = forwarded(
            &RULES,
            &[
                ("connection", "keep-alive, X-Hop"),
                ("A", "1"),
                ("x-hop", "secret"),
                ("b", "2"),
                ("Keep-Alive", "timeout=5"),
                ("A", "3"),
            ],
        );
        assert_eq!(lines, ["A: 1", "b: 2", "A: 3"]);
        assert_eq!(changed, ["connection", "x-hop", "Keep-Alive"]);
    }

    #[test]
    fn a_connection_field_cannot_remove_the_framing() {
        let (lines, _) = forwarded(
            &RULES,
            &[("connection", "content-length, host"), ("content-length", "5"), ("host", "h")],
        );
        assert_eq!(lines, ["content-length: 5", "host: h"]);
    }

    #[test]
    fn transfer_encoding_takes_content_length_along_and_equal_lengths_become_one() {
        assert!(forwarded(&RULES, &[("transfer-encoding", "chunked"), ("content-length", "3")]).0.is_empty());
        assert_eq!(forwarded(&RULES, &[("Content-Length", "5, 5")]).0, ["Content-Length: 5"]);
        let twice = forwarded(&RULES, &[("Content-Length", "5"), ("content-length", "5")]);
        assert_eq!(twice, (vec!["Content-Length: 5".to_owned()], vec!["content-length".to_owned()]));
    }

    #[test]
    fn codings_below_chunked_stay_with_the_bytes_that_they_code() {
        let rules = ForwardRules { framing: Framing::Chunked, ..RULES };
        let same = [("A", "1"), ("Transfer-Encoding", "gzip, chunked"), ("B", "2")];
        let lines = ["A: 1", "Transfer-Encoding: gzip, chunked", "B: 2"];
        assert_eq!(forwarded(&rules, &same), (lines.map(str::to_owned).to_vec(), vec![]));
        let (lines, changed) = forwarded(
            &rules,
            &[("transfer-encoding", "GZIP , odd, chunked"), ("Transfer-Encoding", "chunked")],
        );
        assert_eq!(lines, ["transfer-encoding: GZIP, chunked"]);
        assert_eq!(changed, ["transfer-encoding", "Transfer-Encoding"]);
    }

    #[test]
    fn the_cookie_of_a_page_of_wraptap_goes_nowhere() {
        let cookies = |value: &'static str| forwarded(&RULES, &[("Cookie", value)]);
        assert_eq!(
            cookies("a=1; wraptap-8082=secret; b=2"),
            (vec!["Cookie: a=1; b=2".into()], vec!["Cookie".into()])
        );
        assert_eq!(cookies("wraptap-1=x;wraptap-2=y"), (vec![], vec!["Cookie".into()]));
        for kept in ["a=1; wraptap-x=1", "not-wraptap-1=2", "wraptap=1"] {
            assert_eq!(cookies(kept), (vec![format!("Cookie: {kept}")], vec![]));
        }
    }

    #[test]
    fn a_length_that_becomes_chunks_is_named() {
        let rules = ForwardRules { side: Side::Response, framing: Framing::Chunked, ..RULES };
        assert_eq!(forwarded(&rules, &[("A", "1")]), (vec!["A: 1".into()], vec!["Transfer-Encoding".into()]));
    }

    #[test]
    fn an_upgrade_that_is_passed_on_changes_nothing() {
        let rules = ForwardRules { added: &[("Connection", b"upgrade"), ("Upgrade", b"websocket")], ..RULES };
        let (lines, changed) =
            forwarded(&rules, &[("upgrade", "websocket"), ("Connection", "upgrade, x"), ("X", "1")]);
        assert_eq!(lines, ["upgrade: websocket", "Connection: upgrade"]);
        assert_eq!(changed, ["Connection", "X"]);
    }

    #[test]
    fn a_response_without_a_body_gets_no_length() {
        let rules = ForwardRules { side: Side::Response, length: ContentLength::Forbidden, ..RULES };
        assert_eq!(forwarded(&rules, &[("Content-Length", "0"), ("A", "1")]).0, ["A: 1"]);
    }

    #[test]
    fn the_host_is_that_of_the_upstream_in_its_place_or_in_front() {
        let rules = ForwardRules { host: Some(b"api"), ..RULES };
        assert_eq!(
            forwarded(&rules, &[("A", "1"), ("HOST", "x")]),
            (vec!["A: 1".to_owned(), "HOST: api".to_owned()], vec!["HOST".to_owned()])
        );
        assert_eq!(forwarded(&rules, &[("host", "api")]), (vec!["host: api".to_owned()], vec![]));
        assert_eq!(forwarded(&rules, &[("A", "1")]).0, ["Host: api", "A: 1"]);
    }

    #[test]
    fn te_stays_only_as_our_own_trailers() {
        assert_eq!(
            forwarded(&RULES, &[("te", "gzip, trailers"), ("connection", "close, TE")]),
            (
                vec!["te: trailers".to_owned(), "connection: TE".to_owned()],
                vec!["te".into(), "connection".into()]
            )
        );
        assert_eq!(forwarded(&RULES, &[("TE", "trailers"), ("Connection", "TE")]).1, Vec::<String>::new());
        assert_eq!(forwarded(&RULES, &[("TE", "trailers")]).1, ["Connection"]);
        assert!(forwarded(&RULES, &[("te", "gzip"), ("connection", "TE")]).0.is_empty());
    }

    #[test]
    fn an_upgrade_is_named_by_connection_and_is_not_http2() {
        let headers = |lines: &[(&'static str, &'static str)]| {
            lines
                .iter()
                .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
                .collect()
        };
        let asked: HeaderMap = headers(&[("connection", "keep-alive, Upgrade"), ("upgrade", "websocket")]);
        assert_eq!(upgrade_protocol(&asked).unwrap(), "websocket");
        let lone: HeaderMap = headers(&[("upgrade", "foo/1")]);
        assert_eq!(upgrade_protocol(&lone), None);
        let h2c: HeaderMap = headers(&[("connection", "upgrade, http2-settings"), ("upgrade", "h2c")]);
        assert_eq!(upgrade_protocol(&h2c), None);
    }
}
