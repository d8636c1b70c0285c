//! The public API has no such operation.

use crate::diagnose::context::DiagnosisContext;
use crate::diagnose::verdict::rules::blame::blames_the_request;
use crate::model::finding::Class;
use crate::model::indication::{Indication, Rank, known, seen};
use crate::model::verdict::{Cause, Confidence};

pub(crate) fn evaluate(context: &DiagnosisContext<'_>) -> Vec<Indication> {
    let unknown = |kind| matches!(kind, Class::UnknownOperation | Class::UnknownMethod);
    let Some(check) = context.faults.iter().find(|check| unknown(check.class)) else { return Vec::new() };
    let blamed = blames_the_request(context) || context.misplaced_login().is_some();
    if !blamed && !matches!(context.status(), Some(403 | 410)) {
        return Vec::new();
    }
    let subject = context.subject();
    let accepted = context.accepted().next();
    // who answers this operation at all, or says it is no real API, has it
    let leads = accepted.is_none() && !context.is_simulated();
    let status = context.status().unwrap_or_default();
    let mut indication = Indication::new(
        Cause::Endpoint,
        if leads { Rank::Endpoint } else { Rank::Hint },
        match (leads, status) {
            (false, _) => Confidence::Low,
            (true, 404 | 405 | 410) if context.is_at_own_host() => Confidence::High,
            (true, _) => Confidence::Medium,
        },
        check.message.clone(),
    );
    indication.next.push(check.help.clone());
    indication.evidence.push(known(
        format!("none of {} operations fits", context.catalogue().entries().len()),
        check.source_text(),
    ));
    indication.evidence.push(seen(format!("`{}` was answered with {status}", context.operation), subject.id));
    if let Some(accepted) = accepted {
        indication.contrary.push(seen("this server accepted the same operation", accepted.id));
    }
    if context.is_simulated() {
        indication.contrary.push(seen(
            "the answer is marked as the simulator's, which has operations of its own",
            subject.id,
        ));
    }
    if leads && !context.is_at_own_host() {
        let statement = format!(
            "`{}` is not a host of {} and may have operations of its own",
            subject.upstream,
            context.api().name()
        );
        indication.contrary.push(seen(statement, subject.id));
    }
    if leads && !matches!(status, 404 | 405) {
        indication.contrary.push(seen(
            format!("the answer is {status}, not the 404 or 405 of a path that is not there"),
            subject.id,
        ));
    }
    for near in context.nearest.iter().take(3) {
        indication.next.push(format!("`wraptap operation '{}'` {}", near.entry, near.why));
    }
    vec![indication]
}
