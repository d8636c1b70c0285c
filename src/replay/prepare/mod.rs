//! What would be sent of a recorded request: as it was sent, but for host, credentials and framing; or why
//! not.
//!
//! The destination is always given by the caller. Of an absolute target only path and query count, and a text
//! that could end a line (a recording may be anybody's) keeps the request from being sent.

pub mod blocked;
mod header_lines;
mod outgoing;

use bytes::Bytes;

use crate::api;
use crate::interchange::masks;
use crate::json::document::Document;
use crate::model::coding;
use crate::model::exchange::{Exchange, Header, Headers, Request};
use crate::model::passage::Side;
use crate::model::wire_bytes::WireBytes;
use crate::replay::credentials::Bearer;
use crate::replay::edits;
use crate::replay::prepare::blocked::{Blocker, HEAD_LIMIT};
use crate::replay::prepare::header_lines::{HeaderLines, is_token};
pub use crate::replay::prepare::outgoing::{Changes, ChosenBy, Outgoing, Place, is_safe};

/// Returns what is sent of a recorded exchange, or every blocker there is.
///
/// # Errors
/// Something of the request is not in the recording, or must not be sent.
pub fn prepare(
    exchange: &Exchange,
    place: &Place,
    bearer: &Bearer,
    changes: &Changes,
) -> Result<Outgoing, Vec<Blocker>> {
    let request = &exchange.request;
    let mut blockers = Vec::new();
    let mut notes = Vec::new();
    let target = match &changes.target {
        Some(target) => target.as_str().into(),
        None => target_of(exchange, place.chosen_by),
    };
    let target = WireBytes::from([place.base.as_bytes(), target.as_bytes()].concat());
    forbid(exchange, &target, &mut blockers);
    if !is_token(request.method.as_bytes()) {
        blockers.push(Blocker::NotHttp { place: "method".into(), what: "not a token" });
    }
    if !target.as_bytes().iter().all(|byte| *byte > b' ' && *byte != 0x7f) {
        blockers.push(Blocker::NotHttp { place: "target".into(), what: "a blank or control byte" });
    }
    if !masks::find(target.as_bytes()).is_empty() {
        blockers.push(Blocker::Masked { place: "target".into() });
    }
    let plain = !changes.edits.is_empty() || changes.body.is_some() || request.body.decoded;
    let body = body_of(request, changes, &mut blockers);
    let mut lines =
        HeaderLines { headers: Headers::default(), changes, blockers: &mut blockers, notes: &mut notes };
    lines.collect(request, place, bearer, body.len(), plain);
    let headers = lines.headers;
    let size = |header: &Header| header.name.len() + header.value.len() + 4;
    let bytes: usize = headers.iter().map(size).sum::<usize>() + target.len();
    if bytes > HEAD_LIMIT {
        let largest = headers.iter().max_by_key(|header| size(header));
        let place = match largest {
            Some(header) if size(header) > target.len() => format!("headers.{}", header.name.lossy()),
            _ => "target".to_owned(),
        };
        blockers.push(Blocker::Large { place, bytes });
    }
    if blockers.is_empty() {
        Ok(Outgoing { method: request.method.clone(), target, headers, body, notes })
    } else {
        Err(blockers)
    }
}

/// Returns the target that the upstream got; for another server, without what was put in front for that
/// upstream.
pub fn target_of(exchange: &Exchange, chosen_by: ChosenBy) -> WireBytes {
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
        return if fronted && chosen_by == ChosenBy::User { from.into() } else { to.into() };
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

fn forbid(exchange: &Exchange, target: &WireBytes, blockers: &mut Vec<Blocker>) {
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
    if api::assumed().is_login(&plain) {
        blockers.push(Blocker::Login);
    }
    let method = &exchange.request.method;
    if api::assumed().is_logout(&method.lossy(), &plain) {
        blockers.push(Blocker::Logout);
    }
    if exchange.tunnel.is_some() || method.eq_ignore_case("CONNECT") {
        blockers.push(Blocker::Tunnel);
    }
}

/// Returns the body with its changes. A coded body that is changed is sent decoded.
fn body_of(request: &Request, changes: &Changes, blockers: &mut Vec<Blocker>) -> Bytes {
    let recorded = &request.body;
    let mut body = match &changes.body {
        Some(body) => body.clone(),
        None if recorded.bytes.is_empty() && recorded.total > 0 => {
            blockers.push(Blocker::Withheld(recorded.total));
            return Bytes::new();
        }
        None if recorded.cut => {
            let recorded = (recorded.bytes.len() as u64, recorded.total);
            blockers.push(Blocker::Cut { recorded: recorded.0, total: recorded.1 });
            return Bytes::new();
        }
        None if changes.edits.is_empty() => recorded.bytes.clone(),
        None => coding::decoded(&request.headers, recorded)
            .map_or_else(|| recorded.bytes.clone(), |bytes| Bytes::from(bytes.into_owned())),
    };
    match edits::apply(&body, &changes.edits) {
        Ok(edited) => body = Bytes::from(edited),
        Err(error) => blockers.push(error.into()),
    }
    let found = masks::find(&body);
    if !found.is_empty() {
        let document = Document::parse(&body);
        for mask in found {
            let place = match document.innermost(mask.start) {
                Some(node) if document.is_json() => format!("body{}", document.pointer(node)),
                _ => "body".to_owned(),
            };
            let blocker = Blocker::Masked { place };
            if !blockers.contains(&blocker) {
                blockers.push(blocker);
            }
        }
    }
    body
}

#[cfg(test)]
mod tests;
