//! What the sentence of a refusal says: fields by name, the words that are allowed, permissions, a state.
//!
//! Source: the messages of `invalid.property` ("Value [%s] is not a valid property for object [%s]") and
//! `invalid.value` ("Value [%s] is not valid for field type [%s]. Allowable values are: …"), Jackson's
//! ("Unrecognized field \"x\"", "through reference chain: …"), Jakarta Validation's ("must not be null"), and
//! refusals quoted in public issues.

use crate::api::error_body::phrases::{
    ALLOWED, BEFORE, BEHIND, EMPTY, FIELD_WORDS, GENERIC, MISSING, NO_FIELD, STATES, UNKNOWN,
};
use crate::json::pointer::Pointer;
use crate::model::refusal::{Complaint, Detail, Naming};

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
