//! Plain technical English: the words of `tests/words.txt` are found nowhere in `src`, in `--help` or in the docs.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::help;

/// A word that is not used, and what to say instead.
struct Avoided {
    word: String,
    instead: String,
}

fn avoided() -> Vec<Avoided> {
    let list = fs::read_to_string("tests/words.txt").unwrap();
    let rows = list.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let rows = rows.map(|line| line.split_once('\t').unwrap());
    rows.map(|(word, instead)| Avoided { word: word.to_owned(), instead: instead.to_owned() }).collect()
}

/// Returns a line for each avoided word in a text: `NAME:12: octet (say byte)`.
fn found(name: &str, text: &str, avoided: &[Avoided]) -> Vec<String> {
    let mut all = Vec::new();
    for (number, line) in text.lines().enumerate() {
        // the registered name of a media type is not ours to choose
        let line = line.replace("octet-stream", "").to_lowercase();
        for Avoided { word, instead } in avoided.iter().filter(|avoided| holds(&line, &avoided.word)) {
            all.push(format!("{name}:{}: {word} (say {instead})", number + 1));
        }
    }
    all
}

/// Returns whether a line holds a word by itself or as a part of a name in snake case.
fn holds(line: &str, word: &str) -> bool {
    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    line.match_indices(word).any(|(at, _)| {
        !letter(line[..at].chars().next_back()) && !letter(line[at + word.len()..].chars().next())
    })
}

fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, into);
        } else if path
            .extension()
            .is_some_and(|it| ["rs", "md", "html", "js", "css"].iter().any(|one| it == *one))
        {
            into.push(path);
        }
    }
}

#[test]
fn the_sources_and_the_documentation_use_plain_words() {
    let avoided = avoided();
    let mut paths: Vec<PathBuf> = fs::read_dir(".")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "md"))
        .collect();
    files(Path::new("src"), &mut paths);
    files(Path::new("docs"), &mut paths);
    let wrong: Vec<String> = paths
        .iter()
        .flat_map(|path| found(&path.display().to_string(), &fs::read_to_string(path).unwrap(), &avoided))
        .collect();
    assert!(wrong.is_empty(), "{} places:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_help_of_every_command_uses_plain_words() {
    let avoided = avoided();
    let wrong: BTreeSet<String> = help::all()
        .iter()
        .flat_map(|(command, text)| found(&format!("{} --help", command.join(" ")), text, &avoided))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_planted_word_is_found() {
    let avoided = avoided();
    assert_eq!(found("a.rs", "let first_octet = 1;\n// so many Octets", &avoided).len(), 3);
    assert!(found("a.rs", "\"application/octet-stream\" // untold", &avoided).is_empty());
}

#[test]
fn comments_are_as_narrow_as_the_code() {
    let mut paths = Vec::new();
    files(Path::new("src"), &mut paths);
    let mut wide = Vec::new();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|it| it == "rs")) {
        for (number, line) in fs::read_to_string(path).unwrap().lines().enumerate() {
            if line.trim_start().starts_with("//") && line.chars().count() > MAX_WIDTH {
                wide.push(format!("{}:{}", path.display(), number + 1));
            }
        }
    }
    assert!(
        wide.is_empty(),
        "{} comments are wider than {MAX_WIDTH} columns:\n{}",
        wide.len(),
        wide.join("\n")
    );
}

/// The width of rustfmt.toml, which rustfmt does not apply to comments.
const MAX_WIDTH: usize = 110;
