//! Findings for the terminal: the standard shape, with carets into both bodies.

use crate::diff::comparison::Comparison;
use crate::json::document::Document;
use crate::json::node::Span;
use crate::json::pointer::Pointer;
use crate::model::finding::{BodySide, Class, Finding, Severity, Shown};
use crate::report::comparison::{Picture, Texts, words};
use crate::report::excerpt::{self, Mark};
use crate::report::layout;
use crate::report::look::{Look, Role};
use crate::report::place::Text;
use crate::report::safe;

/// Findings of severity info beyond these are counted only; `--format json` lists all.
const MOST_INFO: usize = 12;

/// Renders all findings and, as the last line, the result.
pub fn render(picture: &Picture<'_>, look: &Look) -> String {
    let (comparison, texts) = (picture.comparison, picture.texts());
    let mut out = String::new();
    let mut info = 0;
    for finding in comparison.findings.iter().filter(|finding| !words::is_noise(finding)) {
        if finding.severity == Severity::Info {
            info += 1;
            if info > MOST_INFO {
                continue;
            }
        }
        out.push_str(&told(picture, &texts, finding, look));
        out.push('\n');
    }
    let info_role = Role::Severity(Severity::Info);
    if info > MOST_INFO {
        let rest = info - MOST_INFO;
        out.push_str(&format!(
            "{}: {rest} more (--format json lists them)\n\n",
            look.paint(info_role, "info")
        ));
    }
    if let Some(noise) = words::noise(&comparison.findings) {
        out.push_str(&format!("{}: {noise}\n\n", look.paint(info_role, "info")));
    }
    for note in picture.notes {
        let label = look.paint(info_role, "note");
        out.push_str(&layout::hanging("note: ", &safe::line(note), look.width).replacen("note", &label, 1));
    }
    if !picture.notes.is_empty() {
        out.push('\n');
    }
    let summary = words::summary(comparison);
    let role = comparison.findings.first().map_or(Role::Expected, |first| Role::Severity(first.severity));
    let (result, rest) = summary.split_once(':').unwrap_or((&summary, ""));
    out.push_str(&format!("{}:{rest}\n", look.paint(role, result)));
    out
}

/// Renders one finding. Info is told without excerpts and without the page of its class.
pub fn one(picture: &Picture<'_>, finding: &Finding, look: &Look) -> String {
    told(picture, &picture.texts(), finding, look)
}

fn told(picture: &Picture<'_>, texts: &Texts<'_>, finding: &Finding, look: &Look) -> String {
    let head = format!("{}[{}]", finding.severity.name(), finding.class.name());
    let mut out = headline(&head, finding, look);
    let side = words::side(finding);
    let candidate = (picture.candidate.title, &texts.candidate);
    let good = (picture.good.title, &texts.good);
    let (own, other) = match side {
        BodySide::Candidate => (candidate, good),
        BodySide::Good => (good, candidate),
    };
    out.push_str(&arrow("-->", own.0, look));
    if finding.severity != Severity::Info {
        out.push_str(&excerpts(picture.comparison, finding, own.1, other, look));
    }
    let mut note = |label: &str, text: &str| {
        let label = format!("   {} {label:9} ", look.paint(Role::Frame, "="));
        out.push_str(&format!("{label}{text}\n"));
    };
    let room = look.width.saturating_sub(15).max(25);
    note("sent:", &fitted(&words::sent(finding), room));
    note("expected:", &fitted(&words::expected(finding), room));
    if finding.severity != Severity::Info {
        note("baseline:", &wrapped(picture.expectation, room));
    }
    note("help:", &wrapped(&finding.help, room));
    if finding.severity != Severity::Info {
        note("docs:", &format!("wraptap rules {}", finding.class.name()));
    }
    out
}

fn headline(head: &str, finding: &Finding, look: &Look) -> String {
    let message = safe::line(&finding.message).into_owned();
    let lines = layout::wrap(&format!("{head}: {message}"), look.width);
    let mut out = String::new();
    for (n, line) in lines.iter().enumerate() {
        let rest = match line.strip_prefix(head) {
            Some(rest) if n == 0 => {
                out.push_str(&look.paint(Role::Severity(finding.severity), head));
                rest
            }
            _ => line,
        };
        out.push_str(&format!("{}\n", look.paint(Role::Strong, rest)));
    }
    out
}

fn arrow(arrow: &str, title: &str, look: &Look) -> String {
    format!("  {} {}\n", look.paint(Role::Frame, arrow), safe::line(title))
}

/// Shows the finding's place in its own body, then the place it is compared with in the other one.
fn excerpts(
    comparison: &Comparison,
    finding: &Finding,
    own: &Text<'_>,
    other: (&str, &Text<'_>),
    look: &Look,
) -> String {
    if let Some(fault) = &finding.fault {
        let span = Span { start: fault.offset, end: fault.offset + 1 };
        let label = safe::line(&fault.expected);
        let mark = Mark { span, pen: '^', label: &label, role: Role::Severity(finding.severity) };
        return excerpt::render(own, mark, look);
    }
    let sent = marked(finding, &finding.sent, finding.candidate_path.as_ref(), &comparison.candidate);
    let expected = marked(finding, &finding.expected, finding.good_path.as_ref(), &comparison.good);
    let (near, far) = match words::side(finding) {
        BodySide::Candidate => (sent, expected),
        BodySide::Good => (expected, sent),
    };
    let mut out = String::new();
    if let Some((span, label)) = near {
        let mark = Mark { span, pen: '^', label, role: Role::Severity(finding.severity) };
        out.push_str(&excerpt::render(own, mark, look));
    }
    if let Some((span, label)) = far {
        out.push_str(&arrow(":::", other.0, look));
        let mark = Mark { span, pen: '-', label, role: Role::Expected };
        out.push_str(&excerpt::render(other.1, mark, look));
    }
    out
}

/// Returns the bytes to underline on one side, and the words behind the carets: the key where the fault is in the key,
/// the whole member where that is too much or too little, else the value with its type.
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
fn fitted(part: &words::Part, room: usize) -> String {
    let kind = part.kind.map_or_else(String::new, |kind| format!("  ({kind})"));
    if part.absent || part.kind.is_none() {
        return part.text.clone();
    }
    format!("{}{kind}", layout::cut(&part.text, room.saturating_sub(kind.len()).max(10)))
}
