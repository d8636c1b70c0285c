//! Floor 2: renderings: findings, exchanges and verdicts as text, JSON, Markdown, HTML. Pure functions to
//! strings.
//!
//! Everything recorded passes through [`safe`] before it is printed: it is shown, never interpreted.

pub mod brief;
pub mod check;
pub mod commands;
pub mod comparison;
pub mod excerpt;
pub mod exchange;
pub mod headline;
pub mod html;
pub mod indent;
pub mod layout;
pub mod line_index;
pub mod long_text;
pub mod markup;
pub mod matrix;
pub mod operation;
pub mod personal;
pub mod rules;
pub mod safe;
pub mod style;
pub mod ticket;
