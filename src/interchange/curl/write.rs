//! A recorded request as a curl command that sends the same bytes, host aside.
//!
//! Headers that curl adds by default in the same place are left to it; those that it would add and the
//! recording does not have are removed (`-H 'Accept:'`). Masked secrets become environment variables.

use crate::interchange::curl::defaults::{BodyLines, form_type_behind_length};
use crate::interchange::curl::header_line::name_of;
use crate::interchange::curl::quote::{self, SecretVariables};
use crate::interchange::curl::writer::CommandWriter;
use crate::interchange::{masks, message};
use crate::model::exchange::{Exchange, Origin};

/// An exchange whose request cannot be written as a command.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum WriteError {
    /// The recording has not all of the body.
    #[error("{id} has only {recorded} of the {total} bytes of its body: the command would send another body")]
    Cut {
        /// The exchange.
        id: crate::model::exchange::ExchangeId,
        /// Bytes in the recording.
        recorded: usize,
        /// Bytes on the wire.
        total: u64,
    },
    /// It is neither clear where it went nor which host it named.
    #[error("{id} has neither an upstream nor a Host header, so its URL is not known")]
    NoUrl {
        /// The exchange.
        id: crate::model::exchange::ExchangeId,
    },
}

/// Returns the command, with comment lines above it for what the user has to know, and a line's end behind
/// it.
///
/// # Errors
/// The body is incomplete, or there is no URL.
pub fn command(exchange: &Exchange) -> Result<String, WriteError> {
    whole(exchange)?;
    let mut writer = CommandWriter {
        exchange,
        words: Vec::new(),
        comments: Vec::new(),
        secrets: SecretVariables::default(),
    };
    writer.destination()?;
    writer.headers_and_body();
    Ok(writer.finish())
}

/// Checks that the recording has all of the request.
///
/// # Errors
/// It has only the beginning of the body.
pub fn whole(exchange: &Exchange) -> Result<(), WriteError> {
    let body = &exchange.request.body;
    if body.cut {
        return Err(WriteError::Cut { id: exchange.id, recorded: body.bytes.len(), total: body.total });
    }
    Ok(())
}

/// Returns where a request went: scheme, host and port, and the target that reached the upstream.
///
/// # Errors
/// The exchange has neither an upstream nor a Host header.
pub fn destination(exchange: &Exchange) -> Result<(String, Vec<u8>), WriteError> {
    let request = &exchange.request;
    let upstream = match (exchange.upstream.as_str(), request.headers.text("host")) {
        ("", None) => return Err(WriteError::NoUrl { id: exchange.id }),
        ("", Some(host)) => format!("http://{host}"),
        (upstream, _) => upstream.trim_end_matches('/').to_owned(),
    };
    // wraptap may have taken a prefix away on the way
    let routed = exchange.changed.iter().rev().find(|change| change.what == "target");
    let target = match routed.and_then(|change| change.to.clone()) {
        Some(to) => to.into_bytes(),
        None => request.target.as_bytes().to_vec(),
    };
    Ok((upstream, target))
}

