//! Floor 2: judgement: pairing with a known-good payload, and the verdict on a refusal. Pure.
//!
//! A diagnosis reads the exchange once (`ground`), looks at the request by itself (`checks`) and at what the rest of
//! the recording shows (`seen`), and lets the rules of `verdict` speak. `remedy` says what to change.

pub mod conformity;
pub mod examine;
pub mod ground;
pub mod matrix;
pub mod pairing;

mod checks;
mod likeness;
mod remedy;
#[cfg(test)]
mod scenarios;
mod seen;
mod verdict;

use crate::diagnose::ground::{Ground, Question};
use crate::model::diagnosis::Diagnosis;
use crate::model::exchange::Exchange;

/// Finds out all that the recording tells about one exchange.
///
/// Works for any exchange: an accepted one has no verdict and no refusal, but its request is checked all the same.
pub fn examine(question: Question<'_>) -> Diagnosis {
    let mut ground = Ground::of(question);
    ground.checks = checks::run(&ground);
    let verdict = verdict::judge(&ground);
    let remedy = remedy::of(&ground);
    let public = ground.is_public_api().then_some(ground.entry.is_some());
    Diagnosis {
        operation: ground.operation,
        public,
        nearest: ground.nearest.iter().map(|near| near.entry.to_string()).collect(),
        checks: ground.checks,
        refusal: ground.refusal,
        verdict,
        remedy,
    }
}

/// Tells whether an exchange can matter for the verdict on another one, so that the rest of a long recording need not
/// be kept in memory: reads of what the path names, lists of codes, logins, and requests of the same operation.
pub fn matters(subject: &Exchange, other: &Exchange) -> bool {
    let (own, path) = (subject.request.path(), other.request.path());
    let shares_an_id = || {
        let id = |segment: &&str| crate::model::operation::is_id(segment);
        own.split('/').filter(id).any(|id| path.split('/').any(|segment| segment == id))
    };
    let asked = path.ends_with("/tokens/me")
        || path.contains("/wrapupcodes")
        || crate::genesys::catalogue::is_login(&path);
    let read = other.request.method.eq_ignore_case("GET") && other.is_accepted();
    let conversation = || path.contains("/conversations/") && read;
    asked
        || shares_an_id()
        || conversation()
        || pairing::operation_of(&subject.request) == pairing::operation_of(&other.request)
}
