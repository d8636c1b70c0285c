//! One request and what came of it: the unit of a recording.

mod headers;

use std::num::NonZeroU64;

use bytes::Bytes;
use serde::Deserialize;

pub use crate::model::exchange::headers::{Header, Headers};
use crate::model::passage::{Change, Failure, Redaction, Tunnel};
use crate::model::timestamp::Timestamp;
use crate::model::wire_bytes::WireBytes;

/// The number of an exchange inside its recording, counted from 1; shown as `#17`.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ExchangeId(pub NonZeroU64);

impl ExchangeId {
    /// Returns the id with this number, or `None` for 0.
    pub fn new(number: u64) -> Option<Self> {
        NonZeroU64::new(number).map(Self)
    }

    /// Returns the number.
    pub fn get(self) -> u64 {
        self.0.get()
    }
}

impl std::fmt::Display for ExchangeId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// One request with its answer, or with the reason why there is none. An exchange that failed is still an
/// exchange.
///
/// `request` is what the client sent, `response` what the upstream sent; what wraptap changed on the way
/// is in `changed`. A response whose body broke has both `response` (the part that came) and `error`.
#[derive(Clone, Debug, PartialEq)]
pub struct Exchange {
    /// Random per start of a recorder: distinguishes the runs that one file holds.
    pub run: String,
    /// Unique inside the file; given in the order in which requests began.
    pub id: ExchangeId,
    /// When the first byte of the request was read.
    pub started_at: Timestamp,
    /// How long each part took.
    pub timings: Timings,
    /// The version of wraptap that wrote it.
    pub recorder: String,
    /// What the request's own marks say about the client, if anything.
    pub sdk: Option<Sdk>,
    /// The client's connection; absent for what no client sent (replays, imports).
    pub connection: Option<Connection>,
    /// Where it was sent: scheme, host and port (`https://api.mypurecloud.de`); empty if it was never routed.
    pub upstream: String,
    /// Who asked.
    pub origin: Origin,
    /// The earlier exchange that this one repeats as a hidden retry of the same client call.
    pub attempt_of: Option<ExchangeId>,
    /// What the client sent.
    pub request: Request,
    /// The 1xx answers before the final one.
    pub interim: Vec<Interim>,
    /// What the upstream answered, or wraptap itself when `error` says so.
    pub response: Option<Response>,
    /// Why the exchange is not whole.
    pub error: Option<Failure>,
    /// Bytes carried each way after a 101 or a CONNECT.
    pub tunnel: Option<Tunnel>,
    /// Every change made to head or target on the way, in the order it was made.
    pub changed: Vec<Change>,
    /// Every secret that was masked, filled in by the redaction before the exchange is stored.
    pub redactions: Vec<Redaction>,
}

/// Durations in microseconds since `started_at`; `None` where that point was not reached.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(default)]
pub struct Timings {
    /// The request was read to its end.
    pub request_read: Option<u64>,
    /// A connection to the upstream was ready.
    pub upstream_connected: Option<u64>,
    /// The head of the final answer arrived.
    pub response_head: Option<u64>,
    /// The exchange was over.
    pub total: u64,
}

/// What a request's own marks (`User-Agent`, `purecloud-sdk`) say of the client that sent it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Sdk {
    /// A short name: `javascript`, `python`, `java`, `go`, `dotnet`, `curl`, `requests`, …
    pub name: String,
    /// The SDK's or client's version, if the marks say it.
    pub version: Option<String>,
    /// The marks this rests on, such as `user-agent: axios/1.21.1`.
    #[serde(default)]
    pub marks: Vec<String>,
}

/// The client's connection and the place of the request on it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Connection {
    /// Counted from 1 per run.
    pub id: u64,
    /// The client's address and port.
    pub client: String,
    /// Which request of this connection it is, from 1.
    pub request: u64,
    /// The TLS version, where the client spoke TLS.
    pub tls: Option<String>,
}

/// Who asked for an exchange.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A client, through the proxy.
    #[default]
    Live,
    /// wraptap itself, under `--probe`.
    Probe,
    /// `wraptap replay` or `isolate`.
    Replay,
    /// `wraptap import`.
    Import,
}

impl Origin {
    /// Every origin, in the order of the documentation.
    pub const ALL: [Self; 4] = [Self::Live, Self::Probe, Self::Replay, Self::Import];

    /// Returns the word that a recording uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Probe => "probe",
            Self::Replay => "replay",
            Self::Import => "import",
        }
    }
}

/// A recorded body, after transfer decoding (chunks joined), content coding (gzip, …) as sent.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Body {
    /// What was recorded: all of it, or its beginning when `cut`.
    pub bytes: Bytes,
    /// How many bytes the body had on the wire.
    pub total: u64,
    /// More was carried than recorded (`--body-limit`, or the memory all bodies share).
    pub cut: bool,
    /// `bytes` are content-decoded (gunzipped, …), because a secret in them had to be masked.
    pub decoded: bool,
}

