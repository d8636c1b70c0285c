//! What the other exchanges of a recording show: conversations, interactions, codes, callers, accepted
//! requests.
//!
//! Everything here reads; what follows from it is said in `verdict`.

pub(crate) mod accepted;
pub(crate) mod caller;
pub(crate) mod codes;
pub(crate) mod conversation;
pub(crate) mod interaction;
pub(crate) mod redirect;

use serde_json::Value;

use crate::diagnose::context::{DiagnosisContext, document};
use crate::model::exchange::Exchange;

/// One document that was read in the recording: an accepted GET with a JSON answer.
#[derive(Debug)]
pub(crate) struct Read<'a> {
    /// The exchange.
    pub(crate) exchange: &'a Exchange,
    /// The answer.
    pub(crate) document: Value,
}

/// Returns the documents read under paths that fit, in the order in which they were asked for.
pub(crate) fn reads<'a>(context: &DiagnosisContext<'a>, fits: impl Fn(&str) -> bool) -> Vec<Read<'a>> {
    let accepted =
        context.others().filter(|other| other.is_accepted() && other.request.method.eq_ignore_case("GET"));
    accepted
        .filter_map(|exchange| {
            let path = exchange.request.path();
            let path = context.api().own_path(&path);
            fits(path).then_some(())?;
            let document = document(exchange.response.as_ref()?)?;
            Some(Read { exchange, document })
        })
        .collect()
}

/// Returns the last read before the subject began, and the first one after.
pub(crate) fn around<'r, 'a>(
    context: &DiagnosisContext<'a>,
    reads: &'r [Read<'a>],
) -> (Option<&'r Read<'a>>, Option<&'r Read<'a>>) {
    let began = context.subject().started_at;
    let before = reads.iter().rev().find(|read| read.exchange.started_at <= began);
    let after = reads.iter().find(|read| read.exchange.started_at > began);
    (before, after)
}
