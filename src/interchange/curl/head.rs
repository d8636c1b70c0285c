//! The head of one request as curl puts it together, and what describes the body.

use crate::interchange::curl::Reconstructed;
use crate::interchange::curl::arguments::CurlOperation;
use crate::interchange::curl::form;
use crate::interchange::curl::header_line::written_name_of;
use crate::model::exchange::{Body, Header, Headers, Request};

/// The version whose `User-Agent` and codings are used where a text does not name them.
pub const MODELLED_AGENT: &str = "curl/7.88.1";
/// The codings that a curl with all its libraries asks for under `--compressed`.
pub const MODELLED_CODINGS: &str = "deflate, gzip, br, zstd";
/// Bodies above this size are announced with `Expect: 100-continue`.
pub const EXPECT_ABOVE: usize = 1024 * 1024;

/// What a request carries, and how the method follows from it.
pub(super) enum RequestPayload {
    Nothing,
    Data(Vec<u8>),
    Form(form::Multipart),
    Upload(Vec<u8>, UploadSize),
}

/// Whether curl knows the size of an upload before it sends it.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum UploadSize {
    Known,
    Unknown,
}

/// The user's own header lines.
pub(super) struct OwnHeaders {
    /// Those that are sent.
    pub(super) lines: Vec<Vec<u8>>,
    /// The names of all, also of those that only take one of curl's away; lower case.
    pub(super) named: Vec<Vec<u8>>,
}

impl OwnHeaders {
    /// Takes one `-H`: `X: y` is sent as it is, `X:` takes a header away, `X;` sends an empty one.
    pub(super) fn push(&mut self, written: &[u8]) {
        let line = written.trim_ascii_end();
        let line = if written.ends_with(b"\n") { line } else { written };
        if let Some(colon) = line.iter().position(|byte| *byte == b':') {
            if colon == 0 {
                return;
            }
            self.named.push(line[..colon].to_ascii_lowercase());
            if !line[colon + 1..].trim_ascii().is_empty() {
                self.lines.push(line.to_vec());
            }
        } else if let Some(name) = line.trim_ascii_end().strip_suffix(b";") {
            self.named.push(name.to_ascii_lowercase());
            self.lines.push([name, b":"].concat());
        }
    }

    pub(super) fn names(&self, name: &str) -> bool {
        self.named.iter().any(|own| own == name.as_bytes())
    }

    /// Returns how the parts of a form are called: `attachment` under a media type that is not a form's.
    pub(super) fn form_disposition(&self) -> &'static str {
        let own = self.value("content-type").map(|value| value.trim_ascii().to_ascii_lowercase());
        let taken_away = own.is_none() && self.names("content-type");
        match own {
            Some(own) if !own.starts_with(b"multipart/form-data") => "attachment",
            _ if taken_away => "attachment",
            _ => "form-data",
        }
    }

    fn value(&self, name: &str) -> Option<&[u8]> {
        let line =
            self.lines.iter().find(|line| written_name_of(line).eq_ignore_ascii_case(name.as_bytes()))?;
        Some(&line[name.len() + 1..])
    }
}

/// The header lines of one request while they are put together.
pub(super) struct HeadBuilder<'a> {
    pub(super) lines: Vec<Vec<u8>>,
    pub(super) own: &'a OwnHeaders,
    pub(super) reconstructed: Vec<Reconstructed>,
}

