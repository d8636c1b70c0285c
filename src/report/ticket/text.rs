//! The ticket as plain text, for whoever reads it in a terminal: the same chapters, no markup.
//!
//! People are masked piece by piece, before a line is wrapped: a name that is broken over two lines would be missed.

use crate::model::finding::{Finding, Severity};
use crate::model::remedy::Remedy;
use crate::model::verdict::Verdict;
use crate::report::look::{Look, Role};
use crate::report::personal::Personal;
use crate::report::ticket::{People, Ticket, masked, people, request_text, response_text, words};
use crate::report::{indent, layout, safe};

/// Returns the tickets one after the other, then what was masked in them.
pub fn render(tickets: &[Ticket<'_>], people_are: People, look: &Look) -> String {
    let personal = people(tickets, people_are);
    let mut page = Page { out: String::new(), personal: &personal, look };
    for ticket in tickets {
        page.ticket(ticket);
    }
    page.heading("Masked");
    // our own words, with masks as they stand above
    for line in masked(&personal, people_are) {
        page.out.push_str(&layout::hanging("  - ", &line, look.width));
    }
    page.out
}

struct Page<'a> {
    out: String,
    personal: &'a Personal,
    look: &'a Look,
}

impl Page<'_> {
    fn ticket(&mut self, ticket: &Ticket<'_>) {
        let diagnosis = ticket.diagnosis;
        if !self.out.is_empty() {
            let rule = "-".repeat(self.look.width);
            self.out.push_str(&format!("\n{}\n", self.look.paint(Role::Frame, &rule)));
        }
        self.heading(&ticket.title());
        if let Some(verdict) = &diagnosis.verdict {
            self.sentence("  ", &verdict.statement);
            self.out.push('\n');
        }
        let facts = words::facts(ticket);
        let widest = facts.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        for (name, value) in &facts {
            self.sentence(&format!("  {name:widest$}  "), value);
        }
        if let Some(verdict) = &diagnosis.verdict {
            self.why(verdict);
        }
        if !diagnosis.faults.is_empty() {
            self.heading("What the public API's own description says");
            diagnosis.faults.iter().for_each(|fault| self.sentence("  - ", &words::fault(fault)));
        }
        self.differences(ticket);
        self.what_to_change(&diagnosis.remedy);
        if let Some(refusal) = &diagnosis.refusal {
            self.heading("What the server said");
            words::server_said(refusal).iter().for_each(|line| self.sentence("  - ", line));
        }
        self.heading("Request as sent");
        self.block(&request_text(&ticket.exchange.request));
        if let Some(response) = &ticket.exchange.response {
            self.heading("Answer");
            self.block(&response_text(response));
        }
        if let Some(command) = ticket.reproduce {
            self.heading("Reproduce");
            self.block(command);
        }
    }

    fn why(&mut self, verdict: &Verdict) {
        self.heading(&format!("Why: {}", words::cause(verdict)));
        self.told("what speaks for it:", verdict.evidence.iter().map(words::evidence));
        self.told("what speaks against it:", verdict.contrary.iter().map(words::evidence));
        self.told("not ruled out:", verdict.other_causes.iter().map(words::other));
        if !verdict.next.is_empty() {
            self.out.push_str("  next:\n");
            // never wrapped: commands stand in them, to be copied
            verdict.next.iter().for_each(|line| self.line("  - ", line));
        }
    }

    fn told(&mut self, title: &str, lines: impl Iterator<Item = String>) {
        for (n, line) in lines.enumerate() {
            if n == 0 {
                self.out.push_str(&format!("  {title}\n"));
            }
            self.sentence("  - ", &line);
        }
    }

    fn differences(&mut self, ticket: &Ticket<'_>) {
        self.heading("What differs from the known-good payload");
        self.sentence("  ", &words::pairing(ticket));
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
        let head = self.look.paint(Role::Severity(finding.severity), &head);
        self.line(&format!("  {head}: "), &finding.message);
        self.line("    sent:     ", &words::shown(finding.sent.as_ref()));
        self.line("    expected: ", &words::shown(finding.expected.as_ref()));
        if finding.severity != Severity::Info {
            self.sentence("    help:     ", &finding.help);
        }
    }

    fn what_to_change(&mut self, remedy: &Remedy) {
        let changes = words::changes(remedy);
        if changes.is_empty() && remedy.body.is_none() && remedy.client.is_empty() {
            return;
        }
        self.heading("What to change");
        changes.iter().for_each(|change| self.sentence("  - ", change));
        if let Some(body) = &remedy.body {
            self.out.push_str("  The body then:\n");
            self.block(body);
        }
        for line in &remedy.client {
            self.sentence("  ", &words::habit(line));
            self.block(&line.before);
            self.out.push_str("  write\n");
            self.block(&line.after);
        }
    }

    fn heading(&mut self, text: &str) {
        let gap = if self.out.is_empty() { "" } else { "\n" };
        let text = self.personal.mask(text);
        self.out.push_str(&format!("{gap}{}\n", self.look.paint(Role::Strong, &safe::line(&text))));
    }

    /// Adds text that is wrapped at its blanks, the following lines under the first.
    fn sentence(&mut self, indent: &str, text: &str) {
        let text = self.personal.mask(text);
        self.out.push_str(&layout::hanging(indent, &safe::line(&text), self.look.width));
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
