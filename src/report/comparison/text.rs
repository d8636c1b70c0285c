//! Findings for the terminal: the standard shape, with carets into both bodies.

use crate::diff::comparison::Comparison;
use crate::json::document::Document;
use crate::json::node::Span;
use crate::json::pointer::Pointer;
use crate::model::finding::{BodySide, Class, Finding, Severity, Shown};
use crate::report::comparison::{BodyIndexes, ComparisonView, summary};
use crate::report::excerpt::{self, ExcerptMark};
use crate::report::layout;
use crate::report::line_index::LineIndex;
use crate::report::style::{TextRole, TextStyle};
use crate::report::{headline, safe};

/// Findings of severity info beyond these are counted only; `--format json` lists all.
const MOST_INFO: usize = 12;

/// Other findings beyond these are counted only: no person reads more, and each is looked up in both bodies.
const MOST: usize = 200;

/// Renders all findings and, as the last line, the result.
pub fn render(picture: &ComparisonView<'_>, style: &TextStyle) -> String {
    let (comparison, texts) = (picture.comparison, picture.texts());
    let mut out = String::new();
    let (mut info, mut others) = (0, 0);
    for finding in comparison.findings.iter().filter(|finding| !summary::is_noise(finding)) {
        if finding.severity == Severity::Info {
            info += 1;
            if info > MOST_INFO {
                continue;
            }
        } else {
            others += 1;
            if others > MOST {
                continue;
            }
        }
        out.push_str(&finding_text(picture, &texts, finding, style));
        out.push('\n');
    }
    let info_role = TextRole::Severity(Severity::Info);
    if info > MOST_INFO {
        let rest = info - MOST_INFO;
        out.push_str(&format!(
            "{}: {rest} more (--format json lists them)\n\n",
            style.paint(info_role, "info")
        ));
    }
    if others > MOST {
        out.push_str(&format!("… and {} more (--format json lists them)\n\n", others - MOST));
    }
    if let Some(noise) = summary::noise(&comparison.findings) {
        out.push_str(&format!("{}: {noise}\n\n", style.paint(info_role, "info")));
    }
    for note in picture.notes {
        let label = style.paint(info_role, "note");
        out.push_str(&layout::hanging("note: ", &safe::line(note), style.width).replacen("note", &label, 1));
    }
    if !picture.notes.is_empty() {
        out.push('\n');
    }
    let summary = summary::summary(comparison);
    let role =
        comparison.findings.first().map_or(TextRole::Expected, |first| TextRole::Severity(first.severity));
    let (result, rest) = summary.split_once(':').unwrap_or((&summary, ""));
    out.push_str(&format!("{}:{rest}\n", style.paint(role, result)));
    out
}

/// Renders one finding; one of severity info without excerpts and without the page of its class.
pub fn one(picture: &ComparisonView<'_>, finding: &Finding, style: &TextStyle) -> String {
    finding_text(picture, &picture.texts(), finding, style)
}

fn finding_text(
    picture: &ComparisonView<'_>,
    texts: &BodyIndexes<'_>,
    finding: &Finding,
    style: &TextStyle,
) -> String {
    let head = format!("{}[{}]", finding.severity.name(), finding.class.name());
    let mut out = headline(&head, finding, style);
    let side = summary::side(finding);
    let candidate = (picture.candidate.title, &texts.candidate);
    let good = (picture.good.title, &texts.good);
    let (own, other) = match side {
        BodySide::Candidate => (candidate, good),
        BodySide::Good => (good, candidate),
    };
    out.push_str(&arrow("-->", own.0, style));
    if finding.severity != Severity::Info {
        out.push_str(&excerpts(picture.comparison, finding, own.1, other, style));
    }
    let mut note = |label: &str, text: &str| {
        let label = format!("   {} {label:9} ", style.paint(TextRole::Frame, "="));
        out.push_str(&format!("{label}{text}\n"));
    };
    let room = style.width.saturating_sub(15).max(25);
    note("sent:", &fitted(&summary::sent(finding), room));
    note("expected:", &fitted(&summary::expected(finding), room));
    if finding.severity != Severity::Info {
        let (label, basis) = summary::basis(finding, picture.expectation);
        note(label, &wrapped(&basis, room));
    }
    note("help:", &wrapped(&finding.help, room));
    if finding.severity != Severity::Info {
        note("docs:", &format!("wraptap rules {}", finding.class.name()));
    }
    out
}

