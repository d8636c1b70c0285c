//! Which refusals have one cause: they are one section of a document, with a list.

use crate::report::headline;
use crate::report::ticket::content::Ticket;

/// Refusals of one cause, the one that is shown first.
pub(super) struct CauseGroup<'a> {
    pub(super) shown: &'a Ticket<'a>,
    pub(super) others: Vec<&'a Ticket<'a>>,
}

/// Groups tickets in the order of their first ones. What was not refused has a group of its own.
pub(super) fn by_cause<'a>(tickets: &'a [Ticket<'a>]) -> Vec<CauseGroup<'a>> {
    let mut groups: Vec<(Option<CauseKey<'a>>, CauseGroup<'a>)> = Vec::new();
    for ticket in tickets {
        let key = CauseKey::of_refusal(ticket);
        match groups.iter_mut().find(|(known, _)| known.is_some() && *known == key) {
            Some((_, group)) => group.others.push(ticket),
            None => groups.push((key, CauseGroup { shown: ticket, others: Vec::new() })),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

/// What refusals of one cause have in common.
#[derive(PartialEq)]
struct CauseKey<'a> {
    operation: String,
    status: Option<u16>,
    cause: String,
    client: Option<&'a str>,
    findings: Vec<(&'static str, Option<&'a str>)>,
    simulated: bool,
}

impl<'a> CauseKey<'a> {
    fn of_refusal(ticket: &'a Ticket<'a>) -> Option<Self> {
        let diagnosis = ticket.diagnosis;
        let faults = diagnosis.faults.iter();
        Some(Self {
            operation: diagnosis.operation.to_string(),
            status: ticket.exchange.status(),
            cause: headline::cause(diagnosis)?,
            client: ticket.exchange.sdk.as_ref().map(|sdk| sdk.name.as_str()),
            findings: faults.map(|fault| (fault.class.name(), fault.place().map(|at| at.as_str()))).collect(),
            simulated: ticket.simulator_rule().is_some(),
        })
    }
}
