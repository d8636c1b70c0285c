//! Compressed bodies, and those in UTF-16 and UTF-32: opened for the scan, kept as sent if clean, kept open
//! if a secret had to be masked.

use std::borrow::Cow;

use bytes::Bytes;

use crate::model::coding::{self, End};
use crate::model::exchange::{Body, Headers};
use crate::model::passage::{Redaction, Side};
use crate::redact::charset;
use crate::redact::replace::BodyState;
use crate::redact::search::PathKind;

/// The kind of a redaction that took a whole body away, because it could not be decoded.
pub(super) const WITHHELD: &str = "withheld";

/// Bytes that a body may unpack to for the scan. What goes on beyond is kept open and cut, since the rest
/// was not scanned.
const MOST: usize = 8 << 20;

/// Bytes kept of such a body.
const KEPT: usize = 1 << 20;

/// A body that was opened for the scan.
pub(crate) struct Opened {
    /// As it was sent.
    sent: Bytes,
    /// Not all of it could be decoded.
    partly: bool,
}

/// What became of a body on the way to the scan.
pub(crate) enum Inspection {
    /// It can be read as it is.
    AsSent,
    /// The bytes in the body are the decoded ones for now.
    Opened(Opened),
    /// It is coded in a way that cannot be undone: what it holds is not known.
    Closed,
}

/// Puts the decoded bytes into a coded body. What its headers say is tried first, then what it looks like:
/// clients pack files and forget to say so, and proxies unpack them and forget it, too.
pub(crate) fn open(headers: &Headers, body: &mut Body) -> Inspection {
    let is_declared = headers.get("content-encoding").is_some();
    if body.bytes.is_empty() || body.decoded || (!is_declared && !may_be_coded(&body.bytes)) {
        return Inspection::AsSent;
    }
    let mut partly = false;
    let mut plain: Option<Vec<u8>> = None;
    let mut is_closed = false;
    if is_declared {
        match undo(headers, body) {
            Some((bytes, end)) => {
                plain = bytes;
                partly = is_partial(end, body);
            }
            None => is_closed = true,
        }
    }
    for _ in 0..MOST_LAYERS {
        let bytes = plain.as_deref().unwrap_or(&body.bytes);
        let layer = guess(bytes).iter().find_map(|coding| undo_guess(coding, bytes, body.cut));
        let Some((bytes, end)) = layer else { break };
        partly |= is_partial(end, body);
        plain = Some(bytes);
    }
    let bytes = plain.as_deref().unwrap_or(&body.bytes);
    if let Some(text) = charset::to_utf8(bytes) {
        plain = Some(text);
    }
    match plain {
        None if is_closed => Inspection::Closed,
        None => Inspection::AsSent,
        Some(plain) => {
            let sent = std::mem::replace(&mut body.bytes, Bytes::from(plain));
            Inspection::Opened(Opened { sent, partly })
        }
    }
}

/// Undoes what the headers say; `None` if that cannot be, no bytes if it says nothing.
fn undo(headers: &Headers, body: &Body) -> Option<(Option<Vec<u8>>, End)> {
    let undone = coding::undone(headers, body, MOST);
    match (undone.end, undone.bytes) {
        (End::Unknown, _) => None,
        (End::Broken, bytes) if bytes.is_empty() => None,
        (end, Cow::Borrowed(_)) => Some((None, end)),
        (end, Cow::Owned(plain)) => Some((Some(plain), end)),
    }
}

/// Undoes a coding that a body only looks like. One without a mark of its own has to make sense to its end.
fn undo_guess(coding: &str, bytes: &[u8], is_cut: bool) -> Option<(Vec<u8>, End)> {
    let headers = Headers::of([("content-encoding", coding)]);
    let body = Body { cut: is_cut, ..Body::whole(bytes.to_vec()) };
    let (plain, end) = undo(&headers, &body)?;
    let plain = plain?;
    let is_sound = !UNMARKED.contains(&coding) || (end == End::Whole && std::str::from_utf8(&plain).is_ok());
    (is_sound && !plain.is_empty()).then_some((plain, end))
}

/// Returns whether a body that was not read to its end has more than is known of.
fn is_partial(end: End, body: &Body) -> bool {
    match end {
        End::Whole => false,
        // A body of which only the beginning was recorded breaks off without having been touched.
        End::Broken => !body.cut,
        End::Limit | End::Unknown => true,
    }
}

/// Codings undone inside each other.
const MOST_LAYERS: usize = 4;

/// Codings whose first bytes can be any.
const UNMARKED: &[&str] = &["br", "deflate"];

/// Returns whether a body can be anything but text in UTF-8.
fn may_be_coded(bytes: &[u8]) -> bool {
    let is_text = |byte: &u8| matches!(byte, b'\t' | b'\r' | b'\n' | b' '..=b'~');
    !bytes.iter().take(16).all(is_text)
}

/// Returns the codings that a body looks like.
fn guess(bytes: &[u8]) -> &'static [&'static str] {
    match bytes {
        [0x1f, 0x8b, 8, ..] => &["gzip"],
        [0x28, 0xb5, 0x2f, 0xfd, ..] => &["zstd"],
        bytes if may_be_coded(bytes) && !charset::is_wide(bytes) && std::str::from_utf8(bytes).is_err() => {
            &["deflate", "br"]
        }
        _ => &[],
    }
}

/// Puts back the body of one side as it was sent, if that holds no secret. Returns the redaction of a body
/// that was taken away, because a login's body that cannot be decoded may hold any secret.
pub(crate) fn restore(
    side: Side,
    body: &mut Body,
    inspection: Inspection,
    state: BodyState,
    path_kind: PathKind,
) -> Option<Redaction> {
    match inspection {
        Inspection::Opened(Opened { sent, partly: false }) if state == BodyState::Clean => body.bytes = sent,
        Inspection::Opened(opened) => {
            body.decoded = true;
            if opened.partly {
                body.cut = true;
                body.bytes.truncate(KEPT);
            }
        }
        Inspection::Closed if path_kind == PathKind::Login => {
            body.bytes = Bytes::new();
            body.cut = true;
            return Some(Redaction { place: format!("{}.body", side.name()), kind: WITHHELD.to_owned() });
        }
        Inspection::AsSent | Inspection::Closed => {}
    }
    None
}
