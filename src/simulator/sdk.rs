//! The operations on `/api/v2/conversations/…` and `/api/v2/routing/wrapupcodes`.

use serde_json::{Value, json};

use crate::simulator::authorized::AuthorizedRequest;
use crate::simulator::codes::{Code, Codes, UnusableCode, listing};
use crate::simulator::conversation::{Conversation, SYSTEM_SKIPPED, WrapupPrompt};
use crate::simulator::conversation_view;
use crate::simulator::credentials::BearerToken;
use crate::simulator::http_checks::require_json;
use crate::simulator::ids::Millis;
use crate::simulator::lifecycle::Phase;
use crate::simulator::participants::{MediaKind, ParticipantPurpose};
use crate::simulator::response::{ApiError, SimulatedResponse};
use crate::simulator::route::{Endpoint, PathIds};
use crate::simulator::rule::Rule;
use crate::simulator::rules::sdk;
use crate::simulator::wrapup_input::{ParticipantRequest, WrapupInput};

/// Lists the codes or reads one. Order of checks: permission, existence.
pub(crate) fn read_codes(call: &AuthorizedRequest<'_>) -> Result<SimulatedResponse, ApiError> {
    require_permission(call.token, &sdk::READ_PERMISSION, "routing:wrapupCode:view")?;
    if call.ids.code.is_empty() {
        return Ok(SimulatedResponse::document(&sdk::CODES_READ, listing(&Codes::all())));
    }
    match call.codes.find(call.ids.code) {
        Some(code) => Ok(SimulatedResponse::document(&sdk::CODES_READ, code.document())),
        None => Err(ApiError::not_found(&sdk::CODE_LISTED)),
    }
}

/// Carries out an operation on a conversation. Order of checks: permission, media type, existence, payload,
/// state.
pub(crate) fn respond(
    call: &AuthorizedRequest<'_>,
    conversation: Option<&mut Conversation>,
) -> Result<SimulatedResponse, ApiError> {
    let (now, ids) = (call.now, call.ids);
    require_permissions(call)?;
    require_json(call.request)?;
    let fits = |found: &&mut Conversation| ids.media.is_none_or(|media| media == found.media);
    let Some(conversation) = conversation.filter(fits) else {
        let code = "conversation.error.conversation.not.found";
        let message = "The conversation was not found.";
        return Err(ApiError::api(&sdk::CONVERSATION_EXISTS, 404, code, message));
    };
    match call.endpoint {
        Endpoint::ReadConversation => {
            let document = conversation_view::conversation(conversation, now);
            return Ok(SimulatedResponse::document(&sdk::CONVERSATION_READ, document));
        }
        Endpoint::ReadMediaConversation => {
            let document = conversation_view::media_conversation(conversation, now);
            return Ok(SimulatedResponse::document(&sdk::MEDIA_CONVERSATION_READ, document));
        }
        Endpoint::DisconnectConversation => {
            end(conversation, now);
            return Ok(SimulatedResponse::empty(&sdk::CONVERSATION_DISCONNECT, 202));
        }
        _ => {}
    }
    let purpose = find_participant(conversation, ids)?;
    match call.endpoint {
        Endpoint::ApplyWrapup => apply_wrapup(call, conversation, purpose),
        Endpoint::PatchParticipant => {
            let requested = ParticipantRequest::parse(call.body())?;
            // A PATCH is carried out completely or not at all.
            let mut changed = conversation.clone();
            patch(call, &mut changed, purpose, requested)?;
            *conversation = changed;
            Ok(SimulatedResponse::empty(&sdk::PATCH_PARTICIPANT, 202))
        }
        Endpoint::ParticipantCodes => Ok(participant_codes(call.codes, conversation)),
        _ => Ok(read_wrapup(call, conversation, purpose)),
    }
}

