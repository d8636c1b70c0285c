//! What the caller says about a comparison.

use crate::json::pointer::Pointer;
use crate::model::operation::Operation;

/// What the caller says about a comparison.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Options {
    /// The request's method: on a PATCH an extra field is an error.
    pub method: Option<String>,
    /// Places whose findings are counted and not listed, with all they hold; the step `*` is any one step.
    pub ignore: Vec<Pointer>,
    /// A member that the good body does not have is an error.
    pub exact: bool,
    /// Operations whose templates name the ids of a request's path; without a fitting one, segments shaped
    /// like ids are the ids.
    pub operations: Vec<Operation>,
}