impl Body {
    /// Returns a body recorded whole.
    pub fn whole(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self { total: bytes.len() as u64, bytes, cut: false, decoded: false }
    }

    /// Returns whether the body had no byte at all.
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }
}

/// A request as the client sent it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Request {
    /// `POST`, `GET`, …
    pub method: WireBytes,
    /// The request-target exactly as on the request line, never decoded.
    pub target: WireBytes,
    /// `HTTP/1.1` or `HTTP/1.0`.
    pub version: String,
    /// The header lines.
    pub headers: Headers,
    /// The body.
    pub body: Body,
    /// The trailer lines of a chunked body.
    pub trailers: Headers,
    /// The head's own bytes, where they cannot be rebuilt exactly from the fields above (masked when stored).
    pub head: Option<WireBytes>,
}

impl Request {
    /// Returns a request of HTTP/1.1 without trailers, whose head can be rebuilt from these fields.
    pub fn of(
        method: impl Into<WireBytes>,
        target: impl Into<WireBytes>,
        headers: Headers,
        body: Body,
    ) -> Self {
        Self {
            method: method.into(),
            target: target.into(),
            version: "HTTP/1.1".to_owned(),
            headers,
            body,
            trailers: Headers::default(),
            head: None,
        }
    }

    /// Returns the method as text.
    pub fn method_text(&self) -> String {
        self.method.lossy().into_owned()
    }

    /// Returns the path of the target; see [`path_of`].
    pub fn path(&self) -> String {
        path_of(&self.target.lossy()).to_owned()
    }

    /// Returns the query without its `?`, or `None` if the target has none.
    pub fn query(&self) -> Option<String> {
        self.target.lossy().split_once('?').map(|(_, query)| query.to_owned())
    }
}

/// Returns a target's path: without the query, and for the absolute form without scheme and authority.
pub fn path_of(target: &str) -> &str {
    let target = match target.find("://") {
        Some(at) if !target.starts_with('/') => {
            let rest = &target[at + 3..];
            rest.find('/').map_or("/", |slash| &rest[slash..])
        }
        _ => target,
    };
    target.split('?').next().unwrap_or_default()
}

/// A final answer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Response {
    /// `HTTP/1.1` or `HTTP/1.0`, as the upstream wrote it.
    pub version: String,
    /// The status code.
    pub status: u16,
    /// The reason phrase, which may be empty.
    pub reason: WireBytes,
    /// The header lines.
    pub headers: Headers,
    /// The body.
    pub body: Body,
    /// The trailer lines of a chunked body.
    pub trailers: Headers,
    /// The head's own bytes, where they cannot be rebuilt exactly from the fields above (masked when stored).
    pub head: Option<WireBytes>,
}

impl Response {
    /// Returns an answer of HTTP/1.1 without trailers, whose head can be rebuilt from these fields.
    pub fn of(status: u16, reason: impl Into<WireBytes>, headers: Headers, body: Body) -> Self {
        Self {
            version: "HTTP/1.1".to_owned(),
            status,
            reason: reason.into(),
            headers,
            body,
            trailers: Headers::default(),
            head: None,
        }
    }
}

/// A 1xx answer that came before the final one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Interim {
    /// 100 to 199.
    pub status: u16,
    /// The reason phrase.
    pub reason: WireBytes,
    /// The header lines.
    pub headers: Headers,
}

impl Exchange {
    /// Returns an exchange of which nothing is known but its request: no run, times at zero, no answer yet.
    pub fn of(id: ExchangeId, origin: Origin, request: Request) -> Self {
        Self {
            run: String::new(),
            id,
            started_at: Timestamp::default(),
            timings: Timings::default(),
            recorder: String::new(),
            sdk: None,
            connection: None,
            upstream: String::new(),
            origin,
            attempt_of: None,
            request,
            interim: Vec::new(),
            response: None,
            error: None,
            tunnel: None,
            changed: Vec::new(),
            redactions: Vec::new(),
        }
    }

    /// Returns the status of the answer, if there was one.
    pub fn status(&self) -> Option<u16> {
        self.response.as_ref().map(|response| response.status)
    }

    /// Returns whether the answer was a 2xx and nothing broke.
    pub fn is_accepted(&self) -> bool {
        self.error.is_none() && self.status().is_some_and(|status| (200..300).contains(&status))
    }

    /// Returns whether the answer was a refusal: 4xx or 5xx from the upstream.
    pub fn is_refused(&self) -> bool {
        self.status().is_some_and(|status| status >= 400)
    }
}

#[cfg(test)]
mod tests;
