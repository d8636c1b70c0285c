//! What is wrong with a body, as far as habits ask.

use crate::json::pointer::Pointer;
use crate::model::finding::Class;

/// One thing that is wrong with a body.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fault<'a> {
    /// What.
    pub class: Class,
    /// Its place in the sent body, if it has one there.
    pub at: Option<&'a Pointer>,
    /// What was said of it.
    pub says: &'a str,
}
