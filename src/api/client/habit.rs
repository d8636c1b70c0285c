//! One habit of a client: what it does, the lines, and the sign that shows it.

use crate::api::client::sign::Sign;
use crate::model::finding::Class;

/// One row: what a client does, the line that makes it do so and the one that avoids it, and what both look
/// like.
#[derive(Clone, Copy, Debug)]
pub struct Habit {
    /// What the client does, one sentence without the final full stop.
    pub habit: &'static str,
    /// The line as it is often written; `{api}`, `{call}`, `{by}` and `{model}` stand for the operation's own
    /// (see [`crate::api::client::call`]).
    pub before: &'static str,
    /// The line as it has to be.
    pub after: &'static str,
    /// The classes of findings that the habit makes.
    pub makes: &'static [Class],
    /// What distinguishes it from others that make the same.
    pub sign: Sign,
    /// Where that was learned.
    pub source: &'static str,
}
