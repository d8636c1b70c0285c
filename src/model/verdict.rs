//! Why a request was refused, as far as the evidence goes.

use crate::json::pointer::Pointer;
use crate::model::exchange::ExchangeId;

/// One verdict on one refused exchange.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The most likely cause.
    pub cause: Cause,
    /// How sure.
    pub confidence: Confidence,
    /// One or two sentences in the user's words.
    pub statement: String,
    /// What speaks for it.
    pub evidence: Vec<Evidence>,
    /// What speaks against it.
    pub contrary: Vec<Evidence>,
    /// Causes that come second, most likely first.
    pub other_causes: Vec<OtherCause>,
    /// What to do next, imperative, most useful first.
    pub next: Vec<String>,
}

/// What a refusal came from.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Cause {
    /// The body or its form.
    Payload,
    /// The operation is not one the API has, or the right body went to the wrong one.
    Endpoint,
    /// The thing addressed was not ready, or already done.
    State,
    /// The caller may not.
    Permission,
    /// The caller is not known: no token, an expired one, a failed login.
    Credentials,
    /// Too many requests.
    RateLimit,
    /// The server or the way to it.
    Upstream,
    /// What was recorded does not show it.
    Unknown,
}

impl Cause {
    /// Every cause, in the order of the documentation.
    pub const ALL: [Self; 8] = [
        Self::Payload,
        Self::Endpoint,
        Self::State,
        Self::Permission,
        Self::Credentials,
        Self::RateLimit,
        Self::Upstream,
        Self::Unknown,
    ];

    /// Returns the stable name that JSON uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Payload => "payload",
            Self::Endpoint => "endpoint",
            Self::State => "state",
            Self::Permission => "permission",
            Self::Credentials => "credentials",
            Self::RateLimit => "rate_limit",
            Self::Upstream => "upstream",
            Self::Unknown => "unknown",
        }
    }
}

/// How sure a verdict is.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Confidence {
    /// A guess from the status alone.
    Low,
    /// Evidence, and something that speaks against it or is missing.
    Medium,
    /// Direct evidence and nothing against it.
    High,
}

impl Confidence {
    /// Returns the stable name that JSON uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// One statement with what it rests on.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Evidence {
    /// One sentence without the final full stop.
    pub statement: String,
    /// The exchange it was seen in.
    pub exchange: Option<ExchangeId>,
    /// The place in that exchange's body.
    pub pointer: Option<Pointer>,
    /// The bytes quoted, as text.
    pub quote: Option<String>,
    /// The outside source of a known fact.
    pub source: Option<String>,
}

/// A cause that is possible but not the leading one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OtherCause {
    /// Which.
    pub cause: Cause,
    /// Why it cannot be ruled out.
    pub statement: String,
}
