//! Strict readers of the SDKs' payloads: WrapupInput, and MediaParticipantRequest around it.

use serde_json::json;

use crate::simulator::ids::is_iso;
use crate::simulator::response::ApiError;
use crate::simulator::rules::sdk;
use crate::simulator::strict_json::Json;
use crate::simulator::validate::{CheckedMembers, ObjectValidator};

static STRICT: ObjectValidator = ObjectValidator {
    body_is_json: &sdk::BODY_IS_JSON,
    body_is_object: &sdk::BODY_IS_OBJECT,
    duplicate_member: &sdk::DUPLICATE_MEMBER,
    unknown_member: &sdk::UNKNOWN_MEMBER,
    null_member: &sdk::NULL_MEMBER,
    member_type: &sdk::MEMBER_TYPE,
    refuse: ApiError::bad_request,
};

const WRAPUP_INPUT: [&str; 8] =
    ["code", "name", "notes", "tags", "durationSeconds", "endTime", "provisional", "disableEndTimeUpdates"];

const PARTICIPANT_REQUEST: [&str; 8] =
    ["wrapup", "state", "recording", "muted", "confined", "held", "wrapupSkipped", "resumeTime"];

/// A wrap-up as it was sent. Only the code is required, and only if the wrap-up is not provisional.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct WrapupInput {
    pub(crate) code: Option<String>,
    pub(crate) notes: Option<String>,
    pub(crate) tags: Option<Vec<String>>,
    pub(crate) duration_seconds: Option<i64>,
    pub(crate) end_time: Option<String>,
    pub(crate) provisional: bool,
}

/// The members of a PATCH, each of which is an action.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ParticipantRequest {
    pub(crate) wrapup: Option<WrapupInput>,
    /// `Some(true)`: `state` is `disconnected`; `Some(false)`: `connected`.
    pub(crate) disconnect: Option<bool>,
    pub(crate) recording: bool,
    /// `muted`, `held` or `confined` is present.
    pub(crate) call_control: bool,
    pub(crate) skip: bool,
    /// The object has no members.
    pub(crate) nothing: bool,
}

impl WrapupInput {
    /// Reads the body of `POST …/communications/{communicationId}/wrapup`.
    pub(crate) fn parse(body: &[u8]) -> Result<Self, ApiError> {
        let body = STRICT.parse(body)?;
        Self::read(STRICT.body(&body, &WRAPUP_INPUT)?)
    }

    fn read(members: CheckedMembers<'_>) -> Result<Self, ApiError> {
        let code = members.text("code")?.map(str::to_owned);
        members.text("name")?;
        let notes = members.text("notes")?.map(str::to_owned);
        let tags = members.get("tags").map(tags).transpose()?;
        let duration_seconds = members.get("durationSeconds").map(seconds).transpose()?;
        let end_time = date(&members, "endTime")?;
        let provisional = members.bool("provisional")?.unwrap_or_default();
        members.bool("disableEndTimeUpdates")?;
        if code.as_deref().unwrap_or_default().is_empty() && !(provisional && code.is_none()) {
            let message = "Wrapup code is a required field and cannot be empty.";
            let code = "conversation.error.wrapup.code.required";
            return Err(ApiError::api(&sdk::CODE_REQUIRED, 400, code, message));
        }
        Ok(Self { code, notes, tags, duration_seconds, end_time, provisional })
    }
}

impl ParticipantRequest {
    /// Reads the body of `PATCH …/participants/{participantId}`.
    pub(crate) fn parse(body: &[u8]) -> Result<Self, ApiError> {
        let body = STRICT.parse(body)?;
        let members = STRICT.body(&body, &PARTICIPANT_REQUEST)?;
        let wrapup = match members.get("wrapup") {
            Some(value) => Some(WrapupInput::read(STRICT.object(value, &WRAPUP_INPUT)?)?),
            None => None,
        };
        let disconnect = members.text("state")?.map(disconnects).transpose()?;
        let recording = members.bool("recording")?.is_some();
        let mut call_control = false;
        for name in ["muted", "held", "confined"] {
            call_control |= members.bool(name)?.is_some();
        }
        let skip = members.bool("wrapupSkipped")?.unwrap_or_default();
        date(&members, "resumeTime")?;
        Ok(Self { wrapup, disconnect, recording, call_control, skip, nothing: members.is_empty() })
    }
}

fn tags(value: &Json) -> Result<Vec<String>, ApiError> {
    let text = |element: &Json| match element {
        Json::Text(text) => Ok(text.clone()),
        _ => Err(ApiError::bad_request(&sdk::MEMBER_TYPE)),
    };
    STRICT.array(value)?.iter().map(text).collect()
}

fn seconds(value: &Json) -> Result<i64, ApiError> {
    match value {
        Json::Integer(seconds) if (0..=i64::from(i32::MAX)).contains(seconds) => Ok(*seconds),
        _ => Err(ApiError::bad_request(&sdk::DURATION_INTEGER)),
    }
}

fn date(members: &CheckedMembers<'_>, name: &str) -> Result<Option<String>, ApiError> {
    match members.text(name)? {
        Some(text) if !is_iso(text) => {
            let message =
                "Dates must be specified as ISO-8601 strings. For example: yyyy-MM-ddTHH:mm:ss.SSSZ";
            Err(ApiError::api(&sdk::END_TIME_FORMAT, 400, "invalid.date", message))
        }
        text => Ok(text.map(str::to_owned)),
    }
}

fn disconnects(state: &str) -> Result<bool, ApiError> {
    match state {
        "connected" => Ok(false),
        "disconnected" => Ok(true),
        other => {
            let allowable = "[connected, disconnected]";
            let message = format!(
                "Value [{other}] is not valid for field type [state]. Allowable values are: {allowable}"
            );
            let template =
                "Value [{value}] is not valid for field type [{type}]. Allowable values are: {allowable}";
            let params = json!({ "value": other, "type": "state", "allowable": allowable });
            Err(ApiError::api(&sdk::STATE_VALUE, 400, "invalid.value", message).with_params(template, params))
        }
    }
}
