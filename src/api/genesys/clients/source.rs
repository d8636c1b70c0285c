//! Where what is known of the SDKs was learned.

pub(super) const WIRE: &str = "requests of the SDKs, recorded";
pub(super) const SHAPES: &str = "the SDKs, run against answers of every shape";
