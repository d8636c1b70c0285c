//! The edits, and why one cannot be made.

use crate::json::pointer::Pointer;

/// One change of a JSON text. Places are those of the text as it was given, whatever else is changed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Edit {
    /// Puts a JSON text at the place: it replaces the value there, or becomes the last member, or (at `-` or
    /// the next index) the last element. Objects that lead there and do not exist are made.
    Set(Pointer, String),
    /// Puts a JSON text in front of the element at the place.
    Insert(Pointer, String),
    /// Removes the member or element; of members with equal keys all.
    Remove(Pointer),
    /// Gives the member another key; its position stays.
    Rename(Pointer, String),
    /// Moves the value to the second place as [`Edit::Set`] would put it there, or in front of the element
    /// there. Objects that are left empty go.
    Move(Pointer, Pointer),
    /// Puts an object or array around the value.
    Wrap(Pointer, Wrapper),
    /// Replaces the value at the first place by the value at the second, which is inside it.
    Unwrap(Pointer, Pointer),
    /// Of members with equal keys removes all but the last, which is the one that counts.
    KeepLast(Pointer),
}

/// What [`Edit::Wrap`] puts around a value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Wrapper {
    /// An object, in which the value has this key.
    Object(String),
    /// An array of one element.
    Array,
}

impl Edit {
    /// Returns the place of the given text that the edit changes.
    pub fn place(&self) -> &Pointer {
        match self {
            Self::Set(at, _)
            | Self::Insert(at, _)
            | Self::Remove(at)
            | Self::Rename(at, _)
            | Self::Move(at, _)
            | Self::Wrap(at, _)
            | Self::Unwrap(at, _)
            | Self::KeepLast(at) => at,
        }
    }
}

/// Why a text cannot be edited. No text is returned then, not even one with the other edits.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum EditError {
    /// The text is not JSON, or larger or deeper than what is kept of one.
    #[error("the body is not JSON, so it has no place `{0}`")]
    NotJson(Pointer),
    /// The new value is not JSON.
    #[error("what is to be put at `{0}` is not JSON")]
    Value(Pointer),
    /// Nothing that could hold the place is there.
    #[error("the body has no place `{at}`: {why}")]
    NoPlace {
        /// The place asked for.
        at: Pointer,
        /// What is there instead.
        why: String,
    },
    /// Another member has the key already.
    #[error("`{0}` exists already")]
    Taken(Pointer),
    /// Another edit removes or replaces what should hold the value, or it would be inside itself.
    #[error("another edit leaves no place for `{0}`")]
    Lost(Pointer),
}

impl EditError {
    pub(super) fn no_place(at: &Pointer, why: impl Into<String>) -> Self {
        Self::NoPlace { at: at.clone(), why: why.into() }
    }
}
