//! Floor 1: compares a candidate with a known-good payload or request and yields findings. Pure.
