//! Conversations as documents: the fields that show whether a wrap-up is due.
//!
//! The members are those of the SDK models Conversation, Participant, Call (and its like), AfterCallWork,
//! Wrapup and AssignedWrapupCode; members without a value are left out.

use serde_json::{Map, Value, json};

use crate::simulator::conversation::{AssignedCode, Conversation, WrapupPrompt};
use crate::simulator::ids::{Millis, iso};
use crate::simulator::lifecycle::Phase;
use crate::simulator::participants::{MediaKind, Participant, ParticipantPurpose};

/// Returns the model Conversation.
pub(crate) fn conversation(conversation: &Conversation, now: Millis) -> Value {
    let mut document = json!({
        "id": conversation.id,
        "startTime": iso(conversation.started),
        "participants": conversation.participants.iter()
            .map(|participant| self::participant(conversation, participant, now))
            .collect::<Vec<_>>(),
        "divisions": [{ "division": { "id": Conversation::DIVISION } }],
        "selfUri": format!("/api/v2/conversations/{}", conversation.id),
    });
    if let Some(ended) = conversation.ended {
        document["endTime"] = iso(ended).into();
    }
    document
}

/// Returns the model of one media type, such as CallConversation: what its communication has, the participant
/// has itself.
pub(crate) fn media_conversation(conversation: &Conversation, now: Millis) -> Value {
    let mut document = self::conversation(conversation, now);
    let member = conversation.media.member();
    document["selfUri"] =
        format!("/api/v2/conversations/{}/{}", conversation.media.segment(), conversation.id).into();
    for participant in document["participants"].as_array_mut().into_iter().flatten() {
        let Some(participant) = participant.as_object_mut() else { continue };
        let communications = participant.shift_remove(member);
        let first = communications.as_ref().and_then(|list| list[0].as_object()).cloned().unwrap_or_default();
        for (key, value) in first.into_iter().filter(|(key, _)| key != "id") {
            participant.entry(key).or_insert(value);
        }
    }
    document
}

/// Returns the model AssignedWrapupCode; an empty object where no code is assigned.
pub(crate) fn assigned_code(conversation: &Conversation, provisional: bool, now: Millis) -> Value {
    let assigned = if provisional { conversation.provisional().cloned() } else { conversation.assigned(now) };
    assigned.map_or_else(
        || json!({}),
        |assigned| {
            let mut document = wrapup(conversation, &assigned);
            document.shift_remove("name");
            document.shift_remove("provisional");
            document.into()
        },
    )
}

fn participant(conversation: &Conversation, participant: &Participant, now: Millis) -> Value {
    let agent = participant.purpose == ParticipantPurpose::Agent;
    let mut document = json!({
        "id": participant.id,
        "purpose": participant.purpose.name(),
        "connectedTime": iso(conversation.started),
        "queueId": Conversation::QUEUE,
        "wrapupRequired": agent,
    });
    if let Some(ended) = conversation.ended {
        document["endTime"] = iso(ended).into();
    }
    if agent {
        document["userId"] = Conversation::USER.into();
        let (prompt, timeout) = match conversation.prompt {
            WrapupPrompt::Mandatory => ("mandatory", None),
            WrapupPrompt::Optional => ("optional", None),
            WrapupPrompt::Timeout(after) => ("timeout", Some(after)),
        };
        document["wrapupPrompt"] = prompt.into();
        if let Some(timeout) = timeout {
            document["wrapupTimeoutMs"] = timeout.into();
        }
        if conversation.skipped.is_some() {
            document["wrapupSkipped"] = true.into();
        }
        if let Some(wrapup) = visible_wrapup(conversation, now) {
            document["wrapup"] = wrapup.into();
        }
        if let Some(ended) = conversation.ended {
            document["startAcwTime"] = iso(ended).into();
        }
        if let Some(done) = done_at(conversation, now) {
            document["endAcwTime"] = iso(done).into();
        }
    }
    // A queue's participant has no communication, so that none is mistaken for the agent's.
    if participant.purpose != ParticipantPurpose::Acd {
        document[conversation.media.member()] = json!([communication(conversation, participant, now)]);
    }
    document
}

fn communication(conversation: &Conversation, participant: &Participant, now: Millis) -> Value {
    let over = conversation.ended.is_some();
    let agent = participant.purpose == ParticipantPurpose::Agent;
    let mut document = json!({
        "id": participant.communication,
        "state": if over { "disconnected" } else { "connected" },
        "direction": "inbound",
        "connectedTime": iso(conversation.started),
        "afterCallWork": after_call_work(conversation, participant, now),
        "afterCallWorkRequired": agent,
    });
    if let Some(ended) = conversation.ended {
        document["disconnectedTime"] = iso(ended).into();
        let peer = if agent { "peer" } else { "client" };
        document["disconnectType"] =
            if conversation.media == MediaKind::Call { peer } else { "client" }.into();
    }
    if agent && let Some(wrapup) = visible_wrapup(conversation, now) {
        document["wrapup"] = wrapup.into();
    }
    document
}

fn after_call_work(conversation: &Conversation, participant: &Participant, now: Millis) -> Value {
    if participant.purpose != ParticipantPurpose::Agent {
        return json!({ "state": "notApplicable" });
    }
    let state = match conversation.phase(now) {
        Phase::Connected => return json!({ "state": "unknown" }),
        Phase::Pending => "pending",
        Phase::Complete if conversation.skipped.is_some() => "skipped",
        Phase::Complete => "complete",
    };
    let mut document = json!({ "state": state, "startTime": conversation.ended.map(iso) });
    if let Some(done) = done_at(conversation, now) {
        document["endTime"] = iso(done).into();
    }
    document
}

/// The assigned code, else the provisional one.
fn visible_wrapup(conversation: &Conversation, now: Millis) -> Option<Map<String, Value>> {
    let assigned = conversation.assigned(now).or_else(|| conversation.provisional().cloned())?;
    Some(wrapup(conversation, &assigned))
}

fn wrapup(conversation: &Conversation, assigned: &AssignedCode) -> Map<String, Value> {
    let mut document = Map::new();
    let mut put = |name: &str, value: Value| document.insert(name.to_owned(), value);
    if let Some(code) = &assigned.input.code {
        put("code", code.clone().into());
        put("name", assigned.name.clone().into());
    }
    if let Some(notes) = &assigned.input.notes {
        put("notes", notes.clone().into());
    }
    if let Some(tags) = &assigned.input.tags {
        put("tags", tags.clone().into());
    }
    put("durationSeconds", assigned.seconds(conversation.ended).into());
    put("endTime", assigned.end_time().into());
    put("provisional", assigned.input.provisional.into());
    document
}

fn done_at(conversation: &Conversation, now: Millis) -> Option<Millis> {
    conversation.skipped.or_else(|| conversation.assigned(now).map(|assigned| assigned.at))
}
