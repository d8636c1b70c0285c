//! Settings as the octets that curl would send: which headers it adds, and where they stand.
//!
//! The order is curl's: request line, `Host`, credentials, range, agent, accept, codings, referer, cookies, the user's
//! own headers, and last what describes the body. A header of the user's own replaces curl's.

use base64::Engine as _;

use crate::interchange::curl::arguments::{Operation, Valued};
use crate::interchange::curl::body::Sources;
use crate::interchange::curl::shell::Stdin;
use crate::interchange::curl::url::Url;
use crate::interchange::curl::{CurlError, CurlRequest, Fact, Inputs, Note, Reconstructed, form, glob};
use crate::interchange::place::Place;
use crate::model::exchange::{Body, Header, Headers, Request};

/// The version whose `User-Agent` and codings stand where a text does not say them.
pub const MODELLED_AGENT: &str = "curl/7.88.1";
/// The codings that a curl with all its libraries asks for under `--compressed`.
pub const MODELLED_CODINGS: &str = "deflate, gzip, br, zstd";
/// Bodies above this size are announced with `Expect: 100-continue`.
pub const EXPECT_ABOVE: usize = 1024 * 1024;

/// Makes the requests of one command.
pub(crate) struct Wire<'a> {
    pub(crate) text: &'a str,
    pub(crate) inputs: &'a dyn Inputs,
    pub(crate) stdin: &'a Stdin,
    pub(crate) notes: &'a mut Vec<Note>,
}

/// What a request carries, and how the method follows from it.
enum Payload {
    Nothing,
    Data(Vec<u8>),
    Form(form::Multipart),
    Upload(Vec<u8>, Size),
}

/// Whether curl knows the size of an upload before it sends it.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Size {
    Known,
    Unknown,
}

