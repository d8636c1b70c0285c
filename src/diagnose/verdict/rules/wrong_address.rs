//! The operation exists, and was addressed wrongly: ids in each other's place, a placeholder left in, a
//! neighbour's body.

use crate::diagnose::context::DiagnosisContext;
use crate::diagnose::verdict::rules::blame::blames_the_request;
use crate::model::finding::Class;
use crate::model::indication::{Indication, Rank, at, known, seen};
use crate::model::verdict::{Cause, Confidence};

pub(crate) fn evaluate(context: &DiagnosisContext<'_>) -> Vec<Indication> {
    let wrong = |kind| matches!(kind, Class::SwappedIds | Class::MissingId | Class::WrongOperation);
    if !blames_the_request(context) && context.status() != Some(403) {
        return Vec::new();
    }
    let checks = context.faults.iter().filter(|check| wrong(check.class));
    checks
        .map(|check| {
            let mut indication =
                Indication::new(Cause::Endpoint, Rank::Said, Confidence::High, check.message.clone());
            let subject = context.subject().id;
            indication.evidence.push(match (check.exchange, &check.candidate_path) {
                (Some(other), _) => {
                    let mut evidence = seen(format!("{}: {}", check.message, check.sent_text()), other);
                    evidence.source = check.source.clone();
                    evidence
                }
                (None, Some(pointer)) => {
                    at(check.message.clone(), subject, pointer.clone(), check.sent_text())
                }
                (None, None) => seen(check.message.clone(), subject),
            });
            if check.exchange.is_none() {
                indication.evidence.push(known(check.help.clone(), check.source_text()));
            }
            indication.next = vec![check.help.clone()];
            indication
        })
        .collect()
}
