//! A check for a terminal: by operation, then by client, then by distinct difference.

use crate::model::conformity::{Deviation, Group};
use crate::report::check::{CheckView, describe, describe_sighting, differ, finding_line, unlisted};
use crate::report::layout::counted;
use crate::report::safe;
use crate::report::style::{TextRole, TextStyle};

/// Returns the check as text that ends in a line end.
pub fn render(picture: &CheckView<'_>, style: &TextStyle) -> String {
    let mut out = String::new();
    let mut operations: Vec<&crate::model::operation::Operation> = Vec::new();
    for group in &picture.conformity.groups {
        if !operations.contains(&&group.operation) {
            operations.push(&group.operation);
        }
    }
    for operation in operations {
        out.push_str(&style.paint(TextRole::Strong, &safe::line(&operation.to_string())));
        out.push('\n');
        let groups = &picture.conformity.groups;
        for group in groups.iter().filter(|group| group.operation == *operation) {
            render_group(picture, group, style, &mut out);
        }
        out.push('\n');
    }
    not_checked(picture, style, &mut out);
    let beyond = picture.conformity.beyond;
    if beyond.compared > 0 {
        let text = format!(
            "and {} of more clients and operations: {}\n\n",
            counted(beyond.compared, "request"),
            differ(beyond.differing)
        );
        out.push_str(&text);
    }
    out.push_str(&picture.summary());
    out.push('\n');
    out
}

fn render_group(picture: &CheckView<'_>, group: &Group, style: &TextStyle, out: &mut String) {
    let client = safe::line(&group.client);
    out.push_str(&format!(
        "  {client}: {} compared, {}\n",
        counted(group.compared, "request"),
        differ(group.compared - group.clean)
    ));
    for deviation in &group.deviations {
        of_deviation(picture, group, deviation, style, out);
    }
    match unlisted(group) {
        0 => {}
        more => out.push_str(&format!("    {} more that differ in other ways\n", counted(more, "request"))),
    }
}

fn of_deviation(
    picture: &CheckView<'_>,
    group: &Group,
    deviation: &Deviation,
    style: &TextStyle,
    out: &mut String,
) {
    out.push_str(&format!("    {}\n", describe(group, deviation)));
    for finding in &deviation.findings {
        let line = finding_line(finding);
        // the head is coloured, the sentence is not
        let head = line.find(':').unwrap_or_default();
        let (head, rest) = line.split_at(head);
        out.push_str(&format!("      {}{rest}\n", style.paint(TextRole::Severity(finding.severity), head)));
        let help = style.paint(TextRole::Faint, "help:");
        out.push_str(&format!("        {help} {}\n", safe::line(&finding.help)));
    }
    let first = style.paint(TextRole::Faint, "first:");
    out.push_str(&format!("      {first} {}\n", describe_sighting(&group.client, &deviation.first)));
    let hints =
        [("to see it: ", picture.show(&deviation.first)), ("if it is right: ", picture.accept(deviation))];
    for (words, command) in hints {
        if let Some(command) = command {
            out.push_str(&format!("      {}{command}\n", style.paint(TextRole::Faint, words)));
        }
    }
}

fn not_checked(picture: &CheckView<'_>, style: &TextStyle, out: &mut String) {
    let found = picture.conformity;
    if found.unchecked() == 0 {
        return;
    }
    out.push_str(&style.paint(TextRole::Strong, "not checked"));
    out.push('\n');
    for unchecked in &found.unchecked {
        let operation = unchecked.operation.to_string();
        out.push_str(&format!(
            "  {}\n    {}, first {}: {}\n",
            safe::line(&operation),
            counted(unchecked.count, "request"),
            describe_sighting(&unchecked.client, &unchecked.first),
            unchecked.why.words()
        ));
        if let Some(command) = picture.add(&unchecked.first, unchecked.why) {
            out.push_str(&format!("    {}{command}\n", style.paint(TextRole::Faint, "if it is right: ")));
        }
    }
    if found.beyond.unchecked > 0 {
        out.push_str(&format!("  and {} of others\n", counted(found.beyond.unchecked, "request")));
    }
    out.push('\n');
}
