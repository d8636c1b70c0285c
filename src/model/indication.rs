//! What one rule sees: a cause, how sure, with what for and against it.

use serde_json::Value;

use crate::json::pointer::Pointer;
use crate::model::exchange::ExchangeId;
use crate::model::finding::cut;
use crate::model::verdict::{Cause, Confidence, Evidence};

/// One rule's word on the cause.
#[derive(Clone, Debug, PartialEq)]
pub struct Indication {
    /// What the refusal came from.
    pub cause: Cause,
    /// What kind of knowledge it rests on.
    pub rank: Rank,
    /// How sure.
    pub confidence: Confidence,
    /// One or two sentences in the user's words, without the final full stop.
    pub statement: String,
    /// What speaks for it.
    pub evidence: Vec<Evidence>,
    /// What speaks against it.
    pub contrary: Vec<Evidence>,
    /// Imperative, most useful first.
    pub next: Vec<String>,
}

/// What kind of knowledge an indication rests on, strongest first: it decides which one leads.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Rank {
    /// The status or the shape of the answer leaves no other reading: 401, 429, 5xx, a page.
    Status,
    /// The public API has no such operation.
    Endpoint,
    /// The same request was accepted at another time.
    Proven,
    /// The answer says it, or the body cannot be read at all.
    Said,
    /// Another exchange shows that what was sent cannot be right.
    Shown,
    /// The request differs from a known-good one, or from the published model.
    Suspected,
    /// The status alone.
    Hint,
}

impl Indication {
    /// Returns an indication with nothing for or against it yet.
    pub fn new(cause: Cause, rank: Rank, confidence: Confidence, statement: impl Into<String>) -> Self {
        Self {
            cause,
            rank,
            confidence,
            statement: statement.into(),
            evidence: Vec::new(),
            contrary: Vec::new(),
            next: Vec::new(),
        }
    }
}

/// Returns evidence seen in an exchange.
pub fn seen(statement: impl Into<String>, exchange: ExchangeId) -> Evidence {
    Evidence { statement: statement.into(), exchange: Some(exchange), ..Evidence::default() }
}

/// Returns evidence seen at a place of an exchange's body.
pub fn at(
    statement: impl Into<String>,
    exchange: ExchangeId,
    pointer: Pointer,
    quote: impl Into<String>,
) -> Evidence {
    Evidence {
        statement: statement.into(),
        exchange: Some(exchange),
        pointer: Some(pointer),
        quote: Some(quote.into()),
        source: None,
    }
}

/// Returns evidence that is a known fact.
pub fn known(statement: impl Into<String>, source: impl Into<String>) -> Evidence {
    Evidence { statement: statement.into(), source: Some(source.into()), ..Evidence::default() }
}

/// Returns JSON text cut to a readable length.
pub fn quote(value: &Value) -> String {
    cut(value.to_string())
}
