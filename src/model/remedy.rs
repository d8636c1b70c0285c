//! What to change: the corrected body, and the line in the client's own language.

use crate::json::pointer::Pointer;

/// How to get the request accepted, as far as its faults can be mended. It is made once and shown everywhere
/// the same.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Remedy {
    /// The operation to send it to, where the one that was used is the fault: `POST /api/v2/…`.
    pub operation: Option<String>,
    /// The corrected body: the smallest edit of the text that was sent. `None` if there is nothing to
    /// correct, or if something is open that only the user can decide.
    pub body: Option<String>,
    /// The body corrected so far, while something is open.
    pub draft: Option<String>,
    /// What was changed in it, one line each, in the order of the changes.
    pub changes: Vec<String>,
    /// What is still to be filled in by hand, one line each.
    pub open: Vec<String>,
    /// Places that the user has to fill, with a value that was seen for them, if one was.
    pub offers: Vec<Offer>,
    /// Lines to change in the client's program, the likeliest first.
    pub client: Vec<ClientLine>,
}

/// A place of the body that the user has to fill.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Offer {
    /// The place in the corrected body.
    pub place: Pointer,
    /// A value that was seen for it, as JSON text.
    pub value: Option<String>,
}

/// One habit of an SDK that makes a fault, and the line that avoids it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ClientLine {
    /// The client, as its profile names it: `python`, `java`, …
    pub sdk: &'static str,
    /// What the client does, one sentence without the final full stop.
    pub habit: &'static str,
    /// The line as it is often written.
    pub before: String,
    /// The line as it has to be.
    pub after: String,
    /// Where that was learned.
    pub source: &'static str,
}

/// A body in words that an API never had, in the API's own.
#[derive(Clone, Debug, PartialEq)]
pub struct Translation {
    /// The body as the API takes it.
    pub body: serde_json::Value,
    /// What became of each member, one line each.
    pub changes: Vec<String>,
    /// What could not be carried over or has to be checked, one line each.
    pub open: Vec<String>,
}
