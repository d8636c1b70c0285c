//! Reads a line back into its exchange.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::Deserialize;

use crate::model::exchange::{
    Body, Connection, Exchange, ExchangeId, Header, Headers, Interim, Origin, Request, Response, Sdk, Timings,
};
use crate::model::passage::{Change, Failure, Redaction, Tunnel};
use crate::model::timestamp::Timestamp;
use crate::model::wire_bytes::WireBytes;
use crate::store::line::VERSION;

/// Why a line is not an exchange.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// The line stops inside its JSON: the recorder was killed, or the disk was full.
    #[error("torn: the line stops in the middle of an exchange")]
    Torn,
    /// The line is something else.
    #[error("not a wraptap exchange: {0}")]
    Foreign(String),
    /// A later wraptap wrote it.
    #[error("written by a newer wraptap (format {0}; this one reads up to {VERSION})")]
    Newer(u64),
}

/// Reads one line, with or without its newline. Members that are not known are skipped.
///
/// # Errors
/// The line is torn, foreign, or of a newer format.
pub fn decode(line: &[u8]) -> Result<Exchange, LineError> {
    let mark: LineVersion = serde_json::from_slice(line).map_err(LineError::of_json)?;
    match mark.v {
        None => return Err(LineError::Foreign("no member `v`".to_owned())),
        Some(v) if v > VERSION => return Err(LineError::Newer(v)),
        Some(_) => {}
    }
    let line: LineMembers<'_> = serde_json::from_slice(line).map_err(LineError::of_json)?;
    line.exchange().map_err(LineError::Foreign)
}

impl LineError {
    /// Returns what an error of the JSON parser says about a line.
    pub(crate) fn of_json(error: serde_json::Error) -> Self {
        if error.is_eof() {
            return Self::Torn;
        }
        // The line number of the JSON text is always 1; the reader says the line of the file.
        Self::Foreign(error.to_string().replace(" at line 1 column ", " at column "))
    }
}

#[derive(Deserialize)]
struct LineVersion {
    v: Option<u64>,
}

type LineText<'a> = Cow<'a, str>;

#[derive(Deserialize)]
struct LineMembers<'a> {
    #[serde(default)]
    run: String,
    id: ExchangeId,
    started_at: String,
    #[serde(default)]
    timings: Timings,
    #[serde(default)]
    wraptap: String,
    sdk: Option<Sdk>,
    connection: Option<Connection>,
    #[serde(default)]
    upstream: String,
    #[serde(default)]
    origin: Origin,
    attempt_of: Option<ExchangeId>,
    #[serde(borrow)]
    request: LineMessage<'a>,
    #[serde(borrow, default)]
    interim: Vec<LineMessage<'a>>,
    #[serde(borrow)]
    response: Option<LineMessage<'a>>,
    error: Option<Failure>,
    tunnel: Option<Tunnel>,
    #[serde(default)]
    changed: Vec<Change>,
    #[serde(default)]
    redactions: Vec<Redaction>,
}

/// The members of a request, an interim answer or a response.
#[derive(Deserialize)]
struct LineMessage<'a> {
    #[serde(borrow)]
    method: Option<LineText<'a>>,
    #[serde(borrow)]
    target: Option<LineText<'a>>,
    version: Option<String>,
    status: Option<u16>,
    #[serde(borrow)]
    reason: Option<LineText<'a>>,
    #[serde(borrow, default)]
    headers: Vec<(LineText<'a>, LineText<'a>)>,
    #[serde(borrow)]
    body: Option<LineText<'a>>,
    #[serde(borrow)]
    body_base64: Option<LineText<'a>>,
    body_bytes: Option<u64>,
    #[serde(default)]
    body_cut: bool,
    #[serde(default)]
    body_decoded: bool,
    #[serde(borrow, default)]
    trailers: Vec<(LineText<'a>, LineText<'a>)>,
    #[serde(default)]
    latin1: Vec<String>,
    #[serde(borrow)]
    head_base64: Option<LineText<'a>>,
}

