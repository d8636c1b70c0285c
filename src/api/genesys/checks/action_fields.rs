//! The PATCH of a participant: every member takes an action, so each one too many does harm.
//!
//! Source: community.genesys.com, "Update and change system wrap up codes": "Every property you set on that
//! API resource tries to take an action … Only send the properties you want".

use serde_json::Value;

use crate::api::genesys::catalogue;
use crate::json::edit::Edit;
use crate::json::pointer::Pointer;
use crate::model::authority::Authority;
use crate::model::case::Case;
use crate::model::finding::{Class, Finding, Severity, Shown};
use crate::model::indication::quote;

const SOURCE: &str = "https://community.genesys.com/discussion/update-and-change-system-wrap-up-codes";

/// The states that a participant can be asked to take, of all that the model enumerates.
const SETTABLE: &[&str] = &["connected", "disconnected"];

/// The member, and what sending it does.
const ACTIONS: &[(&str, &str)] = &[
    ("state", "connects or disconnects the participant"),
    ("recording", "starts or stops the recording"),
    ("muted", "mutes or unmutes the participant"),
    ("confined", "confines the participant or lets it out"),
    ("held", "puts the participant on hold or takes it off"),
    ("wrapupSkipped", "skips the wrap-up"),
    ("resumeTime", "sets when a parked conversation goes on"),
];

pub(crate) fn check(case: &Case<'_>) -> Vec<Finding> {
    let is_patch = case.method == "PATCH"
        && case
            .entry
            .and_then(|entry| entry.body)
            .is_some_and(|body| body.kind.model() == Some("MediaParticipantRequest"));
    let Some(members) = case.body.json().and_then(Value::as_object).filter(|_| is_patch) else {
        return Vec::new();
    };
    let applies = members.get("wrapup").is_some_and(Value::is_object);
    let mut found = Vec::new();
    for (key, action) in ACTIONS {
        let Some(value) = members.get(*key).filter(|value| !value.is_null()) else { continue };
        let contradiction = match (*key, value) {
            ("wrapupSkipped", Value::Bool(true)) if applies => {
                Some("`wrapupSkipped` asks to skip the wrap-up that `wrapup` applies".to_owned())
            }
            ("state", Value::String(state)) if !SETTABLE.contains(&state.as_str()) && is_listed(state) => {
                Some(format!(
                    "a participant cannot be asked to become `{state}`, only {}",
                    SETTABLE.join(" or ")
                ))
            }
            _ => None,
        };
        if !applies && contradiction.is_none() {
            continue;
        }
        let at = Pointer::root().member(key);
        let (kind, severity) = match contradiction {
            Some(_) => (Class::Contradiction, Severity::Error),
            None => (Class::ActionField, Severity::Warning),
        };
        found.push(Finding {
            severity,
            candidate_path: Some(at.clone()),
            sent: Some(Shown::words(quote(value))),
            expected: Some(Shown::words("absent".to_owned())),
            message: contradiction.unwrap_or_else(|| format!("`{at}` is an action of its own: it {action}")),
            help: "send only what is to be changed".to_owned(),
            source: Some(SOURCE.to_owned()),
            edits: vec![Edit::Remove(at)],
            ..Finding::new(kind, Authority::Description)
        });
    }
    found
}

/// Returns whether the model lists the state; one that it does not list is not said to be anything else.
fn is_listed(state: &str) -> bool {
    let model = catalogue::embedded().model("MediaParticipantRequest");
    model.is_some_and(|model| model.field("state").is_some_and(|field| field.words.contains(&state)))
}
