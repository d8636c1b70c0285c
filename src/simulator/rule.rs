//! A rule of the simulator: a name, what it says, and what it rests on.

use std::fmt;

/// One rule that the simulator answers by; its name stands in the `x-wraptap-simulator` header of the answer.
#[derive(Debug, Eq, PartialEq)]
pub struct Rule {
    /// Stable, in snake_case: scripts and reports quote it.
    pub name: &'static str,
    /// What the rule rests on.
    pub basis: Basis,
    /// Whose requests it is about.
    pub vocabulary: Vocabulary,
    /// What is accepted or refused, in a sentence.
    pub says: &'static str,
    /// Where that was learnt.
    pub source: &'static str,
}

/// The header by which every answer of the simulator says that it is one.
pub const MARK: &str = "x-wraptap-simulator";

impl Rule {
    /// Returns the text of the [`MARK`] header: `NAME (BASIS)`.
    pub fn mark(&self) -> String {
        format!("{} ({})", self.name, self.basis)
    }
}

/// What a rule rests on, strongest first.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Basis {
    /// The vendor's documentation, SDK models or staff, or a standard.
    Documented,
    /// A forum thread that nobody confirmed.
    ForumClaim,
    /// Plausible, or a convenience of the simulator; nothing says that the API does the same.
    Assumption,
}

impl Basis {
    /// Returns the name that stands in JSON.
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

/// Whose requests a rule is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Vocabulary {
    /// Every request, or the simulator's own paths.
    Common,
    /// `/api/v2/interactions/…`, as forum threads have it; no published SDK knows these paths.
    Forum,
    /// `/api/v2/conversations/…` and `/api/v2/routing/…`, as the published SDKs have it.
    Sdk,
}

impl Vocabulary {
    /// Returns the name that stands in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Common => "common",
            Self::Forum => "forum",
            Self::Sdk => "sdk",
        }
    }
}
