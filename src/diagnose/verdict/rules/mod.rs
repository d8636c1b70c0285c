//! The rules, one file each. Each says what it sees, or nothing; none knows of another.

mod conversation_state;
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
mod status_alone;
mod unauthorized;
mod unknown_operation;
mod wrong_address;
pub(crate) mod wrong_code;

use crate::diagnose::ground::Ground;
use crate::diagnose::verdict::indication::Indication;

/// Every rule. The order decides between indications of equal rank and confidence.
pub(crate) const ALL: &[fn(&Ground<'_>) -> Vec<Indication>] = &[
    no_answer::see,
    server_error::see,
    foreign_page::see,
    login::see,
    unauthorized::see,
    permission::see,
    rate_limit::see,
    redirected::see,
    unknown_operation::see,
    repeated::see,
    own_words::see,
    wrong_address::see,
    wrong_code::see,
    conversation_state::see,
    interaction_state::see,
    payload::see,
    elsewhere::see,
    status_alone::see,
];

/// Tells whether the status is one under which the request itself can be the reason: the API read it and said no.
fn blames_the_request(ground: &Ground<'_>) -> bool {
    matches!(ground.status(), Some(400 | 404 | 405 | 409 | 412 | 413 | 415 | 422))
}
