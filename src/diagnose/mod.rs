//! Floor 2: judgement: pairing with a known-good payload, and the verdict on a refusal. Pure.
//!
//! A diagnosis reads the exchange once (`context`), looks at the request by itself (`checks`) and at what the
//! rest of the recording shows (`evidence`), and lets the rules of `verdict` speak. `remedy` says what to
//! change.

pub mod conformity;
pub mod context;
pub mod examine;
pub mod matrix;
pub mod pairing;

mod checks;
mod description;
mod evidence;
mod faults;
pub(crate) mod likeness;
mod mistakes;
mod remedy;
#[cfg(test)]
mod scenarios;
mod verdict;

use std::collections::BTreeSet;

use crate::api;
use crate::diagnose::context::{DiagnosisContext, Question};
use crate::model::diagnosis::Diagnosis;
use crate::model::exchange::Exchange;
use crate::model::operation::{Operation, is_id};

/// Finds out all that the recording shows about one exchange.
///
/// Works for any exchange: an accepted one has no verdict and no refusal, but its request is checked all the
/// same.
pub fn examine(question: Question<'_>) -> Diagnosis {
    let mut context = DiagnosisContext::of(question);
    context.reading = description::reading::read(&context);
    context.faults = faults::collect(&context);
    let verdict = verdict::judge(&context);
    let remedy = remedy::propose(&context);
    let public = context.is_public_api().then_some(context.entry.is_some() && context.removed.is_none());
    Diagnosis {
        operation: context.case.operation,
        public,
        nearest: context.nearest.iter().map(|near| near.entry.to_string()).collect(),
        faults: context.case.faults,
        refusal: context.case.refusal,
        verdict,
        remedy,
    }
}

/// Returns whether an exchange can matter for the verdict on another one, so that the rest of a long
/// recording need not be kept in memory.
pub fn matters(subject: &Exchange, other: &Exchange) -> bool {
    Relevance::of(std::slice::from_ref(subject)).covers_exchange(other)
}

/// What of a recording can matter for the verdicts on some exchanges: reads of what their paths name, lists
/// of codes, logins, redirects, and requests of the same operations.
#[derive(Clone, Debug)]
pub struct Relevance {
    ids: BTreeSet<String>,
    /// The exchanges' own operations.
    pub operations: BTreeSet<Operation>,
}

impl Relevance {
    /// Returns what can matter for these exchanges.
    pub fn of(subjects: &[Exchange]) -> Self {
        let paths: Vec<String> = subjects.iter().map(|subject| subject.request.path()).collect();
        let segments = paths.iter().flat_map(|path| path.split('/'));
        Self {
            ids: segments.filter(|segment| is_id(segment)).map(str::to_owned).collect(),
            operations: subjects.iter().map(|subject| pairing::operation_of(&subject.request)).collect(),
        }
    }

    /// Returns whether an exchange is among it.
    pub fn covers_exchange(&self, other: &Exchange) -> bool {
        let same = || self.operations.contains(&pairing::operation_of(&other.request));
        self.covers(&other.request.method_text(), &other.request.path(), other.is_accepted(), same)
            || evidence::redirect::location(other).is_some()
    }

    /// Returns whether a request is among it. `same_operation` is asked last, because it may cost most.
    pub fn covers(
        &self,
        method: &str,
        path: &str,
        accepted: bool,
        same_operation: impl FnOnce() -> bool,
    ) -> bool {
        let evidence = || accepted && api::assumed().is_evidence(method, path);
        let shares_an_id = || path.split('/').any(|segment| self.ids.contains(segment));
        shares_an_id() || evidence() || same_operation()
    }
}