fn headline(head: &str, finding: &Finding, style: &TextStyle) -> String {
    let message = safe::line(&finding.message).into_owned();
    let lines = layout::wrap(&format!("{head}: {message}"), style.width);
    let mut out = String::new();
    for (n, line) in lines.iter().enumerate() {
        let rest = match line.strip_prefix(head) {
            Some(rest) if n == 0 => {
                out.push_str(&style.paint(TextRole::Severity(finding.severity), head));
                rest
            }
            _ => line,
        };
        out.push_str(&format!("{}\n", style.paint(TextRole::Strong, rest)));
    }
    out
}

/// A title that is longer than the line loses the ids of its path.
fn arrow(arrow: &str, title: &str, style: &TextStyle) -> String {
    let mut title = safe::line(title).into_owned();
    if layout::width(&title) + 6 > style.width {
        let short = |word: &str| {
            if word.starts_with('/') { headline::short_path(word) } else { word.to_owned() }
        };
        title = title.split(' ').map(short).collect::<Vec<_>>().join(" ");
    }
    format!("  {} {title}\n", style.paint(TextRole::Frame, arrow))
}

/// Shows the finding's place in its own body, then the place it is compared with in the other one.
fn excerpts(
    comparison: &Comparison,
    finding: &Finding,
    own: &LineIndex<'_>,
    other: (&str, &LineIndex<'_>),
    style: &TextStyle,
) -> String {
    if let Some(fault) = &finding.fault {
        let span = Span { start: fault.offset, end: fault.offset + 1 };
        let label = safe::line(&fault.expected);
        let mark = ExcerptMark { span, pen: '^', label: &label, role: TextRole::Severity(finding.severity) };
        return excerpt::render(own, mark, style);
    }
    let sent = marked(finding, &finding.sent, finding.candidate_path.as_ref(), &comparison.candidate);
    let expected = marked(finding, &finding.expected, finding.good_path.as_ref(), &comparison.good);
    let (near, far) = match summary::side(finding) {
        BodySide::Candidate => (sent, expected),
        BodySide::Good => (expected, sent),
    };
    let mut out = String::new();
    if let Some((span, label)) = near {
        let mark = ExcerptMark { span, pen: '^', label, role: TextRole::Severity(finding.severity) };
        out.push_str(&excerpt::render(own, mark, style));
    }
    if let Some((span, label)) = far {
        out.push_str(&arrow(":::", other.0, style));
        let mark = ExcerptMark { span, pen: '-', label, role: TextRole::Expected };
        out.push_str(&excerpt::render(other.1, mark, style));
    }
    out
}

/// Returns the bytes to underline on one side, and the label after the carets: the key if the fault is in the
/// key, the whole member if it is extra or missing, else the value with its type.
fn marked(
    finding: &Finding,
    shown: &Option<Shown>,
    path: Option<&Pointer>,
    document: &Document,
) -> Option<(Span, &'static str)> {
    let shown = shown.as_ref()?;
    let value = shown.span?;
    let entry = path.and_then(|pointer| document.at(pointer)).and_then(|id| document.entry(id));
    let key = entry.and_then(|child| document.key_span(child)).filter(|key| key.end <= value.start);
    Some(match (finding.class, key) {
        (Class::RenamedKey, Some(key)) => (key, "key"),
        (
            Class::NullField | Class::MissingField | Class::ExtraField | Class::Moved | Class::DuplicateKey,
            Some(key),
        ) => (Span { start: key.start, end: value.end }, shown.kind),
        _ => (value, shown.kind),
    })
}

/// Wraps a sentence under its label.
fn wrapped(text: &str, room: usize) -> String {
    layout::wrap(&safe::line(text), room).join(&format!("\n{:15}", ""))
}

/// Cuts a long value, never its type; a path or a header stays whole, so that it can be copied.
fn fitted(part: &summary::FindingPart, room: usize) -> String {
    let kind = part.kind.map_or_else(String::new, |kind| format!("  ({kind})"));
    if part.absent || part.kind.is_none() {
        return part.text.clone();
    }
    format!("{}{kind}", layout::cut(&part.text, room.saturating_sub(kind.len()).max(10)))
}
