//! Do the ids in the path stand for what their places say? Judged by conversations that were read in the
//! recording.

use crate::api::genesys::evidence::conversation::{self, Role};
use crate::model::authority::Authority;
use crate::model::case::Case;
use crate::model::finding::{Class, Finding, Shown};

pub(crate) fn check(case: &Case<'_>) -> Vec<Finding> {
    let ids = case.ids();
    let wanted = |name: &str| match name {
        "conversationId" => Some(Role::Conversation),
        "participantId" => Some(Role::Participant),
        "communicationId" => Some(Role::Communication),
        _ => None,
    };
    let mut found = Vec::new();
    for (place, (name, id)) in ids.iter().enumerate() {
        let Some(role) = wanted(name) else { continue };
        let message = match conversation::role_of(case, id) {
            Some(seen) if seen.role != role => {
                Some((format!("the {name} in the path is the {} `{id}`", seen.role.name()), Some(seen)))
            }
            Some(_) => None,
            None => ids[..place]
                .iter()
                .find(|(other, same)| same == id && wanted(other).is_some())
                .map(|(other, _)| (format!("the {name} in the path is the same id as the {other}"), None)),
        };
        if let Some((message, seen)) = message {
            let conversation = ids.iter().find(|(name, _)| *name == "conversationId").map(|(_, id)| *id);
            let right =
                conversation.and_then(|conversation| conversation::right_id(case, conversation, role));
            let help = match right {
                Some(right) => format!("pass `{right}` as the {name}: the agent's"),
                None => {
                    let place = role.place();
                    format!("pass the {name}; GET /api/v2/conversations/{{conversationId}} shows it{place}")
                }
            };
            found.push(Finding {
                sent: Some(Shown::words((*id).to_owned())),
                expected: Some(Shown::words((*name).to_owned())),
                message,
                help,
                exchange: seen.as_ref().map(|seen| seen.exchange),
                source: Some(seen.map_or_else(
                    || "ids are unique".to_owned(),
                    |seen| format!("{} of the answer", seen.pointer),
                )),
                ..Finding::new(Class::SwappedIds, Authority::Description)
            });
        }
    }
    found.extend(other_media(case));
    found
}

/// A communication of one media type addressed under another.
fn other_media(case: &Case<'_>) -> Option<Finding> {
    let entry = case.entry?;
    let ids = case.ids();
    let (_, id) = ids.iter().find(|(name, _)| *name == "communicationId")?;
    let media = entry.steps().nth(4).filter(|step| conversation::member_of_media(step).is_some())?;
    let seen = conversation::role_of(case, id).filter(|seen| seen.role == Role::Communication)?;
    let own = seen.media.filter(|own| *own != media)?;
    let right =
        format!("{} {}", entry.method, entry.template.replace(&format!("/{media}/"), &format!("/{own}/")));
    Some(Finding {
        sent: Some(Shown::words(media.to_owned())),
        expected: Some(Shown::words(right.clone())),
        message: format!("the communication is one of `{own}`, and the path says `{media}`"),
        help: format!("send it to `{right}`"),
        exchange: Some(seen.exchange),
        source: Some(format!("{} of the answer", seen.pointer)),
        ..Finding::new(Class::WrongOperation, Authority::Description)
    })
}
