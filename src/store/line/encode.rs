//! Writes an exchange as its line.

use crate::model::exchange::{Body, Exchange, Header, Headers, Timings};
use crate::model::passage::Change;
use crate::model::wire_bytes::WireBytes;
use crate::redact::{Asked, Masked};
use crate::store::line::{VERSION, json, text};

/// What a line says of a request and of who sent it: known while the answer is still to come.
#[derive(Debug)]
pub struct Begun {
    bytes: Vec<u8>,
    /// Where the request begins in it.
    request: usize,
}

/// Encodes what is known of an exchange whose request is masked.
pub fn begin(exchange: &Exchange, _masked: &Asked) -> Begun {
    let room = 512 + estimate(&exchange.request.headers, &exchange.request.body);
    // allocators deal faster with a power of two
    let mut bytes = Vec::with_capacity(room.next_power_of_two());
    sender(&mut bytes, exchange);
    let begins = bytes.len();
    request(&mut bytes, exchange);
    Begun { bytes, request: begins }
}

/// Returns the line of an exchange with its newline, ready for a single write.
///
/// Written by hand into one buffer, because it stands on the path of every request.
pub fn encode(masked: &Masked) -> Vec<u8> {
    let mut out = Vec::new();
    encode_onto(masked, None, &mut out);
    out
}

/// As `encode`, behind what `out` holds already; `begun` is what was encoded of the exchange before, if it still holds.
pub fn encode_onto(masked: &Masked, begun: Option<&Begun>, out: &mut Vec<u8>) {
    let exchange = masked.exchange();
    let request = estimate(&exchange.request.headers, &exchange.request.body);
    let response =
        exchange.response.as_ref().map_or(0, |response| estimate(&response.headers, &response.body));
    let others = 1024 + 128 * exchange.changed.len() + 64 * exchange.redactions.len();
    out.reserve(others + request + response);
    line(out, exchange, begun);
}

/// Bytes that a message will hardly exceed in a line; too little costs a copy, never correctness.
fn estimate(headers: &Headers, body: &Body) -> usize {
    // Quotes and line ends inside JSON bodies are escaped. Headers are counted, not measured: it is they that are many.
    96 * headers.0.len() + body.bytes.len() + body.bytes.len() / 4
}

