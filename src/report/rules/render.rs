//! Manual pages for the terminal, and as JSON; the Markdown is the source itself.

use serde::Serialize;

use crate::model::finding::{Class, Severity};
use crate::report::layout;
use crate::report::look::{Look, Role};
use crate::report::rules::{Example, Page, page};

/// Text is set no wider than this, however wide the terminal.
const MEASURE: usize = 100;

/// Renders a page for the terminal.
pub fn page_text(page: &Page, look: &Look) -> String {
    let mut out = format!("{}\n", look.paint(Role::Strong, page.class.name()));
    prose(&mut out, page.summary, look);
    heading(&mut out, "severity", look);
    prose(&mut out, page.severity, look);
    heading(&mut out, "why it is refused", look);
    prose(&mut out, page.why, look);
    example(&mut out, "known good", &page.good, Role::Expected, look);
    example(&mut out, "wrong", &page.wrong, Role::Sent, look);
    heading(&mut out, "use instead", look);
    prose(&mut out, page.instead, look);
    heading(&mut out, "which SDK sends this", look);
    prose(&mut out, page.sdks, look);
    out
}

/// Renders the list of all classes for the terminal: name, severity, what it finds.
pub fn index_text(look: &Look) -> String {
    let longest = Class::ALL.iter().map(|class| class.name().len()).max().unwrap_or(0);
    let mut out = String::new();
    for class in Class::ALL {
        let page = page(*class);
        let (severity, word) = leading_severity(&page);
        let cells = look.width.saturating_sub(longest + 12).max(20);
        let summary = layout::cut(&first_sentence(page.summary), cells);
        out.push_str(&format!(
            "{}  {}  {summary}\n",
            look.paint(Role::Strong, &format!("{:longest$}", class.name())),
            look.paint(Role::Severity(severity), &format!("{word:7}")),
        ));
    }
    out
}

/// Renders the list of all classes as a Markdown table.
pub fn index_markdown() -> String {
    let mut out = String::from("| class | severity | finds |\n| --- | --- | --- |\n");
    for class in Class::ALL {
        let page = page(*class);
        let summary = first_sentence(page.summary).replace('|', "\\|");
        out.push_str(&format!("| `{}` | {} | {summary} |\n", class.name(), leading_severity(&page).1));
    }
    out
}

/// Renders a page as a JSON document.
pub fn page_json(page: &Page) -> String {
    json(&Document { schema_version: 1, body: Wire::of(page) })
}

/// Renders every page as one JSON document with a list `rules`.
pub fn index_json() -> String {
    let rules = Class::ALL.iter().map(|class| Wire::of(&page(*class))).collect();
    json(&Document { schema_version: 1, body: Index { rules } })
}

#[derive(Serialize)]
struct Document<T> {
    schema_version: u32,
    #[serde(flatten)]
    body: T,
}

#[derive(Serialize)]
struct Index {
    rules: Vec<Wire>,
}

#[derive(Serialize)]
struct Wire {
    class: &'static str,
    summary: String,
    severity: String,
    why: String,
    language: &'static str,
    good: &'static str,
    wrong: &'static str,
    instead: String,
    sdks: Vec<String>,
}

impl Wire {
    fn of(page: &Page) -> Self {
        Self {
            class: page.class.name(),
            summary: joined(page.summary),
            severity: joined(page.severity),
            why: joined(page.why),
            language: page.good.language,
            good: page.good.text,
            wrong: page.wrong.text,
            instead: joined(page.instead),
            sdks: items(page.sdks),
        }
    }
}

fn json(document: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    text
}

fn heading(out: &mut String, title: &str, look: &Look) {
    out.push_str(&format!("\n{}\n", look.paint(Role::Frame, title)));
}

/// Sets paragraphs and lists: source lines are joined and wrapped anew.
fn prose(out: &mut String, markdown: &str, look: &Look) {
    let cells = look.width.min(MEASURE);
    for paragraph in markdown.split("\n\n") {
        if paragraph.starts_with("- ") {
            for item in items(paragraph) {
                out.push_str(&layout::hanging("  - ", &item, cells));
            }
        } else {
            out.push_str(&layout::hanging("  ", paragraph, cells));
        }
    }
}

fn example(out: &mut String, title: &str, example: &Example, role: Role, look: &Look) {
    heading(out, title, look);
    if example.text.is_empty() {
        out.push_str(&format!("  {}\n", look.paint(Role::Faint, "(no byte at all)")));
    }
    for line in example.text.lines() {
        out.push_str(&format!("  {}\n", look.paint(role, line)));
    }
}

/// Returns the items of a Markdown list, each on one line.
fn items(markdown: &str) -> Vec<String> {
    let text = markdown.strip_prefix("- ").unwrap_or(markdown);
    text.split("\n- ").map(joined).collect()
}

fn joined(markdown: &str) -> String {
    markdown.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn first_sentence(markdown: &str) -> String {
    let text = joined(markdown);
    text.split_once(". ").map_or(text.trim_end_matches('.'), |(first, _)| first).to_owned()
}

fn leading_severity(page: &Page) -> (Severity, &'static str) {
    let severity = [Severity::Error, Severity::Warning, Severity::Info]
        .into_iter()
        .find(|severity| page.severity.starts_with(severity.name()))
        .unwrap_or(Severity::Info);
    (severity, severity.name())
}
