//! `--set` and `--unset`: single changes of a body, as a user types them.

use crate::json::document::Document;
use crate::json::write;
use crate::model::pointer::{Pointer, PointerError};
use crate::replay::splice::{self, SpliceError};

/// One change of a body.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum BodyEdit {
    /// Put this JSON text at the place.
    Set(Pointer, String),
    /// Take away what stands at the place.
    Unset(Pointer),
}

/// Why a typed change cannot be read.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum EditError {
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

impl BodyEdit {
    /// Reads `/pointer=TEXT` (a string) or `/pointer:=JSON` (any value).
    ///
    /// # Errors
    /// There is no `=`, the place is no pointer, or the value is no JSON.
    pub fn set(text: &str) -> Result<Self, EditError> {
        let (place, value) = text.split_once('=').ok_or_else(|| EditError::Form(text.to_owned()))?;
        let Some(place) = place.strip_suffix(':') else {
            return Ok(Self::Set(Pointer::parse(place)?, write::quoted(value)));
        };
        let place = Pointer::parse(place)?;
        let document = Document::parse(value.as_bytes());
        if document.is_json() && document.root().is_some() {
            Ok(Self::Set(place, value.to_owned()))
        } else {
            Err(EditError::Value(value.to_owned()))
        }
    }

    /// Reads the pointer of `--unset`.
    ///
    /// # Errors
    /// It is no pointer.
    pub fn unset(text: &str) -> Result<Self, EditError> {
        Ok(Self::Unset(Pointer::parse(text)?))
    }
}

/// Applies changes in their order.
///
/// # Errors
/// The body is not JSON, or has no such place.
pub fn apply(body: &[u8], edits: &[BodyEdit]) -> Result<Vec<u8>, SpliceError> {
    edits.iter().try_fold(body.to_vec(), |body, edit| match edit {
        BodyEdit::Set(at, value) => splice::set(&body, at, value),
        BodyEdit::Unset(at) => splice::unset(&body, at),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_equals_sign_sets_a_string_and_a_colon_with_it_any_value() {
        let edits = [
            BodyEdit::set("/a=120").unwrap(),
            BodyEdit::set("/b:=120").unwrap(),
            BodyEdit::set("/c=x=y:=z").unwrap(),
            BodyEdit::unset("/d").unwrap(),
        ];
        let body = apply(br#"{"b":"1","d":null}"#, &edits).unwrap();
        assert_eq!(String::from_utf8(body).unwrap(), r#"{"b":120,"a":"120","c":"x=y:=z"}"#);
    }

    #[test]
    fn what_is_no_change_is_refused_with_the_way_out() {
        assert!(matches!(BodyEdit::set("/a"), Err(EditError::Form(_))));
        assert!(matches!(BodyEdit::set("a=1"), Err(EditError::Pointer(_))));
        assert_eq!(
            BodyEdit::set("/a:=closed").unwrap_err().to_string(),
            "`closed` is not JSON; a string without quotes is set by `=` instead of `:=`"
        );
    }
}
