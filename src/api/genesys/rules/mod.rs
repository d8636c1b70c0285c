//! The verdict rules that only this API has, one file each.

mod conversation_state;
mod interaction_state;
mod wrong_code;

use crate::model::rule::Rule;

pub(super) use conversation_state::READ_CONVERSATION;
pub(super) use interaction_state::ready_state;
pub(super) use wrong_code::open_questions;

/// Every rule. The order decides between indications of equal rank and confidence.
pub(super) const ALL: &[Rule] =
    &[wrong_code::evaluate, conversation_state::evaluate, interaction_state::evaluate];
