//! Conversations as GET /api/v2/conversations/{conversationId} showed them, and whether a wrap-up was due.
//!
//! Source: the SDKs' models Conversation, Participant, Call, AfterCallWork and staff posts; that a wrap-up is
//! due when the communication is disconnected and its after-call work pending is a reading of them, not of a
//! live organisation.

use serde_json::Value;

use crate::api::genesys::evidence::reads;
use crate::json::pointer::Pointer;
use crate::model::case::{Case, Read};
use crate::model::exchange::ExchangeId;

/// The media type in a path, and the participant's member that holds its communications.
const MEDIA: &[(&str, &str)] = &[
    ("calls", "calls"),
    ("callbacks", "callbacks"),
    ("emails", "emails"),
    ("messages", "messages"),
    ("socials", "socialExpressions"),
    ("videos", "videos"),
    ("cobrowsesessions", "cobrowsesessions"),
    ("screenshares", "screenshares"),
    ("chats", "chats"),
];

/// What an id means.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Role {
    Conversation,
    Participant,
    Communication,
    User,
    Queue,
}

/// Where an id was seen, and as what.
#[derive(Clone, Debug)]
pub(crate) struct SeenId {
    pub(crate) role: Role,
    /// For a communication: the media type as paths spell it.
    pub(crate) media: Option<&'static str>,
    pub(crate) exchange: ExchangeId,
    pub(crate) pointer: Pointer,
}

/// Whether a wrap-up was due.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Readiness {
    pub(crate) due: Due,
    /// One sentence without the final full stop.
    pub(crate) statement: String,
    /// The place that says so.
    pub(crate) pointer: Pointer,
    /// The text there.
    pub(crate) quote: String,
}

/// Whether a wrap-up was due.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Due {
    Now,
    NotYet,
    Done,
    Never,
}

impl Role {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Conversation => "conversation",
            Self::Participant => "participant",
            Self::Communication => "communication",
            Self::User => "user",
            Self::Queue => "queue",
        }
    }

    /// Where a conversation's document shows an id of this role.
    pub(crate) fn place(self) -> &'static str {
        match self {
            Self::Conversation => " as `id`",
            Self::Participant => " as `participants[].id`",
            Self::Communication => " as `participants[].calls[].id` (or another media type)",
            Self::User => " as `participants[].userId`",
            Self::Queue => " as `participants[].queueId`",
        }
    }
}

/// Returns the participant's member that holds the communications of a media type.
pub(crate) fn member_of_media(media: &str) -> Option<&'static str> {
    MEDIA.iter().find(|(path, _)| *path == media).map(|(_, member)| *member)
}

/// Returns the reads of one conversation, in order: of the whole, or of one media type.
pub(crate) fn reads_of<'a>(case: &Case<'a>, id: &str) -> Vec<Read<'a>> {
    reads(case, |other| named_by(other) == Some(id))
}

/// Returns the id of the conversation that a path reads, with or without a media type.
fn named_by(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("/api/v2/conversations/")?;
    let id = match rest.split_once('/') {
        Some((media, id)) if member_of_media(media).is_some() => id,
        _ => rest,
    };
    (!id.contains('/')).then_some(id)
}

/// Returns what an id means in any conversation that was read.
pub(crate) fn role_of(case: &Case<'_>, id: &str) -> Option<SeenId> {
    reads(case, |path| named_by(path).is_some()).iter().rev().find_map(|read| seen_in(read, id))
}

fn seen_in(read: &Read<'_>, id: &str) -> Option<SeenId> {
    let seen = |role, media, pointer| Some(SeenId { role, media, exchange: read.exchange.id, pointer });
    if read.document["id"] == id {
        return seen(Role::Conversation, None, Pointer::root().member("id"));
    }
    for (at, participant) in participants(&read.document) {
        if participant["id"] == id {
            return seen(Role::Participant, None, at.member("id"));
        }
        if participant["userId"] == id {
            return seen(Role::User, None, at.member("userId"));
        }
        if participant["queueId"] == id {
            return seen(Role::Queue, None, at.member("queueId"));
        }
        for (media, place, communication) in communications(&at, participant) {
            if communication["id"] == id && !media.is_empty() {
                return seen(Role::Communication, Some(media), place.member("id"));
            }
        }
    }
    None
}

