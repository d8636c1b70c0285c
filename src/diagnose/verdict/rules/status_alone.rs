//! What the status speaks of where nothing else says more.

use crate::diagnose::context::DiagnosisContext;
use crate::model::indication::{Indication, Rank, seen};
use crate::model::verdict::{Cause, Confidence};

/// Status, cause, what it speaks of. Source: RFC 9110, 15.5.
const MEANINGS: &[(u16, Cause, &str)] = &[
    (
        404,
        Cause::Endpoint,
        "nothing is there under this path: an id of another region or organisation, or one that is gone",
    ),
    (405, Cause::Endpoint, "the path does not take this method"),
    (407, Cause::Upstream, "a proxy on the way wants a login"),
    (408, Cause::Upstream, "the server waited too long for the request"),
    (409, Cause::State, "the request is at odds with the state that the thing is in"),
    (412, Cause::State, "a precondition of the request does not hold any more"),
    (413, Cause::Payload, "the body is larger than the server takes"),
    (415, Cause::Payload, "the server does not take this media type"),
    (422, Cause::Payload, "the server read the body and refuses what it says"),
    (423, Cause::State, "the thing is locked"),
];

pub(crate) fn evaluate(context: &DiagnosisContext<'_>) -> Vec<Indication> {
    let Some(status) = context.status() else { return Vec::new() };
    let lacks = context.simulator_rule().is_some_and(|rule| rule.starts_with("known_"));
    if lacks && context.entry.is_some() {
        let statement = "the simulator lacks this operation, which the public API has: its answer says nothing of the request";
        return vec![Indication::new(Cause::Unknown, Rank::Status, Confidence::High, statement)];
    }
    let Some((_, cause, meaning)) = MEANINGS.iter().find(|(own, _, _)| *own == status) else {
        return Vec::new();
    };
    let mut found = Indication::new(*cause, Rank::Hint, Confidence::Low, *meaning);
    found.evidence.push(seen(context.answered(), context.subject().id));
    if let Some(read) = context.api().state_read(&context.path).filter(|_| status == 404) {
        found.next =
            vec![format!("record {} with the same token: it shows whether the ids are real", read.request)];
    }
    vec![found]
}
