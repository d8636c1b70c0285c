//! The responses that wraptap makes itself, in the API's error shape and marked, so that they are not taken
//! for the upstream's. They never have a `Retry-After`: some SDKs would send a wrap-up again, up to ten
//! times.

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, PROXY_AUTHENTICATE};
use http::{HeaderName, HeaderValue, Method, Response, StatusCode};

use crate::model::exchange::{self, Body, Header, Headers};
use crate::model::passage::{Failure, FailureSource};

/// The header that marks such a response; its value is the code.
const MARK: &str = "x-wraptap-error";

/// A response that wraptap makes.
///
/// Message and hint consist of what wraptap knows, never of what the client sent: they return no credential
/// and no markup.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct SyntheticResponse {
    /// The status.
    pub(crate) status: u16,
    /// A short code, such as `upstream_refused`.
    pub(crate) code: &'static str,
    /// Who caused it.
    pub(crate) source: FailureSource,
    /// What happened, without the final full stop.
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) hint: Option<String>,
}

impl SyntheticResponse {
    /// A response to a fault of the client.
    #[cold]
    pub(crate) fn client(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, source: FailureSource::Client, message: message.into(), hint: None }
    }

    /// A response in place of the upstream's.
    #[cold]
    pub(crate) fn upstream(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, source: FailureSource::Upstream, message: message.into(), hint: None }
    }

    /// A response to a limit of wraptap itself.
    pub(crate) fn wraptap(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, source: FailureSource::Wraptap, message: message.into(), hint: None }
    }

    /// The response to a client that has gone: hyper needs one, and it is never read.
    pub(crate) fn client_gone() -> Self {
        Self::client(499, "client_gone", "the client closed the connection")
    }

    /// Adds what to do about it.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Returns the failure for the recording. It has the hint too, because client programs rarely show the
    /// body.
    pub(crate) fn failure(&self) -> Failure {
        let message = match &self.hint {
            Some(hint) => format!("{} (hint: {hint})", self.message),
            None => self.message.clone(),
        };
        Failure { source: self.source, message }
    }

    /// Returns the response for hyper; a response to HEAD has no body.
    #[cold]
    pub(crate) fn to_http(&self, method: &Method) -> Response<Bytes> {
        let body = self.body();
        let length = HeaderValue::from(body.len());
        let mut response = Response::new(if *method == Method::HEAD { Bytes::new() } else { body });
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_GATEWAY);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(HeaderName::from_static(MARK), HeaderValue::from_static(self.code));
        headers.insert(CONTENT_LENGTH, length);
        if self.status == 407 {
            // RFC 9110, 15.5.8; without it some clients never send their credentials
            headers.insert(PROXY_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"wraptap\""));
        }
        if self.source == FailureSource::Client {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }

    /// Returns the response as bytes, for a connection that hyper no longer serves.
    pub(crate) fn to_bytes(&self) -> Bytes {
        let response = self.to_recorded();
        let mut text = format!("HTTP/1.1 {} {}\r\n", self.status, self.reason());
        for header in response.headers.iter() {
            text.push_str(&format!("{}: {}\r\n", header.name.lossy(), header.value.lossy()));
        }
        text.push_str("\r\n");
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(&response.body.bytes);
        Bytes::from(bytes)
    }

    /// Returns the response for the recording.
    pub(crate) fn to_recorded(&self) -> exchange::Response {
        let body = self.body();
        let length = body.len().to_string();
        let mut lines = vec![
            ("content-type", "application/json"),
            (MARK, self.code),
            ("content-length", length.as_str()),
        ];
        if self.source == FailureSource::Client {
            lines.push(("connection", "close"));
        }
        let headers = lines
            .into_iter()
            .map(|(name, value)| Header { name: name.into(), value: value.into() })
            .collect();
        exchange::Response::of(self.status, self.reason(), Headers(headers), Body::whole(body))
    }

    /// Returns the body: an ErrorBody as the API has it.
    fn body(&self) -> Bytes {
        let message = match &self.hint {
            Some(hint) => format!("wraptap: {}. {hint}", self.message),
            None => format!("wraptap: {}", self.message),
        };
        let body = serde_json::json!({
            "message": message,
            "code": format!("wraptap.{}", self.code),
            "status": self.status,
            "details": [],
            "errors": [],
        });
        Bytes::from(body.to_string())
    }

    fn reason(&self) -> &'static str {
        StatusCode::from_u16(self.status).ok().and_then(|status| status.canonical_reason()).unwrap_or("Error")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_the_shape_of_the_apis_errors_and_no_retry_after() {
        let response =
            SyntheticResponse::upstream(502, "upstream_refused", "nothing listens there").hint("Start it.");
        let body: serde_json::Value = serde_json::from_slice(&response.body()).unwrap();
        assert_eq!(
            (body["status"].as_u64(), body["code"].as_str()),
            (Some(502), Some("wraptap.upstream_refused"))
        );
        assert_eq!(body["message"], "wraptap: nothing listens there. Start it.");
        let http = response.to_http(&Method::GET);
        assert_eq!(http.headers()[MARK], "upstream_refused");
        assert!(!http.headers().contains_key("retry-after"));
        assert!(String::from_utf8_lossy(&response.to_bytes()).starts_with("HTTP/1.1 502 Bad Gateway\r\n"));
    }
}
