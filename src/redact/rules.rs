//! What is masked beyond what every recording masks.

use crate::json::pointer::Pointer;

/// What the user wants masked as well.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Rules {
    /// Places in JSON bodies whose values are masked, `*` for any one step (`--redact`).
    pub pointers: Vec<Pointer>,
    /// Names of members, form fields, parameters and headers whose values are masked (`--redact-key`).
    pub keys: Vec<String>,
}
