//! The ticket as one self-contained HTML file: readable offline, printable, light and dark, no script.

use crate::model::remedy::Remedy;
use crate::model::verdict::Verdict;
use crate::report::comparison::{self, ComparedBody, ComparisonView};
use crate::report::html::{document, facts, list, message, paragraph, section};
use crate::report::markup;
use crate::report::ticket::{People, Ticket, masked, people, phrases};

/// Returns the document.
pub fn render(tickets: &[Ticket<'_>], people_are: People) -> String {
    let personal = people(tickets, people_are);
    let title = match tickets {
        [one] => one.title(),
        several => format!("{} exchanges", several.len()),
    };
    let mut sections = Vec::new();
    for ticket in tickets {
        // Ids keep apart what several tickets have in common.
        let id = format!("x{}", ticket.exchange.id.get());
        let heading = match tickets.len() {
            1 => format!("Exchange {}", ticket.exchange.id),
            _ => format!("{}: {}", ticket.exchange.id, ticket.title()),
        };
        sections.extend(chapter(ticket, &id, &heading));
    }
    sections.push(section("masked", "Masked", &list(&masked(&personal, people_are))));
    personal.mask(&document(&title, &sections))
}

fn chapter(ticket: &Ticket<'_>, id: &str, heading: &str) -> Vec<String> {
    let diagnosis = ticket.diagnosis;
    let statement =
        diagnosis.verdict.as_ref().map(|verdict| paragraph(&verdict.statement)).unwrap_or_default();
    let mut sections = vec![section(id, heading, &(statement + &facts(&phrases::facts(ticket))))];
    let mut add = |name: &str, heading: &str, inner: String| {
        if !inner.is_empty() {
            sections.push(section(&format!("{id}-{name}"), heading, &inner));
        }
    };
    add("why", "Why", diagnosis.verdict.as_ref().map(why).unwrap_or_default());
    let faults: Vec<String> = diagnosis.faults.iter().map(phrases::fault).collect();
    add("api", "What the public API's own description says", list(&faults));
    add("diff", "What differs from the known-good payload", differences(ticket, id));
    add("fix", "What to change", what_to_change(&diagnosis.remedy));
    let said = diagnosis.refusal.as_ref().map(|refusal| list(&phrases::server_said(refusal)));
    add("server", "What the server says", said.unwrap_or_default());
    add("wire", "On the wire", wire(ticket));
    let reproduce = ticket.reproduce.map(pre);
    add("again", "Reproduce", reproduce.unwrap_or_default());
    sections
}

fn why(verdict: &Verdict) -> String {
    let mut out = paragraph(&phrases::cause(verdict));
    let mut add_list = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            out.push_str(&format!("{}{}", paragraph(title), list(&lines)));
        }
    };
    add_list("Evidence:", verdict.evidence.iter().map(phrases::evidence).collect());
    add_list("Evidence against it:", verdict.contrary.iter().map(phrases::evidence).collect());
    add_list("Not ruled out:", verdict.other_causes.iter().map(phrases::other).collect());
    add_list("Next:", verdict.next.clone());
    out
}

fn differences(ticket: &Ticket<'_>, id: &str) -> String {
    let out = paragraph(&phrases::pairing(ticket));
    let (Some(good), Some(comparison)) = (&ticket.pairing.chosen, ticket.comparison) else { return out };
    let candidate = ticket.exchange.id.to_string();
    out + &comparison::html::render(
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

fn what_to_change(remedy: &Remedy) -> String {
    let mut out = list(&phrases::changes(remedy));
    if let Some(body) = &remedy.body {
        out.push_str(&(paragraph("The corrected body:") + &pre(body)));
    }
    for line in &remedy.client {
        out.push_str(&paragraph(&phrases::habit(line)));
        out.push_str(&(pre(&line.before) + &paragraph("write") + &pre(&line.after)));
    }
    out
}

fn wire(ticket: &Ticket<'_>) -> String {
    let request = &ticket.exchange.request;
    let line = format!("{} {} {}", request.method.lossy(), request.target.lossy(), request.version);
    let mut out = message("Request as sent", &line, &request.headers, &request.body);
    if let Some(response) = &ticket.exchange.response {
        let line = format!("{} {} {}", response.version, response.status, response.reason.lossy());
        out.push_str(&message("Response", line.trim_end(), &response.headers, &response.body));
    }
    out
}

fn pre(text: &str) -> String {
    format!("<pre>{}</pre>\n", markup::html(text))
}
