//! The answers that wraptap gives in its own name, in the API's error shape and marked, so that nobody blames the
//! upstream. Never a `Retry-After`: some SDKs would send a wrap-up again, up to ten times.

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, PROXY_AUTHENTICATE};
use http::{HeaderName, HeaderValue, Response, StatusCode};

use crate::model::exchange::{self, Body, Header, Headers};
use crate::model::passage::{Failure, FailureSource};
use crate::proxy::response_body::ResponseBody;

/// The header that marks an answer of wraptap's own; its value is the code.
const MARKED: &str = "x-wraptap-error";
/// The same, as hyper wants it.
pub(crate) const MARK: HeaderName = HeaderName::from_static(MARKED);

/// An answer of wraptap's own.
///
/// Message and hint are made of what wraptap knows, never of what the client sent: no credential and no markup comes
/// back in them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct SyntheticResponse {
    /// The status.
    pub(crate) status: u16,
    /// A short code, such as `upstream_refused`.
    pub(crate) code: &'static str,
    /// Whose doing it is.
    pub(crate) source: FailureSource,
    /// What happened, without the final full stop.
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) hint: Option<String>,
}

impl SyntheticResponse {
    /// The client's doing.
    #[cold]
    pub(crate) fn client(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, source: FailureSource::Client, message: message.into(), hint: None }
    }

    /// The upstream's doing.
    #[cold]
    pub(crate) fn upstream(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, source: FailureSource::Upstream, message: message.into(), hint: None }
    }

    /// wraptap's own limits.
    pub(crate) fn wraptap(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, source: FailureSource::Wraptap, message: message.into(), hint: None }
    }

    /// Adds what to do about it.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Returns the failure that stands in the recording, with what to do about it: the client's program rarely shows
    /// the answer's body.
    pub(crate) fn failure(&self) -> Failure {
        let message = match &self.hint {
            Some(hint) => format!("{} (hint: {hint})", self.message),
            None => self.message.clone(),
        };
        Failure { source: self.source, message }
    }

    /// Returns the body: the API's ErrorBody.
    pub(crate) fn body(&self) -> Bytes {
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

    /// Returns the answer for hyper; `with_body` is false for HEAD.
    #[cold]
    pub(crate) fn answer(&self, with_body: bool) -> Response<ResponseBody> {
        let body = self.body();
        let length = HeaderValue::from(body.len());
        let mut response =
            Response::new(if with_body { ResponseBody::whole(body) } else { ResponseBody::empty() });
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_GATEWAY);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(MARK, HeaderValue::from_static(self.code));
        headers.insert(CONTENT_LENGTH, length);
        if self.status == 407 {
            // RFC 9110, 15.5.8: else some clients never send what they have
            headers.insert(PROXY_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"wraptap\""));
        }
        if self.source == FailureSource::Client {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }

    /// Returns the whole answer as bytes, for a connection that hyper is done with.
    pub(crate) fn bytes(&self) -> Bytes {
        let response = self.record();
        let reason = StatusCode::from_u16(self.status).ok().and_then(|status| status.canonical_reason());
        let mut text = format!("HTTP/1.1 {} {}\r\n", self.status, reason.unwrap_or("Error"));
        for header in response.headers.iter() {
            text.push_str(&format!("{}: {}\r\n", header.name.lossy(), header.value.lossy()));
        }
        text.push_str("\r\n");
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(&response.body.bytes);
        Bytes::from(bytes)
    }

    /// Returns the answer as it stands in the recording.
    pub(crate) fn record(&self) -> exchange::Response {
        let body = self.body();
        let reason = StatusCode::from_u16(self.status).ok().and_then(|status| status.canonical_reason());
        let length = body.len().to_string();
        let mut lines = vec![
            ("content-type", "application/json"),
            (MARKED, self.code),
            ("content-length", length.as_str()),
        ];
        if self.source == FailureSource::Client {
            lines.push(("connection", "close"));
        }
        exchange::Response::of(
            self.status,
            reason.unwrap_or("Error"),
            Headers(
                lines
                    .into_iter()
                    .map(|(name, value)| Header { name: name.into(), value: value.into() })
                    .collect(),
            ),
            Body::whole(body),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_the_shape_of_the_apis_errors_and_no_retry_after() {
        let refusal =
            SyntheticResponse::upstream(502, "upstream_refused", "nothing listens there").hint("Start it.");
        let body: serde_json::Value = serde_json::from_slice(&refusal.body()).unwrap();
        assert_eq!(
            (body["status"].as_u64(), body["code"].as_str()),
            (Some(502), Some("wraptap.upstream_refused"))
        );
        assert_eq!(body["message"], "wraptap: nothing listens there. Start it.");
        let answer = refusal.answer(true);
        assert_eq!(answer.headers()[MARK], "upstream_refused");
        assert!(!answer.headers().contains_key("retry-after"));
        assert!(String::from_utf8_lossy(&refusal.bytes()).starts_with("HTTP/1.1 502 Bad Gateway\r\n"));
    }
}
