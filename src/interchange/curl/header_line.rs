//! The name in a header line.

/// Returns the name in a line as it is sent: what is in front of the colon.
pub(super) fn name_of(line: &[u8]) -> &[u8] {
    &line[..line.iter().position(|byte| *byte == b':').unwrap_or(line.len())]
}

/// Returns the name in a line as `-H` takes it, where `Name;` is a header without a value.
pub(super) fn written_name_of(line: &[u8]) -> &[u8] {
    &line[..line.iter().position(|byte| *byte == b':' || *byte == b';').unwrap_or(line.len())]
}