impl LineMembers<'_> {
    fn exchange(self) -> Result<Exchange, String> {
        Ok(Exchange {
            run: self.run,
            id: self.id,
            started_at: Timestamp::parse(&self.started_at).ok_or("`started_at` is no RFC 3339 time")?,
            timings: self.timings,
            recorder: self.wraptap,
            sdk: self.sdk,
            connection: self.connection,
            upstream: self.upstream,
            origin: self.origin,
            attempt_of: self.attempt_of,
            request: self.request.request()?,
            interim: self.interim.into_iter().map(LineMessage::interim).collect::<Result<_, _>>()?,
            response: self.response.map(LineMessage::response).transpose()?,
            error: self.error,
            tunnel: self.tunnel,
            changed: self.changed,
            redactions: self.redactions,
        })
    }
}

impl LineMessage<'_> {
    fn request(self) -> Result<Request, String> {
        Ok(Request {
            method: self.bytes(self.method.as_ref().ok_or("no `request.method`")?, || "/method".into())?,
            target: self.bytes(self.target.as_ref().ok_or("no `request.target`")?, || "/target".into())?,
            headers: self.headers("headers", &self.headers)?,
            body: self.body()?,
            trailers: self.headers("trailers", &self.trailers)?,
            head: self.head()?,
            version: self.version.unwrap_or_default(),
        })
    }

    fn interim(self) -> Result<Interim, String> {
        Ok(Interim {
            status: self.status.ok_or("no `interim.status`")?,
            reason: self.reason()?,
            headers: self.headers("headers", &self.headers)?,
        })
    }

    fn response(self) -> Result<Response, String> {
        Ok(Response {
            status: self.status.ok_or("no `response.status`")?,
            reason: self.reason()?,
            headers: self.headers("headers", &self.headers)?,
            body: self.body()?,
            trailers: self.headers("trailers", &self.trailers)?,
            head: self.head()?,
            version: self.version.unwrap_or_default(),
        })
    }

    fn reason(&self) -> Result<WireBytes, String> {
        self.reason
            .as_ref()
            .map_or(Ok(WireBytes::default()), |reason| self.bytes(reason, || "/reason".into()))
    }

    fn headers(&self, list: &str, lines: &[(LineText<'_>, LineText<'_>)]) -> Result<Headers, String> {
        let mut headers = Vec::with_capacity(lines.len());
        for (index, (name, value)) in lines.iter().enumerate() {
            headers.push(Header {
                name: self.bytes(name, || format!("/{list}/{index}/0"))?,
                value: self.bytes(value, || format!("/{list}/{index}/1"))?,
            });
        }
        Ok(Headers(headers))
    }

    fn body(&self) -> Result<Body, String> {
        let bytes = match (&self.body, &self.body_base64) {
            (Some(text), _) => Bytes::copy_from_slice(text.as_bytes()),
            (None, Some(text)) => from_base64("body_base64", text)?,
            (None, None) => Bytes::new(),
        };
        let total = self.body_bytes.unwrap_or(bytes.len() as u64);
        Ok(Body { bytes, total, cut: self.body_cut, decoded: self.body_decoded })
    }

    fn head(&self) -> Result<Option<WireBytes>, String> {
        self.head_base64
            .as_ref()
            .map(|text| from_base64("head_base64", text).map(WireBytes::from))
            .transpose()
    }

    fn bytes(&self, text: &str, pointer: impl FnOnce() -> String) -> Result<WireBytes, String> {
        if self.latin1.is_empty() || !self.latin1.contains(&pointer()) {
            return Ok(text.into());
        }
        let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
        bytes.map(WireBytes::from).ok_or_else(|| "a text in `latin1` has a character above U+00FF".to_owned())
    }
}

fn from_base64(member: &str, text: &str) -> Result<Bytes, String> {
    STANDARD.decode(text.as_bytes()).map(Bytes::from).map_err(|error| format!("`{member}`: {error}"))
}
