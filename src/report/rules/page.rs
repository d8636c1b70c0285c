//! The manual page of a class of finding: its Markdown, cut into sections.

use crate::model::finding::Class;

/// The manual page of a class, in its parts; each is Markdown without its heading.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct RulePage {
    /// The class.
    pub class: Class,
    /// The whole page as Markdown.
    pub markdown: &'static str,
    /// What it finds, in one paragraph.
    pub summary: &'static str,
    /// `error`, `warning` or `info`, and when another one.
    pub severity: &'static str,
    /// Why a server refuses it.
    pub why: &'static str,
    /// A known-good payload or request.
    pub good: Example,
    /// The same one with the fault.
    pub wrong: Example,
    /// What to do.
    pub instead: &'static str,
    /// Which SDK does it, as a list.
    pub sdks: &'static str,
}

/// A payload or request of a page.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Example {
    /// `json`, `http` (request line, headers, empty line, body), or `text` for what cannot be written out.
    pub language: &'static str,
    /// The text itself.
    pub text: &'static str,
}

/// Returns the page of a class.
pub fn page(class: Class) -> RulePage {
    let markdown = class.page();
    RulePage {
        class,
        markdown,
        summary: section(markdown, "# ").split_once("\n\n").map_or("", |(_, text)| text),
        severity: section(markdown, "## Severity\n"),
        why: section(markdown, "## Why it is refused\n"),
        good: example(section(markdown, "## Known good\n")),
        wrong: example(section(markdown, "## Wrong\n")),
        instead: section(markdown, "## Use instead\n"),
        sdks: section(markdown, "## Which SDK sends this\n"),
    }
}

/// Returns the classes whose names are like `name`, best first.
pub fn similar_names(name: &str) -> Vec<&'static str> {
    let wanted = name.to_lowercase().replace(['-', ' '], "_");
    let names: Vec<&'static str> = Class::ALL.iter().map(|class| class.name()).collect();
    let holding: Vec<&'static str> =
        names.iter().copied().filter(|known| wanted.len() > 2 && known.contains(&wanted)).take(3).collect();
    if holding.is_empty() { similar::get_close_matches(&wanted, &names, 3, 0.7) } else { holding }
}

/// Returns the text between a heading and the next one, trimmed; empty without the heading.
fn section(markdown: &'static str, heading: &str) -> &'static str {
    let Some(at) = markdown.find(heading) else { return "" };
    let rest = &markdown[at + heading.len()..];
    rest.find("\n## ").map_or(rest, |end| &rest[..end]).trim()
}

fn example(section: &'static str) -> Example {
    let fenced = section.strip_prefix("```").and_then(|rest| rest.strip_suffix("```"));
    let (language, text) = fenced.and_then(|rest| rest.split_once('\n')).unwrap_or(("text", ""));
    Example { language, text: text.strip_suffix('\n').unwrap_or(text) }
}
