//! Writes an exchange as its line.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::model::exchange::{Body, Exchange, Header, Headers, Timings};
use crate::model::fast_path::FastPath;
use crate::model::passage::Change;
use crate::model::wire_bytes::WireBytes;
use crate::redact::Masked;
use crate::store::line::{VERSION, escape, fast};

/// Returns the line of an exchange with its newline, ready for a single write.
///
/// Written by hand into one buffer, because every request waits for its line.
pub fn encode(masked: &Masked) -> Vec<u8> {
    let mut out = Vec::new();
    encode_onto(masked, FastPath::On, &mut out);
    out
}

/// As `encode`, behind what `out` holds already.
pub fn encode_onto(masked: &Masked, fast_path: FastPath, out: &mut Vec<u8>) {
    let exchange = masked.exchange();
    let request = estimate(&exchange.request.headers, &exchange.request.body);
    let response =
        exchange.response.as_ref().map_or(0, |response| estimate(&response.headers, &response.body));
    let others = 1024 + 128 * exchange.changed.len() + 64 * exchange.redactions.len();
    out.reserve(others + request + response);
    LineWriter { out, fast_path }.line(exchange);
}

/// Bytes that a message will hardly exceed in a line; too little costs a copy, never correctness.
fn estimate(headers: &Headers, body: &Body) -> usize {
    // Quotes and line ends inside JSON bodies are escaped. Headers are counted, not measured: there are many
    // of them.
    96 * headers.0.len() + body.bytes.len() + body.bytes.len() / 4
}

/// The places of texts that are not UTF-8.
type Latin1Places = Vec<String>;

/// Writes the members of one line.
struct LineWriter<'a> {
    out: &'a mut Vec<u8>,
    fast_path: FastPath,
}

