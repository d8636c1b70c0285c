//! How similar two keys, two values, two containers, or two whole bodies are.

pub(crate) mod bodies;
pub(crate) mod containers;
pub(crate) mod keys;
pub(crate) mod values;
