//! Manual pages for the terminal, and as JSON; the Markdown is the source itself.

use serde::Serialize;

use crate::model::finding::{Class, Severity};
use crate::report::layout;
use crate::report::rules::page::{Example, RulePage, page};
use crate::report::style::{TextRole, TextStyle};

/// Text is set no wider than this, however wide the terminal.
const MEASURE: usize = 100;

/// Renders a page for the terminal.
pub fn page_text(page: &RulePage, style: &TextStyle) -> String {
    let mut out = format!("{}\n", style.paint(TextRole::Strong, page.class.name()));
    prose(&mut out, page.summary, style);
    heading(&mut out, "severity", style);
    prose(&mut out, page.severity, style);
    heading(&mut out, "why it is refused", style);
    prose(&mut out, page.why, style);
    example(&mut out, "known good", &page.good, TextRole::Expected, style);
    example(&mut out, "wrong", &page.wrong, TextRole::Sent, style);
    heading(&mut out, "use instead", style);
    prose(&mut out, page.instead, style);
    heading(&mut out, "which SDK sends this", style);
    prose(&mut out, page.sdks, style);
    out
}

/// Renders the list of all classes for the terminal: name, severity, what it finds.
pub fn index_text(style: &TextStyle) -> String {
    let longest = Class::ALL.iter().map(|class| class.name().len()).max().unwrap_or(0);
    let mut out = String::new();
    for class in Class::ALL {
        let page = page(*class);
        let (severity, word) = leading_severity(&page);
        let cells = style.width.saturating_sub(longest + 12).max(20);
        let summary = layout::cut(&first_sentence(page.summary), cells);
        out.push_str(&format!(
            "{}  {}  {summary}\n",
            style.paint(TextRole::Strong, &format!("{:longest$}", class.name())),
            style.paint(TextRole::Severity(severity), &format!("{word:7}")),
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
pub fn page_json(page: &RulePage) -> String {
    json(&RulesDocument { schema_version: 1, body: RuleDocument::new(page) })
}

/// Renders every page as one JSON document with a list `rules`.
pub fn index_json() -> String {
    let rules = Class::ALL.iter().map(|class| RuleDocument::new(&page(*class))).collect();
    json(&RulesDocument { schema_version: 1, body: RulesIndex { rules } })
}

#[derive(Serialize)]
struct RulesDocument<T> {
    schema_version: u32,
    #[serde(flatten)]
    body: T,
}

#[derive(Serialize)]
struct RulesIndex {
    rules: Vec<RuleDocument>,
}

#[derive(Serialize)]
struct RuleDocument {
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

impl RuleDocument {
    fn new(page: &RulePage) -> Self {
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

fn heading(out: &mut String, title: &str, style: &TextStyle) {
    out.push_str(&format!("\n{}\n", style.paint(TextRole::Frame, title)));
}

/// Sets paragraphs and lists: source lines are joined and wrapped anew.
fn prose(out: &mut String, markdown: &str, style: &TextStyle) {
    let cells = style.width.min(MEASURE);
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

fn example(out: &mut String, title: &str, example: &Example, role: TextRole, style: &TextStyle) {
    heading(out, title, style);
    if example.text.is_empty() {
        out.push_str(&format!("  {}\n", style.paint(TextRole::Faint, "(no byte at all)")));
    }
    for line in example.text.lines() {
        out.push_str(&format!("  {}\n", style.paint(role, line)));
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

fn leading_severity(page: &RulePage) -> (Severity, &'static str) {
    let severity = [Severity::Error, Severity::Warning, Severity::Info]
        .into_iter()
        .find(|severity| page.severity.starts_with(severity.name()))
        .unwrap_or(Severity::Info);
    (severity, severity.name())
}
