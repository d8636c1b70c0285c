//! The house keeps its floors: a module uses only floors below its own, rooms on one floor do not know each other,
//! the pure floors do no I/O, and no two files of a room import each other in a circle.
//!
//! The floors are read from `src/lib.rs`, so that the picture there is the one that holds.

mod floors;
mod imports;
mod one_api;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use floors::Floor;
use imports::Sources;

#[test]
fn no_room_uses_its_own_floor_or_one_above() {
    assert_eq!(upward_imports(&floors(), &sources()), Vec::<String>::new());
}

#[test]
fn no_two_files_of_a_room_import_each_other_in_a_circle() {
    assert_eq!(imports::circles(&sources()), Vec::<String>::new());
}

#[test]
fn commands_print_only_through_the_writer_that_keeps_foreign_text_from_the_terminal() {
    let mut wrong = Vec::new();
    for (path, text) in sources().iter().filter(|(path, _)| !path.contains("command/terminal/")) {
        for stream in
            ["anstream::stdout", "anstream::stderr", "stdout().lock", "stderr().lock", "println!", "eprint"]
        {
            if text.contains(stream) {
                wrong.push(format!("{path} uses {stream}: print with command::terminal::output"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn the_pure_floors_know_no_socket_file_clock_or_environment() {
    let sources = sources();
    let mut wrong = Vec::new();
    for floor in floors().iter().filter(|floor| floor.pure) {
        for (path, text) in sources.iter().filter(|(path, _)| floor.holds(path)) {
            for word in
                ["tokio::", "hyper::", "std::fs", "std::net", "std::env", "SystemTime::now", "Instant::now"]
            {
                if text.contains(word) {
                    wrong.push(format!("{path} knows {word}"));
                }
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn every_module_of_the_crate_is_on_a_floor() {
    let floors = floors();
    let lost: Vec<String> = sources()
        .into_keys()
        .filter(|path| !matches!(path.as_str(), "lib.rs" | "main.rs"))
        .filter(|path| !floors.iter().any(|floor| floor.holds(path)))
        .collect();
    assert_eq!(lost, Vec::<String>::new());
}

#[test]
fn a_planted_upward_import_is_refused() {
    let floors = Floor::parse(
        "// floor 0, pure: words\npub mod model;\n\n// floor 1: wires\npub mod net;\npub mod paper;\n",
    );
    let refused = |path: &str, text: &str| upward_imports(&floors, &one(path, text)).len();
    assert_eq!(refused("model/body.rs", "use crate::net::Socket;"), 1);
    assert_eq!(refused("model/body.rs", "fn f() { crate::net::send(); }"), 1);
    assert_eq!(refused("model/body.rs", "use crate::{net::Socket};"), 1);
    assert_eq!(refused("net/mod.rs", "use crate::paper::File;"), 1);
    assert_eq!(refused("net/mod.rs", "use crate::model::Body;"), 0);
    assert_eq!(refused("model/body.rs", "// not like crate::net::Socket\n"), 0);
    let tests = "#[cfg(test)]\nmod tests {\n    use crate::net::Socket;\n}\n";
    assert_eq!(refused("model/body.rs", tests), 0);
    assert_eq!(refused("model/body.rs", &format!("{tests}use crate::net::Socket;\n")), 1);
}

#[test]
fn a_planted_circle_is_refused() {
    let circle = |a: &str, b: &str| {
        let files = [("model/mod.rs", "mod a;\nmod b;\n"), ("model/a.rs", a), ("model/b.rs", b)];
        imports::circles(&files.map(|(path, text)| (path.to_owned(), text.to_owned())).into())
    };
    let both = circle("use crate::model::b::B;", "use crate::model::a::A;");
    assert_eq!(both, ["model/a.rs -> model/b.rs -> model/a.rs"]);
    assert_eq!(circle("use super::b::B;", "fn f() { super::a::f() }").len(), 1);
    assert_eq!(circle("use crate::model::{b::{B, C}};", "use crate::model::a;").len(), 1);
    assert!(circle("use crate::model::b::B;", "").is_empty());
    assert!(
        circle("use crate::model::b::B;", "#[cfg(test)]\nmod tests {\n    use crate::model::a::A;\n}")
            .is_empty()
    );
}

#[test]
fn a_folder_and_what_it_holds_can_make_a_circle_too() {
    let folder = |own: &str, child: &str| {
        let files = [("model/mod.rs", own), ("model/a.rs", child)];
        imports::circles(&files.map(|(path, text)| (path.to_owned(), text.to_owned())).into())
    };
    assert_eq!(folder("mod a;\nstruct S;\nfn f() { a::g() }", "use super::S;").len(), 1);
    assert!(
        folder("mod a;\npub use a::A;", "use super::A;").is_empty(),
        "a name that is handed on is its owner's"
    );
    assert!(folder("mod a;\nstruct S;", "use super::S;").is_empty());
}

fn one(path: &str, text: &str) -> Sources {
    BTreeMap::from([(path.to_owned(), text.to_owned())])
}

/// Returns a line for each use of a room that the file may not know.
fn upward_imports(floors: &[Floor], sources: &Sources) -> Vec<String> {
    let mut wrong = Vec::new();
    for (level, floor) in floors.iter().enumerate().filter(|(_, floor)| !floor.front_door) {
        for (path, text) in sources.iter().filter(|(path, _)| floor.holds(path)) {
            let own = imports::room(path);
            let above = floors[level..].iter().flat_map(|floor| &floor.rooms);
            let used = imports::rooms_used(text);
            for other in above.filter(|other| **other != own && used.contains(other.as_str())) {
                wrong.push(format!("{path} uses crate::{other}"));
            }
        }
    }
    wrong
}

fn floors() -> Vec<Floor> {
    Floor::parse(&fs::read_to_string("src/lib.rs").unwrap())
}

/// Returns the text of each file of `src` by its path below it.
fn sources() -> Sources {
    fn collect(folder: &Path, into: &mut Sources) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, into);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix("src").unwrap().to_str().unwrap().replace('\\', "/");
                into.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut sources = Sources::new();
    collect(Path::new("src"), &mut sources);
    sources
}
