//! What would be sent of a recorded request: as it was sent, but for host, credentials and framing; or why not.
//!
//! The destination is always given by the caller. Of an absolute target only path and query count, and a text that could
//! end a line (a recording may be anybody's) keeps the request from being sent.

use bytes::Bytes;

use crate::genesys::catalogue;
use crate::interchange::masks;
use crate::json::document::Document;
use crate::model::coding;
use crate::model::exchange::{Exchange, Header, Headers, Request, Side};
use crate::model::octets::Octets;
use crate::net::destination::Destination;
use crate::replay::credentials::Bearer;
use crate::replay::edits::{self, BodyEdit};
use crate::replay::splice::SpliceError;

/// A larger head is refused by most servers, and by none for a good reason.
const HEAD_LIMIT: usize = 256 * 1024;

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

/// What the user changes before sending.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Changes {
    /// Another body instead of the recorded one.
    pub body: Option<Bytes>,
    /// Changes of single places of the body, after that.
    pub edits: Vec<BodyEdit>,
    /// Another target (path and query) instead of the recorded one.
    pub target: Option<String>,
    /// Header lines in place of the recorded ones of their name, or added.
    pub headers: Vec<(String, String)>,
}

/// A request ready to be written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Outgoing {
    /// A token.
    pub method: Octets,
    /// In origin form.
    pub target: Octets,
    /// Every line of the head, Host and Content-Length among them.
    pub headers: Headers,
    /// All of it.
    pub body: Bytes,
    /// What was left out or replaced, for the user.
    pub notes: Vec<String>,
}

/// Why a recorded request cannot be sent as it is.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Obstacle {
    /// A login: its secrets are not in the recording, and a second one changes nothing.
    #[error("a login (`/oauth/token`) is never sent again")]
    Login,
    /// `DELETE /api/v2/tokens/me`.
    #[error("a logout (`DELETE /api/v2/tokens/me`) is never sent again: it would end the token in use")]
    Logout,
    /// A CONNECT, or a request that became a tunnel.
    #[error("a tunnel cannot be sent again")]
    Tunnel,
    /// A secret was masked where it is needed.
    #[error("`{place}` is masked: the recording does not hold what was sent there")]
    Masked {
        /// `target`, `headers.NAME` or `body/pointer`.
        place: String,
    },
    /// Only the beginning of the body was recorded.
    #[error("`body` was cut: {recorded} of {total} octets were recorded")]
    Cut {
        /// How many there are.
        recorded: u64,
        /// How many were sent.
        total: u64,
    },
    /// The body was not recorded.
    #[error("`body` was withheld: none of its {0} octets were recorded")]
    Withheld(u64),
    /// A part has octets that cannot stand in a request.
    #[error("`{place}` has octets that cannot stand in a request head ({what})")]
    NotHttp {
        /// Which part.
        place: String,
        /// What is wrong with it.
        what: &'static str,
    },
    /// The head is larger than any server takes.
    #[error("the head has {octets} octets, most of them in `{place}`; at most {HEAD_LIMIT} are sent")]
    Large {
        /// The largest line.
        place: String,
        /// Of the whole head.
        octets: usize,
    },
    /// A change has no place in the body.
    #[error(transparent)]
    Splice(#[from] SpliceError),
}

impl Obstacle {
    /// Returns what the user can do about it, as options of the command.
    pub fn way_out(&self) -> Option<String> {
        match self {
            Self::Masked { place } => Some(match place.split_once(['/', '.']) {
                Some(("body", pointer)) => format!("`--set /{pointer}=TEXT`"),
                Some(("headers", name)) if name.eq_ignore_ascii_case("authorization") => {
                    "set GENESYSCLOUD_ACCESS_TOKEN, or GENESYSCLOUD_CLIENT_ID and GENESYSCLOUD_CLIENT_SECRET, or give `-H 'Authorization: …'`".to_owned()
                }
                Some(("headers", name)) => format!("`-H '{name}: …'`"),
                _ if place == "target" => "`--target /path?query`".to_owned(),
                _ => "`--body FILE`".to_owned(),
            }),
            Self::Cut { .. } | Self::Withheld(_) => Some("`--body FILE`".to_owned()),
            Self::NotHttp { place, .. } if place == "target" => Some("`--target /path?query`".to_owned()),
            Self::NotHttp { place, .. } | Self::Large { place, .. } => {
                place.strip_prefix("headers.").map(|name| format!("`-H '{name}: …'`"))
            }
            Self::Login | Self::Logout | Self::Tunnel | Self::Splice(_) => None,
        }
    }
}

