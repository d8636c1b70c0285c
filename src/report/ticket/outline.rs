//! What a ticket says, in the order in which its reader needs it: the cause, what to change, the proof, what
//! was sent and expected, the environment. The rest is folded.

use crate::model::finding::Finding;
use crate::report::headline;
use crate::report::layout::counted;
use crate::report::ticket::block::{Block, TicketSection};
use crate::report::ticket::content::Ticket;
use crate::report::ticket::folds;
use crate::report::ticket::groups::{self, CauseGroup};
use crate::report::ticket::messages;
use crate::report::ticket::parts::{client_lines, faults, table};
use crate::report::ticket::phrases::{self, code};

/// Findings, changes and lines of a body that are shown before the first fold.
const MOST_LINES: usize = 12;
/// Lines of the client's program that are shown before the first fold.
const MOST_CLIENT_LINES: usize = 2;
/// Refusals of one cause that are listed.
const MOST_REFUSALS: usize = 20;

/// Returns the sections of a document: one for each cause.
pub(super) fn sections<'a>(tickets: &'a [Ticket<'a>]) -> Vec<TicketSection<'a>> {
    groups::by_cause(tickets).iter().map(section).collect()
}

fn section<'a>(group: &CauseGroup<'a>) -> TicketSection<'a> {
    let ticket = group.shown;
    let mut blocks = Vec::new();
    if let Some(rule) = ticket.simulator_rule() {
        let text =
            format!("Answered by wraptap's simulator, by its rule {}, and not by the API.", code(rule));
        blocks.push(Block::Notice(text));
    }
    // without any response, the title and the cause say it
    if let (Some(failure), Some(_)) = (&ticket.exchange.error, &ticket.exchange.response) {
        let text = format!("There is no whole response: {}: {}", failure.source.name(), failure.message);
        blocks.push(Block::Notice(text));
    }
    blocks.extend(cause(ticket));
    blocks.extend(refusals(group));
    blocks.extend(what_to_change(ticket));
    blocks.extend(findings(ticket));
    blocks.extend(corrected(ticket));
    blocks.push(Block::Heading("Sent and answered"));
    blocks.push(Block::Code("http", messages::excerpt(ticket.exchange)));
    blocks.push(Block::Heading("Environment"));
    blocks.push(Block::Facts(phrases::environment(ticket)));
    blocks.extend(folds::folds(ticket, MOST_LINES, MOST_CLIENT_LINES));
    TicketSection { title: ticket.title(), id: ticket.exchange.id.get(), blocks }
}