fn line(out: &mut Vec<u8>, exchange: &Exchange, begun: Option<&Begun>) {
    // The reader of summaries knows how this begins.
    number(out, br#"{"v":"#, VERSION);
    string(out, br#","run":""#, &exchange.run);
    number(out, br#","id":"#, exchange.id.get());
    out.extend_from_slice(br#","started_at":"#);
    json::timestamp(out, exchange.started_at);
    timings(out, &exchange.timings);
    match begun {
        Some(begun) => out.extend_from_slice(&begun.bytes[..begun.request]),
        None => sender(out, exchange),
    }
    if let Some(id) = exchange.attempt_of {
        number(out, br#","attempt_of":"#, id.get());
    }
    match begun {
        Some(begun) => out.extend_from_slice(&begun.bytes[begun.request..]),
        None => request(out, exchange),
    }
    if !exchange.interim.is_empty() {
        out.extend_from_slice(br#","interim":"#);
        list(out, &exchange.interim, |out, interim| {
            let mut odd = Vec::new();
            number(out, br#"{"status":"#, interim.status.into());
            wire(out, br#","reason":""#, &interim.reason, &mut odd, || "/reason".to_owned());
            headers(out, br#","headers":["#, "headers", &interim.headers, &mut odd);
            latin1(out, &odd);
            out.push(b'}');
        });
    }
    response(out, exchange);
    if let Some(error) = &exchange.error {
        string(out, br#","error":{"source":""#, error.source.name());
        string(out, br#","message":""#, &error.message);
        out.push(b'}');
    }
    if let Some(tunnel) = &exchange.tunnel {
        number(out, br#","tunnel":{"sent":"#, tunnel.sent);
        number(out, br#","received":"#, tunnel.received);
        out.push(b'}');
    }
    if !exchange.changed.is_empty() {
        out.extend_from_slice(br#","changed":"#);
        list(out, &exchange.changed, change);
    }
    if !exchange.redactions.is_empty() {
        out.extend_from_slice(br#","redactions":"#);
        list(out, &exchange.redactions, |out, redaction| {
            string(out, br#"{"place":""#, &redaction.place);
            string(out, br#","kind":""#, &redaction.kind);
            out.push(b'}');
        });
    }
    out.extend_from_slice(b"}\n");
}

/// Who asked, by which connection, and whom.
fn sender(out: &mut Vec<u8>, exchange: &Exchange) {
    string(out, br#","wraptap":""#, &exchange.recorder);
    if let Some(sdk) = &exchange.sdk {
        string(out, br#","sdk":{"name":""#, &sdk.name);
        if let Some(version) = &sdk.version {
            string(out, br#","version":""#, version);
        }
        out.extend_from_slice(br#","marks":"#);
        list(out, &sdk.marks, |out, mark| string(out, b"\"", mark));
        out.push(b'}');
    }
    if let Some(connection) = &exchange.connection {
        number(out, br#","connection":{"id":"#, connection.id);
        string(out, br#","client":""#, &connection.client);
        number(out, br#","request":"#, connection.request);
        if let Some(tls) = &connection.tls {
            string(out, br#","tls":""#, tls);
        }
        out.push(b'}');
    }
    string(out, br#","upstream":""#, &exchange.upstream);
    string(out, br#","origin":""#, exchange.origin.name());
}

fn timings(out: &mut Vec<u8>, timings: &Timings) {
    out.extend_from_slice(br#","timings":{"#);
    if let Some(point) = timings.request_read {
        number(out, br#""request_read":"#, point);
        out.push(b',');
    }
    if let Some(point) = timings.upstream_connected {
        number(out, br#""upstream_connected":"#, point);
        out.push(b',');
    }
    if let Some(point) = timings.response_head {
        number(out, br#""response_head":"#, point);
        out.push(b',');
    }
    number(out, br#""total":"#, timings.total);
    out.push(b'}');
}

fn request(out: &mut Vec<u8>, exchange: &Exchange) {
    let request = &exchange.request;
    let mut odd = Vec::new();
    wire(out, br#","request":{"method":""#, &request.method, &mut odd, || "/method".to_owned());
    wire(out, br#","target":""#, &request.target, &mut odd, || "/target".to_owned());
    string(out, br#","version":""#, &request.version);
    headers(out, br#","headers":["#, "headers", &request.headers, &mut odd);
    body(out, &request.body);
    if !request.trailers.0.is_empty() {
        headers(out, br#","trailers":["#, "trailers", &request.trailers, &mut odd);
    }
    latin1(out, &odd);
    head(out, request.head.as_ref());
    out.push(b'}');
}

fn response(out: &mut Vec<u8>, exchange: &Exchange) {
    let Some(response) = &exchange.response else { return };
    let mut odd = Vec::new();
    string(out, br#","response":{"version":""#, &response.version);
    number(out, br#","status":"#, response.status.into());
    wire(out, br#","reason":""#, &response.reason, &mut odd, || "/reason".to_owned());
    headers(out, br#","headers":["#, "headers", &response.headers, &mut odd);
    body(out, &response.body);
    if !response.trailers.0.is_empty() {
        headers(out, br#","trailers":["#, "trailers", &response.trailers, &mut odd);
    }
    latin1(out, &odd);
    head(out, response.head.as_ref());
    out.push(b'}');
}

fn change(out: &mut Vec<u8>, change: &Change) {
    string(out, br#"{"side":""#, change.side.name());
    string(out, br#","what":""#, &change.what);
    if let Some(from) = &change.from {
        string(out, br#","from":""#, from);
    }
    if let Some(to) = &change.to {
        string(out, br#","to":""#, to);
    }
    string(out, br#","why":""#, &change.why);
    out.push(b'}');
}

fn headers<const N: usize>(
    out: &mut Vec<u8>,
    before: &[u8; N],
    name: &str,
    headers: &Headers,
    odd: &mut Vec<String>,
) {
    out.extend_from_slice(before);
    for (index, Header { name: field, value }) in headers.iter().enumerate() {
        bytes(out, br#"[""#, field, odd, || format!("/{name}/{index}/0"));
        bytes(out, br#"",""#, value, odd, || format!("/{name}/{index}/1"));
        out.extend_from_slice(br#""],"#);
    }
    // The last comma.
    out.truncate(out.len() - usize::from(!headers.0.is_empty()));
    out.push(b']');
}

fn body(out: &mut Vec<u8>, body: &Body) {
    let from = out.len();
    out.extend_from_slice(br#","body":""#);
    if text::wire(out, &body.bytes) {
        out.push(b'"');
    } else {
        out.truncate(from);
        out.extend_from_slice(br#","body_base64":"#);
        json::base64(out, &body.bytes);
    }
    number(out, br#","body_bytes":"#, body.total);
    if body.cut {
        out.extend_from_slice(b",\"body_cut\":true");
    }
    if body.decoded {
        out.extend_from_slice(b",\"body_decoded\":true");
    }
}

fn head(out: &mut Vec<u8>, head: Option<&WireBytes>) {
    if let Some(head) = head {
        out.extend_from_slice(br#","head_base64":"#);
        json::base64(out, head.as_bytes());
    }
}

fn latin1(out: &mut Vec<u8>, odd: &[String]) {
    if !odd.is_empty() {
        out.extend_from_slice(br#","latin1":"#);
        list(out, odd, |out, pointer| string(out, b"\"", pointer));
    }
}

/// As `string`, of bytes from the wire.
#[inline]
fn wire<const N: usize>(
    out: &mut Vec<u8>,
    before: &[u8; N],
    value: &WireBytes,
    odd: &mut Vec<String>,
    place: impl FnOnce() -> String,
) {
    bytes(out, before, value, odd, place);
    out.push(b'"');
}

/// As `wire`, without the closing quote. What is not UTF-8 goes byte by byte, and its place is listed.
#[inline]
fn bytes<const N: usize>(
    out: &mut Vec<u8>,
    before: &[u8; N],
    value: &WireBytes,
    odd: &mut Vec<String>,
    place: impl FnOnce() -> String,
) {
    out.extend_from_slice(before);
    if !text::wire(out, value.as_bytes()) {
        odd.push(place());
        text::latin1(out, value.as_bytes());
    }
}

/// Appends what stands before a string (its opening quote too), the string and its closing quote.
///
/// What stands before is of known length here and below, so that it becomes a few stores without a call.
#[inline]
fn string<const N: usize>(out: &mut Vec<u8>, before: &[u8; N], value: &str) {
    out.extend_from_slice(before);
    text::text(out, value);
    out.push(b'"');
}

/// Appends what stands before a number, and the number.
#[inline]
fn number<const N: usize>(out: &mut Vec<u8>, before: &[u8; N], value: u64) {
    out.extend_from_slice(before);
    json::number(out, value);
}

fn list<T>(out: &mut Vec<u8>, items: &[T], mut write: impl FnMut(&mut Vec<u8>, &T)) {
    out.push(b'[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write(out, item);
    }
    out.push(b']');
}
