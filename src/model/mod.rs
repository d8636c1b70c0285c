//! Floor 0: the words of the field as types: exchange, baseline, finding, verdict, reference.
//!
//! Everything here is plain data with public fields. No clock, socket, file or environment, and no module
//! of a higher floor, may enter: producers (proxy, diff, diagnosis) and consumers (store, reports) meet here.

pub mod authority;
pub mod baseline;
pub mod caller;
pub mod case;
pub mod class;
pub mod coding;
pub mod conformity;
pub mod description;
pub mod diagnosis;
pub mod exchange;
pub mod fast_path;
pub mod finding;
pub mod indication;
pub mod known_good;
pub mod matrix;
pub mod operation;
pub mod passage;
pub mod personal;
pub mod reference;
pub mod refusal;
pub mod remedy;
pub mod rule;
pub mod severity;
pub mod spelling;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod timestamp;
pub mod verdict;
pub mod wire_bytes;
