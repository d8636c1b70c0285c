//! What the sentence of a refusal says: fields by name, the words that are allowed, permissions, a state.
//!
//! Source: the messages of `invalid.property` ("Value [%s] is not a valid property for object [%s]") and
//! `invalid.value` ("Value [%s] is not valid for field type [%s]. Allowable values are: …"), Jackson's
//! ("Unrecognized field \"x\"", "through reference chain: …"), Jakarta Validation's ("must not be null"), and
//! refusals quoted in public issues.

use crate::json::pointer::Pointer;
use crate::model::refusal::{Complaint, Detail, Naming};

/// Words before or behind a name that say it is a field.
const FIELD_WORDS: &[&str] = &[
    "field",
    "fields",
    "property",
    "properties",
    "attribute",
    "parameter",
    "param",
    "member",
    "key",
    "element",
    "column",
];

/// Words that name no field, however the sentence goes on.
const NO_FIELD: &[&str] = &[
    "a",
    "an",
    "and",
    "body",
    "data",
    "field",
    "fields",
    "following",
    "for",
    "format",
    "in",
    "input",
    "is",
    "it",
    "json",
    "object",
    "of",
    "one",
    "or",
    "parameter",
    "payload",
    "property",
    "request",
    "required",
    "that",
    "the",
    "there",
    "this",
    "to",
    "type",
    "value",
    "values",
    "which",
    "you",
];

/// What follows a field that is complained of.
const BEHIND: &[&str] = &[
    "is required",
    "are required",
    "is missing",
    "are missing",
    "is mandatory",
    "is invalid",
    "are invalid",
    "is not valid",
    "is not a valid",
    "is not allowed",
    "is not supported",
    "is malformed",
    "is null",
    "is empty",
    "is too long",
    "is too short",
    "is out of range",
    "is not in the",
    "must not",
    "must be",
    "must have",
    "must match",
    "must contain",
    "may not be",
    "cannot be",
    "can not be",
    "can't be",
    "could not be parsed",
    "should be",
    "should not",
    "has an invalid",
    "has invalid",
    "contains an invalid",
    "contains invalid",
    "exceeds",
    "was not provided",
    "not specified",
    "not provided",
];

/// What precedes a field that is complained of.
const BEFORE: &[&str] = &[
    "missing required",
    "missing field",
    "missing property",
    "missing",
    "required field",
    "required property",
    "invalid value for",
    "invalid format for",
    "invalid",
    "unknown field",
    "unknown property",
    "unrecognized field",
    "unrecognized property",
    "unexpected field",
    "unexpected property",
    "value for",
    "value of",
    "values for",
    "additional property",
];

const MISSING: &[&str] = &[
    "is required",
    "are required",
    "field required",
    "required field",
    "required propert",
    "is missing",
    "are missing",
    "missing required",
    "missing field",
    "missing propert",
    "must be provided",
    "must be specified",
    "must be present",
    "must be set",
    "not specified",
    "not provided",
    "is mandatory",
];
const EMPTY: &[&str] =
    &["be null", "be empty", "be blank", "is null", "is empty", "was null", "be undefined"];
const UNKNOWN: &[&str] = &[
    "nrecognized field",
    "nrecognized propert",
    "unknown field",
    "unknown propert",
    "unexpected field",
    "unexpected propert",
    "additional propert",
    "not a valid property",
    "not a valid attribute",
    "not a known",
];

/// What comes before a list of the words that would have been right.
const ALLOWED: &[&str] = &[
    "allowable values are",
    "allowable values",
    "allowed values are",
    "allowed values",
    "valid values are",
    "valid values",
    "possible values are",
    "possible values",
    "supported values are",
    "supported values",
    "accepted values are",
    "accepted values",
    "permitted values",
    "values accepted for enum class",
    "one of the following values",
    "one of the following",
    "must be one of",
    "should be one of",
    "expected one of",
    "must be either",
];

/// Sentences that speak of the state that a thing is in, rather than of the request.
const STATES: &[&str] = &[
    "not a connected participant",
    "not connected",
    "no longer connected",
    "no longer active",
    "is not active",
    "not in a valid state",
    "invalid state",
    "not in the correct state",
    "in an invalid state",
    "current state",
    "status transition",
    "state transition",
    "bad.status.transition",
    "cannot transition",
    "already disconnected",
    "already been disconnected",
    "already ended",
    "already closed",
    "already been closed",
    "already terminated",
    "already completed",
    "already been completed",
    "already running",
    "already started",
    "already stopped",
    "already in progress",
    "already in use",
    "already logged in",
    "already assigned",
    "already accepted",
    "already been accepted",
    "already wrapped",
    "already been wrapped",
    "already exists",
    "already been used",
    "has ended",
    "has been terminated",
    "has been disconnected",
    "has been closed",
    "is disconnected",
    "is being processed",
    "is currently",
    "in progress",
    "is locked",
    "is in use",
    "is archived",
    "is deleted",
    "has been deleted",
    "is inactive",
    "must be off",
    "must be stopped",
    "must be inactive",
    "while in",
    "while it is",
    "while the",
];

