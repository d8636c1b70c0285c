//! All that was found out about one exchange beyond its differences from a known-good one.

use crate::model::finding::Finding;
use crate::model::operation::Operation;
use crate::model::refusal::Refusal;
use crate::model::remedy::Remedy;
use crate::model::verdict::Verdict;

/// The diagnosis of one exchange; reports are made of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnosis {
    /// What the request addresses, from the catalogue if it knows it.
    pub operation: Operation,
    /// Whether the public API has this operation; `None` where the path is not the API's at all.
    pub public: Option<bool>,
    /// The nearest public operations, best first, where it has not: `POST /api/v2/…`.
    pub nearest: Vec<String>,
    /// What is wrong with the request by the word of somebody with authority, most damning first.
    pub faults: Vec<Finding>,
    /// What the answer says, decoded; `None` if it was no refusal or there was none.
    pub refusal: Option<Refusal>,
    /// Why it was refused; `None` if it was not.
    pub verdict: Option<Verdict>,
    /// What to change.
    pub remedy: Remedy,
}
