//! Trailer fields: recorded as they came; forwarded as hyper can, with their spelling; and what hyper does
//! not forward is named.

use http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, HOST,
    MAX_FORWARDS, SET_COOKIE, TE, TRAILER, TRANSFER_ENCODING,
};
use http::{HeaderMap, HeaderName};

use crate::model::exchange::{Header, Headers};
use crate::model::passage::{Change, Side};
use crate::net::head::Head;
use crate::net::trailer_case::TrailerLines;
use crate::proxy::heads::recorded_headers;
use crate::proxy::hop_by_hop::change;

/// Fields that hyper never writes as trailers: they would change the message.
const NEVER: [HeaderName; 12] = [
    AUTHORIZATION,
    CACHE_CONTROL,
    CONTENT_ENCODING,
    CONTENT_LENGTH,
    CONTENT_RANGE,
    CONTENT_TYPE,
    HOST,
    MAX_FORWARDS,
    SET_COOKIE,
    TRAILER,
    TRANSFER_ENCODING,
    TE,
];

/// A trailer section on its way.
pub(crate) struct ForwardedTrailers {
    /// The fields as they came.
    pub(crate) recorded: Headers,
    /// What is not forwarded.
    pub(crate) changed: Vec<Change>,
    /// The fields as they are to be written.
    pub(crate) lines: Option<TrailerLines>,
}

/// Returns the names in the Trailer fields, which hyper forwards.
pub(crate) fn announced(headers: &HeaderMap) -> Vec<HeaderName> {
    let values = headers.get_all(TRAILER).iter().map(http::HeaderValue::as_bytes);
    let names = values.flat_map(|value| value.split(|byte| *byte == b','));
    names.filter_map(|name| HeaderName::from_bytes(name.trim_ascii()).ok()).collect()
}

/// Returns whether the bytes of a trailer section are those that hyper read these fields from.
pub(crate) fn is_of(bytes: &[u8], trailers: &HeaderMap) -> bool {
    let (lines, _) = Head::parse_trailer(bytes);
    lines.0.len() == trailers.len()
        && lines.iter().all(|line| {
            let name = HeaderName::from_bytes(line.name.as_bytes());
            name.is_ok_and(|name| trailers.get_all(name).iter().any(|value| value == line.value.as_bytes()))
        })
}

/// Forwards the fields that hyper read; `tapped` are the bytes that it read them from, if they are known.
pub(crate) fn forward(
    side: Side,
    announced: &[HeaderName],
    trailers: &HeaderMap,
    tapped: Option<&[u8]>,
) -> ForwardedTrailers {
    let (recorded, beyond) = tapped.map_or_else(|| (recorded_headers(trailers), 0), Head::parse_trailer);
    let mut changed = Vec::new();
    let mut wanted = Vec::new();
    for line in recorded.iter() {
        let name = HeaderName::from_bytes(line.name.as_bytes()).ok();
        match name.map_or(Some("not a name"), |name| refusal(&name, announced)) {
            Some(why) => {
                changed.push(change(side, line.name.to_text(), Some(line.value.to_text()), None, why));
            }
            None => push_line(&mut wanted, line),
        }
    }
    if beyond > 0 {
        let what = format!("{beyond} bytes after an empty line");
        changed.push(change(side, "trailers", Some(what), None, "a line feed alone does not end a body"));
    }
    let mut by_hyper = HeaderMap::new();
    for (name, value) in trailers.iter().filter(|(name, _)| refusal(name, announced).is_none()) {
        by_hyper.append(name, value.clone());
    }
    let mut expected = Vec::new();
    recorded_headers(&by_hyper).iter().for_each(|line| push_line(&mut expected, line));
    ForwardedTrailers { recorded, changed, lines: TrailerLines::new(expected, wanted) }
}

/// Returns why hyper does not forward a field.
fn refusal(name: &HeaderName, announced: &[HeaderName]) -> Option<&'static str> {
    if NEVER.contains(name) {
        Some("a trailer field that may not be one")
    } else if announced.contains(name) {
        None
    } else {
        Some("a trailer field that was not announced, or that the client does not take")
    }
}

fn push_line(lines: &mut Vec<u8>, header: &Header) {
    for part in [header.name.as_bytes(), b": ", header.value.as_bytes(), b"\r\n"] {
        lines.extend_from_slice(part);
    }
}
