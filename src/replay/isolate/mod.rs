//! Which of the differences between a refused and an accepted request make it refused? Found by sending variants.
//!
//! Everything here is pure: [`script`] takes the two apart into edits and puts any set of them together again, [`search`]
//! says which set to try next, [`hunt`] keeps the books. Whoever has a sender drives it.

pub mod blend;
pub mod heads;
pub mod hunt;
pub mod priors;
pub mod script;
pub mod search;
mod weave;