impl Wire<'_> {
    fn sources(&mut self) -> Sources<'_> {
        Sources { text: self.text, inputs: self.inputs, stdin: self.stdin, notes: self.notes }
    }

    fn place(&self, at: usize) -> Place {
        Place::of(self.text, at)
    }

    /// Returns the requests of one operation, in the order of its URLs.
    ///
    /// # Errors
    /// As [`crate::interchange::curl::parse`].
    pub(crate) fn requests(
        &mut self,
        operation: &Operation,
        start: Place,
    ) -> Result<Vec<CurlRequest>, CurlError> {
        if operation.urls.is_empty() {
            return Err(CurlError::NoUrl { place: start });
        }
        self.check(operation)?;
        let headers = self.own_headers(operation)?;
        let data = self.sources().data(&operation.data)?;
        let mut requests = Vec::new();
        for (index, written) in operation.urls.iter().enumerate() {
            let patterns = if operation.glob_off {
                vec![written.octets.clone()]
            } else {
                glob::expand(&written.octets).map_err(|why| self.bad_url(written, why))?
            };
            for pattern in patterns {
                let upload = operation.uploads.get(index);
                let address = Valued { octets: pattern, at: written.at };
                requests.push(self.request(operation, &headers, &data, &address, upload, start)?);
            }
        }
        Ok(requests)
    }

    fn bad_url(&self, url: &Valued, why: &'static str) -> CurlError {
        let shown = String::from_utf8_lossy(&url.octets).into_owned();
        CurlError::Url { place: self.place(url.at), url: shown, why }
    }

    /// Refuses what curl refuses: two ways to say the method.
    fn check(&self, operation: &Operation) -> Result<(), CurlError> {
        let data = operation.data.first().filter(|_| !operation.get).map(|piece| ("--data", piece.value.at));
        let form = operation.form.first().map(|part| ("--form", part.value.at));
        let upload = operation.uploads.first().map(|upload| ("--upload-file", upload.at));
        let head = operation.head.map(|at| ("--head", at));
        let mut asked = [head, data, form, upload].into_iter().flatten();
        match (asked.next(), asked.next()) {
            (Some((first, _)), Some((second, at))) => {
                Err(CurlError::Conflict { place: self.place(at), first, second })
            }
            _ => Ok(()),
        }
    }

    /// Returns the lines of `-H` as they are sent, and empty values for what they take away.
    fn own_headers(&mut self, operation: &Operation) -> Result<OwnHeaders, CurlError> {
        let mut written = Vec::new();
        for header in &operation.headers {
            match header.octets.strip_prefix(b"@") {
                Some(name) => written.extend(self.sources().header_lines(name, header.at)?),
                None => written.push(header.octets.clone()),
            }
        }
        let mut own = OwnHeaders { lines: Vec::new(), named: Vec::new() };
        if operation.data.iter().any(|piece| piece.json) {
            for (name, line) in
                [("content-type", "Content-Type: application/json"), ("accept", "Accept: application/json")]
            {
                if !written.iter().any(|line| name_of(line).eq_ignore_ascii_case(name.as_bytes())) {
                    written.push(line.as_bytes().to_vec());
                }
            }
        }
        for line in written {
            own.push(&line);
        }
        Ok(own)
    }

    fn payload(
        &mut self,
        operation: &Operation,
        data: &[u8],
        upload: Option<&Valued>,
    ) -> Result<Payload, CurlError> {
        if let Some(upload) = upload.filter(|upload| !upload.octets.is_empty()) {
            let content = self.sources().read(&upload.octets, upload.at)?;
            let piped = upload.octets == b"-" || upload.octets == b".";
            return Ok(Payload::Upload(content, if piped { Size::Unknown } else { Size::Known }));
        }
        if !operation.form.is_empty() {
            return Ok(Payload::Form(form::multipart(&operation.form, &mut self.sources())?));
        }
        let carries = !operation.data.is_empty() && !operation.get;
        Ok(if carries { Payload::Data(data.to_vec()) } else { Payload::Nothing })
    }

    fn url(
        &mut self,
        operation: &Operation,
        data: &[u8],
        written: &Valued,
        upload: Option<&Valued>,
    ) -> Result<Url, CurlError> {
        let mut url = Url::parse(&written.octets, operation.default_scheme.as_deref(), operation.path_as_is)
            .map_err(|why| self.bad_url(written, why))?;
        if let Some(upload) = upload
            && url.query.is_none()
            && url.path.ends_with(b"/")
            && upload.octets != b"-"
        {
            let name = upload.octets.rsplit(|octet| *octet == b'/').next().unwrap_or_default();
            url.path.extend(percent_encoding::percent_encode(name, PATH_SAFE).to_string().into_bytes());
        }
        let mut additions = Vec::new();
        // curl takes one or the other: with -G and data, --url-query is forgotten
        let queries = if operation.get && !operation.data.is_empty() {
            additions.push(data.to_vec());
            &[]
        } else {
            operation.url_query.as_slice()
        };
        for query in queries {
            additions.push(match query.octets.strip_prefix(b"+") {
                Some(raw) => raw.to_vec(),
                None => self.sources().url_encoded(&query.octets, query.at)?,
            });
        }
        for addition in additions {
            url.append_query(&addition).map_err(|why| self.bad_url(written, why))?;
        }
        Ok(url)
    }

    fn request(
        &mut self,
        operation: &Operation,
        own: &OwnHeaders,
        data: &[u8],
        written: &Valued,
        upload: Option<&Valued>,
        start: Place,
    ) -> Result<CurlRequest, CurlError> {
        let url = self.url(operation, data, written, upload)?;
        let payload = self.payload(operation, data, upload)?;
        let implied = match &payload {
            _ if operation.head.is_some() => "HEAD",
            Payload::Nothing => "GET",
            Payload::Data(_) | Payload::Form(_) => "POST",
            Payload::Upload(..) => "PUT",
        };
        let method = operation.method.clone().unwrap_or_else(|| implied.as_bytes().to_vec());
        let version = if operation.http10 { "HTTP/1.0" } else { "HTTP/1.1" };
        let target = operation.target.clone().unwrap_or_else(|| url.target());

        let mut head = Head { lines: Vec::new(), own, reconstructed: Vec::new() };
        head.host(&url.authority);
        self.credentials(&mut head, operation, &url, written.at);
        head.range(operation, &payload);
        head.defaults(operation);
        if matches!(payload, Payload::Upload(_, Size::Unknown)) && !own.names("transfer-encoding") {
            head.lines.push(b"Transfer-Encoding: chunked".to_vec());
        }
        self.accepted_and_cookies(&mut head, operation);
        head.own_lines(&payload, operation.transfer_coding);
        let body = head.body(payload, version);

        let Head { lines, reconstructed, .. } = head;
        let request = assembled(&method, &target, version, &lines, body);
        let upstream = format!("{}://{}", url.scheme, url.authority);
        Ok(CurlRequest { upstream, request, reconstructed, place: start })
    }

    fn credentials(&mut self, head: &mut Head<'_>, operation: &Operation, url: &Url, at: usize) {
        if head.own.names("authorization") || operation.challenge {
            return;
        }
        if let Some(token) = &operation.bearer {
            head.lines.push([b"Authorization: Bearer ", token.as_slice()].concat());
        } else if let Some(user) = operation.user.as_ref().or(url.credentials.as_ref()) {
            let mut user = user.clone();
            if !user.contains(&b':') {
                if operation.user.is_some() {
                    let why = "curl would ask for the password; an empty one stands here";
                    let fact = Fact::LeftOut { option: "-u".to_owned(), why };
                    self.notes.push(Note { place: self.place(at), fact });
                }
                user.push(b':');
            }
            let encoded = base64::engine::general_purpose::STANDARD.encode(&user);
            head.lines.push(format!("Authorization: Basic {encoded}").into_bytes());
        }
    }

    fn accepted_and_cookies(&mut self, head: &mut Head<'_>, operation: &Operation) {
        if operation.compressed && !head.own.names("accept-encoding") {
            head.lines.push(format!("Accept-Encoding: {MODELLED_CODINGS}").into_bytes());
            head.made_up("Accept-Encoding", MODELLED_CODINGS, "the libraries that curl was built with");
        }
        if let Some(referer) = &operation.referer
            && !head.own.names("referer")
        {
            let referer = referer.strip_suffix(b";auto").unwrap_or(referer);
            if !referer.is_empty() {
                head.lines.push([b"Referer: ", referer].concat());
            }
        }
        let (texts, files): (Vec<_>, Vec<_>) =
            operation.cookies.iter().partition(|cookie| cookie.octets.contains(&b'='));
        for file in files.into_iter().filter(|file| !file.octets.is_empty()) {
            let option = format!("-b {}", String::from_utf8_lossy(&file.octets));
            let fact = Fact::LeftOut { option, why: "cookies from a file are not read" };
            self.notes.push(Note { place: self.place(file.at), fact });
        }
        if !texts.is_empty() && !head.own.names("cookie") {
            let texts: Vec<&[u8]> = texts.iter().map(|text| text.octets.as_slice()).collect();
            head.lines.push([b"Cookie: ".as_slice(), &texts.join(&b';')].concat());
        }
    }
}

