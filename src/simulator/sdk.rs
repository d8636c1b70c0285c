//! The operations on `/api/v2/conversations/…` and `/api/v2/routing/wrapupcodes`.

use serde_json::{Value, json};

use crate::model::exchange::Request;
use crate::simulator::answer::{Answer, Refusal};
use crate::simulator::codes::{Code, Codes, Unusable, listing};
use crate::simulator::conversation::{Conversation, Phase, Prompt, SYSTEM_SKIPPED};
use crate::simulator::conversation_view;
use crate::simulator::credentials::Bearer;
use crate::simulator::door::require_json;
use crate::simulator::ids::Millis;
use crate::simulator::participants::{Media, Purpose};
use crate::simulator::route::{Ids, Operation};
use crate::simulator::rule::Rule;
use crate::simulator::rules::sdk;
use crate::simulator::world::World;
use crate::simulator::wrapup_input::{ParticipantRequest, WrapupInput};

/// Answers an operation on codes: permission, then existence.
pub(crate) fn codes(codes: Codes, ids: Ids<'_>, bearer: &Bearer) -> Result<Answer, Refusal> {
    permitted(bearer, &sdk::READ_PERMISSION, "routing:wrapupCode:view")?;
    if ids.code.is_empty() {
        return Ok(Answer::document(&sdk::CODES_READ, listing(&Codes::all())));
    }
    match codes.find(ids.code) {
        Some(code) => Ok(Answer::document(&sdk::CODES_READ, code.document())),
        None => Err(not_found(&sdk::CODE_LISTED)),
    }
}

/// Answers an operation on a conversation: permission, media type, existence, payload, state, in this order.
pub(crate) fn answer(
    world: &mut World,
    now: Millis,
    operation: Operation,
    ids: Ids<'_>,
    request: &Request,
    bearer: &Bearer,
) -> Result<Answer, Refusal> {
    match operation {
        Operation::ReadConversation => {
            permitted(bearer, &sdk::READ_PERMISSION, "conversation:communication:view")?;
        }
        Operation::ApplyWrapup => {
            permitted(bearer, &sdk::APPLY_PERMISSION, "conversation:participant:wrapup")?;
        }
        Operation::PatchParticipant => may_patch(bearer, ids.media)?,
        _ => {}
    }
    require_json(request)?;
    let codes = world.codes();
    let Some(conversation) = world.conversation(ids.conversation).filter(|found| fits(found, ids.media))
    else {
        let code = "conversation.error.conversation.not.found";
        let message = "The conversation was not found.";
        return Err(Refusal::api(&sdk::CONVERSATION_EXISTS, 404, code, message));
    };
    if operation == Operation::ReadConversation {
        let document = conversation_view::conversation(conversation, now);
        return Ok(Answer::document(&sdk::CONVERSATION_READ, document));
    }
    if operation == Operation::DisconnectConversation {
        end(conversation, now);
        return Ok(Answer::empty(&sdk::CONVERSATION_DISCONNECT, 202));
    }
    let purpose = place(conversation, ids)?;
    let body = &request.body.bytes;
    match operation {
        Operation::ApplyWrapup => {
            let input = WrapupInput::parse(body)?;
            let rule = if input.provisional {
                &sdk::PROVISIONAL
            } else if input.tags.as_ref().is_some_and(Vec::is_empty) {
                &sdk::EMPTY_TAGS
            } else {
                &sdk::APPLY_WRAPUP
            };
            wrap_up(conversation, purpose, input, codes, now)?;
            Ok(Answer::empty(rule, 202))
        }
        Operation::PatchParticipant => {
            let wanted = ParticipantRequest::parse(body)?;
            // A PATCH is carried out whole or not at all.
            let mut changed = conversation.clone();
            patch(&mut changed, purpose, wanted, codes, now)?;
            *conversation = changed;
            Ok(Answer::empty(&sdk::PATCH_PARTICIPANT, 202))
        }
        Operation::ParticipantCodes => {
            let usable =
                |code: &Code| codes.usable(&code.id, Conversation::DIVISION, conversation.media).is_ok();
            let list: Vec<Value> =
                Codes::all().iter().filter(|code| usable(code)).map(Code::document).collect();
            Ok(Answer::document(&sdk::CODES_READ, list.into()))
        }
        _ => {
            let provisional = request.query().is_some_and(|query| {
                query.split('&').any(|pair| pair.eq_ignore_ascii_case("provisional=true"))
            });
            let document = if purpose == Purpose::Agent {
                conversation_view::assigned_code(conversation, provisional, now)
            } else {
                json!({})
            };
            Ok(Answer::document(&sdk::WRAPUP_READ, document))
        }
    }
}

