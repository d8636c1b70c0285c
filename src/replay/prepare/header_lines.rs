//! The header lines of a request that is sent again.

use crate::interchange::masks;
use crate::model::exchange::{Header, Headers, Request};
use crate::model::wire_bytes::WireBytes;
use crate::replay::credentials::Bearer;
use crate::replay::prepare::blocked::Blocker;
use crate::replay::prepare::outgoing::{Changes, Place};

/// Header lines that belong to one connection or to the framing.
const HOP: &[&str] = &[
    "connection",
    "keep-alive",
    "proxy-connection",
    "proxy-authorization",
    "te",
    "trailer",
    "upgrade",
    "http2-settings",
    "expect",
];

/// Puts the header lines together.
pub(super) struct HeaderLines<'a> {
    pub(super) headers: Headers,
    pub(super) changes: &'a Changes,
    pub(super) blockers: &'a mut Vec<Blocker>,
    pub(super) notes: &'a mut Vec<String>,
}

impl HeaderLines<'_> {
    /// Takes over the recorded lines: host, credentials and framing replaced, what belongs to the hop left
    /// out.
    pub(super) fn collect(
        &mut self,
        request: &Request,
        place: &Place,
        bearer: &Bearer,
        length: usize,
        plain: bool,
    ) {
        let own = |name: &WireBytes| self.changes.headers.iter().any(|(own, _)| name.eq_ignore_case(own));
        let (mut host, mut framed) = (false, false);
        let mut taken: Vec<&str> = Vec::new();
        for header in request.headers.iter() {
            let name = header.name.lossy().to_ascii_lowercase();
            if own(&header.name) {
                for (own, value) in &self.changes.headers {
                    if header.name.eq_ignore_case(own) && !taken.contains(&own.as_str()) {
                        self.push(header.name.clone(), value.as_str().into());
                    }
                }
                if let Some((own, _)) =
                    self.changes.headers.iter().find(|(own, _)| header.name.eq_ignore_case(own))
                {
                    taken.push(own);
                }
                host |= name == "host";
                continue;
            }
            match name.as_str() {
                "host" if !host => {
                    host = true;
                    self.push(header.name.clone(), place.server.authority().into());
                }
                "content-length" | "transfer-encoding" if !framed => {
                    framed = true;
                    let name =
                        if name == "content-length" { header.name.clone() } else { "Content-Length".into() };
                    self.push(name, length.to_string().into());
                }
                "host" | "content-length" | "transfer-encoding" => {}
                "content-encoding" if plain => {}
                name if HOP.contains(&name) => {}
                _ => self.recorded(header, bearer),
            }
        }
        if !host {
            let line = Header { name: "Host".into(), value: place.server.authority().into() };
            self.headers.0.insert(0, line);
        }
        for (name, value) in &self.changes.headers {
            if !taken.contains(&name.as_str()) {
                self.push(name.as_str().into(), value.as_str().into());
            }
        }
        if !framed && length > 0 {
            self.push("Content-Length".into(), length.to_string().into());
        }
    }

    /// Takes a recorded line over, a masked one only where that makes sense.
    fn recorded(&mut self, header: &Header, bearer: &Bearer) {
        if masks::find(header.value.as_bytes()).is_empty() || *bearer == Bearer::AsRecorded {
            self.push(header.name.clone(), header.value.clone());
            return;
        }
        let scheme = header.value.lossy().split(' ').next().unwrap_or_default().to_owned();
        let credentials = header.name.eq_ignore_case("authorization");
        match bearer {
            Bearer::Token(token) if credentials && scheme.eq_ignore_ascii_case("bearer") => {
                self.push(header.name.clone(), format!("{scheme} {}", token.expose()).into());
            }
            _ if credentials => {
                self.blockers.push(Blocker::Masked { place: format!("headers.{}", header.name.lossy()) });
            }
            _ => {
                let name = header.name.lossy();
                self.notes
                    .push(format!("left out `{name}`: masked in the recording; `-H '{name}: …'` gives one"));
            }
        }
    }

    fn push(&mut self, name: WireBytes, value: WireBytes) {
        let place = || format!("headers.{}", name.lossy());
        let ends_line = value.as_bytes().iter().any(|byte| (*byte < b' ' && *byte != b'\t') || *byte == 0x7f);
        if !is_token(name.as_bytes()) {
            self.blockers.push(Blocker::NotHttp { place: place(), what: "not a header name" });
        } else if ends_line {
            self.blockers.push(Blocker::NotHttp { place: place(), what: "control bytes" });
        }
        self.headers.0.push(Header { name, value });
    }
}

/// Returns whether bytes can be a method or a header name (RFC 9110, 5.6.2).
pub(super) fn is_token(bytes: &[u8]) -> bool {
    !bytes.is_empty()
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte))
}