impl LineWriter<'_> {
    fn line(&mut self, exchange: &Exchange) {
        // The reader of summaries knows how this begins.
        self.number(br#"{"v":"#, VERSION);
        self.string(br#","run":""#, &exchange.run);
        self.number(br#","id":"#, exchange.id.get());
        self.string(br#","started_at":""#, &exchange.started_at.to_string());
        self.timings(&exchange.timings);
        self.sender(exchange);
        if let Some(id) = exchange.attempt_of {
            self.number(br#","attempt_of":"#, id.get());
        }
        self.request(exchange);
        if !exchange.interim.is_empty() {
            self.raw(br#","interim":"#);
            self.list(&exchange.interim, |line, interim| {
                let mut latin1 = Latin1Places::new();
                line.number(br#"{"status":"#, interim.status.into());
                line.wire(br#","reason":""#, &interim.reason, &mut latin1, || "/reason".to_owned());
                line.headers(br#","headers":["#, "headers", &interim.headers, &mut latin1);
                line.latin1(&latin1);
                line.raw(b"}");
            });
        }
        self.response(exchange);
        self.outcome(exchange);
        self.raw(b"}\n");
    }

    /// The client, its connection, and the upstream.
    fn sender(&mut self, exchange: &Exchange) {
        self.string(br#","wraptap":""#, &exchange.recorder);
        if let Some(sdk) = &exchange.sdk {
            self.string(br#","sdk":{"name":""#, &sdk.name);
            if let Some(version) = &sdk.version {
                self.string(br#","version":""#, version);
            }
            self.raw(br#","marks":"#);
            self.list(&sdk.marks, |line, mark| line.string(b"\"", mark));
            self.raw(b"}");
        }
        if let Some(connection) = &exchange.connection {
            self.number(br#","connection":{"id":"#, connection.id);
            self.string(br#","client":""#, &connection.client);
            self.number(br#","request":"#, connection.request);
            if let Some(tls) = &connection.tls {
                self.string(br#","tls":""#, tls);
            }
            self.raw(b"}");
        }
        self.string(br#","upstream":""#, &exchange.upstream);
        self.string(br#","origin":""#, exchange.origin.name());
    }

    fn timings(&mut self, timings: &Timings) {
        self.raw(br#","timings":{"#);
        if let Some(point) = timings.request_read {
            self.number(br#""request_read":"#, point);
            self.raw(b",");
        }
        if let Some(point) = timings.upstream_connected {
            self.number(br#""upstream_connected":"#, point);
            self.raw(b",");
        }
        if let Some(point) = timings.response_head {
            self.number(br#""response_head":"#, point);
            self.raw(b",");
        }
        self.number(br#""total":"#, timings.total);
        self.raw(b"}");
    }

    fn request(&mut self, exchange: &Exchange) {
        let request = &exchange.request;
        let mut latin1 = Latin1Places::new();
        self.wire(br#","request":{"method":""#, &request.method, &mut latin1, || "/method".to_owned());
        self.wire(br#","target":""#, &request.target, &mut latin1, || "/target".to_owned());
        self.string(br#","version":""#, &request.version);
        self.headers(br#","headers":["#, "headers", &request.headers, &mut latin1);
        self.body(&request.body);
        self.message_end(&request.trailers, latin1, request.head.as_ref());
    }

    fn response(&mut self, exchange: &Exchange) {
        let Some(response) = &exchange.response else { return };
        let mut latin1 = Latin1Places::new();
        self.string(br#","response":{"version":""#, &response.version);
        self.number(br#","status":"#, response.status.into());
        self.wire(br#","reason":""#, &response.reason, &mut latin1, || "/reason".to_owned());
        self.headers(br#","headers":["#, "headers", &response.headers, &mut latin1);
        self.body(&response.body);
        self.message_end(&response.trailers, latin1, response.head.as_ref());
    }

    fn message_end(&mut self, trailers: &Headers, mut latin1: Latin1Places, head: Option<&WireBytes>) {
        if !trailers.0.is_empty() {
            self.headers(br#","trailers":["#, "trailers", trailers, &mut latin1);
        }
        self.latin1(&latin1);
        if let Some(head) = head {
            self.base64(br#","head_base64":""#, head.as_bytes());
        }
        self.raw(b"}");
    }

    /// How the exchange ended, and what wraptap changed in it.
    fn outcome(&mut self, exchange: &Exchange) {
        if let Some(error) = &exchange.error {
            self.string(br#","error":{"source":""#, error.source.name());
            self.string(br#","message":""#, &error.message);
            self.raw(b"}");
        }
        if let Some(tunnel) = &exchange.tunnel {
            self.number(br#","tunnel":{"sent":"#, tunnel.sent);
            self.number(br#","received":"#, tunnel.received);
            self.raw(b"}");
        }
        if !exchange.changed.is_empty() {
            self.raw(br#","changed":"#);
            self.list(&exchange.changed, Self::change);
        }
        if !exchange.redactions.is_empty() {
            self.raw(br#","redactions":"#);
            self.list(&exchange.redactions, |line, redaction| {
                line.string(br#"{"place":""#, &redaction.place);
                line.string(br#","kind":""#, &redaction.kind);
                line.raw(b"}");
            });
        }
    }

    fn change(&mut self, change: &Change) {
        self.string(br#"{"side":""#, change.side.name());
        self.string(br#","what":""#, &change.what);
        if let Some(from) = &change.from {
            self.string(br#","from":""#, from);
        }
        if let Some(to) = &change.to {
            self.string(br#","to":""#, to);
        }
        self.string(br#","why":""#, &change.why);
        self.raw(b"}");
    }

    fn headers<const N: usize>(
        &mut self,
        before: &[u8; N],
        name: &str,
        headers: &Headers,
        latin1: &mut Latin1Places,
    ) {
        self.raw(before);
        for (index, Header { name: field, value }) in headers.iter().enumerate() {
            self.wire(br#"[""#, field, latin1, || format!("/{name}/{index}/0"));
            self.wire(br#",""#, value, latin1, || format!("/{name}/{index}/1"));
            self.raw(b"],");
        }
        // The last comma.
        self.out.truncate(self.out.len() - usize::from(!headers.0.is_empty()));
        self.raw(b"]");
    }

    fn body(&mut self, body: &Body) {
        let from = self.out.len();
        self.raw(br#","body":""#);
        if self.escape_bytes(&body.bytes) {
            self.raw(b"\"");
        } else {
            self.out.truncate(from);
            self.base64(br#","body_base64":""#, &body.bytes);
        }
        self.number(br#","body_bytes":"#, body.total);
        if body.cut {
            self.raw(b",\"body_cut\":true");
        }
        if body.decoded {
            self.raw(b",\"body_decoded\":true");
        }
    }

    fn latin1(&mut self, places: &Latin1Places) {
        if !places.is_empty() {
            self.raw(br#","latin1":"#);
            self.list(places, |line, pointer| line.string(b"\"", pointer));
        }
    }

    /// As `string`, of bytes from the wire. What is not UTF-8 goes byte by byte, and its place is listed.
    #[inline]
    fn wire<const N: usize>(
        &mut self,
        before: &[u8; N],
        value: &WireBytes,
        latin1: &mut Latin1Places,
        place: impl FnOnce() -> String,
    ) {
        self.raw(before);
        if !self.escape_bytes(value.as_bytes()) {
            latin1.push(place());
            escape::escape_latin1(self.out, value.as_bytes());
        }
        self.raw(b"\"");
    }

    #[inline]
    fn escape_bytes(&mut self, bytes: &[u8]) -> bool {
        match self.fast_path {
            FastPath::On => fast::escape_bytes(self.out, bytes),
            FastPath::Off => escape::escape_bytes(self.out, bytes),
        }
    }

    /// Appends what precedes a string (its opening quote too), the string and its closing quote.
    ///
    /// What precedes is of known length here and below, so that it becomes a few stores without a call.
    #[inline]
    fn string<const N: usize>(&mut self, before: &[u8; N], value: &str) {
        self.raw(before);
        match self.fast_path {
            FastPath::On => fast::escape_text(self.out, value),
            FastPath::Off => {
                escape::escape_bytes(self.out, value.as_bytes());
            }
        }
        self.raw(b"\"");
    }

    /// Appends what precedes a number, and the number.
    #[inline]
    fn number<const N: usize>(&mut self, before: &[u8; N], value: u64) {
        self.raw(before);
        self.out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
    }

    /// Appends what precedes a Base64 string (its opening quote too), the string and its closing quote.
    fn base64<const N: usize>(&mut self, before: &[u8; N], bytes: &[u8]) {
        self.raw(before);
        let from = self.out.len();
        self.out.resize(from + bytes.len().div_ceil(3) * 4, 0);
        let written = STANDARD.encode_slice(bytes, &mut self.out[from..]).unwrap_or(0);
        self.out.truncate(from + written);
        self.raw(b"\"");
    }

    #[inline]
    fn raw<const N: usize>(&mut self, bytes: &[u8; N]) {
        self.out.extend_from_slice(bytes);
    }

    fn list<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Self, &T)) {
        self.raw(b"[");
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.raw(b",");
            }
            write(self, item);
        }
        self.raw(b"]");
    }
}
