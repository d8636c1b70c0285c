//! What a client does by itself, beside what its program asks for.

use crate::model::refusal::Shape;

/// One fact.
#[derive(Clone, Copy, Debug)]
pub struct ClientFact {
    /// When it matters.
    pub when: When,
    /// One sentence or clause without the final full stop.
    pub sentence: &'static str,
    /// Where that was learned.
    pub source: &'static str,
}

/// When a fact matters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum When {
    /// No body was sent where one is optional.
    BodyMissing,
    /// The answer was a refusal of one of these shapes; none means any.
    Refused(&'static [Shape]),
    /// 401.
    Unauthorized,
    /// 429 with `Retry-After`.
    TooMany,
    /// 5xx with `Retry-After`.
    Unavailable,
    /// A redirect.
    Redirected,
    /// The client went away after this number of seconds.
    GaveUp {
        /// At least.
        from: f64,
        /// Less than.
        to: f64,
    },
}
