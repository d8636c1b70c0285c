//! The documentation: its links lead somewhere, and its commands are ways that the program takes.

use std::fs;
use std::path::{Path, PathBuf};

use crate::help;

/// What a newcomer reads at once.
const README_LINES: usize = 120;

fn pages() -> Vec<PathBuf> {
    let folders = [".", "docs"].map(|folder| fs::read_dir(folder).unwrap());
    let all = folders.into_iter().flatten().map(|entry| entry.unwrap().path());
    all.filter(|path| path.extension().is_some_and(|it| it == "md")).collect()
}

/// Returns the targets of `[text](target)` and `![text](target)`.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("](").filter_map(|(at, _)| text[at + 2..].split(')').next())
}

/// Returns the name that a forge gives to a heading: lower case, blanks as dashes, punctuation left out.
fn anchor(heading: &str) -> String {
    let kept = heading.trim_start_matches('#').trim().to_lowercase();
    kept.chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .collect::<String>()
        .replace(' ', "-")
}

/// Returns the lines of code: indented by four, or in a fence of `sh`.
fn code(text: &str) -> impl Iterator<Item = &str> {
    let mut fenced = false;
    text.lines().filter_map(move |line| {
        if line.starts_with("```") {
            fenced = line == "```sh";
        }
        line.strip_prefix("    ").or(fenced.then_some(line)).map(str::trim_start)
    })
}

#[test]
fn every_link_of_the_documentation_leads_to_a_file_and_a_heading() {
    let mut dead = Vec::new();
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for link in links(&text).filter(|link| !link.starts_with("http")) {
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { page.clone() } else { page.parent().unwrap().join(file) };
            let there = target.exists()
                && (heading.is_empty()
                    || fs::read_to_string(&target).is_ok_and(|text| {
                        text.lines().any(|line| line.starts_with('#') && anchor(line) == heading)
                    }));
            if !there {
                dead.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
}

/// Returns what is in backticks, line by line.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| line.split('`').skip(1).step_by(2))
}

/// Returns a path without the parts from the first one with a placeholder (`NAME.rs`, `CLASS/`) on.
fn known_part(path: &str) -> PathBuf {
    let is_placeholder = |part: &str| part.starts_with("NAME") || part.starts_with("CLASS");
    path.split('/').take_while(|part| !is_placeholder(part)).collect()
}

/// Returns the file or folder of a path; one like `proxy/routes` is a module.
fn place(path: &str) -> Option<PathBuf> {
    let known = known_part(path);
    let module = Path::new("src").join(&known);
    [known, module.with_extension("rs"), module].into_iter().find(|place| place.exists())
}

#[test]
fn every_path_in_the_pages_for_contributors_is_one_of_the_tree() {
    let mut seen = 0;
    let mut dead = Vec::new();
    for page in ["ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = fs::read_to_string(page).unwrap();
        for path in quoted(&text).filter(|text| text.contains('/') && !text.contains(' ')) {
            seen += 1;
            if place(path).is_none() {
                dead.push(format!("{page}: {path}"));
            }
        }
    }
    assert!(seen > 60, "only {seen} paths");
    assert!(dead.is_empty(), "{dead:#?}");
}

#[test]
fn every_command_line_of_the_documentation_is_one_that_the_program_takes() {
    let mut seen = 0;
    for page in pages().into_iter().filter(|page| !page.ends_with("CHANGELOG.md")) {
        let text = fs::read_to_string(&page).unwrap();
        for line in code(&text).filter(|line| line.starts_with("wraptap ")) {
            // `# why` and what is aligned behind the command are for the reader
            let command = line.split("  ").next().unwrap().split(" #").next().unwrap();
            help::expect_taken(command);
            seen += 1;
        }
    }
    assert!(seen > 30, "only {seen} commands");
}

#[test]
fn the_readme_is_short_and_lists_every_command() {
    let readme = fs::read_to_string("README.md").unwrap();
    assert!(readme.lines().count() <= README_LINES, "{} lines", readme.lines().count());
    for (command, _) in help::all().iter().filter(|(command, _)| command.len() == 1) {
        assert!(readme.contains(&format!("`{}`", command[0])), "{command:?} is missing");
    }
}

#[test]
fn a_dead_link_is_noticed() {
    assert_eq!(links("see [a](docs/a.md) and ![b](b.svg)").collect::<Vec<_>>(), ["docs/a.md", "b.svg"]);
    assert_eq!(anchor("## What is never stored"), "what-is-never-stored");
    assert!(!Path::new("docs/no-such-page.md").exists());
}

#[test]
fn a_dead_path_is_noticed() {
    assert_eq!(quoted("see `src/a.rs` and `b`\nor `c`").collect::<Vec<_>>(), ["src/a.rs", "b", "c"]);
    assert_eq!(known_part("src/model/class/CLASS.md"), Path::new("src/model/class"));
    assert_eq!(place("proxy/routes"), Some("src/proxy/routes.rs".into()));
    assert_eq!(place("src/no_such_room/NAME.rs"), None);
}
