//! Writes an exchange as its line.

use crate::model::exchange::{Body, Exchange, Header, Headers, Timings};
use crate::model::octets::Octets;
use crate::model::passage::Change;
use crate::redact::Masked;
use crate::store::line::VERSION;
use crate::store::line::json;

/// Returns the line of an exchange with its newline, ready for a single write.
///
/// Written by hand into one buffer, because it stands on the path of every request.
pub fn encode(masked: &Masked) -> Vec<u8> {
    let mut out = Vec::new();
    encode_onto(masked, &mut out);
    out
}

/// As `encode`, behind what `out` holds already.
pub fn encode_onto(masked: &Masked, out: &mut Vec<u8>) {
    let exchange = masked.exchange();
    out.reserve(estimate(exchange));
    line(out, exchange);
}

/// Octets that the line will hardly exceed; too little costs a copy, never correctness.
fn estimate(exchange: &Exchange) -> usize {
    let headers = |headers: &Headers| -> usize {
        headers.iter().map(|header| header.name.len() + header.value.len() + 12).sum()
    };
    // Quotes and line ends inside JSON bodies are escaped.
    let body = |body: &Body| body.octets.len() + body.octets.len() / 4;
    let request = headers(&exchange.request.headers) + body(&exchange.request.body);
    let response =
        exchange.response.as_ref().map_or(0, |response| headers(&response.headers) + body(&response.body));
    1024 + 128 * exchange.changed.len() + 64 * exchange.redactions.len() + request + response
}

fn line(out: &mut Vec<u8>, exchange: &Exchange) {
    // The reader of summaries knows how this begins.
    out.extend_from_slice(b"{\"v\":");
    json::number(out, VERSION);
    text(out, "run", &exchange.run);
    number(out, "id", exchange.id.get());
    key(out, "started_at");
    json::timestamp(out, exchange.started_at);
    timings(out, &exchange.timings);
    text(out, "wraptap", &exchange.recorder);
    if let Some(sdk) = &exchange.sdk {
        out.extend_from_slice(b",\"sdk\":{\"name\":");
        json::string(out, &sdk.name);
        if let Some(version) = &sdk.version {
            text(out, "version", version);
        }
        key(out, "marks");
        list(out, &sdk.marks, |out, mark| json::string(out, mark));
        out.push(b'}');
    }
    if let Some(connection) = &exchange.connection {
        out.extend_from_slice(b",\"connection\":{\"id\":");
        json::number(out, connection.id);
        text(out, "client", &connection.client);
        number(out, "request", connection.request);
        if let Some(tls) = &connection.tls {
            text(out, "tls", tls);
        }
        out.push(b'}');
    }
    text(out, "upstream", &exchange.upstream);
    text(out, "origin", exchange.origin.name());
    if let Some(id) = exchange.attempt_of {
        number(out, "attempt_of", id.get());
    }
    request(out, exchange);
    if !exchange.interim.is_empty() {
        key(out, "interim");
        list(out, &exchange.interim, |out, interim| {
            let mut odd = Vec::new();
            out.extend_from_slice(b"{\"status\":");
            json::number(out, interim.status.into());
            wire(out, "reason", &interim.reason, &mut odd);
            headers(out, "headers", &interim.headers, &mut odd);
            latin1(out, &odd);
            out.push(b'}');
        });
    }
    response(out, exchange);
    if let Some(error) = &exchange.error {
        out.extend_from_slice(b",\"error\":{\"source\":");
        json::string(out, error.source.name());
        text(out, "message", &error.message);
        out.push(b'}');
    }
    if let Some(tunnel) = &exchange.tunnel {
        out.extend_from_slice(b",\"tunnel\":{\"sent\":");
        json::number(out, tunnel.sent);
        number(out, "received", tunnel.received);
        out.push(b'}');
    }
    if !exchange.changed.is_empty() {
        key(out, "changed");
        list(out, &exchange.changed, change);
    }
    if !exchange.redactions.is_empty() {
        key(out, "redactions");
        list(out, &exchange.redactions, |out, redaction| {
            out.extend_from_slice(b"{\"place\":");
            json::string(out, &redaction.place);
            text(out, "kind", &redaction.kind);
            out.push(b'}');
        });
    }
    out.extend_from_slice(b"}\n");
}

