//! What to change: the corrected body, and the line in the client's own language.

/// How to get the request accepted, as far as its faults can be mended.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Remedy {
    /// The operation to send it to, where the one that was used is the fault: `POST /api/v2/…`.
    pub operation: Option<String>,
    /// The corrected body as JSON text, two spaces a level; `None` if nothing in the body can be mended from what is known.
    pub body: Option<String>,
    /// What was changed in it, one line each, in the order of the changes.
    pub changes: Vec<String>,
    /// What is still to be filled in by hand, one line each.
    pub open: Vec<String>,
    /// Lines to change in the client's program, the likeliest first.
    pub client: Vec<ClientLine>,
}

/// One habit of an SDK that makes a fault, and the line that avoids it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ClientLine {
    /// The client, as `genesys::sdk` names it: `python`, `java`, …
    pub sdk: &'static str,
    /// What the client does, one sentence without the final full stop.
    pub habit: &'static str,
    /// The line as it is often written.
    pub before: String,
    /// The line as it has to be.
    pub after: String,
    /// Where that was learnt.
    pub source: &'static str,
}
