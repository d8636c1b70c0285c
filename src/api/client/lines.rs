//! The lines to change in a client's program for what was found in its body.

use serde_json::Value;

use crate::api::client::call::{Call, NameStyle};
use crate::api::client::fault::Fault;
use crate::api::client::habit::Habit;
use crate::api::client::profile::ClientProfile;
use crate::api::client::sign::{Seen, Sign};
use crate::api::contract::Api;
use crate::model::description::entry::Entry;
use crate::model::remedy::ClientLine;

/// Returns the lines to change in a client's program, the likeliest first.
///
/// `sdk` is the client's name; without one only habits of any client are returned. `entry` is the operation,
/// whose method is named in the lines.
pub fn lines(
    api: &dyn Api,
    sdk: Option<&str>,
    entry: Option<&Entry<'_>>,
    body: Option<&Value>,
    faults: &[Fault<'_>],
) -> Vec<ClientLine> {
    let applies = |habit: &Habit| {
        let makes = |fault: &Fault<'_>| habit.makes.contains(&fault.class);
        let shows = |fault: &&Fault<'_>| {
            habit.sign.shows(&Seen { entry, body, faults, at: fault.at, says: fault.says })
        };
        faults.iter().filter(|fault| makes(fault)).any(|fault| shows(&fault))
    };
    let clients = api.clients().iter().filter(|client| client.name == "any" || Some(client.name) == sdk);
    let habits = clients.flat_map(|client| client.habits.iter().map(move |habit| (client.name, habit)));
    let mut found: Vec<(&str, &Habit)> = habits.filter(|(_, habit)| applies(habit)).collect();
    // what the body itself betrays is likelier than what only a class suggests
    found.sort_by_key(|(_, habit)| habit.sign == Sign::None);
    let call = sdk.and_then(|sdk| api.client(sdk)).and_then(|client: &ClientProfile| client.call);
    let names = call.map_or(NameStyle::Camel, |call| call.names);
    let call = Call { names, entry, usual: api.usual_operation() };
    let line = |(sdk, habit): (&'static str, &Habit)| ClientLine {
        sdk,
        habit: habit.habit,
        before: call.fill(habit.before),
        after: call.fill(habit.after),
        source: habit.source,
    };
    found.into_iter().map(line).collect()
}
