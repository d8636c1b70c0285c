//! The ticket as plain text for a terminal: the same chapters, no markup.
//!
//! Personal data is masked before a line is wrapped: a name that is broken over two lines would be missed.

use crate::model::finding::{Finding, Severity};
use crate::model::remedy::Remedy;
use crate::model::verdict::Verdict;
use crate::report::personal::PersonalData;
use crate::report::style::{TextRole, TextStyle};
use crate::report::ticket::{People, Ticket, masked, people, phrases, request_text, response_text};
use crate::report::{indent, layout, safe};

/// Returns the tickets one after the other, then what was masked in them.
pub fn render(tickets: &[Ticket<'_>], people_are: People, style: &TextStyle) -> String {
    let personal = people(tickets, people_are);
    let mut page = TextTicket { out: String::new(), personal: &personal, style };
    for ticket in tickets {
        page.ticket(ticket);
    }
    page.heading("Masked");
    // our own text, with the masks used above
    for line in masked(&personal, people_are) {
        page.out.push_str(&layout::hanging("  - ", &line, style.width));
    }
    page.out
}

struct TextTicket<'a> {
    out: String,
    personal: &'a PersonalData,
    style: &'a TextStyle,
}

impl TextTicket<'_> {
    fn ticket(&mut self, ticket: &Ticket<'_>) {
        let diagnosis = ticket.diagnosis;
        if !self.out.is_empty() {
            let rule = "-".repeat(self.style.width);
            self.out.push_str(&format!("\n{}\n", self.style.paint(TextRole::Frame, &rule)));
        }
        self.heading(&ticket.title());
        if let Some(verdict) = &diagnosis.verdict {
            self.sentence("  ", &verdict.statement);
            self.out.push('\n');
        }
        let facts = phrases::facts(ticket);
        let widest = facts.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        for (name, value) in &facts {
            self.sentence(&format!("  {name:widest$}  "), value);
        }
        if let Some(verdict) = &diagnosis.verdict {
            self.why(verdict);
        }
        if !diagnosis.faults.is_empty() {
            self.heading("What the public API's own description says");
            diagnosis.faults.iter().for_each(|fault| self.sentence("  - ", &phrases::fault(fault)));
        }
        self.differences(ticket);
        self.what_to_change(&diagnosis.remedy);
        if let Some(refusal) = &diagnosis.refusal {
            self.heading("What the server says");
            phrases::server_said(refusal).iter().for_each(|line| self.sentence("  - ", line));
        }
        self.heading("Request as sent");
        self.block(&request_text(&ticket.exchange.request));
        if let Some(response) = &ticket.exchange.response {
            self.heading("Response");
            self.block(&response_text(response));
        }
        if let Some(command) = ticket.reproduce {
            self.heading("Reproduce");
            self.block(command);
        }
    }

    fn why(&mut self, verdict: &Verdict) {
        self.heading(&format!("Why: {}", phrases::cause(verdict)));
        self.list("evidence:", verdict.evidence.iter().map(phrases::evidence));
        self.list("evidence against it:", verdict.contrary.iter().map(phrases::evidence));
        self.list("not ruled out:", verdict.other_causes.iter().map(phrases::other));
        if !verdict.next.is_empty() {
            self.out.push_str("  next:\n");
            // never wrapped: they contain commands to copy
            verdict.next.iter().for_each(|line| self.line("  - ", line));
        }
    }

    fn list(&mut self, title: &str, lines: impl Iterator<Item = String>) {
        for (n, line) in lines.enumerate() {
            if n == 0 {
                self.out.push_str(&format!("  {title}\n"));
            }
            self.sentence("  - ", &line);
        }
    }

    fn differences(&mut self, ticket: &Ticket<'_>) {
        self.heading("What differs from the known-good payload");
        self.sentence("  ", &phrases::pairing(ticket));
        let (Some(good), Some(comparison)) = (&ticket.pairing.chosen, ticket.comparison) else { return };
        if comparison.findings.is_empty() {
            self.out.push_str("  No difference.\n");
        }
        comparison.findings.iter().for_each(|finding| self.finding(finding));
        if comparison.hidden > 0 {
            self.out.push_str(&format!("  {} more hidden by the baseline's `ignore`.\n", comparison.hidden));
        }
        self.out.push_str("  The known-good payload:\n");
        let body = good.body.lossy();
        self.block(&indent::json(&body).unwrap_or_else(|| body.into_owned()));
    }

    fn finding(&mut self, finding: &Finding) {
        let head = format!("{}[{}]", finding.severity.name(), finding.class.name());
        let head = self.style.paint(TextRole::Severity(finding.severity), &head);
        self.line(&format!("  {head}: "), &finding.message);
        self.line("    sent:     ", &phrases::describe_value(finding.sent.as_ref()));
        self.line("    expected: ", &phrases::describe_value(finding.expected.as_ref()));
        if finding.severity != Severity::Info {
            self.sentence("    help:     ", &finding.help);
        }
    }

    fn what_to_change(&mut self, remedy: &Remedy) {
        let changes = phrases::changes(remedy);
        if changes.is_empty() && remedy.body.is_none() && remedy.client.is_empty() {
            return;
        }
        self.heading("What to change");
        changes.iter().for_each(|change| self.sentence("  - ", change));
        if let Some(body) = &remedy.body {
            self.out.push_str("  The corrected body:\n");
            self.block(body);
        }
        for line in &remedy.client {
            self.sentence("  ", &phrases::habit(line));
            self.block(&line.before);
            self.out.push_str("  write\n");
            self.block(&line.after);
        }
    }

    fn heading(&mut self, text: &str) {
        let gap = if self.out.is_empty() { "" } else { "\n" };
        let text = self.personal.mask(text);
        self.out.push_str(&format!("{gap}{}\n", self.style.paint(TextRole::Strong, &safe::line(&text))));
    }

    /// Adds text that is wrapped at its blanks, the following lines under the first.
    fn sentence(&mut self, indent: &str, text: &str) {
        let text = self.personal.mask(text);
        self.out.push_str(&layout::hanging(indent, &safe::line(&text), self.style.width));
    }

    /// Adds text that stays on one line, however long.
    fn line(&mut self, indent: &str, text: &str) {
        let text = self.personal.mask(text);
        self.out.push_str(&format!("{indent}{}\n", safe::line(&text)));
    }

    /// Adds text with its own lines, indented.
    fn block(&mut self, text: &str) {
        let text = self.personal.mask(text);
        for line in safe::block(&text).lines() {
            self.out.push_str(format!("    {line}").trim_end());
            self.out.push('\n');
        }
    }
}
