//! Which of the differences between a refused and an accepted request make it refused? Delta debugging:
//! variants are sent, and the smallest refused sets of differences are what matters.
//!
//! Everything here is pure: [`edit_script`] takes the two requests apart into edits, of which a variant
//! applies some, [`search`] says which variant to try next, [`session`] keeps the record. The command sends
//! the variants.

mod body_edits;
pub mod edit_script;
pub mod heads;
pub mod likelihood;
pub mod search;
pub mod session;
