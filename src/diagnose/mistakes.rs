//! Mistakes with names: what a program did as a whole, rather than each place that is wrong because of it.
//!
//! Those that only one API's users make are in the API's room. The code to write instead is a row of the
//! client's habits.

use crate::api::client::fact::When;
use crate::diagnose::context::DiagnosisContext;
use crate::model::case::Sent;
use crate::model::finding::{Class, Finding, Severity};
use crate::model::rule::Mistake;

const RUN: &str = "the SDKs, run against a recorder";

/// Returns the mistake that explains the faults, if one has a name; the most telling first.
pub(crate) fn recognize(context: &DiagnosisContext<'_>, faults: &[&Finding]) -> Option<Mistake> {
    let by_api = || context.api().recognizers().iter().find_map(|recognizer| recognizer(context, faults));
    forgotten_body(context, faults)
        .or_else(|| encoded_twice(faults))
        .or_else(by_api)
        .or_else(|| wrapped(faults))
}

fn has(faults: &[&Finding], class: Class) -> bool {
    faults.iter().any(|fault| fault.class == class)
}

/// The program passed no payload, or passed it in another argument's place.
fn forgotten_body(context: &DiagnosisContext<'_>, faults: &[&Finding]) -> Option<Mistake> {
    if !has(faults, Class::EmptyBody) {
        return None;
    }
    let optional = context.entry.and_then(|entry| entry.body).is_some_and(|body| !body.required);
    let fact = context
        .client()
        .filter(|_| optional)
        .and_then(|client| client.fact(|when| when == When::BodyMissing));
    let sentence = match (&context.body, fact) {
        (Sent::Empty, Some(fact)) => fact.sentence,
        (Sent::Empty, None) => "the request has no body: the program passed no payload",
        _ => "the body is the four bytes `null`: the program passed no payload",
    };
    Some(Mistake { name: "the body was forgotten", sentence: sentence.to_owned(), source: RUN })
}

fn encoded_twice(faults: &[&Finding]) -> Option<Mistake> {
    let whole = |fault: &&&Finding| {
        fault.class == Class::DoubleEncoded
            && fault.candidate_path.as_ref().is_some_and(|at| at.as_str().is_empty())
    };
    faults.iter().find(whole).map(|_| Mistake {
        name: "JSON text instead of an object",
        sentence: "the body is a JSON string that holds JSON text: it was encoded twice".to_owned(),
        source: RUN,
    })
}

/// JavaScript: `{ body: payload }` where the SDK takes the body itself.
fn wrapped(faults: &[&Finding]) -> Option<Mistake> {
    let errors = faults.iter().filter(|fault| fault.severity == Severity::Error);
    let outer = errors.filter(|fault| fault.class == Class::Moved && fault.good_path.is_none());
    let at = outer.filter_map(|fault| fault.candidate_path.as_ref()).find(|at| at.steps().count() == 1)?;
    let options = matches!(at.as_str(), "/body" | "/opts");
    Some(Mistake {
        name: "the payload is wrapped",
        sentence: match options {
            true => format!(
                "the payload is wrapped in `{at}`, as in an options object, instead of being the body itself"
            ),
            false => format!("the payload is wrapped in `{at}` instead of being the body itself"),
        },
        source: RUN,
    })
}
