//! A request that is to be sent again: what the user changes, where it goes, and what comes of it.

use bytes::Bytes;

use crate::json::edit::Edit;
use crate::model::exchange::Headers;
use crate::model::wire_bytes::WireBytes;
use crate::net::destination::Destination;

/// What the user changes before sending.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Changes {
    /// Another body instead of the recorded one.
    pub body: Option<Bytes>,
    /// Changes of single places of the body, after that.
    pub edits: Vec<Edit>,
    /// Another target (path and query) instead of the recorded one.
    pub target: Option<String>,
    /// Header lines in place of the recorded ones of their name, or added.
    pub headers: Vec<(String, String)>,
}

/// A request ready to be written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Outgoing {
    /// A token.
    pub method: WireBytes,
    /// In origin form.
    pub target: WireBytes,
    /// Every line of the head, Host and Content-Length among them.
    pub headers: Headers,
    /// All of it.
    pub body: Bytes,
    /// What was left out or replaced, for the user.
    pub notes: Vec<String>,
}

/// Where a request goes: the server, and what its paths begin with.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Place {
    /// The server.
    pub server: Destination,
    /// Put in front of the target; no slash at its end.
    pub base: String,
    /// Who chose it.
    pub chosen_by: ChosenBy,
}

/// Who says where a request goes. A recording alone makes no host trustworthy: it may be someone else's, and
/// its upstream any host at all.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ChosenBy {
    /// The user typed it.
    User,
    /// It is the upstream of the recording.
    Recording,
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

    /// Returns whether the request changes nothing.
    pub fn is_safe(&self) -> bool {
        is_safe(self.method.as_bytes())
    }
}

/// Returns whether a method is safe: it changes nothing (RFC 9110, 9.2.1).
pub fn is_safe(method: &[u8]) -> bool {
    [&b"GET"[..], b"HEAD", b"OPTIONS"].contains(&method)
}
