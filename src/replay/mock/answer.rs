//! Answers that the mock gives: recorded ones, and its own in the API's error shape.

use bytes::Bytes;
use serde_json::{Value, json};

/// The header by which every answer of the mock says that it is one: `#12`, `#12 with other ids`, `login`, …
pub const MARK: &str = "x-wraptap-mock";

/// An answer, as it goes to the client; framing is the server's.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The reason phrase; empty for the usual one.
    pub reason: Vec<u8>,
    /// Header lines, bytes as recorded.
    pub headers: Vec<(Vec<u8>, Vec<u8>)>,
    /// The body.
    pub body: Bytes,
    /// Whether the body was sent in chunks.
    pub chunked: bool,
    /// How long the recorded answer took, in microseconds.
    pub latency: u64,
    /// One line for the terminal.
    pub said: String,
}

impl Answer {
    /// Returns a JSON answer.
    pub fn json(status: u16, said: impl Into<String>, document: &Value) -> Self {
        Self {
            status,
            reason: Vec::new(),
            headers: vec![(b"content-type".to_vec(), b"application/json".to_vec())],
            body: Bytes::from(document.to_string()),
            chunked: false,
            latency: 0,
            said: said.into(),
        }
    }

    /// Returns a refusal of the mock's own: the API's ErrorBody, with `errors` of the same shape.
    pub fn refusal(status: u16, code: &str, message: &str, errors: Vec<Value>) -> Self {
        let document = error_body(status, code, message, errors);
        let mut answer = Self::json(status, code, &document);
        answer.headers.push((b"x-wraptap-error".to_vec(), code.as_bytes().to_vec()));
        answer
    }

    /// Adds the mark.
    #[must_use]
    pub fn marked(mut self, mark: &str) -> Self {
        self.headers.push((MARK.as_bytes().to_vec(), mark.as_bytes().to_vec()));
        self
    }
}

/// Returns a document of the API's error shape.
pub fn error_body(status: u16, code: &str, message: &str, errors: Vec<Value>) -> Value {
    json!({
        "message": message,
        "code": format!("wraptap.mock.{code}"),
        "status": status,
        "details": [],
        "errors": errors,
    })
}
