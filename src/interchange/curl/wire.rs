//! Settings as the bytes that curl would send: which headers it adds, and in which order.
//!
//! The order is curl's: request line, `Host`, credentials, range, agent, accept, codings, referer, cookies,
//! the user's own headers, and last what describes the body. A header of the user's own replaces curl's.

use base64::Engine as _;

use crate::interchange::curl::arguments::CurlOperation;
use crate::interchange::curl::ast::StdinSource;
use crate::interchange::curl::body::BodySources;
use crate::interchange::curl::head::{
    HeadBuilder, MODELLED_CODINGS, OwnHeaders, RequestPayload, UploadSize, assembled,
};
use crate::interchange::curl::header_line::written_name_of;
use crate::interchange::curl::url::CurlUrl;
use crate::interchange::curl::values::OptionValue;
use crate::interchange::curl::{CurlError, CurlFact, CurlFiles, CurlNote, CurlRequest, form, glob};
use crate::interchange::text_position::TextPosition;

/// Makes the requests of one command.
pub(crate) struct RequestBuilder<'a> {
    pub(crate) text: &'a str,
    pub(crate) inputs: &'a dyn CurlFiles,
    pub(crate) stdin: &'a StdinSource,
    pub(crate) notes: &'a mut Vec<CurlNote>,
}

