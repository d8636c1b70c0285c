//! The ticket as plain text for a terminal: the same blocks, no markup; what other formats fold is at the end
//! of its section.

use crate::report::layout;
use crate::report::safe;
use crate::report::style::{TextRole, TextStyle};
use crate::report::ticket::block::Block;
use crate::report::ticket::content::{People, Ticket};
use crate::report::ticket::document::document;

/// Cells of a column of a table.
const COLUMN: usize = 26;

/// Returns the tickets one after the other, then what was masked in them.
pub fn render(tickets: &[Ticket<'_>], people_are: People, style: &TextStyle) -> String {
    let document = document(tickets, people_are);
    let mut page = TextTicket { out: String::new(), style };
    document.title.iter().for_each(|title| page.heading(title));
    for section in &document.sections {
        if !page.out.is_empty() {
            page.out.push_str(&format!("\n{}\n", style.paint(TextRole::Frame, &"-".repeat(style.width))));
        }
        page.heading(&section.title);
        section.blocks.iter().for_each(|block| page.block(block));
    }
    page.heading("Masked");
    page.list(&document.masked);
    page.out
}

struct TextTicket<'a> {
    out: String,
    style: &'a TextStyle,
}

impl TextTicket<'_> {
    fn block(&mut self, block: &Block<'_>) {
        match block {
            Block::Heading(text) => self.heading(text),
            Block::Notice(text) => {
                let text = layout::hanging("  ! ", &safe::line(text), self.style.width);
                self.out.push_str(&self.style.paint(TextRole::Sent, text.trim_end_matches('\n')));
                self.out.push('\n');
            }
            Block::Text(text) => self.sentence("  ", text),
            Block::List(lines) => self.list(lines),
            Block::Facts(facts) => {
                let widest = facts.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
                facts.iter().for_each(|(name, value)| self.sentence(&format!("  {name:widest$}  "), value));
            }
            Block::Table(rows) => self.table(rows),
            Block::Code(language, text) => self.code(language, text),
            Block::Comparison(_, good) => self.code("json", good),
            Block::Fold(summary, blocks) => {
                self.heading(summary);
                blocks.iter().for_each(|block| self.block(block));
            }
        }
    }

    fn heading(&mut self, text: &str) {
        let gap = if self.out.is_empty() { "" } else { "\n" };
        let lines = layout::wrap(&safe::line(text), self.style.width);
        let lines: Vec<String> = lines.iter().map(|line| self.style.paint(TextRole::Strong, line)).collect();
        self.out.push_str(&format!("{gap}{}\n", lines.join("\n")));
    }

    fn list(&mut self, lines: &[String]) {
        lines.iter().for_each(|line| self.sentence("  - ", line));
    }

    /// Adds text that is wrapped at its blanks, the following lines under the first; a command stays on one
    /// line, to be copied.
    fn sentence(&mut self, indent: &str, text: &str) {
        let text = safe::line(text);
        match text.split_once("`wraptap ") {
            Some((before, command)) => {
                self.out.push_str(&format!("{indent}{before}`wraptap {command}\n"));
            }
            None => self.out.push_str(&layout::hanging(indent, &text, self.style.width)),
        }
    }

    /// Adds a table, or blocks of lines where it is too wide.
    fn table(&mut self, rows: &[Vec<String>]) {
        let Some((head, rows)) = rows.split_first() else { return };
        let plain: Vec<Vec<String>> = std::iter::once(head)
            .chain(rows)
            .map(|row| row.iter().map(|cell| safe::line(&cell.replace('`', "")).into_owned()).collect())
            .collect();
        let widths: Vec<usize> = (0..head.len())
            .map(|n| {
                plain.iter().filter_map(|row| row.get(n)).map(|cell| layout::width(cell)).max().unwrap_or(0)
            })
            .map(|width| width.min(COLUMN))
            .collect();
        if widths.iter().map(|width| width + 2).sum::<usize>() > self.style.width {
            return self.records(&plain);
        }
        for (n, row) in plain.iter().enumerate() {
            let cells: Vec<String> =
                row.iter().zip(&widths).map(|(cell, width)| layout::pad(cell, *width)).collect();
            let role = if n == 0 { TextRole::Frame } else { TextRole::Strong };
            let line = cells.join("  ");
            let line = line.trim_end();
            let line = if n == 0 { self.style.paint(role, line) } else { line.to_owned() };
            self.out.push_str(&format!("  {line}\n"));
        }
    }

    fn records(&mut self, rows: &[Vec<String>]) {
        let Some((head, rows)) = rows.split_first() else { return };
        for row in rows {
            for (n, (name, cell)) in head.iter().zip(row).enumerate() {
                let room = self.style.width.saturating_sub(14).max(20);
                let cell = layout::cut(cell, room);
                let line = if n == 0 {
                    format!("  {}", self.style.paint(TextRole::Strong, &cell))
                } else {
                    format!("    {name:<8}  {cell}")
                };
                self.out.push_str(&format!("{}\n", line.trim_end()));
            }
        }
    }

    /// Adds text with its own lines, indented.
    fn code(&mut self, language: &str, text: &str) {
        for line in safe::block(text).lines() {
            let role = match line.as_bytes().first() {
                Some(b'-') if language == "diff" => Some(TextRole::Sent),
                Some(b'+') if language == "diff" => Some(TextRole::Expected),
                _ => None,
            };
            let line = format!("    {line}");
            let line = line.trim_end();
            self.out.push_str(&role.map_or_else(|| line.to_owned(), |role| self.style.paint(role, line)));
            self.out.push('\n');
        }
    }
}
