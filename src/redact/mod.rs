//! Floor 1: masks secrets in an exchange; the only way to get what a store accepts. Pure.
