//! What is masked beyond what every recording masks.

use crate::json::pointer::Pointer;

/// What the user wants masked as well.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Rules {
    /// Places in JSON bodies whose values are masked, `*` for any one step (`--redact`).
    pub pointers: Vec<Pointer>,
    /// Names of members, form fields, parameters and headers whose values are masked (`--redact-key`).
    pub keys: Vec<String>,
    /// Whether data of people is masked.
    pub people: People,
}

/// What happens to e-mail addresses, phone numbers and names of people.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum People {
    /// They are recorded.
    #[default]
    Recorded,
    /// They are masked (`--mask-personal`).
    Masked,
}
