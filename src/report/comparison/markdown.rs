//! Findings as Markdown for tickets and chats. Recorded text cannot become markup: it is in code spans, and
//! the text around them is escaped.

use crate::model::finding::Severity;
use crate::report::comparison::{ComparisonView, summary};
use crate::report::markup;
use crate::report::safe;

/// Renders a heading line, then one item for each finding, most severe first.
pub fn render(picture: &ComparisonView<'_>) -> String {
    let comparison = picture.comparison;
    let summary = summary::summary(comparison);
    let (result, rest) = summary.split_once(':').unwrap_or((&summary, ""));
    let mut out = format!(
        "**{result}**:{rest}\n\n- sent: {}\n- compared with: {}\n- expectation from: {}\n",
        markup::prose(picture.candidate.title),
        markup::prose(picture.good.title),
        markup::prose(picture.expectation),
    );
    let listed = comparison.findings.iter().take(summary::MOST_LISTED);
    let listed = listed.filter(|finding| !summary::is_noise(finding));
    for (n, finding) in listed.enumerate() {
        out.push_str(&format!(
            "\n{}. **{}** `{}`: {}\n",
            n + 1,
            finding.severity.name(),
            finding.class.name(),
            markup::prose(&finding.message),
        ));
        let mut item = |label: &str, text: &str| out.push_str(&format!("   - {label}: {text}\n"));
        item("sent", &quoted(&summary::sent(finding)));
        item("expected", &quoted(&summary::expected(finding)));
        if let Some(fault) = &finding.fault {
            item("at", &format!("line {}, column {} (byte {})", fault.line, fault.column, fault.offset));
        }
        if finding.severity != Severity::Info {
            item("help", &markup::prose(&finding.help));
        }
    }
    if let Some(beyond) = summary::beyond(&comparison.findings) {
        out.push_str(&format!("\n{}\n", markup::prose(&beyond)));
    }
    if let Some(noise) = summary::noise(&comparison.findings) {
        out.push_str(&format!("\n{}\n", markup::prose(&noise)));
    }
    for note in picture.notes {
        out.push_str(&format!("\n{}\n", markup::prose(note)));
    }
    out
}

fn quoted(part: &summary::FindingPart) -> String {
    if part.absent {
        return markup::prose(&part.text);
    }
    let code = markup::code(&safe::line(&part.text));
    part.kind.map_or_else(|| code.clone(), |kind| format!("{code} ({kind})"))
}
