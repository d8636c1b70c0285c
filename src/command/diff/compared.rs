//! What a candidate was compared with, and what came of it: the same for a payload that the user named and
//! for what wraptap found.

use crate::command::args::payload_arg::PayloadArg;
use crate::command::diff::args::DiffFormat;
use crate::command::terminal;
use crate::diff::comparison::Comparison;
use crate::model::diagnosis::Diagnosis;
use crate::model::finding::Severity;
use crate::model::remedy::Remedy;
use crate::report::brief;
use crate::report::style::TextStyle;

/// A comparison with everything that is printed of it.
pub(super) struct Compared {
    /// How the good side is called.
    pub(super) good_title: String,
    /// Its body; empty if only the API's description is known.
    pub(super) good_body: Vec<u8>,
    /// What the goodness rests on.
    pub(super) expectation: String,
    pub(super) comparison: Comparison,
    /// How the known-good payload was chosen, what was left out, what the answer says. Sentences without full
    /// stop.
    pub(super) notes: Vec<String>,
    /// Why the candidate was refused, and what to write instead; empty if it was not.
    pub(super) headline: Vec<String>,
    /// What to change, if that was found without a payload of the user's.
    pub(super) remedy: Option<Remedy>,
}

/// Returns the verdict and the line to write instead, in one line each.
pub(super) fn headline(diagnosis: &Diagnosis, format: DiffFormat) -> Vec<String> {
    let style =
        if format.is_for_people() { terminal::style() } else { TextStyle::plain(terminal::DEFAULT_WIDTH) };
    brief::verdict(diagnosis, &style).into_iter().chain(brief::instead(diagnosis)).collect()
}

/// Returns what the candidate's own answer says of differences that did not get it refused.
pub(super) fn answer(candidate: &PayloadArg, comparison: &Comparison) -> Option<String> {
    let (_, exchange) = candidate.exchange.as_ref()?;
    let status = exchange.status()?;
    let differs = comparison.findings.iter().any(|finding| finding.severity != Severity::Info);
    match status {
        200..=299 if differs => Some(format!("exchange {} was accepted with {status} as it is", exchange.id)),
        400.. if differs && !brief::is_about_payload(status) => {
            Some(format!("{}; what differs is probably not the cause", brief::meaning(status)))
        }
        _ => None,
    }
}
