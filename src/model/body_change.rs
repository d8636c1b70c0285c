//! One exact change of a JSON body.

use crate::json::pointer::Pointer;

/// One exact change of a body. Places are those of the body as it was sent, whatever else is changed.
#[derive(Clone, Debug, PartialEq)]
pub enum BodyChange {
    /// Take the member or element away.
    Remove(Pointer),
    /// Put this JSON text at the place, replacing what is there.
    Set(Pointer, String),
    /// Give the member another key.
    Rename(Pointer, String),
    /// Take the value away and put it at the second place, with the objects that lead there.
    Move(Pointer, Pointer),
    /// The whole body becomes the member of this key.
    Wrap(String),
    /// The whole body becomes what stands at the place.
    Unwrap(Pointer),
}