/// Returns a conversation's participants with their places.
pub(crate) fn participants(document: &Value) -> Vec<(Pointer, &Value)> {
    let list = Pointer::root().member("participants");
    let elements = document["participants"].as_array().into_iter().flatten().enumerate();
    elements.map(|(index, participant)| (list.element(index), participant)).collect()
}

/// Returns the id that belongs at a place of this role in a path, where the conversation leaves no doubt: the
/// only agent's, and its only communication.
pub(crate) fn right_id(case: &Case<'_>, conversation: &str, role: Role) -> Option<String> {
    let reads = reads_of(case, conversation);
    let document = &reads.last()?.document;
    let participants = participants(document);
    let mut agents =
        participants.iter().filter(|(_, other)| matches!(other["purpose"].as_str(), Some("agent" | "user")));
    let (at, agent) = agents.next()?;
    if agents.next().is_some() {
        return None;
    }
    match role {
        Role::Participant => agent["id"].as_str().map(str::to_owned),
        Role::Communication => match communications(at, agent)[..] {
            [(_, _, only)] => only["id"].as_str().map(str::to_owned),
            _ => None,
        },
        _ => None,
    }
}

/// The communications of a participant. In the read of one media type the participant is its own: state and
/// after-call work are its members.
fn communications<'v>(at: &Pointer, participant: &'v Value) -> Vec<(&'static str, Pointer, &'v Value)> {
    let mut found = Vec::new();
    if participant["state"].is_string() {
        found.push(("", at.clone(), participant));
    }
    for (media, member) in MEDIA {
        for (index, communication) in participant[*member].as_array().into_iter().flatten().enumerate() {
            found.push((*media, at.member(member).element(index), communication));
        }
    }
    found
}

/// Judges whether a wrap-up of this participant (and communication, if the path names one) was due.
pub(crate) fn readiness(
    document: &Value,
    participant: &str,
    communication: Option<&str>,
) -> Option<Readiness> {
    let participants = participants(document);
    let (at, participant) = participants.iter().find(|(_, other)| other["id"] == participant)?;
    let all = communications(at, participant);
    let chosen = match communication {
        Some(id) => all.iter().find(|(media, _, other)| other["id"] == id || media.is_empty()),
        None => all.iter().find(|(_, _, other)| !other["afterCallWork"].is_null()).or(all.first()),
    };
    let found = |due, statement: String, pointer: Pointer| {
        let quote = document.pointer(pointer.as_str()).map(Value::to_string).unwrap_or_default();
        Some(Readiness { due, statement, pointer, quote })
    };
    let purpose = participant["purpose"].as_str().unwrap_or_default();
    if !matches!(purpose, "" | "agent" | "user") {
        let statement = format!("the participant is the conversation's `{purpose}`, which has no wrap-up");
        return found(Due::Never, statement, at.member("purpose"));
    }
    if let Some((_, place, communication)) = chosen {
        let work = plain(&communication["afterCallWork"]["state"]);
        let at_work = place.member("afterCallWork").member("state");
        match work.as_str() {
            "complete" | "skipped" => {
                return found(Due::Done, format!("after-call work was `{work}` already"), at_work);
            }
            "notapplicable" => {
                return found(
                    Due::Never,
                    "after-call work does not apply to this communication".to_owned(),
                    at_work,
                );
            }
            _ => {}
        }
        if let Some(code) = assigned(&communication["wrapup"]) {
            return found(
                Due::Done,
                format!("a wrap-up code was assigned already (`{code}`)"),
                place.member("wrapup").member("code"),
            );
        }
        let state = plain(&communication["state"]);
        if !state.is_empty() && !matches!(state.as_str(), "disconnected" | "terminated") {
            let statement =
                format!("the communication was `{state}`; a wrap-up is due once it is disconnected");
            return found(Due::NotYet, statement, place.member("state"));
        }
        if work == "pending" {
            return found(Due::Now, "after-call work was pending".to_owned(), at_work);
        }
    }
    if let Some(code) = assigned(&participant["wrapup"]) {
        return found(
            Due::Done,
            format!("a wrap-up code was assigned already (`{code}`)"),
            at.member("wrapup").member("code"),
        );
    }
    if participant["wrapupSkipped"] == true {
        return found(Due::Done, "the wrap-up was skipped already".to_owned(), at.member("wrapupSkipped"));
    }
    if participant["endAcwTime"].is_string() {
        return found(Due::Done, "after-call work had ended already".to_owned(), at.member("endAcwTime"));
    }
    if participant["wrapupRequired"] == false {
        let statement = "the participant does not require a wrap-up".to_owned();
        return found(Due::Never, statement, at.member("wrapupRequired"));
    }
    if participant["startAcwTime"].is_string() {
        return found(Due::Now, "after-call work had begun".to_owned(), at.member("startAcwTime"));
    }
    None
}

