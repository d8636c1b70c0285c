//! Interactions of the forum's vocabulary, as GET /api/v2/interactions/{id} showed them.

use crate::api::genesys::evidence::reads;
use crate::model::case::{Case, Read};

/// Which state an operation of the forum's vocabulary wants: method, the path behind the id, the words.
///
/// Source: the forum threads this project started from. No published SDK has these operations or states.
const WANTED: &[(&str, &str, &[&str])] = &[
    ("PUT", "", &["WRAPUP"]),
    ("POST", "wrapup", &["WRAPUP"]),
    ("PUT", "wrap-up", &["closed", "completed"]),
];

/// An operation on an interaction, and the states it wants.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Target {
    pub(crate) id: String,
    pub(crate) wanted: &'static [&'static str],
}

/// Returns which interaction a request is about, if its operation is one that wants a state.
pub(crate) fn target(case: &Case<'_>) -> Option<Target> {
    let (id, rest) = case
        .own_path
        .strip_prefix("/api/v2/interactions/")
        .map(|rest| rest.split_once('/').unwrap_or((rest, "")))?;
    let fits = |row: &&(&str, &str, &[&str])| row.0 == case.method && row.1 == rest;
    WANTED.iter().find(fits).map(|(_, _, wanted)| Target { id: id.to_owned(), wanted })
}

/// Returns the reads of one interaction, in order.
pub(crate) fn reads_of<'a>(case: &Case<'a>, id: &str) -> Vec<Read<'a>> {
    let path = format!("/api/v2/interactions/{id}");
    reads(case, |other| other == path)
}

/// Returns the member that shows the state, and the state.
pub(crate) fn state<'r>(read: &'r Read<'_>) -> Option<(&'static str, &'r str)> {
    ["state", "status"].iter().find_map(|member| Some((*member, read.document[*member].as_str()?)))
}
