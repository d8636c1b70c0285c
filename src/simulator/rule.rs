//! A rule of the simulator: a name, what it says, and what it rests on.

use std::fmt;

/// One rule of the simulator; its name is in the `x-wraptap-simulator` header of the response.
#[derive(Debug, Eq, PartialEq)]
pub struct Rule {
    /// Stable, in snake_case: scripts and reports quote it.
    pub name: &'static str,
    /// What the rule rests on.
    pub basis: Basis,
    /// Which requests it applies to.
    pub vocabulary: Vocabulary,
    /// What is accepted or refused, in a sentence.
    pub says: &'static str,
    /// The source of that.
    pub source: &'static str,
}

/// The header that marks every response of the simulator.
pub const RULE_HEADER: &str = "x-wraptap-simulator";

impl Rule {
    /// Returns the text of the [`RULE_HEADER`] header: `NAME (BASIS)`.
    pub fn header_value(&self) -> String {
        format!("{} ({})", self.name, self.basis)
    }
}

/// What a rule rests on, strongest first.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Basis {
    /// The vendor's documentation, SDK models or staff, or a standard.
    Documented,
    /// An unconfirmed forum thread.
    ForumClaim,
    /// Plausible, or a convenience of the simulator; there is no evidence that the API does the same.
    Assumption,
}

impl Basis {
    /// Returns the name used in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::ForumClaim => "forum_claim",
            Self::Assumption => "assumption",
        }
    }
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Documented => "documented",
            Self::ForumClaim => "forum claim",
            Self::Assumption => "assumption",
        })
    }
}

/// Which requests a rule applies to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Vocabulary {
    /// Every request, or the simulator's own paths.
    Common,
    /// `/api/v2/interactions/…`, as used in forum threads; no published SDK has these paths.
    Forum,
    /// `/api/v2/conversations/…` and `/api/v2/routing/…`, as used by the published SDKs.
    Sdk,
}

impl Vocabulary {
    /// Returns the name used in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Common => "common",
            Self::Forum => "forum",
            Self::Sdk => "sdk",
        }
    }
}
