//! The ticket as one self-contained HTML file: readable offline, printable, light and dark, no script.

use crate::report::comparison::{self, ComparedBody, ComparisonView};
use crate::report::html::{self, facts, inline, list, paragraph};
use crate::report::markup;
use crate::report::ticket::block::{Block, TicketSection};
use crate::report::ticket::content::{People, Ticket};
use crate::report::ticket::document::document;

/// Returns the document.
pub fn render(tickets: &[Ticket<'_>], people_are: People) -> String {
    let document = document(tickets, people_are);
    let single = document.sections.first().map(|section| section.title.clone()).unwrap_or_default();
    let title = document.title.clone().unwrap_or(single);
    let mut sections: Vec<String> = Vec::new();
    for TicketSection { title, id, blocks } in &document.sections {
        let id = format!("x{id}");
        let several = document.title.is_some();
        let level = if several { 3 } else { 2 };
        let inner: String = blocks.iter().map(|one| block(one, &id, level)).collect();
        sections.push(if several {
            html::section(&id, title, &inner)
        } else {
            format!("<section id=\"{id}\">\n{inner}</section>\n")
        });
    }
    sections.push(html::section("masked", "Masked", &list(&document.masked)));
    // the bodies that are compared are the only text that is not masked yet
    document.personal.mask(&html::document(&title, &sections))
}

fn block(block: &Block<'_>, id: &str, level: u8) -> String {
    match block {
        Block::Heading(text) => format!("<h{level}>{}</h{level}>\n", markup::html(text)),
        Block::Notice(text) => format!("<p class=\"notice\">{}</p>\n", inline(text)),
        Block::Text(text) => paragraph(text),
        Block::List(lines) => list(lines),
        Block::Facts(pairs) => facts(pairs),
        Block::Table(rows) => table(rows),
        Block::Code(_, text) => format!("<pre>{}</pre>\n", markup::html(text)),
        Block::Comparison(ticket, _) => comparison(ticket, id),
        Block::Fold(summary, blocks) => {
            let inner: String = blocks.iter().map(|one| self::block(one, id, level)).collect();
            format!("<details><summary>{}</summary>\n{inner}</details>\n", inline(summary))
        }
    }
}

fn table(rows: &[Vec<String>]) -> String {
    let row = |row: &Vec<String>, tag: &str| {
        let cells: String = row.iter().map(|cell| format!("<{tag}>{}</{tag}>", inline(cell))).collect();
        format!("<tr>{cells}</tr>\n")
    };
    let Some((head, rows)) = rows.split_first() else { return String::new() };
    let rows: String = rows.iter().map(|one| row(one, "td")).collect();
    format!(
        "<div class=\"wide\"><table class=\"matrix\">\n<thead>{}</thead>\n<tbody>{rows}</tbody>\n</table></div>\n",
        row(head, "th")
    )
}

fn comparison(ticket: &Ticket<'_>, id: &str) -> String {
    let (Some(good), Some(comparison)) = (&ticket.pairing.chosen, ticket.comparison) else {
        return String::new();
    };
    let candidate = ticket.exchange.id.to_string();
    comparison::html::render(
        &ComparisonView {
            candidate: ComparedBody { title: &candidate, body: &ticket.exchange.request.body.bytes },
            good: ComparedBody { title: &good.label, body: good.body.as_bytes() },
            expectation: &good.because,
            notes: &[],
            comparison: &comparison.with_faults(&ticket.diagnosis.faults),
        },
        id,
    )
}
