//! What a ticket consists of: blocks of plain text, in which text between backticks is code. A format lays
//! them out; what is said is decided once, in `outline`.

use crate::report::personal::PersonalData;
use crate::report::ticket::content::Ticket;

/// One refusal, or all refusals of one cause.
#[derive(Debug)]
pub(super) struct TicketSection<'a> {
    pub(super) title: String,
    /// Keeps ids apart where a document has several sections.
    pub(super) id: u64,
    pub(super) blocks: Vec<Block<'a>>,
}

/// A piece of a section.
#[derive(Debug)]
pub(super) enum Block<'a> {
    Heading(&'static str),
    /// What has to be known before everything else.
    Notice(String),
    Text(String),
    List(Vec<String>),
    Facts(Vec<(&'static str, String)>),
    /// A table; the first row is its head.
    Table(Vec<Vec<String>>),
    /// Lines to copy, in the language that Markdown knows them by.
    Code(&'static str, String),
    /// The bodies of the ticket beside each other where the format can; else the known-good one, as JSON.
    Comparison(&'a Ticket<'a>, String),
    /// What only some readers need.
    Fold(String, Vec<Self>),
}

impl Block<'_> {
    /// Masks personal data in all text.
    pub(super) fn mask(&mut self, personal: &PersonalData) {
        let mask = |text: &mut String| *text = personal.mask(text);
        match self {
            Self::Heading(_) => {}
            Self::Notice(text) | Self::Text(text) | Self::Code(_, text) | Self::Comparison(_, text) => {
                mask(text);
            }
            Self::List(lines) => lines.iter_mut().for_each(mask),
            Self::Facts(facts) => facts.iter_mut().for_each(|(_, value)| mask(value)),
            Self::Table(rows) => rows.iter_mut().flatten().for_each(mask),
            Self::Fold(summary, blocks) => {
                mask(summary);
                blocks.iter_mut().for_each(|block| block.mask(personal));
            }
        }
    }
}
