//! Floor 0: a JSON parser that keeps byte spans, number lexemes, key order and duplicate keys, and goes on
//! behind a fault so that the rest can still be compared.
//!
//! The tree is an arena: parsing, dropping and walking it need no recursion, whatever the input looks like.
//! What must never enter here: floats in place of lexemes, and knowledge of what a body means.

pub mod document;
pub mod edit;
pub mod fault;
pub mod node;
pub mod number;
mod parser;
pub mod pointer;
pub mod pretty;
mod text;
pub mod write;
