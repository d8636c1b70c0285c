//! Floor 4: the one way into a recording: redact, append, publish.
