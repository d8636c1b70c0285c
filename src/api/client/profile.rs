//! All that is known about one client.

use crate::api::client::call::CallSyntax;
use crate::api::client::fact::{ClientFact, When};
use crate::api::client::habit::Habit;

/// One client.
#[derive(Clone, Copy, Debug)]
pub struct ClientProfile {
    /// What the recording says: `python`; `any` is whichever.
    pub name: &'static str,
    /// What a person would say: `Python SDK`.
    pub spoken: &'static str,
    /// What its `User-Agent` begins with, in lower case. Marks are claims: anybody may send them.
    pub agents: &'static [&'static str],
    /// How its calls are written, where it has a method for each operation.
    pub call: Option<CallSyntax>,
    /// What it does to a body on its way to the wire.
    pub habits: &'static [Habit],
    /// What it does by itself.
    pub facts: &'static [ClientFact],
}

impl ClientProfile {
    /// Returns a client of which the mark is known and nothing else.
    pub const fn plain(name: &'static str, spoken: &'static str, agents: &'static [&'static str]) -> Self {
        Self { name, spoken, agents, call: None, habits: &[], facts: &[] }
    }

    /// Returns what it does in a case.
    pub fn fact(&self, holds: impl Fn(When) -> bool) -> Option<&'static ClientFact> {
        self.facts.iter().find(|fact| holds(fact.when))
    }
}
