//! Floor 2: judgement: pairing with a known-good payload, and the verdict on a refusal. Pure.

pub mod pairing;