impl RequestBuilder<'_> {
    fn sources(&mut self) -> BodySources<'_> {
        BodySources { text: self.text, inputs: self.inputs, stdin: self.stdin, notes: self.notes }
    }

    fn place(&self, at: usize) -> TextPosition {
        TextPosition::new(self.text, at)
    }

    /// Returns the requests of one operation, in the order of its URLs.
    ///
    /// # Errors
    /// As [`crate::interchange::curl::parse`].
    pub(crate) fn requests(
        &mut self,
        operation: &CurlOperation,
        start: TextPosition,
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
                vec![written.bytes.clone()]
            } else {
                glob::expand(&written.bytes).map_err(|why| self.bad_url(written, why))?
            };
            for upload in self.uploads(operation, index)? {
                for pattern in &patterns {
                    let address = OptionValue { bytes: pattern.clone(), at: written.at };
                    requests.push(self.request(
                        operation,
                        &headers,
                        &data,
                        &address,
                        upload.as_ref(),
                        start,
                    )?);
                }
            }
        }
        Ok(requests)
    }

    fn bad_url(&self, url: &OptionValue, why: &'static str) -> CurlError {
        let shown = String::from_utf8_lossy(&url.bytes).into_owned();
        CurlError::Url { place: self.place(url.at), url: shown, why }
    }

    /// Refuses what curl refuses: two ways to say the method.
    fn check(&self, operation: &CurlOperation) -> Result<(), CurlError> {
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

    /// Returns what is uploaded to a URL, one after the other: `-T '{a,b}'` names two files.
    fn uploads(
        &self,
        operation: &CurlOperation,
        index: usize,
    ) -> Result<Vec<Option<OptionValue>>, CurlError> {
        let Some(written) = operation.uploads.get(index) else { return Ok(vec![None]) };
        let names = match operation.glob_off {
            true => Ok(vec![written.bytes.clone()]),
            false => glob::expand(&written.bytes),
        };
        let names = names.map_err(|why| CurlError::Value {
            place: self.place(written.at),
            option: "-T".to_owned(),
            value: String::from_utf8_lossy(&written.bytes).into_owned(),
            why,
        })?;
        Ok(names.into_iter().map(|bytes| Some(OptionValue { bytes, at: written.at })).collect())
    }

    /// Returns the lines of `-H` as they are sent, and empty values for what they take away.
    fn own_headers(&mut self, operation: &CurlOperation) -> Result<OwnHeaders, CurlError> {
        let mut written = Vec::new();
        for header in &operation.headers {
            match header.bytes.strip_prefix(b"@") {
                Some(name) => written.extend(self.sources().header_lines(name, header.at)?),
                None => written.push(header.bytes.clone()),
            }
        }
        let mut own = OwnHeaders { lines: Vec::new(), named: Vec::new() };
        if operation.data.iter().any(|piece| piece.json) {
            for (name, line) in
                [("content-type", "Content-Type: application/json"), ("accept", "Accept: application/json")]
            {
                if !written.iter().any(|line| written_name_of(line).eq_ignore_ascii_case(name.as_bytes())) {
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
        operation: &CurlOperation,
        own: &OwnHeaders,
        data: &[u8],
        upload: Option<&OptionValue>,
    ) -> Result<RequestPayload, CurlError> {
        if let Some(upload) = upload.filter(|upload| !upload.bytes.is_empty()) {
            let mut content = self.sources().read(&upload.bytes, upload.at)?;
            if let Some((from, _)) = operation.resume {
                content.drain(..content.len().min(usize::try_from(from).unwrap_or(usize::MAX)));
            }
            let piped = upload.bytes == b"-" || upload.bytes == b".";
            return Ok(RequestPayload::Upload(
                content,
                if piped { UploadSize::Unknown } else { UploadSize::Known },
            ));
        }
        if !operation.form.is_empty() {
            let style =
                form::FormStyle { disposition: own.form_disposition(), backslashes: operation.form_escape };
            return Ok(RequestPayload::Form(form::multipart(&operation.form, style, &mut self.sources())?));
        }
        let carries = !operation.data.is_empty() && !operation.get;
        Ok(if carries { RequestPayload::Data(data.to_vec()) } else { RequestPayload::Nothing })
    }

    fn url(
        &mut self,
        operation: &CurlOperation,
        data: &[u8],
        written: &OptionValue,
        upload: Option<&OptionValue>,
    ) -> Result<CurlUrl, CurlError> {
        let mut url =
            CurlUrl::parse(&written.bytes, operation.default_scheme.as_deref(), operation.path_as_is)
                .map_err(|why| self.bad_url(written, why))?;
        if let Some(upload) = upload
            && url.query.is_none()
            && url.path.ends_with(b"/")
            && !matches!(upload.bytes.as_slice(), b"-" | b"." | b"")
        {
            let name = upload.bytes.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
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
            additions.push(match query.bytes.strip_prefix(b"+") {
                Some(raw) => raw.to_vec(),
                None => self.sources().url_encoded(&query.bytes, query.at)?,
            });
        }
        for addition in additions {
            url.append_query(&addition).map_err(|why| self.bad_url(written, why))?;
        }
        Ok(url)
    }

    fn request(
        &mut self,
        operation: &CurlOperation,
        own: &OwnHeaders,
        data: &[u8],
        written: &OptionValue,
        upload: Option<&OptionValue>,
        start: TextPosition,
    ) -> Result<CurlRequest, CurlError> {
        let url = self.url(operation, data, written, upload)?;
        let payload = self.payload(operation, own, data, upload)?;
        let implied = match &payload {
            _ if operation.head.is_some() => "HEAD",
            RequestPayload::Nothing => "GET",
            RequestPayload::Data(_) | RequestPayload::Form(_) => "POST",
            RequestPayload::Upload(..) => "PUT",
        };
        let method = operation.method.clone().unwrap_or_else(|| implied.as_bytes().to_vec());
        let version = if operation.http10 { "HTTP/1.0" } else { "HTTP/1.1" };
        let target = operation.target.clone().unwrap_or_else(|| url.target());

        let mut head = HeadBuilder { lines: Vec::new(), own, reconstructed: Vec::new() };
        head.host(&url.authority);
        self.credentials(&mut head, operation, &url, written.at);
        head.range(operation, &payload);
        head.defaults(operation);
        if matches!(payload, RequestPayload::Upload(_, UploadSize::Unknown))
            && !own.names("transfer-encoding")
        {
            head.lines.push(b"Transfer-Encoding: chunked".to_vec());
        }
        self.accepted_and_cookies(&mut head, operation);
        if let Some(line) = operation
            .since
            .as_ref()
            .filter(|line| !own.named.contains(&written_name_of(line).to_ascii_lowercase()))
        {
            head.lines.push(line.clone());
        }
        head.own_lines(&payload, operation.transfer_coding);
        let body = head.body(payload, version);

        let HeadBuilder { lines, reconstructed, .. } = head;
        let request = assembled(&method, &target, version, &lines, body);
        let upstream = format!("{}://{}", url.scheme, url.authority);
        Ok(CurlRequest { upstream, request, reconstructed, place: start })
    }

    fn credentials(
        &mut self,
        head: &mut HeadBuilder<'_>,
        operation: &CurlOperation,
        url: &CurlUrl,
        at: usize,
    ) {
        if head.own.names("authorization") || operation.challenge {
            return;
        }
        if let Some(token) = &operation.bearer {
            head.lines.push([b"Authorization: Bearer ", token.as_slice()].concat());
        } else if let Some(user) = operation.user.as_ref().or(url.credentials.as_ref()) {
            let mut user = user.clone();
            if !user.contains(&b':') {
                if operation.user.is_some() {
                    let why = "curl would ask for the password; it is taken as empty";
                    let fact = CurlFact::LeftOut { option: "-u".to_owned(), why };
                    self.notes.push(CurlNote { place: self.place(at), fact });
                }
                user.push(b':');
            }
            let encoded = base64::engine::general_purpose::STANDARD.encode(&user);
            head.lines.push(format!("Authorization: Basic {encoded}").into_bytes());
        }
    }

    fn accepted_and_cookies(&mut self, head: &mut HeadBuilder<'_>, operation: &CurlOperation) {
        if operation.compressed && !head.own.names("accept-encoding") {
            head.lines.push(format!("Accept-Encoding: {MODELLED_CODINGS}").into_bytes());
            head.made_up("Accept-Encoding", MODELLED_CODINGS, "the build of the curl that sends it");
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
            operation.cookies.iter().partition(|cookie| cookie.bytes.contains(&b'='));
        for file in files.into_iter().filter(|file| !file.bytes.is_empty()) {
            let option = format!("-b {}", String::from_utf8_lossy(&file.bytes));
            let fact = CurlFact::LeftOut { option, why: "cookies from a file are not read" };
            self.notes.push(CurlNote { place: self.place(file.at), fact });
        }
        if !texts.is_empty() && !head.own.names("cookie") {
            let texts: Vec<&[u8]> = texts.iter().map(|text| text.bytes.as_slice()).collect();
            head.lines.push([b"Cookie: ".as_slice(), &texts.join(&b';')].concat());
        }
    }
}

const PATH_SAFE: &percent_encoding::AsciiSet =
    &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