fn apply_wrapup(
    call: &AuthorizedRequest<'_>,
    conversation: &mut Conversation,
    purpose: ParticipantPurpose,
) -> Result<SimulatedResponse, ApiError> {
    let input = WrapupInput::parse(call.body())?;
    let rule = if input.provisional {
        &sdk::PROVISIONAL
    } else if input.tags.as_ref().is_some_and(Vec::is_empty) {
        &sdk::EMPTY_TAGS
    } else {
        &sdk::APPLY_WRAPUP
    };
    assign(call, conversation, purpose, input)?;
    Ok(SimulatedResponse::empty(rule, 202))
}

fn participant_codes(codes: Codes, conversation: &Conversation) -> SimulatedResponse {
    let usable = |code: &&Code| codes.usable(&code.id, Conversation::DIVISION, conversation.media).is_ok();
    let list: Vec<Value> = Codes::all().iter().filter(usable).map(Code::document).collect();
    SimulatedResponse::document(&sdk::CODES_READ, list.into())
}

fn read_wrapup(
    call: &AuthorizedRequest<'_>,
    conversation: &Conversation,
    purpose: ParticipantPurpose,
) -> SimulatedResponse {
    let provisional = call
        .request
        .query()
        .is_some_and(|query| query.split('&').any(|pair| pair.eq_ignore_ascii_case("provisional=true")));
    let document = if purpose == ParticipantPurpose::Agent {
        conversation_view::assigned_code(conversation, provisional, call.now)
    } else {
        json!({})
    };
    SimulatedResponse::document(&sdk::WRAPUP_READ, document)
}

/// Carries out a PATCH, member by member.
fn patch(
    call: &AuthorizedRequest<'_>,
    conversation: &mut Conversation,
    purpose: ParticipantPurpose,
    requested: ParticipantRequest,
) -> Result<(), ApiError> {
    let now = call.now;
    if requested.nothing {
        return Ok(());
    }
    if purpose != ParticipantPurpose::Agent {
        return Err(ApiError::bad_request(&sdk::NOT_APPLICABLE));
    }
    if requested.recording {
        let message = format!("Access to Conversation {} is forbidden.", conversation.id);
        let params = json!({ "id": conversation.id, "type": "Conversation" });
        return Err(ApiError::api(&sdk::RECORDING_PERMISSION, 403, "not.authorized", message)
            .with_params("Access to {type} {id} is forbidden.", params));
    }
    let optional = conversation.prompt == WrapupPrompt::Optional;
    if requested.skip && (requested.wrapup.is_some() || !optional) {
        let code = "conversation.error.wrapup.cannot.skip";
        let message = "Wrap-up cannot be skipped for this participant.";
        return Err(ApiError::api(&sdk::SKIP_REFUSED, 400, code, message));
    }
    let over = conversation.phase(now) != Phase::Connected;
    if over && (requested.disconnect.is_some() || requested.call_control) {
        let code = "conversation.error.call.disconnected";
        let message = "The call is already disconnected.";
        return Err(ApiError::api(&sdk::CALL_DISCONNECTED, 400, code, message));
    }
    if requested.disconnect == Some(true) {
        conversation.disconnect(now);
    }
    if requested.skip {
        require_pending(conversation, now)?;
        conversation.skipped = Some(now);
    }
    match requested.wrapup {
        Some(input) => assign(call, conversation, purpose, input),
        None => Ok(()),
    }
}

/// Assigns a code, if it can be used and a wrap-up is pending.
fn assign(
    call: &AuthorizedRequest<'_>,
    conversation: &mut Conversation,
    purpose: ParticipantPurpose,
    mut input: WrapupInput,
) -> Result<(), ApiError> {
    let mut name = String::new();
    if let Some(id) = &input.code {
        let usable = call.codes.usable(id, Conversation::DIVISION, conversation.media);
        let code = usable.map_err(|reason| {
            ApiError::bad_request(match reason {
                UnusableCode::Unknown => &sdk::CODE_USABLE,
                UnusableCode::Division => &sdk::CODE_DIVISION,
                UnusableCode::Media => &sdk::CODE_MEDIA,
            })
        })?;
        (input.code, name) = (Some(code.id), code.name);
    }
    if purpose != ParticipantPurpose::Agent {
        return Err(ApiError::bad_request(&sdk::NOT_APPLICABLE));
    }
    require_pending(conversation, call.now)?;
    conversation.assign(input, &name, call.now);
    Ok(())
}

