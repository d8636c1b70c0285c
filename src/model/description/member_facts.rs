//! Facts about the members of models that a description does not have, one row each, with its source.

use crate::model::spelling;

/// All facts about the members of an API's models.
#[derive(Debug)]
pub struct MemberFacts {
    /// Names that people write for a member.
    pub names: &'static [WireName],
    /// Members that are required on a condition.
    pub required: &'static [RequiredUnless],
    /// Durations that are not believed.
    pub longest: &'static [Longest],
}

/// One row: a member that does not exist, in the model where it is missed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct WireName {
    /// The model.
    pub model: &'static str,
    /// What was written; letter case and `_` do not matter.
    pub written: &'static str,
    /// What it is called.
    pub real: &'static str,
    /// What a number has to be divided by, 1 if nothing changes.
    pub divide: u32,
    /// Where the wrong name comes from.
    pub source: &'static str,
}

/// A member that is required unless another one is true.
#[derive(Clone, Copy, Debug)]
pub struct RequiredUnless {
    /// The model.
    pub model: &'static str,
    /// The member.
    pub member: &'static str,
    /// The other one, a boolean.
    pub unless: &'static str,
    /// Where that was learned.
    pub source: &'static str,
}

/// A duration in seconds that is meant in milliseconds if it is longer.
#[derive(Clone, Copy, Debug)]
pub struct Longest {
    /// The model.
    pub model: &'static str,
    /// The member, whose name says seconds.
    pub member: &'static str,
    /// In seconds.
    pub most: f64,
    /// What it is the duration of: `any wrap-up`.
    pub of: &'static str,
}

impl MemberFacts {
    /// Nothing is known.
    pub const NONE: Self = Self { names: &[], required: &[], longest: &[] };

    /// Returns what a member is called that somebody wrote so in a body of this model.
    pub fn real(&self, model: &str, written: &str) -> Option<&'static WireName> {
        let fits = |row: &&WireName| row.model == model && spelling::distance(row.written, written) == 0;
        self.names.iter().find(fits)
    }
}
