//! Floor 2: pictures: findings, exchanges and verdicts as text, JSON, Markdown, HTML. Pure functions to strings.
//!
//! Whatever was recorded goes through [`safe`] on its way out: it is shown, never obeyed.

pub mod brief;
pub mod check;
pub mod comparison;
pub mod excerpt;
pub mod exchange;
pub mod html;
pub mod indent;
pub mod layout;
pub mod look;
pub mod markup;
pub mod matrix;
pub mod operation;
pub mod personal;
pub mod place;
pub mod rules;
pub mod safe;
pub mod ticket;
