//! A check inside GitHub Actions: annotations for the run's page, and a summary in Markdown.
//!
//! Source: GitHub's "Workflow commands": `::error title=…::message`, `%`, CR and LF as `%25`, `%0D`, `%0A`,
//! in properties also `:` and `,` as `%3A` and `%2C`. A run shows ten annotations of a kind and step; a
//! summary may hold 1 MiB.

use crate::model::conformity::{Conformity, Deviation, Group};
use crate::model::finding::Severity;
use crate::report::check::{CheckView, describe, describe_sighting, finding_line, unlisted};
use crate::report::layout::counted;
use crate::report::markup;
use crate::report::safe;

/// Maximum differences shown in full in the summary; the table above them has its own limit.
const MAX_DIFFERENCES: usize = 100;

/// Rows of the table.
const MAX_ROWS: usize = 300;

/// Returns an annotation for every distinct difference, errors first; what cannot be compared is a notice.
pub fn annotations(picture: &CheckView<'_>) -> String {
    let mut out = String::new();
    for severity in [Severity::Error, Severity::Warning] {
        for (group, deviation) in deviations(picture.conformity) {
            if deviation.worst() != Some(severity) {
                continue;
            }
            let command = if picture.is_wrong(Some(severity)) { "error" } else { "warning" };
            let title = format!("{}: {}", group.client, group.operation);
            let mut message = String::new();
            for finding in &deviation.findings {
                message.push_str(&format!(
                    "{}\n  help: {}\n",
                    finding_line(finding),
                    safe::line(&finding.help)
                ));
            }
            message.push_str(&format!(
                "{}\nfirst: {}",
                describe(group, deviation),
                describe_sighting(&group.client, &deviation.first)
            ));
            if let Some(accept) = picture.accept(deviation) {
                message.push_str(&format!("\nif it is right: {accept}"));
            }
            out.push_str(&annotation(command, &title, &message));
        }
    }
    if picture.conformity.unchecked() > 0 || picture.conformity.compared() == 0 {
        out.push_str(&annotation("notice", "wraptap check", &picture.summary()));
    }
    out
}

/// Returns the summary of the step.
pub fn summary(picture: &CheckView<'_>) -> String {
    let found = picture.conformity;
    let mut out = format!("### wraptap check\n\n{}\n\n", markup::prose(&picture.summary()));
    if !found.groups.is_empty() {
        out.push_str("| operation | client | compared | differ |\n| --- | --- | ---: | ---: |\n");
        for group in found.groups.iter().take(MAX_ROWS) {
            out.push_str(&format!(
                "| {} | {} | {} | {} |\n",
                cell(&group.operation.to_string()),
                cell(&group.client),
                group.compared,
                group.compared - group.clean
            ));
        }
        rest(found.groups.len(), MAX_ROWS, "more rows", &mut out);
    }
    for (group, deviation) in deviations(found).take(MAX_DIFFERENCES) {
        in_full(picture, group, deviation, &mut out);
    }
    rest(deviations(found).count(), MAX_DIFFERENCES, "more differences", &mut out);
    match found.groups.iter().map(unlisted).sum::<u64>() + found.beyond.differing {
        0 => {}
        more => out.push_str(&format!("\n{} more differ in other ways.\n", counted(more, "request"))),
    }
    if !found.unchecked.is_empty() {
        out.push_str("\n**Not checked**\n\n");
    }
    for unchecked in found.unchecked.iter().take(MAX_ROWS) {
        let operation = markup::code(&unchecked.operation.to_string());
        let seen = markup::prose(&describe_sighting(&unchecked.client, &unchecked.first));
        let count = counted(unchecked.count, "request");
        out.push_str(&format!("- {operation}: {count}, first {seen}: {}\n", unchecked.why.words()));
    }
    rest(found.unchecked.len(), MAX_ROWS, "more", &mut out);
    out
}

fn in_full(picture: &CheckView<'_>, group: &Group, deviation: &Deviation, out: &mut String) {
    let title = format!("{}, {}", markup::prose(&group.client), markup::code(&group.operation.to_string()));
    out.push_str(&format!("\n**{title}**: {}\n\n", markup::prose(&describe(group, deviation))));
    for finding in &deviation.findings {
        let (severity, class) = (finding.severity.name(), finding.class.name());
        let (message, help) = (markup::prose(&finding.message), markup::prose(&finding.help));
        out.push_str(&format!("- {severity} `{class}`: {message}; {help}\n"));
    }
    out.push_str(&format!(
        "\nFirst: {}.",
        markup::prose(&describe_sighting(&group.client, &deviation.first))
    ));
    if let Some(accept) = picture.accept(deviation) {
        out.push_str(&format!(" If it is right: {}", markup::code(&accept)));
    }
    out.push('\n');
}

fn rest(all: usize, most: usize, what: &str, out: &mut String) {
    if all > most {
        out.push_str(&format!("\n… and {} {what}\n", all - most));
    }
}

fn deviations(found: &Conformity) -> impl Iterator<Item = (&Group, &Deviation)> {
    found.groups.iter().flat_map(|group| group.deviations.iter().map(move |deviation| (group, deviation)))
}

/// A cell ends at a `|`, in code as well.
fn cell(text: &str) -> String {
    markup::code(text).replace('|', "\\|")
}

fn annotation(command: &str, title: &str, message: &str) -> String {
    let title = data(&safe::line(title)).replace(':', "%3A").replace(',', "%2C");
    format!("::{command} title={title}::{}\n", data(message))
}

fn data(text: &str) -> String {
    text.replace("##[", "# #[").replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_annotation() {
        assert_eq!(
            annotation("error", "a,b::c\n::stop", "100 %\n::set-env ##[error]"),
            "::error title=a%2Cb%3A%3Ac\\n%3A%3Astop::100 %25%0A::set-env # #[error]\n"
        );
    }
}
