//! Edits of a JSON text that leave every other byte as it is: white space, spelling of numbers, order of
//! members, duplicate keys.
//!
//! All edits are made at once, so that none takes another one's place away; the work is linear in the text.
//! An edit inside a value that another edit removes or replaces has no effect.

mod plan;
mod render;
#[cfg(test)]
mod tests;
mod types;

use crate::json::document::Document;
pub use crate::json::edit::types::{Edit, EditError, Wrapper};

/// Returns the text with the edits made.
///
/// # Errors
/// The text is not JSON, a place does not exist or is taken, or two edits exclude each other.
pub fn apply(text: &str, edits: &[Edit]) -> Result<String, EditError> {
    let Some(first) = edits.first() else { return Ok(text.to_owned()) };
    let document = Document::parse(text.as_bytes());
    if document.is_json() && document.root().is_some() {
        return apply_to(&document, edits);
    }
    match first {
        // a text that is not JSON can be replaced as a whole
        Edit::Set(at, value) if at.as_str().is_empty() && is_value(value) => apply(value, &edits[1..]),
        _ => Err(EditError::NotJson(first.place().clone())),
    }
}

/// Returns the text of a document with the edits made; see [`apply`].
///
/// # Errors
/// As [`apply`].
pub fn apply_to(document: &Document, edits: &[Edit]) -> Result<String, EditError> {
    let wrong = edits
        .iter()
        .find(|edit| matches!(edit, Edit::Set(_, value) | Edit::Insert(_, value) if !is_value(value)));
    match wrong {
        Some(edit) => Err(EditError::Value(edit.place().clone())),
        None => render::render(document, &plan::Plan::new(document, edits)?),
    }
}

fn is_value(text: &str) -> bool {
    let document = Document::parse(text.as_bytes());
    document.is_json() && document.root().is_some()
}