fn assigned(wrapup: &Value) -> Option<&str> {
    wrapup["code"].as_str().filter(|code| !code.is_empty() && wrapup["provisional"] != true)
}

/// Returns the place of the state of a participant's communication that is over, and the state.
pub(crate) fn ended(document: &Value, participant: &str) -> Option<(Pointer, String)> {
    let participants = participants(document);
    let (at, participant) = participants.iter().find(|(_, other)| other["id"] == participant)?;
    let all = communications(at, participant);
    let over = |other: &Value| matches!(plain(&other["state"]).as_str(), "disconnected" | "terminated");
    let (_, place, last) = all.last()?;
    let whole = all.iter().all(|(_, _, other)| over(other));
    whole.then(|| (place.member("state"), last["state"].as_str().unwrap_or_default().to_owned()))
}

/// Lower case without `_`: notification topics write `NOT_APPLICABLE` where the API writes `notApplicable`.
fn plain(value: &Value) -> String {
    value.as_str().unwrap_or_default().replace('_', "").to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn due(call: Value, more: Value) -> Option<(Due, String)> {
        let mut participant = json!({"id": "p", "purpose": "agent", "calls": [call]});
        for (key, value) in more.as_object().unwrap() {
            participant[key] = value.clone();
        }
        let document = json!({"id": "c", "participants": [{"id": "x", "purpose": "customer"}, participant]});
        readiness(&document, "p", Some("m")).map(|ready| (ready.due, ready.pointer.to_string()))
    }

    #[test]
    fn each_field_that_speaks_of_the_state_is_read() {
        let call =
            |state: &str, work: &str| json!({"id": "m", "state": state, "afterCallWork": {"state": work}});
        let at = |place: &str| format!("/participants/1/{place}");
        let none = || json!({});
        assert_eq!(due(call("connected", "unknown"), none()), Some((Due::NotYet, at("calls/0/state"))));
        assert_eq!(
            due(call("disconnected", "PENDING"), none()),
            Some((Due::Now, at("calls/0/afterCallWork/state")))
        );
        assert_eq!(
            due(call("disconnected", "complete"), none()),
            Some((Due::Done, at("calls/0/afterCallWork/state")))
        );
        assert_eq!(
            due(call("disconnected", "NOT_APPLICABLE"), none()),
            Some((Due::Never, at("calls/0/afterCallWork/state")))
        );
        let code = json!({"id": "m", "state": "disconnected", "wrapup": {"code": "k"}});
        assert_eq!(due(code, none()), Some((Due::Done, at("calls/0/wrapup/code"))));
        let provisional =
            json!({"id": "m", "state": "disconnected", "wrapup": {"code": "k", "provisional": true}});
        assert_eq!(due(provisional, none()), None);
        let bare = || json!({"id": "m", "state": "disconnected"});
        assert_eq!(due(bare(), json!({"wrapupSkipped": true})), Some((Due::Done, at("wrapupSkipped"))));
        assert_eq!(due(bare(), json!({"wrapupRequired": false})), Some((Due::Never, at("wrapupRequired"))));
        assert_eq!(
            due(bare(), json!({"startAcwTime": "t", "endAcwTime": "t"})),
            Some((Due::Done, at("endAcwTime")))
        );
    }

    #[test]
    fn a_customer_has_no_wrap_up_and_a_stranger_no_readiness() {
        let document = json!({"participants": [{"id": "p", "purpose": "customer"}]});
        assert_eq!(readiness(&document, "p", None).unwrap().due, Due::Never);
        assert_eq!(readiness(&document, "q", None), None);
    }
}
