//! The house keeps its floors: a module uses only floors below its own, and rooms on one floor do not know each other.

use std::fs;
use std::path::Path;

/// Lowest floor first; the rooms of one floor side by side. The same picture stands in `src/lib.rs` and the README.
const FLOORS: &[&[&str]] = &[
    &["model", "json"],
    &["diff", "genesys", "redact"],
    &["diagnose", "report"],
    &["store", "baselines", "interchange", "net"],
    &["journal", "knowledge"],
    &["proxy", "replay", "simulator", "web"],
];

#[test]
fn no_room_uses_its_own_floor_or_one_above() {
    let mut wrong = Vec::new();
    for (level, rooms) in FLOORS.iter().enumerate() {
        for room in *rooms {
            let above = FLOORS[level..].concat();
            let forbidden: Vec<&str> = above
                .into_iter()
                .filter(|other| other != room)
                .filter(|other| !(level == 0 && *room == "json" && *other == "model"))
                .chain(["cli", "command", "config", "error"])
                .collect();
            each_file(&Path::new("src").join(room), &mut |path, text| {
                for other in &forbidden {
                    if text.contains(&format!("crate::{other}::")) {
                        wrong.push(format!("{} uses crate::{other}", path.display()));
                    }
                }
            });
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_pure_floors_know_no_socket_file_clock_or_environment() {
    let mut wrong = Vec::new();
    for room in FLOORS[..3].concat() {
        each_file(&Path::new("src").join(room), &mut |path, text| {
            for word in
                ["tokio::", "hyper::", "std::fs", "std::net", "std::env", "SystemTime::now", "Instant::now"]
            {
                if text.contains(word) {
                    wrong.push(format!("{} knows {word}", path.display()));
                }
            }
        });
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn each_file(folder: &Path, see: &mut dyn FnMut(&Path, &str)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            each_file(&path, see);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            see(&path, &fs::read_to_string(&path).unwrap());
        }
    }
}
