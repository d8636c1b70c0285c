//! What the other exchanges of a recording show: accepted requests, redirects.
//!
//! Everything here reads; what follows from it is said in `verdict`.

pub(crate) mod accepted;
pub(crate) mod redirect;