const PATH_SAFE: &percent_encoding::AsciiSet =
    &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The user's own header lines.
struct OwnHeaders {
    /// Those that are sent.
    lines: Vec<Vec<u8>>,
    /// The names of all, also of those that only take one of curl's away; lower case.
    named: Vec<Vec<u8>>,
}

impl OwnHeaders {
    /// Takes one `-H`: `X: y` is sent as it is, `X:` takes a header away, `X;` sends an empty one.
    fn push(&mut self, written: &[u8]) {
        let line = written.trim_ascii_end();
        let line = if written.ends_with(b"\n") { line } else { written };
        if let Some(colon) = line.iter().position(|octet| *octet == b':') {
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

    fn names(&self, name: &str) -> bool {
        self.named.iter().any(|own| own == name.as_bytes())
    }

    fn value(&self, name: &str) -> Option<&[u8]> {
        let line = self.lines.iter().find(|line| name_of(line).eq_ignore_ascii_case(name.as_bytes()))?;
        Some(&line[name.len() + 1..])
    }
}

fn name_of(line: &[u8]) -> &[u8] {
    &line[..line.iter().position(|octet| *octet == b':' || *octet == b';').unwrap_or(line.len())]
}

/// The header lines of one request while they are put together.
struct Head<'a> {
    lines: Vec<Vec<u8>>,
    own: &'a OwnHeaders,
    reconstructed: Vec<Reconstructed>,
}

impl Head<'_> {
    fn made_up(&mut self, what: &str, value: &str, why: &'static str) {
        self.reconstructed.push(Reconstructed { what: what.to_owned(), value: value.to_owned(), why });
    }

