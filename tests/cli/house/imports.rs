//! Which file of `src` imports which, read from the text: `use` trees and paths that begin with `crate`, `super`,
//! `self`, or with the name of a module that the file declares. Test modules are left out.

use std::collections::{BTreeMap, BTreeSet};

/// The text of each file by its path below `src`.
pub(super) type Sources = BTreeMap<String, String>;

/// A module's path below `crate`, such as `["model", "finding"]`.
type Module = Vec<String>;

/// Returns the room of a file: the first part of its path.
pub(super) fn room(path: &str) -> String {
    path.split('/').next().unwrap_or(path).trim_end_matches(".rs").to_owned()
}

/// Returns the modules of the crate's root that a text names.
pub(super) fn rooms_used(text: &str) -> BTreeSet<String> {
    paths(&without_tests(&without_comments(text)), "crate")
        .into_iter()
        .filter_map(|path| path.into_iter().next())
        .collect()
}

/// Returns a line for each circle of files: `a.rs -> b.rs -> a.rs`.
pub(super) fn circles(sources: &Sources) -> Vec<String> {
    let graph = graph(sources);
    let mut found = Vec::new();
    let mut in_a_circle = BTreeSet::new();
    for start in graph.keys() {
        if in_a_circle.contains(start) {
            continue;
        }
        if let Some(way) = way_back(&graph, start) {
            in_a_circle.extend(way.iter().cloned());
            found.push(way.join(" -> "));
        }
    }
    found
}

/// Returns the shortest way from a file over its imports back to itself.
fn way_back(graph: &BTreeMap<String, BTreeSet<String>>, start: &String) -> Option<Vec<String>> {
    let mut reached_from: BTreeMap<&String, &String> = BTreeMap::new();
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(file) = queue.pop_front() {
        for next in graph.get(file).into_iter().flatten() {
            if next == start {
                let mut way = vec![start.clone()];
                let mut at = file;
                while at != start {
                    way.push(at.clone());
                    at = reached_from[at];
                }
                way.push(start.clone());
                way.reverse();
                return Some(way);
            }
            if !reached_from.contains_key(next) {
                reached_from.insert(next, file);
                queue.push_back(next);
            }
        }
    }
    None
}

/// Returns the code of each file that is not for tests only, without comments and test modules.
pub(super) fn production(sources: &Sources) -> BTreeMap<&String, String> {
    let tests = test_modules(sources);
    let is_test = |path: &str| tests.iter().any(|test| module_of(path).starts_with(test));
    let code = sources.iter().filter(|(path, _)| !is_test(path));
    code.map(|(path, text)| (path, without_tests(&without_comments(text)))).collect()
}

fn graph(sources: &Sources) -> BTreeMap<String, BTreeSet<String>> {
    let texts: BTreeMap<&String, String> =
        sources.iter().map(|(path, text)| (path, without_tests(&without_comments(text)))).collect();
    let modules: BTreeMap<Module, &String> = texts.keys().map(|path| (module_of(path), *path)).collect();
    let tests = test_modules(sources);
    let is_test = |path: &String| tests.iter().any(|test| module_of(path).starts_with(test));
    let mut graph = BTreeMap::new();
    for (path, text) in texts.iter().filter(|(path, _)| !is_test(path)) {
        let own = module_of(path);
        let imported = imported(text, &own).into_iter().filter_map(|target| owner(&target, &modules, &texts));
        graph.insert((*path).clone(), imported.filter(|other| *other != *path).cloned().collect());
    }
    graph
}

/// Returns the file that a path leads to: the deepest module on it, or the one that a module hands its name on from.
fn owner<'s>(
    target: &[String],
    modules: &BTreeMap<Module, &'s String>,
    texts: &BTreeMap<&'s String, String>,
) -> Option<&'s String> {
    let depth = (1..=target.len()).rev().find(|depth| modules.contains_key(&target[..*depth]))?;
    let file = modules[&target[..depth]];
    let Some(name) = target.get(depth) else { return Some(file) };
    let own = &target[..depth];
    let handed_on = reexports(&texts[file]).into_iter().find(|path| path.last() == Some(name));
    let Some(path) = handed_on else { return Some(file) };
    let path = absolute(&path, own).unwrap_or_else(|| [own, &path].concat());
    // a re-export that leads nowhere else is the file's own name
    if path == target { Some(file) } else { owner(&path, modules, texts) }
}

fn imported(text: &str, own: &[String]) -> Vec<Module> {
    let mut all = Vec::new();
    for root in ["crate", "super", "self"] {
        for path in paths(text, root) {
            let whole = [vec![root.to_owned()], path].concat();
            all.extend(absolute(&whole, own));
        }
    }
    for child in children(text) {
        if paths(text, &child).is_empty() {
            continue;
        }
        // what a file only hands on is no import of its own
        let handed_on = reexports(text).iter().filter(|path| path.first() == Some(&child)).count();
        if paths(text, &child).len() > handed_on {
            all.push([own, &[child]].concat());
        }
    }
    all
}

