//! Was the conversation in a state that takes a wrap-up? Judged by reads of it in the recording.

use crate::api::contract::StateRead;
use crate::api::genesys::evidence::conversation::{self, Due, Readiness};
use crate::model::case::{Case, Read};
use crate::model::indication::{Indication, Rank, at};
use crate::model::timestamp::apart;
use crate::model::verdict::{Cause, Confidence, Evidence};

/// How old a read may be to be trusted fully, in microseconds: what a program does between reading and
/// writing.
const FRESH: u64 = 10_000_000;

/// The read of a conversation.
pub(crate) const READ_CONVERSATION: StateRead = StateRead {
    request: READ_IT,
    shows: "`participants[].calls[].state` and `afterCallWork.state` tell whether a wrap-up is due",
};

const READ_IT: &str = "GET /api/v2/conversations/{conversationId}";

pub(crate) fn evaluate(case: &Case<'_>) -> Vec<Indication> {
    if !matches!(case.status(), Some(400 | 404 | 409 | 422)) {
        return Vec::new();
    }
    if !applies_wrapup(case) {
        return call_is_over(case).into_iter().collect();
    }
    let (Some(conversation), Some(participant)) = (case.id("conversationId"), case.id("participantId"))
    else {
        return Vec::new();
    };
    let reads = conversation::reads_of(case, conversation);
    let (before, after) = case.around(&reads);
    let judged = |read: Option<&Read<'_>>| {
        let read = read?;
        let ready = conversation::readiness(&read.document, participant, case.id("communicationId"))?;
        let fresh = read.exchange.started_at.0.abs_diff(case.subject.started_at.0) <= FRESH;
        Some((evidence(case, read, &ready), ready, fresh))
    };
    match (judged(before), judged(after)) {
        (Some((proof, ready, fresh)), after) if ready.due != Due::Now => {
            let agrees = after.as_ref().is_some_and(|(_, later, _)| later.due == ready.due);
            // "done" afterwards may be the work of a later request
            let sure = fresh || (agrees && ready.due != Due::Done);
            let mut found = blame(&ready, if sure { Confidence::High } else { Confidence::Medium });
            found.evidence.push(proof);
            found.evidence.extend(after.filter(|_| agrees).map(|(proof, _, _)| proof));
            vec![found]
        }
        // it was due before: not the state, unless it changed in between
        (Some(_), _) => Vec::new(),
        (None, Some((proof, ready, fresh))) if matches!(ready.due, Due::NotYet | Due::Never) => {
            let mut found = blame(&ready, if fresh { Confidence::High } else { Confidence::Medium });
            found.evidence.push(proof);
            vec![found]
        }
        (None, Some((proof, ready, fresh))) if ready.due == Due::Done && fresh => {
            let mut found = blame(&ready, Confidence::Medium);
            found.evidence.push(proof);
            vec![found]
        }
        _ => Vec::new(),
    }
}

/// A participant was asked to do something in a conversation that it had left.
fn call_is_over(case: &Case<'_>) -> Option<Indication> {
    case.entry.filter(|entry| entry.method != "GET")?;
    let reads = conversation::reads_of(case, case.id("conversationId")?);
    let (before, _) = case.around(&reads);
    let read = before?;
    let (place, state) = conversation::ended(&read.document, case.id("participantId")?)?;
    let fresh = read.exchange.started_at.0.abs_diff(case.subject.started_at.0) <= FRESH;
    let mut found = Indication::new(
        Cause::State,
        Rank::Shown,
        if fresh { Confidence::High } else { Confidence::Medium },
        format!("the participant was not in the conversation any more: it was `{state}`"),
    );
    let span = apart(read.exchange.started_at, case.subject.started_at);
    found.evidence.push(at(
        format!("{span} before, the participant's communication was `{state}`"),
        read.exchange.id,
        place,
        format!("\"{state}\""),
    ));
    found.next = vec![format!("address the participant that is connected: {READ_IT} shows its id and state")];
    Some(found)
}

/// Returns whether the request applies a wrap-up, one way or the other.
fn applies_wrapup(case: &Case<'_>) -> bool {
    let Some(entry) = case.entry else { return false };
    let post = entry.method == "POST" && entry.template.ends_with("/wrapup");
    let patch = entry.method == "PATCH" && entry.template.ends_with("/participants/{participantId}");
    post || (patch && case.keys().iter().any(|key| matches!(*key, "wrapup" | "wrapupSkipped" | "code")))
}

fn blame(ready: &Readiness, confidence: Confidence) -> Indication {
    let lead = match ready.due {
        Due::NotYet => "the wrap-up was not due yet",
        Due::Done => "the wrap-up was done already",
        _ => "there is no wrap-up to apply here",
    };
    let mut found =
        Indication::new(Cause::State, Rank::Shown, confidence, format!("{lead}: {}", ready.statement));
    found.next = match ready.due {
        Due::NotYet => vec![
            "disconnect the agent's participant first, then apply the wrap-up".to_owned(),
            format!("read {READ_IT} until `afterCallWork.state` is `pending`, then send it"),
        ],
        Due::Done => vec![format!("read {READ_IT} before sending: `wrapup.code` shows what is assigned")],
        _ => vec![format!(
            "address the agent's participant: the one of {READ_IT} whose `userId` is the agent and whose `wrapupRequired` is true"
        )],
    };
    found
}

fn evidence(case: &Case<'_>, read: &Read<'_>, ready: &Readiness) -> Evidence {
    let side = if read.exchange.started_at <= case.subject.started_at { "before" } else { "after" };
    let span = apart(read.exchange.started_at, case.subject.started_at);
    let mut evidence = at(
        format!("{span} {side}: {}", ready.statement),
        read.exchange.id,
        ready.pointer.clone(),
        ready.quote.clone(),
    );
    evidence.source = Some("the SDKs' models Participant, Call and AfterCallWork".to_owned());
    evidence
}
