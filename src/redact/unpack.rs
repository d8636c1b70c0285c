//! Compressed bodies: opened for the scan, kept as sent if clean, kept open if a secret had to be masked.

use bytes::Bytes;

use crate::model::coding::{self, End};
use crate::model::exchange::{Body, Headers};

/// Bytes that a body may unpack to for the scan. What goes on beyond is kept open and cut, since nobody has looked
/// at the rest.
const MOST: usize = 8 << 20;

/// Bytes kept of such a body.
const KEPT: usize = 1 << 20;

/// A body that was opened for the scan.
pub(crate) struct Opened {
    /// As it was sent.
    sent: Bytes,
    /// Not all of it could be looked at.
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

/// Returns whether a body may be coded.
pub(crate) fn is_coded(headers: &Headers, body: &Body) -> bool {
    !body.bytes.is_empty()
        && !body.decoded
        && (undeclared(&body.bytes).is_some() || headers.get("content-encoding").is_some())
}

/// Puts the decoded bytes into a coded body.
pub(crate) fn open(headers: &Headers, body: &mut Body) -> Inspection {
    if !is_coded(headers, body) {
        return Inspection::AsSent;
    }
    let undone = match undeclared(&body.bytes) {
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

/// Settles what is kept of an opened body: `masked` if a secret was replaced in it.
pub(crate) fn restore(body: &mut Body, opened: Opened, masked: bool) {
    if !masked && !opened.partly {
        body.bytes = opened.sent;
        return;
    }
    body.decoded = true;
    if opened.partly {
        body.cut = true;
        body.bytes.truncate(KEPT);
    }
}

/// Takes away what cannot be looked at.
pub(crate) fn withhold(body: &mut Body) {
    body.bytes = Bytes::new();
    body.cut = true;
}

/// Codings that show by their first bytes, in a file that was uploaded packed.
fn undeclared(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x1f, 0x8b, 8, ..] => Some("gzip"),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some("zstd"),
        _ => None,
    }
}