/// Where a request goes: the server, and what its paths begin with.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Place {
    /// The server.
    pub server: Destination,
    /// Put in front of the target; no slash at its end.
    pub base: String,
    /// Whether the user named it; else it is the upstream of the recording.
    pub named: bool,
}

/// Returns what is sent of a recorded exchange, or every obstacle there is.
///
/// # Errors
/// Something of the request is not in the recording, or must not be sent.
pub fn prepare(
    exchange: &Exchange,
    place: &Place,
    bearer: &Bearer,
    changes: &Changes,
) -> Result<Outgoing, Vec<Obstacle>> {
    let request = &exchange.request;
    let mut obstacles = Vec::new();
    let mut notes = Vec::new();
    let target = match &changes.target {
        Some(target) => target.as_str().into(),
        None => target_of(exchange, place.named),
    };
    let target = Octets::from([place.base.as_bytes(), target.as_bytes()].concat());
    forbidden(request, &target, exchange.tunnel.is_some(), &mut obstacles);
    if !is_token(request.method.as_bytes()) {
        obstacles.push(Obstacle::NotHttp { place: "method".into(), what: "not a token" });
    }
    if !target.as_bytes().iter().all(|octet| *octet > b' ' && *octet != 0x7f) {
        obstacles.push(Obstacle::NotHttp { place: "target".into(), what: "a blank or control octet" });
    }
    if !masks::find(target.as_bytes()).is_empty() {
        obstacles.push(Obstacle::Masked { place: "target".into() });
    }
    let plain = !changes.edits.is_empty() || changes.body.is_some() || request.body.decoded;
    let body = body_of(request, changes, &mut obstacles);
    let mut lines =
        Lines { headers: Headers::default(), changes, obstacles: &mut obstacles, notes: &mut notes };
    lines.collect(request, place, bearer, body.len(), plain);
    let headers = lines.headers;
    let size = |header: &Header| header.name.len() + header.value.len() + 4;
    let octets: usize = headers.iter().map(size).sum::<usize>() + target.len();
    if octets > HEAD_LIMIT {
        let largest = headers.iter().max_by_key(|header| size(header));
        let place = match largest {
            Some(header) if size(header) > target.len() => format!("headers.{}", header.name.lossy()),
            _ => "target".to_owned(),
        };
        obstacles.push(Obstacle::Large { place, octets });
    }
    if obstacles.is_empty() {
        Ok(Outgoing { method: request.method.clone(), target, headers, body, notes })
    } else {
        Err(obstacles)
    }
}

/// Returns the target that the upstream got; for another server, without what was put in front for that upstream.
pub fn target_of(exchange: &Exchange, named: bool) -> Octets {
    let changed = exchange
        .changed
        .iter()
        .filter(|change| change.side == Side::Request && change.what == "target")
        .filter_map(|change| Some((change.from.as_deref()?, change.to.as_deref()?)))
        .next_back();
    if let Some((from, to)) = changed
        && to.starts_with('/')
    {
        let fronted = from.starts_with('/') && to.len() > from.len() && to.ends_with(from);
        return if fronted && named { from.into() } else { to.into() };
    }
    let target = exchange.request.target.as_bytes();
    if target.starts_with(b"/") || target == b"*" {
        return exchange.request.target.clone();
    }
    let text = exchange.request.path();
    match exchange.request.query() {
        Some(query) => format!("{text}?{query}").into(),
        None => text.into(),
    }
}

fn forbidden(request: &Request, target: &Octets, tunnel: bool, obstacles: &mut Vec<Obstacle>) {
    let target = target.lossy();
    let path = target.split(['?', '#']).next().unwrap_or_default();
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy().to_ascii_lowercase();
    // Dots and doubled slashes are undone as a lenient server would.
    let mut segments: Vec<&str> = Vec::new();
    for segment in decoded.split(['/', '\\']) {
        match segment.split(';').next().unwrap_or_default() {
            "" | "." => {}
            ".." => drop(segments.pop()),
            segment => segments.push(segment),
        }
    }
    let plain = format!("/{}", segments.join("/"));
    if catalogue::is_login(&plain) {
        obstacles.push(Obstacle::Login);
    }
    if request.method.eq_ignore_case("DELETE") && plain.ends_with("/api/v2/tokens/me") {
        obstacles.push(Obstacle::Logout);
    }
    if tunnel || request.method.eq_ignore_case("CONNECT") {
        obstacles.push(Obstacle::Tunnel);
    }
}

