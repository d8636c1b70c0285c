//! What the other exchanges of a recording show: conversations, the forum's interactions, wrap-up codes.
//!
//! Everything here reads; what follows from it is said in `rules` and `checks`.

pub(super) mod codes;
pub(super) mod conversation;
pub(super) mod interaction;

use crate::api::genesys::catalogue;
use crate::model::case::{Case, Read};

/// Returns the documents read under the API's own paths that fit, in the order in which they were asked for.
pub(super) fn reads<'a>(case: &Case<'a>, fits: impl Fn(&str) -> bool) -> Vec<Read<'a>> {
    case.reads(|path| fits(catalogue::public_path(path)))
}
