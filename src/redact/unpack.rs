//! Compressed bodies: opened for the scan, kept as sent if clean, kept open if a secret had to be masked.

use bytes::Bytes;

use crate::model::coding::{self, End};
use crate::model::exchange::{Body, Headers};
use crate::model::passage::{Redaction, Side};
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

/// Puts the decoded bytes into a coded body.
pub(crate) fn open(headers: &Headers, body: &mut Body) -> Inspection {
    let undeclared = undeclared(&body.bytes);
    let may_be_coded = undeclared.is_some() || headers.get("content-encoding").is_some();
    if body.bytes.is_empty() || body.decoded || !may_be_coded {
        return Inspection::AsSent;
    }
    let undone = match undeclared {
        Some(coding) if headers.get("content-encoding").is_none() => {
            coding::undone(&Headers::of([("content-encoding", coding)]), body, MOST)
        }
        _ => coding::undone(headers, body, MOST),
    };
    let partly = match undone.end {
        End::Whole => false,
        End::Limit => true,
        // A body of which only the beginning was recorded breaks off without having been touched.
        End::Broken if undone.bytes.is_empty() => return Inspection::Closed,
        End::Broken => !body.cut,
        End::Unknown => return Inspection::Closed,
    };
    let plain = match undone.bytes {
        std::borrow::Cow::Borrowed(_) => return Inspection::AsSent,
        std::borrow::Cow::Owned(plain) => plain,
    };
    let sent = std::mem::replace(&mut body.bytes, Bytes::from(plain));
    Inspection::Opened(Opened { sent, partly })
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

/// Returns the coding that shows by its first bytes, in a file that was uploaded packed.
fn undeclared(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x1f, 0x8b, 8, ..] => Some("gzip"),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some("zstd"),
        _ => None,
    }
}
