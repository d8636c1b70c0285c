//! The clients of an API: the marks of their requests, how their calls are written, what they do to a body,
//! and what else they do by themselves. One profile each, in the API's room.

pub mod call;
pub mod detect;
pub mod fact;
pub mod fault;
pub mod habit;
pub mod lines;
pub mod profile;
pub mod sign;
