//! One habit of a client: what it does, the lines, and the sign that shows it.

use crate::api::genesys::habits::sign::Sign;
use crate::model::finding::Class;

/// One row: what a client does, the line that makes it do so and the one that avoids it, and what both look
/// like.
pub(super) struct Habit {
    /// The client, as `genesys::sdk` names it, or `any`.
    pub(super) sdk: &'static str,
    /// What the client does, one sentence without the final full stop.
    pub(super) habit: &'static str,
    /// The line as it is often written; `{api}`, `{call}`, `{by}` and `{model}` stand for the operation's own
    /// (see [`Call`]).
    pub(super) before: &'static str,
    /// The line as it has to be.
    pub(super) after: &'static str,
    /// The classes of findings that the habit makes.
    pub(super) makes: &'static [Class],
    /// What distinguishes it from others that make the same.
    pub(super) sign: Sign,
    /// Where that was learned.
    pub(super) source: &'static str,
}

pub(super) const WIRE: &str = "requests of the SDKs, recorded";