/// Returns the body with its changes. A coded body that is changed is sent decoded.
fn body_of(request: &Request, changes: &Changes, obstacles: &mut Vec<Obstacle>) -> Bytes {
    let recorded = &request.body;
    let mut body = match &changes.body {
        Some(body) => body.clone(),
        None if recorded.octets.is_empty() && recorded.total > 0 => {
            obstacles.push(Obstacle::Withheld(recorded.total));
            return Bytes::new();
        }
        None if recorded.cut => {
            let recorded = (recorded.octets.len() as u64, recorded.total);
            obstacles.push(Obstacle::Cut { recorded: recorded.0, total: recorded.1 });
            return Bytes::new();
        }
        None if changes.edits.is_empty() => recorded.octets.clone(),
        None => coding::decoded(&request.headers, recorded)
            .map_or_else(|| recorded.octets.clone(), |octets| Bytes::from(octets.into_owned())),
    };
    match edits::apply(&body, &changes.edits) {
        Ok(edited) => body = Bytes::from(edited),
        Err(error) => obstacles.push(error.into()),
    }
    let found = masks::find(&body);
    if !found.is_empty() {
        let document = Document::parse(&body);
        for mask in found {
            let place = match document.innermost(mask.start) {
                Some(node) if document.is_json() => format!("body{}", document.pointer(node)),
                _ => "body".to_owned(),
            };
            let obstacle = Obstacle::Masked { place };
            if !obstacles.contains(&obstacle) {
                obstacles.push(obstacle);
            }
        }
    }
    body
}

/// Puts the header lines together.
struct Lines<'a> {
    headers: Headers,
    changes: &'a Changes,
    obstacles: &'a mut Vec<Obstacle>,
    notes: &'a mut Vec<String>,
}

impl Lines<'_> {
    fn collect(&mut self, request: &Request, place: &Place, bearer: &Bearer, length: usize, plain: bool) {
        let own = |name: &Octets| self.changes.headers.iter().any(|(own, _)| name.eq_ignore_case(own));
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
                self.obstacles.push(Obstacle::Masked { place: format!("headers.{}", header.name.lossy()) });
            }
            _ => {
                let name = header.name.lossy();
                self.notes
                    .push(format!("left out `{name}`: masked in the recording; `-H '{name}: …'` gives one"));
            }
        }
    }

    fn push(&mut self, name: Octets, value: Octets) {
        let place = || format!("headers.{}", name.lossy());
        let ends_line =
            value.as_bytes().iter().any(|octet| (*octet < b' ' && *octet != b'\t') || *octet == 0x7f);
        if !is_token(name.as_bytes()) {
            self.obstacles.push(Obstacle::NotHttp { place: place(), what: "not a header name" });
        } else if ends_line {
            self.obstacles.push(Obstacle::NotHttp { place: place(), what: "control octets" });
        }
        self.headers.0.push(Header { name, value });
    }
}

/// Tells whether a method is one that changes nothing (RFC 9110, 9.2.1).
pub fn is_safe(method: &[u8]) -> bool {
    [&b"GET"[..], b"HEAD", b"OPTIONS"].contains(&method)
}

fn is_token(octets: &[u8]) -> bool {
    !octets.is_empty()
        && octets.iter().all(|octet| octet.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(octet))
}

impl Outgoing {
    /// Returns the head as it goes over the wire, with the empty line.
    pub fn head(&self) -> Vec<u8> {
        let mut head = [self.method.as_bytes(), b" ", self.target.as_bytes(), b" HTTP/1.1\r\n"].concat();
        for header in self.headers.iter() {
            head.extend_from_slice(header.name.as_bytes());
            head.extend_from_slice(b": ");
            head.extend_from_slice(header.value.as_bytes());
            head.extend_from_slice(b"\r\n");
        }
        head.extend_from_slice(b"\r\n");
        head
    }

    /// Tells whether the request changes nothing.
    pub fn is_safe(&self) -> bool {
        is_safe(self.method.as_bytes())
    }
}

#[cfg(test)]
mod tests;
