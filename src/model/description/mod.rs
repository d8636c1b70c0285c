//! What an API's description says: its operations, and the models of the bodies that they take.

pub mod body_model;
pub mod entry;
pub mod member_facts;