/// Returns a path from the crate's root for one that begins with `crate`, `self` or `super`.
fn absolute(path: &[String], own: &[String]) -> Option<Module> {
    let (first, rest) = path.split_first()?;
    match first.as_str() {
        "crate" => Some(rest.to_vec()),
        "self" => Some([own, rest].concat()),
        "super" => {
            let parent = own.split_last().map_or(&[][..], |(_, parent)| parent);
            match rest.first() {
                Some(next) if next == "super" => absolute(rest, parent),
                _ => Some([parent, rest].concat()),
            }
        }
        _ => None,
    }
}

/// Returns the modules that a text declares by `mod x;`.
fn children(text: &str) -> Vec<String> {
    let declared = text.lines().filter_map(|line| {
        let (before, after) = line.trim().split_once("mod ")?;
        after.strip_suffix(';').filter(|_| before.is_empty() || before.starts_with("pub"))
    });
    declared.map(str::to_owned).collect()
}

/// Returns the paths that a text hands on by `pub use`.
fn reexports(text: &str) -> Vec<Module> {
    let mut all = Vec::new();
    for start in ["pub use ", "pub(crate) use ", "pub(super) use "] {
        for (at, _) in text.match_indices(start) {
            all.extend(tree(&text[at + start.len()..]));
        }
    }
    all
}

/// Returns what follows `root::` wherever a path begins with it, `use` trees spread out.
fn paths(text: &str, root: &str) -> Vec<Module> {
    let needle = format!("{root}::");
    let begins = |at: usize| {
        let before = text[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | ':' | '$'))
    };
    let found = text.match_indices(&needle).filter(|(at, _)| begins(*at));
    found.flat_map(|(at, _)| tree(&text[at + needle.len()..])).collect()
}

/// Reads a `use` tree or a path: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn tree(text: &str) -> Vec<Module> {
    fn read(text: &str) -> (Vec<Module>, &str) {
        let text = text.trim_start();
        if let Some(mut rest) = text.strip_prefix('{') {
            let mut all = Vec::new();
            loop {
                rest = rest.trim_start().trim_start_matches(',').trim_start();
                if let Some(behind) = rest.strip_prefix('}') {
                    return (all, behind);
                }
                let (some, behind) = read(rest);
                if behind.len() == rest.len() {
                    return (all, rest);
                }
                all.extend(some);
                rest = skip_alias(behind);
            }
        }
        let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        if name.is_empty() {
            return (vec![Vec::new()], rest.strip_prefix('*').unwrap_or(rest));
        }
        let Some(more) = rest.strip_prefix("::") else { return (vec![vec![name.to_owned()]], rest) };
        let (tails, rest) = read(more);
        let whole = tails.into_iter().map(|tail| [vec![name.to_owned()], tail].concat());
        (whole.collect(), rest)
    }
    read(text).0
}

fn skip_alias(text: &str) -> &str {
    let Some(rest) = text.trim_start().strip_prefix("as ") else { return text };
    rest.trim_start().trim_start_matches(|c: char| c.is_alphanumeric() || c == '_')
}

fn module_of(path: &str) -> Module {
    let path = path.trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/').map(str::to_owned).collect()
}

/// Returns the modules in files of their own that are compiled for tests only.
fn test_modules(sources: &Sources) -> Vec<Module> {
    let mut all = Vec::new();
    for (path, text) in sources {
        let mut lines = text.lines().map(str::trim);
        while let Some(line) = lines.next() {
            if line.starts_with("#[cfg(") && line.contains("test") {
                let declared = lines.next().and_then(|next| next.split_once("mod ")?.1.strip_suffix(';'));
                all.extend(declared.map(|name| [module_of(path), vec![name.to_owned()]].concat()));
            }
        }
    }
    all
}

fn without_comments(text: &str) -> String {
    let code = |line: &'_ str| line.split_once("//").map_or(line, |(code, _)| code).to_owned();
    text.lines().map(code).collect::<Vec<_>>().join("\n")
}

/// Cuts the inline test modules out of a text.
fn without_tests(text: &str) -> String {
    let inline = text.match_indices("#[cfg(test)]").find(|(at, _)| {
        let declaration = text[*at..].lines().nth(1).unwrap_or_default();
        declaration.contains("mod ") && declaration.trim_end().ends_with('{')
    });
    let Some((at, _)) = inline else { return text.to_owned() };
    // rustfmt closes the module at the beginning of a line; what is below it is no test
    let below = text[at..].find("\n}\n").map_or("", |end| &text[at + end + 3..]);
    text[..at].to_owned() + &without_tests(below)
}
