//! The rules, one file each. Each says what it sees, or nothing; none knows of another.

mod blame;
mod conversation_state;
mod corrected;
mod elsewhere;
mod foreign_page;
mod interaction_state;
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
pub(crate) mod wrong_code;

use crate::diagnose::context::DiagnosisContext;
use crate::diagnose::verdict::indication::Indication;

/// Every rule. The order decides between indications of equal rank and confidence.
pub(crate) const ALL: &[fn(&DiagnosisContext<'_>) -> Vec<Indication>] = &[
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
    wrong_code::evaluate,
    conversation_state::evaluate,
    interaction_state::evaluate,
    payload::evaluate,
    elsewhere::evaluate,
    status_alone::evaluate,
];
