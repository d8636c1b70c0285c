//! The floors as `src/lib.rs` lists them: a comment `// floor N…` opens each, and the modules below it are its rooms.

use super::imports;

/// One floor. Rooms of one floor do not know each other.
pub(super) struct Floor {
    /// The names of its modules.
    pub(super) rooms: Vec<String>,
    /// Its comment says that it does no I/O.
    pub(super) pure: bool,
    /// The last floor: its modules are one room.
    pub(super) front_door: bool,
}

impl Floor {
    /// Reads the text of `lib.rs`; the lowest floor comes first.
    pub(super) fn parse(lib: &str) -> Vec<Self> {
        let mut floors: Vec<Self> = Vec::new();
        for line in lib.lines().map(str::trim) {
            if let Some(title) = line.strip_prefix("// floor ") {
                let pure = title.contains("pure");
                let front_door = title.contains("front door");
                floors.push(Self { rooms: Vec::new(), pure, front_door });
            } else if let Some(room) = module(line) {
                let floor = floors.last_mut().unwrap();
                floor.rooms.push(room.to_owned());
            }
        }
        assert!(floors.len() > 1, "lib.rs lists its modules under `// floor N` comments");
        floors
    }

    /// Tells whether a file of `src` belongs to this floor.
    pub(super) fn holds(&self, path: &str) -> bool {
        self.rooms.iter().any(|room| *room == imports::room(path))
    }
}

/// Returns the name in `mod x;`, `pub mod x;`, `pub(crate) mod x;`.
fn module(line: &str) -> Option<&str> {
    let (before, after) = line.split_once("mod ")?;
    let declares = before.is_empty() || before.starts_with("pub");
    after.strip_suffix(';').filter(|_| declares)
}
