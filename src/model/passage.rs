//! What happened to an exchange on its way: what broke, what was changed, what was masked.

use serde::Deserialize;

/// Why an exchange is not whole, and whose doing it was.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Failure {
    /// Whose doing.
    pub source: FailureSource,
    /// What happened, in a sentence without the final full stop.
    pub message: String,
}

/// Whose doing a failure was.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum FailureSource {
    /// The client went away or sent what cannot be carried.
    Client,
    /// The upstream refused, broke off, or answered what cannot be carried.
    Upstream,
    /// wraptap: stopped, or a limit of its own.
    Wraptap,
}

impl FailureSource {
    /// Returns the word that a recording uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Upstream => "upstream",
            Self::Wraptap => "wraptap",
        }
    }
}

/// What a tunnel carried.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
pub struct Tunnel {
    /// Bytes from the client to the upstream.
    pub sent: u64,
    /// Bytes from the upstream to the client.
    pub received: u64,
}

/// One change that wraptap made to a head on the way.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Change {
    /// `request` or `response`.
    pub side: Side,
    /// What was changed: `target`, `version`, or a header's name.
    pub what: String,
    /// The text before, `None` if wraptap added it. Never a secret: of removed credentials
    /// it has only the names.
    pub from: Option<String>,
    /// The text after, `None` if wraptap removed it.
    pub to: Option<String>,
    /// Why, in a few words: `hop-by-hop`, `routed to the upstream`, …
    pub why: String,
}

/// Which of the two messages something is about.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// What the client sent.
    Request,
    /// What the upstream answered.
    Response,
}

impl Side {
    /// Returns the word that a recording uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
        }
    }
}

/// One secret that was masked before the exchange was stored.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd)]
pub struct Redaction {
    /// Where it was: `request.headers.Authorization`, `request.target`, `response.body/access_token`, …
    pub place: String,
    /// What it was: `bearer`, `basic`, `cookie`, `token`, `secret`, `jwt`, …
    pub kind: String,
}