/// Sentences that say no more than the status does.
const GENERIC: &[&str] = &[
    "could not be understood by the server",
    "bad request",
    "invalid request",
    "invalid request body",
    "invalid value",
    "invalid values",
    "the request body contains invalid values",
    "validation failed",
    "validation error",
    "an error occurred",
    "unprocessable entity",
    "conflict",
    "not found",
    "forbidden",
    "unauthorized",
    "malformed request",
    "invalid input",
    "error",
];

/// Returns the fields that a sentence names, with what it says of them.
pub(super) fn fields(sentence: &str, at: &Pointer) -> Vec<Detail> {
    let detail = |field: &str, naming: Naming| Detail {
        field: Some(field.to_owned()),
        naming,
        complaint: complaint(sentence),
        allowed: allowed(sentence),
        place: at.clone(),
        ..Detail::default()
    };
    if let Some(chain) = reference_chain(sentence) {
        return vec![detail(&chain, Naming::Named)];
    }
    if let Some(value) = between(sentence, "Value [", ']') {
        if sentence.contains("is not a valid property") {
            return vec![detail(value, Naming::Named)];
        }
        if let Some(kind) = between(sentence, "field type [", ']') {
            return vec![Detail { value: Some(value.to_owned()), ..detail(kind, Naming::Named) }];
        }
    }
    let quoted = quoted_fields(sentence);
    if !quoted.is_empty() {
        return quoted.into_iter().map(|field| detail(field, Naming::Named)).collect();
    }
    word_fields(sentence).into_iter().map(|field| detail(field, Naming::Word)).collect()
}

/// Returns what a sentence says is wrong.
pub(super) fn complaint(sentence: &str) -> Complaint {
    let lower = sentence.to_lowercase();
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| lower.contains(phrase));
    if says(UNKNOWN) {
        Complaint::Unknown
    } else if says(MISSING) {
        Complaint::Missing
    } else if says(EMPTY) {
        Complaint::Empty
    } else {
        Complaint::Invalid
    }
}

/// Returns the words that a sentence says are allowed.
pub(super) fn allowed(sentence: &str) -> Vec<String> {
    let lower = sentence.to_lowercase();
    let behind = ALLOWED.iter().find_map(|phrase| Some(lower.find(phrase)? + phrase.len()));
    // lower case may have another length outside of ASCII
    let Some(rest) = behind.and_then(|at| sentence.get(at..)) else { return Vec::new() };
    let rest = rest.trim_start_matches([':', ' ', '-']);
    let list = match rest.strip_prefix(['[', '(', '{']) {
        Some(inner) => inner.split([']', ')', '}']).next().unwrap_or_default(),
        None => rest.split([';', '\n']).next().unwrap_or_default().split(". ").next().unwrap_or_default(),
    };
    let list = list.replace(" or ", ",").replace(" and ", ",");
    let words =
        list.split([',', '|']).map(|word| word.trim_matches([' ', '.', '"', '\'', '`', '<', '>', '[', ']']));
    words
        .filter(|word| !word.is_empty() && word.len() <= 60 && !word.contains(' '))
        .map(str::to_owned)
        .collect()
}

/// Returns the permissions and scopes that a sentence names: `routing:queue:edit`, `conversations:readonly`.
pub fn permissions(sentence: &str) -> Vec<String> {
    let scoped = sentence.to_lowercase().contains("scope");
    let trimmed = |token: &'_ str| -> String {
        token.trim_matches(|c: char| !c.is_alphanumeric() && c != '*').to_owned()
    };
    let mut found: Vec<String> = Vec::new();
    for token in sentence.split([' ', ',', '[', ']', '\'', '"', '`', '(', ')']).map(trimmed) {
        let parts: Vec<&str> = token.split(':').collect();
        let plain = |part: &&str| {
            !part.is_empty()
                && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '*' | '.'))
        };
        let shaped = (parts.len() == 3 || (parts.len() == 2 && scoped)) && parts.iter().all(plain);
        let number = parts[0].starts_with(|c: char| c.is_ascii_digit());
        if shaped && !number && !found.contains(&token) {
            found.push(token);
        }
    }
    found
}

