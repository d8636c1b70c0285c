//! The ticket as Markdown for a bug tracker, the most important part first.

use crate::model::finding::{Finding, Severity};
use crate::model::remedy::Remedy;
use crate::model::verdict::Verdict;
use crate::report::markup::{fenced, prose};
use crate::report::ticket::{People, Ticket, masked, people, phrases, request_text, response_text};

/// Returns one Markdown document with a chapter for each ticket.
pub fn render(tickets: &[Ticket<'_>], people_are: People) -> String {
    let personal = people(tickets, people_are);
    let chapters = tickets.iter().map(chapter).collect::<Vec<_>>().join("\n---\n\n");
    // our own text, with the masks used above
    let masked: String = masked(&personal, people_are).iter().map(|line| format!("- {line}\n")).collect();
    format!("{}\n## Masked\n\n{masked}", personal.mask(&chapters))
}

fn chapter(ticket: &Ticket<'_>) -> String {
    let diagnosis = ticket.diagnosis;
    let mut out = format!("# {}\n\n", prose(&ticket.title()));
    if let Some(verdict) = &diagnosis.verdict {
        out.push_str(&format!("{}\n\n", prose(&verdict.statement)));
    }
    out.push_str("| | |\n| --- | --- |\n");
    for (name, value) in phrases::facts(ticket) {
        out.push_str(&format!("| {name} | {} |\n", cell(&value)));
    }
    out.push('\n');
    if let Some(verdict) = &diagnosis.verdict {
        out.push_str(&why(verdict));
    }
    if !diagnosis.faults.is_empty() {
        let faults: Vec<String> = diagnosis.faults.iter().map(phrases::fault).collect();
        out.push_str(&format!("## What the public API's own description says\n\n{}\n", list(&faults)));
    }
    out.push_str(&differences(ticket));
    out.push_str(&what_to_change(&diagnosis.remedy));
    if let Some(refusal) = &diagnosis.refusal {
        out.push_str(&format!("## What the server says\n\n{}\n", list(&phrases::server_said(refusal))));
    }
    let request = fenced("http", &request_text(&ticket.exchange.request));
    out.push_str(&format!("## Request as sent\n\n{request}\n"));
    if let Some(response) = &ticket.exchange.response {
        out.push_str(&format!("## Response\n\n{}\n", fenced("http", &response_text(response))));
    }
    if let Some(command) = ticket.reproduce {
        out.push_str(&format!("## Reproduce\n\n{}\n", fenced("sh", command)));
    }
    out.trim_end().to_owned() + "\n"
}

fn why(verdict: &Verdict) -> String {
    let mut out = format!("## Why\n\n**{}**\n\n", prose(&phrases::cause(verdict)));
    let mut add_list = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            out.push_str(&format!("{title}\n\n{}\n", list(&lines)));
        }
    };
    add_list("Evidence:", verdict.evidence.iter().map(phrases::evidence).collect());
    add_list("Evidence against it:", verdict.contrary.iter().map(phrases::evidence).collect());
    add_list("Not ruled out:", verdict.other_causes.iter().map(phrases::other).collect());
    add_list("Next:", verdict.next.clone());
    out
}

fn differences(ticket: &Ticket<'_>) -> String {
    let mut out =
        format!("## What differs from the known-good payload\n\n{}\n\n", prose(&phrases::pairing(ticket)));
    let (Some(good), Some(comparison)) = (&ticket.pairing.chosen, ticket.comparison) else { return out };
    if comparison.findings.is_empty() {
        out.push_str("No difference.\n\n");
    } else {
        out.push_str("| | class | place | sent | expected |\n| --- | --- | --- | --- | --- |\n");
        comparison.findings.iter().for_each(|finding| out.push_str(&row(finding)));
        let listed = comparison.findings.iter().filter(|finding| finding.severity != Severity::Info);
        out.push_str(&format!("\n{}\n", list(&listed.map(phrases::finding).collect::<Vec<_>>())));
    }
    if comparison.hidden > 0 {
        out.push_str(&format!("{} more hidden by the baseline's `ignore`.\n\n", comparison.hidden));
    }
    out + "Known-good payload:\n\n" + &fenced("json", &good.body.lossy()) + "\n"
}

fn row(finding: &Finding) -> String {
    let cells = [
        finding.severity.name().to_owned(),
        finding.class.name().to_owned(),
        phrases::place(finding),
        phrases::describe_value(finding.sent.as_ref()),
        phrases::describe_value(finding.expected.as_ref()),
    ];
    format!("| {} |\n", cells.map(|text| cell(&text)).join(" | "))
}

fn what_to_change(remedy: &Remedy) -> String {
    let mut out = list(&phrases::changes(remedy));
    if let Some(body) = &remedy.body {
        out.push_str(&format!("\nThe corrected body:\n\n{}", fenced("json", body)));
    }
    for line in &remedy.client {
        let (before, after) = (fenced("", &line.before), fenced("", &line.after));
        out.push_str(&format!("\n{}\n\n{before}\nwrite\n\n{after}", prose(&phrases::habit(line))));
    }
    if out.is_empty() { out } else { format!("## What to change\n\n{}\n", out.trim_start()) }
}

fn list(lines: &[String]) -> String {
    lines.iter().map(|line| format!("- {}\n", prose(line))).collect()
}

/// Returns text for a table's cell, in which a bar would end the cell even inside code.
fn cell(text: &str) -> String {
    // prose escapes bars outside code only
    prose(text).replace("\\|", "|").replace('|', "\\|")
}
