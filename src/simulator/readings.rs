//! The forum's payloads, read strictly: `wrapupCodes` with their data, and `codeId` with `durationMs`.

use serde_json::{Value, json};

use crate::simulator::answer::Refusal;
use crate::simulator::codes::{Codes, Unusable};
use crate::simulator::ids::uuid;
use crate::simulator::interaction::Interaction;
use crate::simulator::payload::Json;
use crate::simulator::rule::Rule;
use crate::simulator::rules::forum;
use crate::simulator::seeds;
use crate::simulator::strictness::{Members, Strictness};

static STRICT: Strictness = Strictness {
    body_is_json: &forum::BODY_IS_JSON,
    body_is_object: &forum::BODY_IS_OBJECT,
    duplicate_member: &forum::DUPLICATE_MEMBER,
    unknown_member: &forum::UNKNOWN_MEMBER,
    null_member: &forum::NULL_MEMBER,
    member_type: &forum::MEMBER_TYPE,
    refuse: Refusal::validation_failed,
};

/// Reads `{"wrapupCodes":[{"id":uuid,"data":[{"name":…,"value":…}]}]}`; returns the codes as GET shows them.
pub(crate) fn wrapup_codes(body: &[u8], codes: Codes) -> Result<Vec<Value>, Refusal> {
    let body = STRICT.parse(body)?;
    let list = required(&STRICT.body(&body, &["wrapupCodes"])?, "wrapupCodes")?;
    let list = not_empty(list)?;
    let mut applied = Vec::with_capacity(list.len());
    for element in list {
        let code = STRICT.object(element, &["id", "data"])?;
        let id = text(&code, "id")?;
        let data = not_empty(required(&code, "data")?)?;
        let mut shown = Vec::with_capacity(data.len());
        for attribute in data {
            let attribute = STRICT.object(attribute, &["name", "value"])?;
            let (name, value) = (text(&attribute, "name")?, text(&attribute, "value")?);
            if !seeds::ATTRIBUTES.contains(&name) {
                return Err(failed(&forum::ATTRIBUTE_KNOWN));
            }
            shown.push(json!({ "name": name, "value": value }));
        }
        applied.push(json!({ "id": usable(id, codes)?, "data": shown }));
    }
    Ok(applied)
}

/// Reads `{"codeId":uuid,"durationMs":integer}`; returns the code as GET shows it.
pub(crate) fn code_and_duration(body: &[u8], codes: Codes) -> Result<Vec<Value>, Refusal> {
    let body = STRICT.parse(body)?;
    let members = STRICT.body(&body, &["codeId", "durationMs"])?;
    let id = text(&members, "codeId")?;
    required(&members, "durationMs")?;
    let duration = members.integer("durationMs")?.unwrap_or_default();
    if duration <= 0 {
        return Err(failed(&forum::DURATION_POSITIVE));
    }
    Ok(vec![json!({ "id": usable(id, codes)?, "durationMs": duration })])
}

fn failed(rule: &'static Rule) -> Refusal {
    Refusal::validation_failed(rule)
}

fn required<'a>(members: &Members<'a>, name: &str) -> Result<&'a Json, Refusal> {
    members.get(name).ok_or_else(|| failed(&forum::MISSING_MEMBER))
}

fn text<'a>(members: &Members<'a>, name: &str) -> Result<&'a str, Refusal> {
    required(members, name)?;
    match members.text(name)? {
        None | Some("") => Err(failed(&forum::EMPTY_MEMBER)),
        Some(text) => Ok(text),
    }
}

fn not_empty(value: &Json) -> Result<&[Json], Refusal> {
    let elements = STRICT.array(value)?;
    if elements.is_empty() { Err(failed(&forum::EMPTY_MEMBER)) } else { Ok(elements) }
}

fn usable(id: &str, codes: Codes) -> Result<String, Refusal> {
    if uuid(id).is_none() {
        return Err(failed(&forum::CODE_IS_UUID));
    }
    let code = codes.usable(id, Interaction::DIVISION, Interaction::MEDIA).map_err(|why| {
        failed(match why {
            Unusable::Unknown => &forum::CODE_EXISTS,
            Unusable::Division => &forum::CODE_DIVISION,
            Unusable::Media => &forum::CODE_MEDIA,
        })
    })?;
    Ok(code.id)
}
