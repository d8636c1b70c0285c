//! `--set` and `--unset`: single changes of a body, as a user types them.

use crate::json::document::Document;
use crate::json::edit::{self, Edit, EditError};
use crate::json::pointer::{Pointer, PointerError};
use crate::json::write;

/// Why a typed change cannot be read.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum EditArgError {
    /// There is no `=`.
    #[error("`{0}` sets nothing: it is `/pointer=TEXT` for a string or `/pointer:=JSON` for any value")]
    Form(String),
    /// The place is no JSON Pointer.
    #[error(transparent)]
    Pointer(#[from] PointerError),
    /// What follows `:=` is no JSON value.
    #[error("`{0}` is not JSON; a string without quotes is set by `=` instead of `:=`")]
    Value(String),
}

/// Reads `/pointer=TEXT` (a string) or `/pointer:=JSON` (any value).
///
/// # Errors
/// There is no `=`, the place is no pointer, or the value is no JSON.
pub fn parse_set(text: &str) -> Result<Edit, EditArgError> {
    let (place, value) = text.split_once('=').ok_or_else(|| EditArgError::Form(text.to_owned()))?;
    let Some(place) = place.strip_suffix(':') else {
        return Ok(Edit::Set(Pointer::parse(place)?, write::quoted(value)));
    };
    let place = Pointer::parse(place)?;
    let document = Document::parse(value.as_bytes());
    if document.is_json() && document.root().is_some() {
        Ok(Edit::Set(place, value.to_owned()))
    } else {
        Err(EditArgError::Value(value.to_owned()))
    }
}

/// Reads the pointer of `--unset`.
///
/// # Errors
/// It is no pointer.
pub fn parse_unset(text: &str) -> Result<Edit, EditArgError> {
    Ok(Edit::Remove(Pointer::parse(text)?))
}

/// Applies the changes one after the other, each to what the one before it left.
///
/// # Errors
/// The body is not JSON, or has no such place.
pub fn apply(body: &[u8], edits: &[Edit]) -> Result<Vec<u8>, EditError> {
    let mut body = body.to_vec();
    for edit in edits {
        body = apply_one(body, edit)?.into_bytes();
    }
    Ok(body)
}

fn apply_one(body: Vec<u8>, edit: &Edit) -> Result<String, EditError> {
    let place = edit.place();
    let text = String::from_utf8(body);
    let Some(parent) = place.parent() else {
        let value = if let Edit::Set(_, value) = edit { value.clone() } else { String::new() };
        return Ok(value);
    };
    let text = text.map_err(|_| EditError::NotJson(place.clone()))?;
    let document = Document::parse(text.as_bytes());
    // a mistyped place is no wish for a new object
    if document.is_json() && document.root().is_some() && document.at(&parent).is_none() {
        return Err(EditError::NoPlace { at: place.clone(), why: format!("there is no `{parent}`") });
    }
    edit::apply(&text, std::slice::from_ref(edit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_equals_sign_sets_a_string_and_a_colon_with_it_any_value() {
        let edits = [
            parse_set("/a=120").unwrap(),
            parse_set("/b:=120").unwrap(),
            parse_set("/c=x=y:=z").unwrap(),
            parse_unset("/d").unwrap(),
        ];
        let body = apply(br#"{"b":"1","d":null}"#, &edits).unwrap();
        assert_eq!(String::from_utf8(body).unwrap(), r#"{"b":120,"a":"120","c":"x=y:=z"}"#);
    }

    #[test]
    fn each_change_is_made_in_what_the_one_before_it_left() {
        let edits = ["/a:={}", "/a/t:=[]", "/a/t/-=x", "/a/t/-=y"].map(|text| parse_set(text).unwrap());
        let body = apply(b"{}", &edits).unwrap();
        assert_eq!(String::from_utf8(body).unwrap(), r#"{"a":{"t":["x","y"]}}"#);
        let whole = apply(b"not json", &[parse_unset("").unwrap(), parse_set(":={}").unwrap()]).unwrap();
        assert_eq!(whole, b"{}");
    }

    #[test]
    fn a_parent_that_is_missing_is_not_made() {
        let why = |text: &str| apply(b"{}", &[parse_set(text).unwrap()]).unwrap_err().to_string();
        assert_eq!(why("/x/y=1"), "the body has no place `/x/y`: there is no `/x`");
    }

    #[test]
    fn what_is_no_change_is_refused_with_the_way_out() {
        assert!(matches!(parse_set("/a"), Err(EditArgError::Form(_))));
        assert!(matches!(parse_set("a=1"), Err(EditArgError::Pointer(_))));
        assert_eq!(
            parse_set("/a:=closed").unwrap_err().to_string(),
            "`closed` is not JSON; a string without quotes is set by `=` instead of `:=`"
        );
    }
}
