//! What a list shows of an exchange, read without decoding the rest of its line.

use std::borrow::Cow;

use serde::Deserialize;

use crate::model::exchange::Origin;
use crate::store::line::{LineError, VERSION};

/// The parts of an exchange that fit into one line of a list; texts are those of the file, unescaped.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Summary<'a> {
    /// The exchange's id.
    pub id: u64,
    /// RFC 3339, UTC.
    pub started_at: Cow<'a, str>,
    /// Microseconds from the first byte to the end.
    pub total: u64,
    /// The client's short name.
    pub sdk: Option<Cow<'a, str>>,
    /// `live`, `probe`, `replay`, `import`.
    pub origin: Cow<'a, str>,
    /// The earlier exchange that this one repeats.
    pub attempt_of: Option<u64>,
    /// The request's method.
    pub method: Cow<'a, str>,
    /// The request-target.
    pub target: Cow<'a, str>,
    /// Bytes of the request's body.
    pub request_bytes: u64,
    /// The answer's status.
    pub status: Option<u16>,
    /// Bytes of the answer's body.
    pub response_bytes: Option<u64>,
    /// Whose doing a failure was, and what happened.
    pub error: Option<(Cow<'a, str>, Cow<'a, str>)>,
}

impl<'a> Summary<'a> {
    /// Reads a line, with or without its newline.
    ///
    /// # Errors
    /// The line is torn, foreign, or of a newer format.
    pub fn parse(line: &'a [u8]) -> Result<Self, LineError> {
        match quick(line) {
            Some(summary) => Ok(summary),
            None => slow(line),
        }
    }

    /// Returns whether the answer was a refusal: 4xx or 5xx.
    pub fn is_refused(&self) -> bool {
        self.status.is_some_and(|status| status >= 400)
    }

    /// Returns whether wraptap asked it by itself, under `--probe`.
    pub fn is_probe(&self) -> bool {
        self.origin == Origin::Probe.name()
    }
}

/// Reads a line as wraptap itself writes it, by looking for the members in their order.
///
/// Sound because the bytes `,"name":` cannot occur inside a JSON string, where a quote has a backslash before
/// it: what is found is a member, and those looked for are nowhere deeper in this version of the format.
/// `None` sends every other line, whatever wrote it, through a real parser.
fn quick(line: &[u8]) -> Option<Summary<'_>> {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    // A torn line can end in `}` by chance, but not in two with the last member closed: those go the slow
    // way.
    let rest = line.strip_prefix(b"{\"v\":1,\"run\":\"")?.strip_suffix(b"}")?;
    if !matches!(rest.last(), Some(b'}' | b']')) {
        return None;
    }
    let mut cursor = Cursor(rest);
    cursor.behind(b"\"id\":")?;
    let id = cursor.number()?;
    cursor.0 = cursor.0.strip_prefix(b",\"started_at\":\"")?;
    let started_at = cursor.text()?;
    cursor.behind(b",\"timings\":{")?;
    cursor.behind(b"\"total\":")?;
    let total = cursor.number()?;
    cursor.behind(b",\"wraptap\":\"")?;
    cursor.text()?;
    let sdk = match cursor.0.strip_prefix(b",\"sdk\":{\"name\":\"") {
        None => None,
        Some(tail) => {
            cursor.0 = tail;
            Some(cursor.text()?)
        }
    };
    cursor.behind(b",\"origin\":\"")?;
    let origin = cursor.text()?;
    let attempt_of = match cursor.0.strip_prefix(b",\"attempt_of\":") {
        None => None,
        Some(tail) => {
            cursor.0 = tail;
            Some(cursor.number()?)
        }
    };
    cursor.0 = cursor.0.strip_prefix(b",\"request\":{\"method\":\"")?;
    let method = cursor.text()?;
    cursor.0 = cursor.0.strip_prefix(b",\"target\":\"")?;
    let target = cursor.text()?;
    cursor.behind(b",\"body_bytes\":")?;
    let request_bytes = cursor.number()?;
    let outcome = quick_outcome(cursor)?;
    Some(Summary {
        id,
        started_at,
        total,
        sdk,
        origin,
        attempt_of,
        method,
        target,
        request_bytes,
        status: outcome.status,
        response_bytes: outcome.response_bytes,
        error: outcome.error,
    })
}

/// How an exchange ended.
struct SummaryEnd<'a> {
    status: Option<u16>,
    response_bytes: Option<u64>,
    error: Option<(Cow<'a, str>, Cow<'a, str>)>,
}

/// Reads what follows the request.
fn quick_outcome(mut cursor: Cursor<'_>) -> Option<SummaryEnd<'_>> {
    let (mut status, mut response_bytes) = (None, None);
    let mut response = Cursor(cursor.0);
    if response.behind(b",\"response\":{\"version\":\"").is_some() {
        response.text()?;
        response.0 = response.0.strip_prefix(b",\"status\":")?;
        status = Some(u16::try_from(response.number()?).ok()?);
        response.behind(b",\"body_bytes\":")?;
        response_bytes = Some(response.number()?);
        cursor = response;
    } else if memchr::memmem::find(cursor.0, b",\"response\":").is_some() {
        // written by others, in another order
        return None;
    }
    let mut error = None;
    if cursor.behind(b",\"error\":{\"source\":\"").is_some() {
        let source = cursor.text()?;
        cursor.0 = cursor.0.strip_prefix(b",\"message\":\"")?;
        error = Some((source, cursor.text()?));
    }
    Some(SummaryEnd { status, response_bytes, error })
}

/// Returns the id that the vendor's support asks for, from the response's head.
pub fn correlation_id(line: &[u8]) -> Option<Cow<'_, str>> {
    let mut cursor = Cursor(line);
    cursor.behind(b",\"response\":{")?;
    let marks: [&[u8]; 3] =
        [b"\"ININ-Correlation-Id\",\"", b"\"inin-correlation-id\",\"", b"\"Inin-Correlation-Id\",\""];
    let at = marks.iter().find_map(|mark| memchr::memmem::find(cursor.0, mark).map(|at| at + mark.len()))?;
    cursor.0 = &cursor.0[at..];
    cursor.text()
}