fn timings(out: &mut Vec<u8>, timings: &Timings) {
    out.extend_from_slice(b",\"timings\":{");
    for (name, point) in [
        ("request_read", timings.request_read),
        ("upstream_connected", timings.upstream_connected),
        ("response_head", timings.response_head),
    ] {
        if let Some(point) = point {
            json::string(out, name);
            out.push(b':');
            json::number(out, point);
            out.push(b',');
        }
    }
    out.extend_from_slice(b"\"total\":");
    json::number(out, timings.total);
    out.push(b'}');
}

fn request(out: &mut Vec<u8>, exchange: &Exchange) {
    let request = &exchange.request;
    let mut odd = Vec::new();
    out.extend_from_slice(b",\"request\":{");
    // `method` opens the object, so it brings no comma.
    let from = out.len();
    wire(out, "method", &request.method, &mut odd);
    out.remove(from);
    wire(out, "target", &request.target, &mut odd);
    text(out, "version", &request.version);
    headers(out, "headers", &request.headers, &mut odd);
    body(out, &request.body);
    if !request.trailers.0.is_empty() {
        headers(out, "trailers", &request.trailers, &mut odd);
    }
    latin1(out, &odd);
    head(out, request.head.as_ref());
    out.push(b'}');
}

fn response(out: &mut Vec<u8>, exchange: &Exchange) {
    let Some(response) = &exchange.response else { return };
    let mut odd = Vec::new();
    out.extend_from_slice(b",\"response\":{\"version\":");
    json::string(out, &response.version);
    number(out, "status", response.status.into());
    wire(out, "reason", &response.reason, &mut odd);
    headers(out, "headers", &response.headers, &mut odd);
    body(out, &response.body);
    if !response.trailers.0.is_empty() {
        headers(out, "trailers", &response.trailers, &mut odd);
    }
    latin1(out, &odd);
    head(out, response.head.as_ref());
    out.push(b'}');
}

fn change(out: &mut Vec<u8>, change: &Change) {
    out.extend_from_slice(b"{\"side\":");
    json::string(out, change.side.name());
    text(out, "what", &change.what);
    if let Some(from) = &change.from {
        text(out, "from", from);
    }
    if let Some(to) = &change.to {
        text(out, "to", to);
    }
    text(out, "why", &change.why);
    out.push(b'}');
}

fn headers(out: &mut Vec<u8>, name: &str, headers: &Headers, odd: &mut Vec<String>) {
    key(out, name);
    out.push(b'[');
    for (index, Header { name: field, value }) in headers.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.push(b'[');
        octets(out, field, odd, || format!("/{name}/{index}/0"));
        out.push(b',');
        octets(out, value, odd, || format!("/{name}/{index}/1"));
        out.push(b']');
    }
    out.push(b']');
}

fn body(out: &mut Vec<u8>, body: &Body) {
    match std::str::from_utf8(&body.octets) {
        Ok(plain) => text(out, "body", plain),
        Err(_) => {
            key(out, "body_base64");
            json::base64(out, &body.octets);
        }
    }
    number(out, "body_bytes", body.total);
    if body.cut {
        out.extend_from_slice(b",\"body_cut\":true");
    }
    if body.decoded {
        out.extend_from_slice(b",\"body_decoded\":true");
    }
}

fn head(out: &mut Vec<u8>, head: Option<&Octets>) {
    if let Some(head) = head {
        key(out, "head_base64");
        json::base64(out, head.as_bytes());
    }
}

fn latin1(out: &mut Vec<u8>, odd: &[String]) {
    if !odd.is_empty() {
        key(out, "latin1");
        list(out, odd, |out, pointer| json::string(out, pointer));
    }
}

fn wire(out: &mut Vec<u8>, name: &str, value: &Octets, odd: &mut Vec<String>) {
    key(out, name);
    octets(out, value, odd, || format!("/{name}"));
}

/// Appends octets as a string; what is not UTF-8 goes octet by octet and is listed.
fn octets(out: &mut Vec<u8>, octets: &Octets, odd: &mut Vec<String>, pointer: impl FnOnce() -> String) {
    if json::plain(out, octets.as_bytes()) {
        return;
    }
    match octets.as_str() {
        Some(plain) => json::string(out, plain),
        None => {
            odd.push(pointer());
            json::latin1(out, octets.as_bytes());
        }
    }
}

fn key(out: &mut Vec<u8>, name: &str) {
    out.extend_from_slice(b",\"");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
}

fn text(out: &mut Vec<u8>, name: &str, value: &str) {
    key(out, name);
    json::string(out, value);
}

fn number(out: &mut Vec<u8>, name: &str, value: u64) {
    key(out, name);
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