    fn host(&mut self, authority: &str) {
        match self.own.value("host") {
            Some(value) => self.lines.push([b"Host:", value].concat()),
            None if self.own.names("host") => {}
            None => self.lines.push(format!("Host: {authority}").into_bytes()),
        }
    }

    fn range(&mut self, operation: &Operation, payload: &Payload) {
        let Some(range) = &operation.range else { return };
        let mut range = String::from_utf8_lossy(range).into_owned();
        if range.bytes().all(|octet| octet.is_ascii_digit()) {
            range.push('-');
        }
        let total = match payload {
            Payload::Nothing => None,
            Payload::Data(body) | Payload::Upload(body, _) => Some(body.len()),
            Payload::Form(form) => Some(form.body.len()),
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

    fn defaults(&mut self, operation: &Operation) {
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

    /// Adds the user's own lines, but for those that stand elsewhere already.
    fn own_lines(&mut self, payload: &Payload, transfer_coding: bool) {
        for line in &self.own.lines {
            let name = name_of(line).to_ascii_lowercase();
            let elsewhere = match name.as_slice() {
                b"host" => true,
                b"content-type" => matches!(payload, Payload::Form(_)),
                b"connection" => transfer_coding,
                _ => false,
            };
            if !elsewhere {
                self.lines.push(line.clone());
            }
        }
    }

    /// Adds what describes the body and returns it.
    fn body(&mut self, payload: Payload, version: &str) -> Vec<u8> {
        let chunked = matches!(payload, Payload::Upload(_, Size::Unknown))
            || self.own.value("transfer-encoding").is_some_and(|value| {
                value.to_ascii_lowercase().windows(7).any(|window| window == b"chunked")
            });
        let (body, expects) = match payload {
            Payload::Nothing => return Vec::new(),
            Payload::Data(body) => {
                self.length(&body, chunked);
                if !self.own.names("content-type") {
                    self.lines.push(b"Content-Type: application/x-www-form-urlencoded".to_vec());
                }
                let large = body.len() > EXPECT_ABOVE;
                (body, large)
            }
            Payload::Form(form::Multipart { boundary, body }) => {
                self.length(&body, chunked);
                let media_type = match self.own.value("content-type") {
                    Some(value) => value.trim_ascii().to_vec(),
                    None => b"multipart/form-data".to_vec(),
                };
                let suffix = format!("; boundary={boundary}");
                self.lines.push([b"Content-Type: ".as_slice(), &media_type, suffix.as_bytes()].concat());
                self.made_up("body", &boundary, "the boundary, which curl makes anew each time");
                let large = body.len() > EXPECT_ABOVE;
                (body, large)
            }
            Payload::Upload(body, size) => {
                self.length(&body, chunked);
                let expects = size == Size::Unknown || !body.is_empty();
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

/// Makes a request of its lines; they are kept as they are where name and value alone would not give them back.
fn assembled(method: &[u8], target: &[u8], version: &str, lines: &[Vec<u8>], body: Vec<u8>) -> Request {
    let mut exact = true;
    let mut headers = Vec::new();
    for line in lines {
        let colon = line.iter().position(|octet| *octet == b':').unwrap_or(line.len());
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