impl CommandWriter<'_> {
    /// Writes `curl`, the method and the URL.
    fn destination(&mut self) -> Result<(), WriteError> {
        let exchange = self.exchange;
        let request = &exchange.request;
        let method = request.method.as_bytes();
        let implied: &[u8] = if self.sends_body() { b"POST" } else { b"GET" };
        let (upstream, target) = destination(exchange)?;
        let mut first = "curl".to_owned();
        if method == b"HEAD" && !self.sends_body() {
            first.push_str(" --head");
        } else if method != implied
            && let Some(word) = quote::word(method, &mut self.secrets)
        {
            let bare = method.iter().all(u8::is_ascii_alphanumeric);
            let word = if bare { request.method_text() } else { word };
            first.push_str(&format!(" -X {word}"));
        }
        if request.version == "HTTP/1.0" {
            first.push_str(" --http1.0");
        }
        let in_url = |byte: &u8| byte.is_ascii_graphic() && *byte != b'#';
        let path_end = target.iter().position(|byte| *byte == b'?').unwrap_or(target.len());
        if target.starts_with(b"/") && target.iter().all(in_url) {
            if target.iter().any(|byte| b"{}[]\\".contains(byte)) {
                first.push_str(" --globoff");
            }
            if target[..path_end].split(|byte| *byte == b'/').any(|step| step == b"." || step == b"..") {
                first.push_str(" --path-as-is");
            }
            let url = [upstream.as_bytes(), &target].concat();
            self.push(&first, &url);
        } else {
            self.push(&first, format!("{upstream}/").as_bytes());
            self.push("--request-target", &target);
        }
        Ok(())
    }

    fn headers_and_body(&mut self) {
        let request = &self.exchange.request;
        let mut lines = message::header_lines(request);
        if request.body.decoded {
            lines.retain(|line| !name_of(line).eq_ignore_ascii_case(b"content-encoding"));
            self.comments
                .push("the body was sent compressed; here it is plain, without Content-Encoding".to_owned());
        }
        self.host(&mut lines);
        let sends_body = self.sends_body();
        let chunked = message::is_chunked(&request.headers);
        let form_type_behind_length = form_type_behind_length(&lines);
        let own_length = self.own_length(&mut lines, sends_body && !chunked);
        let lead = self.lead(&mut lines);
        let tail = self.tail(&mut lines, BodyLines { sends_body, own_length, form_type_behind_length });
        for line in &lines {
            self.header(line);
        }
        let has = |name: &str| lines.iter().any(|line| name_of(line).eq_ignore_ascii_case(name.as_bytes()));
        let mut removed = Vec::new();
        for name in ["User-Agent", "Accept"] {
            if !has(name) && !lead.contains(&name) {
                removed.push(name);
            }
        }
        if sends_body {
            if !has("Content-Type") && !tail.form_type {
                removed.push("Content-Type");
            }
            if !has("Content-Length") && !tail.length && !chunked {
                removed.push("Content-Length");
            }
            if self.is_large() && !has("Expect") && !tail.expect {
                removed.push("Expect");
            }
        }
        for name in removed {
            self.words.push(format!("-H '{name}:'"));
        }
        if sends_body {
            self.body();
        }
        if !request.trailers.0.is_empty() {
            self.comments.push("left out: the trailers behind the chunked body".to_owned());
        }
    }

    /// Takes `Host` out of the lines; an import keeps one that differs from the URL, since its text asked for
    /// it.
    fn host(&mut self, lines: &mut Vec<Vec<u8>>) {
        let at = lines.iter().position(|line| name_of(line).eq_ignore_ascii_case(b"host"));
        let line = at.map(|at| lines.remove(at));
        if self.exchange.origin != Origin::Import {
            return;
        }
        let authority = self.exchange.upstream.split_once("://").map(|(_, authority)| authority);
        match line {
            None => self.words.push("-H 'Host:'".to_owned()),
            Some(line) if line != format!("Host: {}", authority.unwrap_or_default()).into_bytes() => {
                self.header(&line);
            }
            Some(_) => {}
        }
    }

    fn header(&mut self, line: &[u8]) {
        let name = name_of(line);
        let value = line.get(name.len() + 1..).unwrap_or_default();
        if name.starts_with(b"@") {
            self.comments.push("left out: a header whose name curl would take for a file".to_owned());
            return;
        }
        let written = if value.trim_ascii().is_empty() {
            quote::word(&[name, b";"].concat(), &mut self.secrets)
        } else {
            quote::header(line, &mut self.secrets)
        };
        match written {
            Some(word) => self.words.push(format!("-H {word}")),
            None => self.comments.push("left out: a header with a NUL byte".to_owned()),
        }
    }

    fn body(&mut self) {
        if self.needs_stdin() {
            let masked = !masks::find(&self.exchange.request.body.bytes).is_empty();
            if masked {
                self.comments.push(
                    "the body has masked values in it (`redacted-…`): it is not what was sent".to_owned(),
                );
            }
            self.words.push("--data-binary @-".to_owned());
        } else {
            let body = self.exchange.request.body.bytes.clone();
            self.push("--data-raw", &body);
        }
    }
}
