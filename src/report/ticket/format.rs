//! The formats of the ticket: one row each. Command, page and archive read this table.

use crate::report::style::TextStyle;
use crate::report::ticket::{People, Ticket, html, json, markdown, text};

/// A format of the ticket.
#[derive(Debug)]
pub struct TicketFormat {
    /// The name for `--format`.
    pub name: &'static str,
    /// The file extensions, the usual one first; `--format` accepts them, too.
    pub extensions: &'static [&'static str],
    /// The media type.
    pub media_type: &'static str,
    /// What it is for, in one sentence.
    pub about: &'static str,
    /// What writes it.
    pub renderer: TicketRenderer,
    /// Whether the archive contains a file of it.
    pub in_archive: bool,
}

/// What writes a ticket.
#[derive(Clone, Copy, Debug)]
pub enum TicketRenderer {
    /// A function to text.
    Document(fn(&[Ticket<'_>], People) -> String),
    /// A function to text in the style of a terminal.
    Terminal(fn(&[Ticket<'_>], People, &TextStyle) -> String),
    /// An archive of the other formats and the exchanges, made by `knowledge::bundle`.
    Archive,
}

/// Every format; the first one is the default.
pub static FORMATS: [TicketFormat; 5] = [
    TicketFormat {
        name: "markdown",
        extensions: &["md", "markdown"],
        media_type: "text/markdown; charset=utf-8",
        about: "For a tracker",
        renderer: TicketRenderer::Document(markdown::render),
        in_archive: true,
    },
    TicketFormat {
        name: "text",
        extensions: &["txt"],
        media_type: "text/plain; charset=utf-8",
        about: "For reading in a terminal: the same without markup",
        renderer: TicketRenderer::Terminal(text::render),
        in_archive: false,
    },
    TicketFormat {
        name: "html",
        extensions: &["html", "htm"],
        media_type: "text/html; charset=utf-8",
        about: "One self-contained file to read offline",
        renderer: TicketRenderer::Document(html::render),
        in_archive: true,
    },
    TicketFormat {
        name: "json",
        extensions: &["json"],
        media_type: "application/json",
        about: "For a program",
        renderer: TicketRenderer::Document(json::render),
        in_archive: true,
    },
    TicketFormat {
        name: "zip",
        extensions: &["zip"],
        media_type: "application/zip",
        about: "Markdown, HTML, JSON and the exchanges, secrets masked, in one file",
        renderer: TicketRenderer::Archive,
        in_archive: false,
    },
];

impl TicketFormat {
    /// Finds the format of a name or a file extension.
    pub fn find(name: &str) -> Option<&'static Self> {
        let name = name.to_ascii_lowercase();
        FORMATS.iter().find(|format| format.name == name || format.extensions.contains(&name.as_str()))
    }

    /// Returns the usual file extension.
    pub fn extension(&self) -> &'static str {
        self.extensions.first().unwrap_or(&self.name)
    }

    /// Returns the tickets as text; `None` if the format is an archive.
    pub fn render_text(&self, tickets: &[Ticket<'_>], people: People, style: &TextStyle) -> Option<String> {
        match self.renderer {
            TicketRenderer::Document(render) => Some(render(tickets, people)),
            TicketRenderer::Terminal(render) => Some(render(tickets, people, style)),
            TicketRenderer::Archive => None,
        }
    }
}
