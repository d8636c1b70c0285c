//! The rules that hold for any API, one file each; those that only one has are in its room. Each says what it
//! sees, or nothing; none knows of another.

mod blame;
mod corrected;
mod elsewhere;
mod foreign_page;
mod login;
mod no_answer;
mod own_words;
mod payload;
mod permission;
mod rate_limit;
mod redirected;
mod repeated;
mod server_error;
mod state_sentence;
mod status_alone;
mod unauthorized;
mod unknown_operation;
mod version_conflict;
mod wrong_address;

use crate::diagnose::context::DiagnosisContext;
use crate::model::indication::Indication;

type GeneralRule = fn(&DiagnosisContext<'_>) -> Vec<Indication>;

/// The rules that go before those of the API.
const FIRST: &[GeneralRule] = &[
    no_answer::evaluate,
    server_error::evaluate,
    foreign_page::evaluate,
    login::evaluate,
    unauthorized::evaluate,
    permission::evaluate,
    rate_limit::evaluate,
    redirected::evaluate,
    unknown_operation::evaluate,
    corrected::evaluate,
    repeated::evaluate,
    version_conflict::evaluate,
    state_sentence::evaluate,
    own_words::evaluate,
    wrong_address::evaluate,
];

/// The rules that go behind those of the API.
const LAST: &[GeneralRule] = &[payload::evaluate, elsewhere::evaluate, status_alone::evaluate];

/// Lets every rule speak. The order decides between indications of equal rank and confidence.
pub(crate) fn evaluate(context: &DiagnosisContext<'_>) -> Vec<Indication> {
    let run = |rules: &'static [GeneralRule]| rules.iter().flat_map(|rule| rule(context));
    let of_api = context.api().rules().iter().flat_map(|rule| rule(context));
    run(FIRST).chain(of_api).chain(run(LAST)).collect()
}
