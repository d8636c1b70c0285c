//! A document of tickets: a section for each cause, and what was masked.

use crate::report::layout::counted;
use crate::report::personal::PersonalData;
use crate::report::ticket::block::{Block, TicketSection};
use crate::report::ticket::content::{People, Ticket, masked, people};
use crate::report::ticket::outline;

/// What every format lays out. Personal data is masked in it, but for the bodies of a comparison.
pub(super) struct TicketDocument<'a> {
    /// `None` if there is one section: its title is the document's.
    pub(super) title: Option<String>,
    pub(super) sections: Vec<TicketSection<'a>>,
    /// What was masked, one line per kind.
    pub(super) masked: Vec<String>,
    pub(super) personal: PersonalData,
}

/// Returns the document of these tickets.
pub(super) fn document<'a>(tickets: &'a [Ticket<'a>], people_are: People) -> TicketDocument<'a> {
    let personal = people(tickets, people_are);
    let mut sections = outline::sections(tickets);
    for section in &mut sections {
        section.title = personal.mask(&section.title);
        section.blocks.iter_mut().for_each(|block: &mut Block<'a>| block.mask(&personal));
    }
    let title = (sections.len() != 1).then(|| {
        let causes = counted(sections.len() as u64, "cause");
        format!("{}, {causes}", counted(tickets.len() as u64, "exchange"))
    });
    TicketDocument { title, sections, masked: masked(&personal, people_are), personal }
}
