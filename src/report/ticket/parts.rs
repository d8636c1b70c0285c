//! Parts that are shown before the first fold as far as they fit, the rest inside one.

use crate::api;
use crate::model::finding::{Finding, Severity};
use crate::model::remedy::ClientLine;
use crate::report::ticket::block::Block;
use crate::report::ticket::content::Ticket;
use crate::report::ticket::phrases;

/// Returns what is wrong with the request: not what is only good to know.
pub(super) fn faults<'a>(ticket: &'a Ticket<'_>) -> impl Iterator<Item = &'a Finding> {
    let differences = ticket.comparison.map_or(&[][..], |comparison| &comparison.findings);
    let all = ticket.diagnosis.faults.iter().chain(differences);
    all.filter(|finding| finding.severity != Severity::Info)
}

/// Returns findings as a table, and on whose word they are findings: in a column where that differs.
pub(super) fn table(findings: &[&Finding]) -> Vec<Block<'static>> {
    let by: Vec<String> = findings.iter().map(|finding| phrases::authority(finding)).collect();
    let same = by.iter().all(|one| *one == by[0]);
    let mut head = ["place", "sent", "expected", "finding"].map(str::to_owned).to_vec();
    head.extend((!same).then(|| "by".to_owned()));
    let row = |(finding, by): (&&Finding, &String)| {
        let warning = if finding.severity == Severity::Error { "" } else { finding.severity.name() };
        let mut row = vec![
            phrases::place(finding),
            phrases::describe_value(finding.sent.as_ref()),
            phrases::describe_value(finding.expected.as_ref()),
            format!("{warning} {}", finding.class.name()).trim_start().to_owned(),
        ];
        row.extend((!same).then(|| by.clone()));
        row
    };
    let mut blocks =
        vec![Block::Table(std::iter::once(head).chain(findings.iter().zip(&by).map(row)).collect())];
    blocks.extend(by.first().filter(|_| same).map(|by| Block::Text(format!("By {by}."))));
    blocks
}

/// Returns what to write in the client's language: before and after.
pub(super) fn client_lines<'l>(lines: impl Iterator<Item = &'l ClientLine>) -> Option<Block<'static>> {
    let signed =
        |sign: char, text: &str| text.lines().map(|line| format!("{sign} {line}\n")).collect::<String>();
    let text: String = lines
        .map(|line| {
            let client = api::assumed().client_name(line.sdk);
            format!("# {client}\n{}{}", signed('-', &line.before), signed('+', &line.after))
        })
        .collect();
    (!text.is_empty()).then_some(Block::Code("diff", text))
}
