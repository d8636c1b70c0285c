//! A known-good payload and what its goodness rests on.

use crate::json::pointer::Pointer;
use crate::model::operation::Operation;

/// A payload that an API accepted, or is documented or claimed to accept.
#[derive(Clone, Debug, PartialEq)]
pub struct Baseline {
    /// A short name, unique among the baselines of one folder; the stem of its file.
    pub name: String,
    /// What it is good for.
    pub operation: Operation,
    /// Why it counts as good.
    pub provenance: Provenance,
    /// Where that was learned: a page, an SDK model, a recording with its exchange.
    pub source: String,
    /// The day it was added or accepted, `YYYY-MM-DD`.
    pub date: String,
    /// The media type it was sent with.
    pub content_type: Option<String>,
    /// The raw text, as written in the file.
    pub body: String,
    /// Places whose differences are hidden (and counted).
    pub ignore: Vec<Pointer>,
    /// Members that it does not have are errors.
    pub exact: bool,
}

/// What the goodness of a baseline rests on, strongest first.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Provenance {
    /// A recorded exchange that was answered with a 2xx.
    Accepted,
    /// The vendor's documentation.
    Documented,
    /// The model of a published SDK.
    SdkModel,
    /// The user says so.
    Manual,
    /// A forum thread says so.
    ForumClaim,
    /// Nothing but plausibility.
    Assumption,
}

impl Provenance {
    /// Every provenance, strongest first.
    pub const ALL: [Self; 6] =
        [Self::Accepted, Self::Documented, Self::SdkModel, Self::Manual, Self::ForumClaim, Self::Assumption];

    /// Returns the provenance of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.name() == name)
    }

    /// Returns what it means, for `--help`.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Accepted => "A recorded exchange was answered with a 2xx",
            Self::Documented => "The vendor's documentation",
            Self::SdkModel => "The model of a published SDK",
            Self::Manual => "You say so",
            Self::ForumClaim => "A forum thread says so",
            Self::Assumption => "Nothing but plausibility",
        }
    }

    /// Returns the stable name that files use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Documented => "documented",
            Self::SdkModel => "sdk_model",
            Self::Manual => "manual",
            Self::ForumClaim => "forum_claim",
            Self::Assumption => "assumption",
        }
    }
}