/// The cause in one sentence, and what may be the cause as well.
fn cause(ticket: &Ticket<'_>) -> Vec<Block<'static>> {
    let Some(verdict) = &ticket.diagnosis.verdict else { return Vec::new() };
    let words = verdict.cause.name().replace('_', " ");
    let sentence = headline::sentence(ticket.diagnosis).unwrap_or_default();
    let text = format!("Cause ({words}, {} confidence): {sentence}.", verdict.confidence.name());
    let mut blocks = vec![Block::Text(text)];
    if !verdict.other_causes.is_empty() {
        let others: Vec<String> = verdict.other_causes.iter().map(phrases::other).collect();
        blocks.push(Block::Text(format!("Not ruled out: {}.", others.join("; "))));
    }
    blocks
}

/// The refusals that have this cause, if there is more than one.
fn refusals(group: &CauseGroup<'_>) -> Vec<Block<'static>> {
    if group.others.is_empty() {
        return Vec::new();
    }
    let all = std::iter::once(&group.shown).chain(&group.others);
    let count = group.others.len() + 1;
    let mut lines: Vec<String> = all
        .take(MOST_REFUSALS)
        .map(|ticket| {
            let id = ticket.exchange.id;
            let correlation = ticket.diagnosis.refusal.as_ref().and_then(|said| said.correlation.as_deref());
            let correlation =
                correlation.map(|id| format!(", correlation id {}", code(id))).unwrap_or_default();
            format!("{id} at {} UTC{correlation}", ticket.exchange.started_at)
        })
        .collect();
    if count > MOST_REFUSALS {
        lines.push(format!("and {} more", count - MOST_REFUSALS));
    }
    let text =
        format!("{} of this cause, {} is shown:", counted(count as u64, "refusal"), group.shown.exchange.id);
    vec![Block::Text(text), Block::List(lines)]
}

fn what_to_change(ticket: &Ticket<'_>) -> Vec<Block<'static>> {
    let remedy = &ticket.diagnosis.remedy;
    let lines = steps(ticket);
    let more = lines.len().saturating_sub(MOST_LINES);
    let mut shown: Vec<String> = lines.into_iter().take(MOST_LINES).collect();
    if more > 0 {
        shown.push(format!("and {more} more, see the corrected body"));
    }
    let mut blocks = Vec::new();
    if !shown.is_empty() {
        blocks.push(Block::List(shown));
    }
    blocks.extend(client_lines(remedy.client.iter().take(MOST_CLIENT_LINES)));
    blocks.extend(proof(ticket).map(Block::Text));
    if !blocks.is_empty() {
        blocks.insert(0, Block::Heading("What to change"));
    }
    blocks
}

/// Returns what to do, one line each: the changes of the correction, what is open, what else the verdict asks
/// for.
fn steps(ticket: &Ticket<'_>) -> Vec<String> {
    let remedy = &ticket.diagnosis.remedy;
    let mut lines = phrases::changes(remedy);
    if lines.is_empty() {
        let place = |fault: &Finding| phrases::place(fault);
        lines.extend(faults(ticket).map(|fault| format!("{}: {}", place(fault), fault.help)));
    }
    let helps: Vec<String> = faults(ticket).flat_map(|fault| [fault.help.clone(), fault.advice()]).collect();
    let next = ticket.diagnosis.verdict.iter().flat_map(|verdict| &verdict.next);
    // the commands are those of `proof`
    let new = next.filter(|line| !helps.contains(line) && !line.starts_with("prove it: "));
    lines.extend(new.cloned());
    lines
}

/// Returns the proof that the correction is right, or how to get it.
fn proof(ticket: &Ticket<'_>) -> Option<String> {
    ticket.diagnosis.remedy.body.as_ref()?;
    if let Some(id) = ticket.proof {
        return Some(format!("Proof: the corrected body was accepted as {id}."));
    }
    Some(format!("To prove it: `{}`", ticket.replay_command(" --fixed")))
}

/// The findings as a table.
fn findings(ticket: &Ticket<'_>) -> Vec<Block<'static>> {
    let all: Vec<&Finding> = faults(ticket).collect();
    if all.is_empty() {
        return Vec::new();
    }
    let mut blocks = vec![Block::Heading("Sent and expected")];
    blocks.extend(table(&all[..all.len().min(MOST_LINES)]));
    if all.len() > MOST_LINES {
        blocks.push(Block::Text(format!("and {} more, see below", all.len() - MOST_LINES)));
    }
    blocks
}

/// The corrected body, unless it is so long that it is folded.
fn corrected(ticket: &Ticket<'_>) -> Vec<Block<'static>> {
    let remedy = &ticket.diagnosis.remedy;
    let (heading, body) = match (&remedy.body, &remedy.draft) {
        (Some(body), _) => ("Corrected body", body),
        (None, Some(draft)) => ("Corrected body, not yet complete", draft),
        (None, None) => return Vec::new(),
    };
    let command = format!("{} --fix", ticket.command("diff"));
    let whole = messages::whole("json", body, &command);
    let shown = match whole {
        Block::Code(..) if !is_short(body) => {
            Block::Fold(format!("{} of JSON", counted(body.len() as u64, "byte")), vec![whole])
        }
        whole => whole,
    };
    vec![Block::Heading(heading), shown]
}

fn is_short(body: &str) -> bool {
    body.lines().count() <= MOST_LINES && body.len() <= 2000
}
