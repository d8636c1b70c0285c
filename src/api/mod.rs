//! Floor 1: what is known about the APIs that wraptap judges. One room per API.

pub mod error_body;
pub mod genesys;
