//! The ticket as Markdown for a bug tracker, the most important part first.

use crate::report::markup::{fenced, prose};
use crate::report::ticket::block::{Block, TicketSection};
use crate::report::ticket::content::{People, Ticket};
use crate::report::ticket::document::document;

/// Returns one Markdown document with a section for each cause.
pub fn render(tickets: &[Ticket<'_>], people_are: People) -> String {
    let document = document(tickets, people_are);
    let level = if document.title.is_some() { "##" } else { "#" };
    let mut out = document.title.iter().map(|title| format!("# {}\n\n", prose(title))).collect::<String>();
    for (n, TicketSection { title, blocks, .. }) in document.sections.iter().enumerate() {
        let rule = if n > 0 { "---\n\n" } else { "" };
        out.push_str(&format!("{rule}{level} {}\n\n", prose(title)));
        blocks.iter().for_each(|one| block(&mut out, one, level));
    }
    // our own text, with the masks used above
    out.push_str(&format!(
        "{level}# Masked\n{}",
        document.masked.iter().map(|line| format!("- {line}\n")).collect::<String>()
    ));
    out
}

fn block(out: &mut String, block: &Block<'_>, level: &str) {
    let text = match block {
        Block::Heading(text) => {
            out.push_str(&format!("{level}# {text}\n"));
            return;
        }
        Block::Notice(text) => format!("> {}\n", prose(text)),
        Block::Text(text) => format!("{}\n", prose(text)),
        Block::List(lines) => list(lines),
        Block::Facts(facts) => {
            facts.iter().map(|(name, value)| format!("- {name}: {}\n", prose(value))).collect()
        }
        Block::Table(rows) => table(rows),
        Block::Code(language, text) => fenced(language, text),
        Block::Comparison(_, good) => fenced("json", good),
        Block::Fold(summary, blocks) => {
            out.push_str(&format!("<details><summary>{}</summary>\n\n", prose(summary)));
            blocks.iter().for_each(|one| self::block(out, one, level));
            "</details>\n".to_owned()
        }
    };
    out.push_str(&text);
    out.push('\n');
}

fn list(lines: &[String]) -> String {
    lines.iter().map(|line| format!("- {}\n", prose(line))).collect()
}

fn table(rows: &[Vec<String>]) -> String {
    let line = |row: &Vec<String>| {
        let cells: Vec<String> = row.iter().map(|text| cell(text)).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let Some((head, rows)) = rows.split_first() else { return String::new() };
    let rule = format!("|{}\n", " --- |".repeat(head.len()));
    line(head) + &rule + &rows.iter().map(line).collect::<String>()
}

/// Returns text for a table's cell, in which a bar would end the cell even inside code.
fn cell(text: &str) -> String {
    // prose escapes bars outside code only
    prose(text).replace("\\|", "|").replace('|', "\\|")
}
