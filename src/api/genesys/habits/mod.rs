//! What the clients do to a body on its way to the wire, and the line that avoids it.
//!
//! Source, unless a row says otherwise: the same calls made with npm purecloud-platform-client-v2 262.0.0 (Node 20),
//! PyPI PureCloudPlatformClientV2 269.0.0 (Python 3.11) and the Java SDK, and read from the wire; Go 188 and .NET 270
//! were read, not run.

mod call;
mod java;
mod javascript;
mod others;
mod python;
mod sign;

use serde_json::Value;

use crate::api::genesys::catalogue::entry::Entry;
use crate::api::genesys::habits::call::Call;
use crate::api::genesys::habits::sign::{Seen, Sign};
use crate::json::pointer::Pointer;
use crate::model::finding::Class;
use crate::model::remedy::ClientLine;

/// One row: what a client does, the line that makes it do so and the one that avoids it, and what both look like.
struct Habit {
    /// The client, as `genesys::sdk` names it, or `any`.
    sdk: &'static str,
    /// What the client does, one sentence without the final full stop.
    habit: &'static str,
    /// The line as it is often written; `{api}`, `{call}`, `{by}` and `{model}` stand for the operation's own (see [`Call`]).
    before: &'static str,
    /// The line as it has to be.
    after: &'static str,
    /// The classes of findings that the habit makes.
    makes: &'static [Class],
    /// What tells it from others that make the same.
    sign: Sign,
    /// Where that was learnt.
    source: &'static str,
}

const WIRE: &str = "requests of the SDKs, recorded";

/// The rows, one file a client: to add a habit, add a row there.
const HABITS: [&[Habit]; 4] = [python::HABITS, javascript::HABITS, java::HABITS, others::HABITS];

/// One thing that is wrong with a body.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fault<'a> {
    /// What.
    pub class: Class,
    /// Its place in the sent body, if it has one there.
    pub at: Option<&'a Pointer>,
}

/// Returns the lines to change in a client's program for what was found in its body, the likeliest first.
///
/// `sdk` is the name that [`crate::api::genesys::sdk::detect`] gives; without one only habits of any client are told.
/// `entry` is the public operation, whose method stands in the lines.
pub fn lines(
    sdk: Option<&str>,
    entry: Option<&Entry<'_>>,
    body: Option<&Value>,
    faults: &[Fault<'_>],
) -> Vec<ClientLine> {
    let told = |habit: &&Habit| {
        let makes = |fault: &Fault<'_>| habit.makes.contains(&fault.class);
        let shows = |fault: &&Fault<'_>| habit.sign.shows(&Seen { entry, body, faults, at: fault.at });
        (habit.sdk == "any" || Some(habit.sdk) == sdk)
            && faults.iter().filter(|fault| makes(fault)).any(|fault| shows(&fault))
    };
    let mut found: Vec<&Habit> = HABITS.into_iter().flatten().filter(told).collect();
    // what the body itself betrays is likelier than what only a class suggests
    found.sort_by_key(|habit| habit.sign == Sign::None);
    let line = |habit: &Habit| {
        let call = Call { language: sdk.unwrap_or_default(), entry };
        ClientLine {
            sdk: habit.sdk,
            habit: habit.habit,
            before: call.fill(habit.before),
            after: call.fill(habit.after),
            source: habit.source,
        }
    };
    found.into_iter().map(line).collect()
}

#[cfg(test)]
mod tests;
