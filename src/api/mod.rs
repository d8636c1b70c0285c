//! Floor 1: what is known about the APIs that wraptap judges. One room per API.

pub mod genesys;