/// Carries out a PATCH, member by member.
fn patch(
    conversation: &mut Conversation,
    purpose: Purpose,
    wanted: ParticipantRequest,
    codes: Codes,
    now: Millis,
) -> Result<(), Refusal> {
    if wanted.nothing {
        return Ok(());
    }
    if purpose != Purpose::Agent {
        return Err(Refusal::bad_request(&sdk::NOT_APPLICABLE));
    }
    if wanted.recording {
        let message = format!("Access to Conversation {} is forbidden.", conversation.id);
        let params = json!({ "id": conversation.id, "type": "Conversation" });
        return Err(Refusal::api(&sdk::RECORDING_PERMISSION, 403, "not.authorized", message)
            .with_params("Access to {type} {id} is forbidden.", params));
    }
    if wanted.skip && (wanted.wrapup.is_some() || conversation.prompt != Prompt::Optional) {
        let code = "conversation.error.wrapup.cannot.skip";
        let message = "Wrap-up cannot be skipped for this participant.";
        return Err(Refusal::api(&sdk::SKIP_REFUSED, 400, code, message));
    }
    let over = conversation.phase(now) != Phase::Connected;
    if over && (wanted.disconnect.is_some() || wanted.call_control) {
        let code = "conversation.error.call.disconnected";
        let message = "The call is already disconnected.";
        return Err(Refusal::api(&sdk::CALL_DISCONNECTED, 400, code, message));
    }
    if wanted.disconnect == Some(true) {
        conversation.disconnect(now);
    }
    if wanted.skip {
        pending(conversation, now)?;
        conversation.skipped = Some(now);
    }
    match wanted.wrapup {
        Some(input) => wrap_up(conversation, purpose, input, codes, now),
        None => Ok(()),
    }
}

/// Assigns a code, if it can be used and a wrap-up is pending.
fn wrap_up(
    conversation: &mut Conversation,
    purpose: Purpose,
    input: WrapupInput,
    codes: Codes,
    now: Millis,
) -> Result<(), Refusal> {
    let mut name = String::new();
    let mut input = input;
    if let Some(id) = &input.code {
        let code = codes.usable(id, Conversation::DIVISION, conversation.media).map_err(|why| {
            Refusal::bad_request(match why {
                Unusable::Unknown => &sdk::CODE_USABLE,
                Unusable::Division => &sdk::CODE_DIVISION,
                Unusable::Media => &sdk::CODE_MEDIA,
            })
        })?;
        (input.code, name) = (Some(code.id), code.name);
    }
    if purpose != Purpose::Agent {
        return Err(Refusal::bad_request(&sdk::NOT_APPLICABLE));
    }
    pending(conversation, now)?;
    conversation.assign(input, &name, now);
    Ok(())
}

fn pending(conversation: &Conversation, now: Millis) -> Result<(), Refusal> {
    match conversation.phase(now) {
        Phase::Pending => Ok(()),
        Phase::Connected => Err(Refusal::bad_request(&sdk::NOT_STARTED)),
        Phase::Complete => {
            let rule = if conversation.timed_out(now) { &sdk::TIMED_OUT } else { &sdk::OVER };
            let code = "conversation.error.participant.no.active.conversations";
            Err(Refusal::api(rule, 400, code, "The participant has no active conversation."))
        }
    }
}

/// Ends a conversation from outside: what is pending gets the system's code, what is connected becomes pending.
fn end(conversation: &mut Conversation, now: Millis) {
    match conversation.phase(now) {
        Phase::Connected => conversation.disconnect(now),
        Phase::Pending => {
            let input = WrapupInput { code: Some(SYSTEM_SKIPPED.to_owned()), ..WrapupInput::default() };
            conversation.assign(input, SYSTEM_SKIPPED, now);
        }
        Phase::Complete => {}
    }
}

fn fits(conversation: &Conversation, media: Option<Media>) -> bool {
    media.is_none_or(|media| media == conversation.media)
}

/// Finds who is meant, and that the communication is theirs.
fn place(conversation: &Conversation, ids: Ids<'_>) -> Result<Purpose, Refusal> {
    let Some(participant) = conversation.participant(ids.participant) else {
        let code = "conversation.error.not.conversation.participant";
        let message = "User is not a participant in the conversation.";
        return Err(Refusal::api(&sdk::PARTICIPANT_EXISTS, 404, code, message));
    };
    if !ids.communication.is_empty() && !participant.communication.eq_ignore_ascii_case(ids.communication) {
        return Err(not_found(&sdk::COMMUNICATION_EXISTS));
    }
    Ok(participant.purpose)
}

fn permitted(bearer: &Bearer, rule: &'static Rule, permission: &str) -> Result<(), Refusal> {
    if bearer.may(permission) {
        return Ok(());
    }
    let template =
        "Unable to perform the requested action. You are missing the following permission(s): {permissions}";
    Err(missing(rule, "missing.permissions", template, permission))
}

fn may_patch(bearer: &Bearer, media: Option<Media>) -> Result<(), Refusal> {
    let any = [
        "conversation:participant:wrapup",
        "conversation:call:record",
        "conversation:communication:disconnect",
    ];
    if !any.iter().any(|permission| bearer.may(permission)) {
        let template = "Unable to perform the requested action. You must have at least one of the following permissions assigned: {permissions}";
        return Err(missing(&sdk::PATCH_PERMISSION, "missing.any.permissions", template, &any.join(", ")));
    }
    if media == Some(Media::Call) && !bearer.is_user() {
        let message = "This request requires a user context. Client credentials cannot be used for requests to this resource.";
        return Err(Refusal::api(&sdk::USER_CONTEXT, 400, "not.a.user", message));
    }
    Ok(())
}

fn missing(rule: &'static Rule, code: &'static str, template: &'static str, permissions: &str) -> Refusal {
    let permissions = format!("[{permissions}]");
    let message = template.replace("{permissions}", &permissions);
    Refusal::api(rule, 403, code, message).with_params(template, json!({ "permissions": permissions }))
}

fn not_found(rule: &'static Rule) -> Refusal {
    Refusal::api(rule, 404, "not.found", "The requested resource was not found.")
}
