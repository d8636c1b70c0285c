//! Processes that a command leaves running.

use std::path::Path;

/// A process that has the private home as its `HOME`.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct LeftoverProcess {
    /// Its number.
    pub(super) id: u32,
    /// The name of its program.
    pub(super) name: String,
}

/// Returns the processes that live in a private home, by number.
///
/// Looks at the environments that Linux shows of the user's own processes. Elsewhere nothing is found, and a
/// process left behind has to do without its home; what it made there is brought home all the same.
pub(super) fn living_in(home: &Path) -> Vec<LeftoverProcess> {
    let wanted = [b"HOME=", home.as_os_str().as_encoded_bytes()].concat();
    let Ok(processes) = std::fs::read_dir("/proc") else { return Vec::new() };
    let mut left: Vec<LeftoverProcess> = processes
        .flatten()
        .filter_map(|process| {
            let id = process.file_name().to_str()?.parse().ok()?;
            // ended meanwhile, or of another user
            let environment = std::fs::read(process.path().join("environ")).ok()?;
            environment.split(|byte| *byte == 0).any(|variable| variable == wanted).then(|| {
                let name = std::fs::read_to_string(process.path().join("comm")).unwrap_or_default();
                LeftoverProcess { id, name: name.trim().to_owned() }
            })
        })
        .collect();
    left.sort_by_key(|left| left.id);
    left
}
