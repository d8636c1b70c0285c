//! What the room of one API adds to a judgement: rules, checks and mistakes with names, one function each.

use crate::model::case::Case;
use crate::model::finding::Finding;
use crate::model::indication::Indication;
use crate::model::verdict::Evidence;

/// A rule says what it sees of the cause, or nothing; none knows of another.
pub type Rule = fn(&Case<'_>) -> Vec<Indication>;

/// A check says what is wrong with a request by itself.
pub type Check = fn(&Case<'_>) -> Vec<Finding>;

/// A recogniser knows a mistake as a whole, by the request and by what is wrong with its payload.
pub type Recognizer = fn(&Case<'_>, &[&Finding]) -> Option<Mistake>;

/// One recognised mistake.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mistake {
    /// What it is called, in a few words.
    pub name: &'static str,
    /// One sentence without the final full stop.
    pub sentence: String,
    /// Where it was seen.
    pub source: &'static str,
}

/// What nothing recorded answers, and the experiment that would.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OpenQuestion {
    /// `whether the code at … may be used here`
    pub question: String,
    /// Imperative.
    pub experiment: String,
}

/// What is known of the caller whom a request was denied to, and of what its operation asks of callers.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// `ALL a:b:c` or `ANY a:b:c d:e:f`, where the operation is known to need it.
    pub needed: Option<String>,
    /// Why this caller may not, where the operation itself says so.
    pub statement: Option<String>,
    /// How to call as somebody who may.
    pub login: Option<&'static str>,
    /// Which role to look at.
    pub role: Option<String>,
    /// What the recording shows of the caller.
    pub evidence: Vec<Evidence>,
    /// What else to do.
    pub next: Vec<String>,
    /// The read that shows more of the caller.
    pub read: Option<&'static str>,
}
