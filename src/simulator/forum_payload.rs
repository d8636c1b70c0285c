//! Strict readers of the forum's payloads: `wrapupCodes` with their data, and `codeId` with `durationMs`.

use serde_json::{Value, json};

use crate::simulator::codes::{Codes, UnusableCode};
use crate::simulator::ids::uuid;
use crate::simulator::interaction::Interaction;
use crate::simulator::response::ApiError;
use crate::simulator::rule::Rule;
use crate::simulator::rules::forum;
use crate::simulator::seeds;
use crate::simulator::strict_json::Json;
use crate::simulator::validate::{CheckedMembers, ObjectValidator};

static STRICT: ObjectValidator = ObjectValidator {
    body_is_json: &forum::BODY_IS_JSON,
    body_is_object: &forum::BODY_IS_OBJECT,
    duplicate_member: &forum::DUPLICATE_MEMBER,
    unknown_member: &forum::UNKNOWN_MEMBER,
    null_member: &forum::NULL_MEMBER,
    member_type: &forum::MEMBER_TYPE,
    refuse: ApiError::validation_failed,
};

/// Reads `{"wrapupCodes":[{"id":uuid,"data":[{"name":…,"value":…}]}]}`; returns the codes in the form that
/// GET returns.
pub(crate) fn wrapup_codes(body: &[u8], codes: Codes) -> Result<Vec<Value>, ApiError> {
    let body = STRICT.parse(body)?;
    let list = required(&STRICT.body(&body, &["wrapupCodes"])?, "wrapupCodes")?;
    let list = not_empty(list)?;
    let mut applied = Vec::with_capacity(list.len());
    for element in list {
        let code = STRICT.object(element, &["id", "data"])?;
        let id = text(&code, "id")?;
        let data = not_empty(required(&code, "data")?)?;
        let mut attributes = Vec::with_capacity(data.len());
        for attribute in data {
            let attribute = STRICT.object(attribute, &["name", "value"])?;
            let (name, value) = (text(&attribute, "name")?, text(&attribute, "value")?);
            if !seeds::ATTRIBUTES.contains(&name) {
                return Err(invalid(&forum::ATTRIBUTE_KNOWN));
            }
            attributes.push(json!({ "name": name, "value": value }));
        }
        applied.push(json!({ "id": usable(id, codes)?, "data": attributes }));
    }
    Ok(applied)
}

/// Reads `{"codeId":uuid,"durationMs":integer}`; returns the code in the form that GET returns.
pub(crate) fn code_and_duration(body: &[u8], codes: Codes) -> Result<Vec<Value>, ApiError> {
    let body = STRICT.parse(body)?;
    let members = STRICT.body(&body, &["codeId", "durationMs"])?;
    let id = text(&members, "codeId")?;
    required(&members, "durationMs")?;
    let duration = members.integer("durationMs")?.unwrap_or_default();
    if duration <= 0 {
        return Err(invalid(&forum::DURATION_POSITIVE));
    }
    Ok(vec![json!({ "id": usable(id, codes)?, "durationMs": duration })])
}

fn invalid(rule: &'static Rule) -> ApiError {
    ApiError::validation_failed(rule)
}

fn required<'a>(members: &CheckedMembers<'a>, name: &str) -> Result<&'a Json, ApiError> {
    members.get(name).ok_or_else(|| invalid(&forum::MISSING_MEMBER))
}

fn text<'a>(members: &CheckedMembers<'a>, name: &str) -> Result<&'a str, ApiError> {
    required(members, name)?;
    match members.text(name)? {
        None | Some("") => Err(invalid(&forum::EMPTY_MEMBER)),
        Some(text) => Ok(text),
    }
}

fn not_empty(value: &Json) -> Result<&[Json], ApiError> {
    let elements = STRICT.array(value)?;
    if elements.is_empty() { Err(invalid(&forum::EMPTY_MEMBER)) } else { Ok(elements) }
}

fn usable(id: &str, codes: Codes) -> Result<String, ApiError> {
    if uuid(id).is_none() {
        return Err(invalid(&forum::CODE_IS_UUID));
    }
    let code = codes.usable(id, Interaction::DIVISION, Interaction::MEDIA).map_err(|reason| {
        invalid(match reason {
            UnusableCode::Unknown => &forum::CODE_EXISTS,
            UnusableCode::Division => &forum::CODE_DIVISION,
            UnusableCode::Media => &forum::CODE_MEDIA,
        })
    })?;
    Ok(code.id)
}