fn require_pending(conversation: &Conversation, now: Millis) -> Result<(), ApiError> {
    match conversation.phase(now) {
        Phase::Pending => Ok(()),
        Phase::Connected => Err(ApiError::bad_request(&sdk::NOT_STARTED)),
        Phase::Complete => {
            let rule = if conversation.timed_out(now) { &sdk::TIMED_OUT } else { &sdk::OVER };
            let code = "conversation.error.participant.no.active.conversations";
            Err(ApiError::api(rule, 400, code, "The participant has no active conversation."))
        }
    }
}

/// Ends a conversation from outside: a pending wrap-up gets the system's code, a connected one becomes
/// pending.
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

/// Finds the participant of the path, and checks that the communication belongs to it.
fn find_participant(conversation: &Conversation, ids: PathIds<'_>) -> Result<ParticipantPurpose, ApiError> {
    let Some(participant) = conversation.participant(ids.participant) else {
        let code = "conversation.error.not.conversation.participant";
        let message = "User is not a participant in the conversation.";
        return Err(ApiError::api(&sdk::PARTICIPANT_EXISTS, 404, code, message));
    };
    if !ids.communication.is_empty() && !participant.communication.eq_ignore_ascii_case(ids.communication) {
        return Err(ApiError::not_found(&sdk::COMMUNICATION_EXISTS));
    }
    Ok(participant.purpose)
}

fn require_permissions(call: &AuthorizedRequest<'_>) -> Result<(), ApiError> {
    match call.endpoint {
        Endpoint::ReadConversation | Endpoint::ReadMediaConversation => {
            require_permission(call.token, &sdk::READ_PERMISSION, "conversation:communication:view")
        }
        Endpoint::ApplyWrapup => {
            require_permission(call.token, &sdk::APPLY_PERMISSION, "conversation:participant:wrapup")
        }
        Endpoint::PatchParticipant => require_patch_permission(call.token, call.ids.media),
        _ => Ok(()),
    }
}

fn require_permission(token: &BearerToken, rule: &'static Rule, permission: &str) -> Result<(), ApiError> {
    if token.has_permission(permission) {
        return Ok(());
    }
    let template =
        "Unable to perform the requested action. You are missing the following permission(s): {permissions}";
    Err(missing_permissions(rule, "missing.permissions", template, permission))
}

fn require_patch_permission(token: &BearerToken, media: Option<MediaKind>) -> Result<(), ApiError> {
    let any = [
        "conversation:participant:wrapup",
        "conversation:call:record",
        "conversation:communication:disconnect",
    ];
    if !any.iter().any(|permission| token.has_permission(permission)) {
        let template = "Unable to perform the requested action. You must have at least one of the following permissions assigned: {permissions}";
        let (rule, code) = (&sdk::PATCH_PERMISSION, "missing.any.permissions");
        return Err(missing_permissions(rule, code, template, &any.join(", ")));
    }
    if media == Some(MediaKind::Call) && !token.is_user() {
        let message = "This request requires a user context. Client credentials cannot be used for requests to this resource.";
        return Err(ApiError::api(&sdk::USER_CONTEXT, 400, "not.a.user", message));
    }
    Ok(())
}

fn missing_permissions(
    rule: &'static Rule,
    code: &'static str,
    template: &'static str,
    permissions: &str,
) -> ApiError {
    let permissions = format!("[{permissions}]");
    let message = template.replace("{permissions}", &permissions);
    ApiError::api(rule, 403, code, message).with_params(template, json!({ "permissions": permissions }))
}
