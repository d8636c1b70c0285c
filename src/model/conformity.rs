//! How far the requests of a test run conform with known-good ones: by operation, client and distinct
//! difference.

use crate::model::exchange::ExchangeId;
use crate::model::finding::{Finding, Severity};
use crate::model::operation::Operation;

/// What a check of one or several recordings found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conformity {
    /// What was compared, in the order in which operation and client first appeared.
    pub groups: Vec<Group>,
    /// What could not be compared, in the order of appearance.
    pub unchecked: Vec<Unchecked>,
    /// What was compared but is not reported one by one, because there are too many kinds of it.
    pub beyond: Beyond,
}

/// The compared requests of one client for one operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// What was asked for.
    pub operation: Operation,
    /// The client, as its own marks say; `unknown client` without any.
    pub client: String,
    /// How many requests were compared.
    pub compared: u64,
    /// How many of them have neither an error nor a warning.
    pub clean: u64,
    /// The distinct differences, in the order of appearance.
    pub deviations: Vec<Deviation>,
}

/// Requests that differ from the same known-good payload in the same way.
#[derive(Clone, Debug, PartialEq)]
pub struct Deviation {
    /// Errors and warnings of the first of them; places and classes are the same in all.
    pub findings: Vec<Finding>,
    /// How the known-good payload is named.
    pub known_good: String,
    /// Why it counts as good.
    pub because: String,
    /// How many requests.
    pub count: u64,
    /// The first of them.
    pub first: Sighting,
    /// The first of them that the API accepted: only then may the difference become part of the baseline.
    pub accepted: Option<Sighting>,
}

/// Which request of which recording.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Sighting {
    /// The recording as it was named; `-` is stdin.
    pub recording: String,
    /// The exchange.
    pub exchange: ExchangeId,
    /// The client's version, if its marks say it.
    pub version: Option<String>,
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
}

/// Requests of one client for one operation that could not be compared.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Unchecked {
    /// What was asked for.
    pub operation: Operation,
    /// The client.
    pub client: String,
    /// Why.
    pub why: WhyUnchecked,
    /// How many requests.
    pub count: u64,
    /// The first of them.
    pub first: Sighting,
}

/// Why a request could not be compared.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum WhyUnchecked {
    /// There is no baseline of its operation.
    NoKnownGood,
    /// The body was not recorded to its end.
    Partial,
    /// The body's content coding is unknown or damaged.
    Undecodable,
}

impl WhyUnchecked {
    /// Returns the stable name that JSON uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoKnownGood => "no_known_good",
            Self::Partial => "partial_body",
            Self::Undecodable => "undecodable_body",
        }
    }

    /// Returns the words that people read.
    pub fn words(self) -> &'static str {
        match self {
            Self::NoKnownGood => "no baseline of this operation",
            Self::Partial => "the body was recorded in part",
            Self::Undecodable => "the body's content coding cannot be undone",
        }
    }
}

/// Requests beyond what is kept apart: they count, and are not reported one by one.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Beyond {
    /// Compared requests.
    pub compared: u64,
    /// Those of them that differ.
    pub differing: u64,
    /// Requests that could not be compared.
    pub unchecked: u64,
    /// The worst severity among the differing ones.
    pub worst: Option<Severity>,
}

impl Sighting {
    /// Returns whether the API accepted the request.
    pub fn is_accepted(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }
}

impl Deviation {
    /// Returns the severity of its worst finding.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).min()
    }
}

impl Group {
    /// Returns the severity of the worst finding that is reported.
    pub fn worst(&self) -> Option<Severity> {
        self.deviations.iter().filter_map(Deviation::worst).min()
    }
}

impl Conformity {
    /// Returns how many requests were compared.
    pub fn compared(&self) -> u64 {
        self.groups.iter().map(|group| group.compared).sum::<u64>() + self.beyond.compared
    }

    /// Returns how many requests have an error or a warning.
    pub fn differing(&self) -> u64 {
        let kept: u64 = self.groups.iter().map(|group| group.compared - group.clean).sum();
        kept + self.beyond.differing
    }

    /// Returns how many requests could not be compared.
    pub fn unchecked(&self) -> u64 {
        self.unchecked.iter().map(|unchecked| unchecked.count).sum::<u64>() + self.beyond.unchecked
    }

    /// Returns the severity of the worst finding, reported or not.
    pub fn worst(&self) -> Option<Severity> {
        self.groups.iter().filter_map(Group::worst).chain(self.beyond.worst).min()
    }
}