/// What is left of a line.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn behind(&mut self, mark: &[u8]) -> Option<()> {
        let at = memchr::memmem::find(self.0, mark)?;
        self.0 = &self.0[at + mark.len()..];
        Some(())
    }

    fn number(&mut self) -> Option<u64> {
        let digits = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (number, rest) = self.0.split_at(digits);
        self.0 = rest;
        std::str::from_utf8(number).ok()?.parse().ok()
    }

    /// Reads a string whose opening quote is behind us, and its closing one.
    fn text(&mut self) -> Option<Cow<'a, str>> {
        let at = memchr::memchr2(b'"', b'\\', self.0)?;
        if self.0[at] == b'"' {
            let text = std::str::from_utf8(&self.0[..at]).ok()?;
            self.0 = &self.0[at + 1..];
            return Some(Cow::Borrowed(text));
        }
        let mut end = at;
        while *self.0.get(end)? != b'"' {
            end += if self.0[end] == b'\\' { 2 } else { 1 };
        }
        let mut quoted = Vec::with_capacity(end + 2);
        quoted.push(b'"');
        quoted.extend_from_slice(&self.0[..=end]);
        self.0 = &self.0[end + 1..];
        serde_json::from_slice::<String>(&quoted).ok().map(Cow::Owned)
    }
}

#[derive(Deserialize)]
struct SummaryMembers<'a> {
    v: Option<u64>,
    id: Option<u64>,
    #[serde(borrow)]
    started_at: Option<Cow<'a, str>>,
    #[serde(default)]
    timings: SummaryTimings,
    #[serde(borrow)]
    sdk: Option<SummarySdk<'a>>,
    #[serde(borrow)]
    origin: Option<Cow<'a, str>>,
    attempt_of: Option<u64>,
    #[serde(borrow)]
    request: Option<SummaryMessage<'a>>,
    #[serde(borrow)]
    response: Option<SummaryMessage<'a>>,
    #[serde(borrow)]
    error: Option<SummaryFailure<'a>>,
}

#[derive(Default, Deserialize)]
struct SummaryTimings {
    #[serde(default)]
    total: u64,
}

#[derive(Deserialize)]
struct SummarySdk<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
}

#[derive(Deserialize)]
struct SummaryMessage<'a> {
    #[serde(borrow)]
    method: Option<Cow<'a, str>>,
    #[serde(borrow)]
    target: Option<Cow<'a, str>>,
    status: Option<u16>,
    body_bytes: Option<u64>,
}

#[derive(Deserialize)]
struct SummaryFailure<'a> {
    #[serde(borrow)]
    source: Cow<'a, str>,
    #[serde(borrow)]
    message: Cow<'a, str>,
}

/// Reads a line whose members are in any order.
fn slow(line: &[u8]) -> Result<Summary<'_>, LineError> {
    let members: SummaryMembers<'_> = serde_json::from_slice(line).map_err(LineError::of_json)?;
    let missing = |member: &str| LineError::Foreign(format!("no member `{member}`"));
    match members.v {
        None => return Err(missing("v")),
        Some(v) if v > VERSION => return Err(LineError::Newer(v)),
        Some(_) => {}
    }
    let request = members.request.ok_or_else(|| missing("request"))?;
    let (status, response_bytes) = match members.response {
        None => (None, None),
        Some(response) => (response.status, Some(response.body_bytes.unwrap_or(0))),
    };
    Ok(Summary {
        id: members.id.ok_or_else(|| missing("id"))?,
        started_at: members.started_at.ok_or_else(|| missing("started_at"))?,
        total: members.timings.total,
        sdk: members.sdk.map(|sdk| sdk.name),
        origin: members.origin.unwrap_or(Cow::Borrowed("live")),
        attempt_of: members.attempt_of,
        method: request.method.ok_or_else(|| missing("request.method"))?,
        target: request.target.ok_or_else(|| missing("request.target"))?,
        request_bytes: request.body_bytes.unwrap_or(0),
        status,
        response_bytes,
        error: members.error.map(|error| (error.source, error.message)),
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Checks that both ways read the same from a line of ours.
    pub(crate) fn agree(line: &[u8]) {
        assert_eq!(quick(line).unwrap(), slow(line).unwrap(), "{}", String::from_utf8_lossy(line));
    }

    #[test]
    fn members_in_another_order_are_read_too() {
        let line = r#"{"request":{"target":"/\u0041","method":"GET"},"id":3,"started_at":"2026-11-20T08:30:15Z","v":1}"#;
        let summary = Summary::parse(line.as_bytes()).unwrap();
        assert_eq!((summary.id, &*summary.target, summary.status), (3, "/A", None));
    }

    #[test]
    fn a_torn_and_a_foreign_line_are_named() {
        assert!(matches!(Summary::parse(b"{\"v\":1,\"run\":\"x\",\"id\":1,"), Err(LineError::Torn)));
        assert!(matches!(Summary::parse(b"[1]"), Err(LineError::Foreign(_))));
        assert!(matches!(Summary::parse(b"{\"v\":7}"), Err(LineError::Newer(7))));
    }
}