/// Returns whether a sentence speaks of the state that a thing is in.
pub fn state(sentence: &str) -> bool {
    let lower = sentence.to_lowercase();
    let transition = || {
        let changes = [
            "cannot change",
            "cannot directly change",
            "can not change",
            "cannot be changed",
            "change the",
            "transition",
        ];
        changes.iter().any(|phrase| lower.contains(phrase))
            && lower.contains(" from ")
            && lower.contains(" to ")
    };
    STATES.iter().any(|phrase| lower.contains(phrase)) || transition()
}

/// Returns whether a sentence says no more than the status does.
pub fn is_generic(sentence: &str) -> bool {
    let lower = sentence.trim().trim_end_matches(['.', '!']).to_lowercase();
    GENERIC.iter().any(|phrase| lower == *phrase) || lower.contains(GENERIC[0])
}

/// `com.x.Wrapup["tags"]->java.util.ArrayList[0]` as `tags[0]`.
fn reference_chain(sentence: &str) -> Option<String> {
    let (_, chain) = sentence.split_once("reference chain:")?;
    let mut path = String::new();
    for link in chain.split("->") {
        let step = between(link, "[", ']')?;
        match step.strip_prefix('"').and_then(|step| step.strip_suffix('"')) {
            Some(key) if path.is_empty() => path.push_str(key),
            Some(key) => path.extend([".", key]),
            None => path.extend(["[", step, "]"]),
        }
    }
    Some(path).filter(|path| !path.is_empty())
}

fn between<'s>(text: &'s str, open: &str, close: char) -> Option<&'s str> {
    let (_, rest) = text.split_once(open)?;
    rest.split_once(close).map(|(inner, _)| inner).filter(|inner| inner.len() <= 100)
}

/// Names in quotes or brackets that a word beside them makes a field.
fn quoted_fields(sentence: &str) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(open) = sentence[at..].find(['"', '\'', '`', '[']).map(|place| at + place) {
        let mark = sentence.as_bytes()[open];
        at = open + 1;
        // an apostrophe inside a word opens nothing
        if sentence[..open].ends_with(char::is_alphanumeric) {
            continue;
        }
        let Some(close) = sentence[at..].find(if mark == b'[' { ']' } else { char::from(mark) }) else {
            continue;
        };
        let inner = &sentence[at..at + close];
        let behind = &sentence[at + close + 1..];
        at += close + 1;
        let before = sentence[..open].trim_end_matches([' ', ':', '=', '(']).rsplit([' ', '\n']).next();
        let is_called = before.is_some_and(|word| FIELD_WORDS.contains(&word.to_lowercase().as_str()));
        if is_name(inner) && (is_called || is_complained_of(behind)) && !found.contains(&inner) {
            found.push(inner);
        }
    }
    found
}

/// Words of the sentence that its course makes a field, such as `columnNames` in "columnNames is required".
fn word_fields(sentence: &str) -> Vec<&str> {
    let lower = sentence.to_lowercase();
    if lower.len() != sentence.len() {
        return Vec::new();
    }
    let mut found: Vec<&str> = Vec::new();
    let mut at = 0;
    for token in sentence.split([' ', ',', ':', ';', '\n', '(', ')']) {
        let start = at;
        at += token.len() + 1;
        let word = token.trim_matches(['.', '"', '\'', '`', '[', ']', '{', '}']);
        if !is_name(word) || NO_FIELD.contains(&word.to_lowercase().as_str()) {
            continue;
        }
        let before = lower[..start].trim_end_matches([' ', ':', '[', '\'', '"', '`']);
        let before =
            before.trim_end_matches(" fields").trim_end_matches(" properties").trim_end_matches(" the");
        let listed = found.last().is_some_and(|last: &&str| {
            (before.ends_with(',') || before.ends_with(" and")) && before.contains(&last.to_lowercase())
        });
        let behind = lower.get(at - 1..).unwrap_or_default();
        let is_field =
            listed || is_complained_of(behind) || BEFORE.iter().any(|phrase| before.ends_with(phrase));
        if is_field && !found.contains(&word) {
            found.push(word);
        }
    }
    found
}

fn is_complained_of(behind: &str) -> bool {
    let lower = behind.to_lowercase();
    let mut rest = lower.trim_start_matches([' ', ':', ']', '\'', '"', '`']);
    for word in ["field", "object", "value", "property", "attribute", "parameter"] {
        rest = rest.strip_prefix(word).map_or(rest, str::trim_start);
    }
    BEHIND.iter().any(|phrase| rest.starts_with(phrase))
}

/// Returns whether a text can be the name of a member, or the path to one.
fn is_name(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '[' | ']' | '/' | '$');
    text.len() <= 100
        && text.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '/' | '$'))
        && text.chars().all(inner)
}
