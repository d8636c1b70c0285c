//! What only some readers of a ticket need: how to send the request again, the whole messages, the evidence,
//! the comparison.

use crate::api;
use crate::model::finding::{Finding, Severity};
use crate::model::refusal::{Refusal, Shape};
use crate::model::remedy::ClientLine;
use crate::report::indent;
use crate::report::layout::counted;
use crate::report::ticket::block::Block;
use crate::report::ticket::content::Ticket;
use crate::report::ticket::messages::{self, request_text, response_text};
use crate::report::ticket::parts::{client_lines, faults, table};
use crate::report::ticket::phrases;

/// Findings that are listed; the rest is counted.
const MOST_FINDINGS: usize = 200;

/// Returns the folds of a ticket whose first `findings` findings and `clients` client lines are shown before.
pub(super) fn folds<'a>(ticket: &'a Ticket<'a>, findings: usize, clients: usize) -> Vec<Block<'a>> {
    let mut folds = Vec::new();
    let mut fold = |summary: &str, blocks: Vec<Block<'a>>| {
        if !blocks.is_empty() {
            folds.push(Block::Fold(summary.to_owned(), blocks));
        }
    };
    fold("Send it again", again(ticket));
    let exchange = ticket.exchange;
    fold("Request as sent", vec![messages::block("http", &request_text(&exchange.request))]);
    let response =
        exchange.response.as_ref().map(|response| messages::block("http", &response_text(response)));
    fold("Response", response.into_iter().collect());
    let rest: Vec<&Finding> = faults(ticket).skip(findings).collect();
    fold("More findings", capped(&rest));
    fold("Why", why(ticket, clients));
    fold("Compared with a known-good payload", compared(ticket));
    let said = ticket.diagnosis.refusal.as_ref().filter(|said| has_more(said));
    let said = said.map(|said| Block::List(phrases::server_said(said)));
    fold("What the server says", said.into_iter().collect());
    folds
}

/// Returns whether an error body says more than its message.
fn has_more(said: &Refusal) -> bool {
    said.shape != Shape::ErrorBody
        || !said.params.is_empty()
        || !said.nested.is_empty()
        || !said.all_details().is_empty()
}

/// How to send the request again; what is gone, as the simulator of a demo, is not offered.
fn again(ticket: &Ticket<'_>) -> Vec<Block<'static>> {
    if ticket.simulator_rule().is_some() {
        return vec![Block::Text(format!("`{}`", ticket.replay_command("")))];
    }
    ticket
        .reproduce
        .map(|command| messages::whole("sh", command, &ticket.command("export")))
        .into_iter()
        .collect()
}

fn why(ticket: &Ticket<'_>, clients: usize) -> Vec<Block<'static>> {
    let mut blocks = Vec::new();
    let mut list = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            blocks.extend([Block::Text(title.to_owned()), Block::List(lines)]);
        }
    };
    let verdict = ticket.diagnosis.verdict.as_ref();
    list("Evidence:", verdict.iter().flat_map(|verdict| &verdict.evidence).map(phrases::evidence).collect());
    list(
        "Against it:",
        verdict.iter().flat_map(|verdict| &verdict.contrary).map(phrases::evidence).collect(),
    );
    let habits = &ticket.diagnosis.remedy.client;
    let habit = |line: &ClientLine| format!("{}: {}", api::assumed().client_name(line.sdk), line.habit);
    list("Habits of clients:", habits.iter().map(habit).collect());
    blocks.extend(client_lines(habits.iter().skip(clients)));
    blocks
}

fn compared<'a>(ticket: &'a Ticket<'a>) -> Vec<Block<'a>> {
    let mut blocks = vec![Block::Text(phrases::pairing(ticket))];
    let Some(comparison) = ticket.comparison else { return blocks };
    let context: Vec<&Finding> =
        comparison.findings.iter().filter(|finding| finding.severity == Severity::Info).collect();
    blocks.extend(capped(&context));
    if comparison.hidden > 0 {
        blocks.push(Block::Text(format!("{} more hidden by the baseline's `ignore`.", comparison.hidden)));
    }
    if let Some(good) = &ticket.pairing.chosen {
        let body = good.body.lossy();
        let body = indent::json(&body).unwrap_or_else(|| body.into_owned());
        blocks.push(Block::Comparison(ticket, body));
    }
    blocks
}

fn capped(findings: &[&Finding]) -> Vec<Block<'static>> {
    if findings.is_empty() {
        return Vec::new();
    }
    let mut blocks = table(&findings[..findings.len().min(MOST_FINDINGS)]);
    if findings.len() > MOST_FINDINGS {
        let more = counted((findings.len() - MOST_FINDINGS) as u64, "more finding");
        blocks.push(Block::Text(format!("and {more}: `--format json` has all")));
    }
    blocks
}
