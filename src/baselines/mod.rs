//! Floor 3: known-good payloads: the folder, the embedded ones.