impl HeadBuilder<'_> {
    pub(super) fn made_up(&mut self, what: &str, value: &str, why: &'static str) {
        self.reconstructed.push(Reconstructed { what: what.to_owned(), value: value.to_owned(), why });
    }

    pub(super) fn host(&mut self, authority: &str) {
        match self.own.value("host") {
            Some(value) => self.lines.push([b"Host:", value].concat()),
            None if self.own.names("host") => {}
            None => self.lines.push(format!("Host: {authority}").into_bytes()),
        }
    }

    pub(super) fn range(&mut self, operation: &CurlOperation, payload: &RequestPayload) {
        let total = match payload {
            RequestPayload::Nothing => None,
            RequestPayload::Data(body) | RequestPayload::Upload(body, _) => Some(body.len()),
            RequestPayload::Form(form) => Some(form.body.len()),
        };
        let range = match (operation.resume, &operation.range) {
            (Some((0, _)), _) | (None, None) => return,
            (Some((from, _)), _) => match total {
                None => format!("{from}-"),
                // the rest of the file is the body: this is its range in the whole
                Some(left) => {
                    let whole = from + left as u64;
                    if !self.own.names("content-range") {
                        let line = format!("Content-Range: bytes {from}-{}/{whole}", whole.saturating_sub(1));
                        self.lines.push(line.into_bytes());
                    }
                    return;
                }
            },
            (None, Some(range)) => {
                let mut range = String::from_utf8_lossy(range).into_owned();
                if range.bytes().all(|byte| byte.is_ascii_digit()) {
                    range.push('-');
                }
                range
            }
        };
        match total {
            None if !self.own.names("range") => {
                self.lines.push(format!("Range: bytes={range}").into_bytes());
            }
            Some(total) if !self.own.names("content-range") => {
                self.lines.push(format!("Content-Range: bytes {range}/{total}").into_bytes());
            }
            _ => {}
        }
    }

    pub(super) fn defaults(&mut self, operation: &CurlOperation) {
        match &operation.agent {
            _ if self.own.names("user-agent") => {}
            Some(agent) if agent.is_empty() => {}
            Some(agent) => self.lines.push([b"User-Agent: ", agent.as_slice()].concat()),
            None => {
                self.lines.push(format!("User-Agent: {MODELLED_AGENT}").into_bytes());
                self.made_up("User-Agent", MODELLED_AGENT, "the version of the curl that sends it");
            }
        }
        if !self.own.names("accept") {
            self.lines.push(b"Accept: */*".to_vec());
        }
        if operation.transfer_coding && !self.own.names("te") {
            let connection = match self.own.value("connection") {
                Some(value) => [b"Connection:", value, b", TE"].concat(),
                None => b"Connection: TE".to_vec(),
            };
            self.lines.push(connection);
            self.lines.push(b"TE: gzip".to_vec());
        }
    }

    /// Adds the user's own lines, except those that are written elsewhere.
    pub(super) fn own_lines(&mut self, payload: &RequestPayload, transfer_coding: bool) {
        for line in &self.own.lines {
            let name = written_name_of(line).to_ascii_lowercase();
            let elsewhere = match name.as_slice() {
                b"host" => true,
                b"content-type" => matches!(payload, RequestPayload::Form(_)),
                b"connection" => transfer_coding,
                _ => false,
            };
            if !elsewhere {
                self.lines.push(line.clone());
            }
        }
    }

    /// Adds what describes the body and returns it.
    pub(super) fn body(&mut self, payload: RequestPayload, version: &str) -> Vec<u8> {
        let chunked = matches!(payload, RequestPayload::Upload(_, UploadSize::Unknown))
            || self.own.value("transfer-encoding").is_some_and(|value| {
                value.to_ascii_lowercase().windows(7).any(|window| window == b"chunked")
            });
        let (body, expects) = match payload {
            RequestPayload::Nothing => return Vec::new(),
            RequestPayload::Data(body) => {
                self.length(&body, chunked);
                if !self.own.names("content-type") {
                    self.lines.push(b"Content-Type: application/x-www-form-urlencoded".to_vec());
                }
                let large = body.len() > EXPECT_ABOVE;
                (body, large)
            }
            RequestPayload::Form(form::Multipart { boundary, body }) => {
                self.length(&body, chunked);
                let media_type = match self.own.value("content-type") {
                    Some(value) => value.trim_ascii().to_vec(),
                    None if self.own.names("content-type") => Vec::new(),
                    None => b"multipart/form-data".to_vec(),
                };
                let suffix = format!("; boundary={boundary}");
                self.lines.push([b"Content-Type: ".as_slice(), &media_type, suffix.as_bytes()].concat());
                self.made_up("body", &boundary, "the boundary that curl chooses each time");
                let large = body.len() > EXPECT_ABOVE;
                (body, large)
            }
            RequestPayload::Upload(body, size) => {
                self.length(&body, chunked);
                let expects = size == UploadSize::Unknown || !body.is_empty();
                (body, expects)
            }
        };
        if expects && version == "HTTP/1.1" && !self.own.names("expect") {
            self.lines.push(b"Expect: 100-continue".to_vec());
            self.made_up("Expect", "100-continue", "the version of the curl that sends it");
        }
        body
    }

    fn length(&mut self, body: &[u8], chunked: bool) {
        if !chunked && !self.own.names("content-length") {
            self.lines.push(format!("Content-Length: {}", body.len()).into_bytes());
        }
    }
}

/// Makes a request of its lines; they are kept as they are where name and value alone would not give them
/// back.
pub(super) fn assembled(
    method: &[u8],
    target: &[u8],
    version: &str,
    lines: &[Vec<u8>],
    body: Vec<u8>,
) -> Request {
    let mut exact = true;
    let mut headers = Vec::new();
    for line in lines {
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
        let name = line[..colon].trim_ascii();
        let value = line.get(colon + 1..).unwrap_or_default().trim_ascii();
        exact &= *line == [name, b": ", value].concat();
        headers.push(Header { name: name.into(), value: value.into() });
    }
    exact &= ![method, target].iter().any(|part| part.iter().any(u8::is_ascii_whitespace));
    let head = (!exact).then(|| {
        let mut head = [method, b" ", target, b" ", version.as_bytes(), b"\r\n"].concat();
        for line in lines {
            head.extend_from_slice(line);
            head.extend_from_slice(b"\r\n");
        }
        head.extend_from_slice(b"\r\n");
        head.into()
    });
    Request {
        method: method.into(),
        target: target.into(),
        version: version.to_owned(),
        headers: Headers(headers),
        body: Body::whole(body),
        trailers: Headers::default(),
        head,
    }
}
