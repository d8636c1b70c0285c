//! What the clients do to a body on its way to the wire, and the line that avoids it.
//!
//! Source, unless a row says otherwise: the same calls made with npm purecloud-platform-client-v2 262.0.0
//! (Node 20), PyPI PureCloudPlatformClientV2 269.0.0 (Python 3.11) and the Java SDK, and read from the wire;
//! Go 188 and .NET 270 were read, not run.

mod call;
mod fault;
mod habit;
mod java;
mod javascript;
mod others;
mod python;
mod sign;

pub use fault::Fault;

use serde_json::Value;

use crate::api::genesys::habits::call::Call;
use crate::api::genesys::habits::habit::Habit;
use crate::api::genesys::habits::sign::{Seen, Sign};
use crate::model::description::entry::Entry;
use crate::model::remedy::ClientLine;

/// The rows, one file a client: to add a habit, add a row there.
const HABITS: [&[Habit]; 4] = [python::HABITS, javascript::HABITS, java::HABITS, others::HABITS];

/// Returns the lines to change in a client's program for what was found in its body, the likeliest first.
///
/// `sdk` is the name that [`crate::api::genesys::sdk::detect`] gives; without one only habits of any client
/// are returned. `entry` is the public operation, whose method is named in the lines.
pub fn lines(
    sdk: Option<&str>,
    entry: Option<&Entry<'_>>,
    body: Option<&Value>,
    faults: &[Fault<'_>],
) -> Vec<ClientLine> {
    let applies = |habit: &&Habit| {
        let makes = |fault: &Fault<'_>| habit.makes.contains(&fault.class);
        let shows = |fault: &&Fault<'_>| habit.sign.shows(&Seen { entry, body, faults, at: fault.at });
        (habit.sdk == "any" || Some(habit.sdk) == sdk)
            && faults.iter().filter(|fault| makes(fault)).any(|fault| shows(&fault))
    };
    let mut found: Vec<&Habit> = HABITS.into_iter().flatten().filter(applies).collect();
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
