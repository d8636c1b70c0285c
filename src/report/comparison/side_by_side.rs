//! Both bodies in two columns, known good on the left. The numbers between them are those of the findings
//! below, so that the two ends of a moved or renamed value bear the same one.

use crate::model::finding::Severity;
use crate::report::comparison::aligned::AlignedLine;
use crate::report::comparison::rows::{self, AlignedRow, Marks};
use crate::report::comparison::{ComparisonView, summary, unified};
use crate::report::layout;
use crate::report::safe;
use crate::report::style::{TextRole, TextStyle};

/// Below this width, two columns would cut most values.
const NARROW: usize = 90;

/// Renders the columns, the findings one line each, and the result; in a narrow terminal one column with the
/// lines of both sides.
pub fn render(picture: &ComparisonView<'_>, style: &TextStyle) -> String {
    let digits = picture.comparison.findings.len().to_string().len().max(2);
    let mut out =
        if style.width < NARROW { one_column(picture, style) } else { columns(picture, digits, style) };
    out.push('\n');
    out.push_str(&findings(picture, digits, style));
    for note in picture.notes {
        out.push_str(&layout::hanging("note: ", &safe::line(note), style.width));
    }
    out.push_str(&format!("{}\n", summary::summary(picture.comparison)));
    out
}

/// Renders the lines of both sides one under another; long ones are cut, with their length.
fn one_column(picture: &ComparisonView<'_>, style: &TextStyle) -> String {
    let lines = unified::render(picture, &TextStyle::plain(style.width));
    let painted = lines.lines().map(|line| {
        let cut = layout::cut_with_length(line, style.width);
        match line.as_bytes() {
            [b'-', b'-', ..] | [b'+', b'+', ..] => style.paint(TextRole::Strong, &cut),
            [b'-', ..] => style.paint(TextRole::Expected, &cut),
            [b'+', ..] => style.paint(TextRole::Sent, &cut),
            _ => cut,
        }
    });
    painted.map(|line| line + "\n").collect()
}

/// Renders both bodies; `digits` is the width of a finding's number.
fn columns(picture: &ComparisonView<'_>, digits: usize, style: &TextStyle) -> String {
    let (good, candidate) = picture.aligned();
    let (left_marks, right_marks) = picture.marks();
    // Two columns, each with the number of a finding, and the sign between them.
    let cells = (style.width.saturating_sub(2 * digits + 7) / 2).max(10);
    let heads = [picture.good.title, picture.candidate.title].map(|title| safe::line(title).into_owned());
    let gap = " ".repeat(digits + 1);
    let bar = style.paint(TextRole::Frame, "|");
    let mut out = format!(
        "{gap}{} {bar} {gap}{}\n",
        style.paint(TextRole::Strong, &layout::pad(&heads[0], cells)),
        style.paint(TextRole::Strong, &layout::cut(&heads[1], cells)),
    );
    for row in rows::rows(&good, &candidate, picture.comparison) {
        let left = BodyColumn::new(row.good.map(|at| &good.lines[at]), &left_marks, cells);
        let right = BodyColumn::new(row.candidate.map(|at| &candidate.lines[at]), &right_marks, cells);
        let (left_role, right_role) = roles(row);
        for n in 0..left.lines.len().max(right.lines.len()).max(1) {
            let number = |column: &BodyColumn| {
                let number = if n == 0 { column.number.as_str() } else { "" };
                style.paint(TextRole::Frame, &format!("{number:>digits$}"))
            };
            let left_text = left.lines.get(n).map_or("", String::as_str);
            let left_text = style.paint(left_role, &layout::pad(left_text, cells));
            let sign = style.paint(TextRole::Frame, if n > 0 { " " } else { sign(row) });
            out.push_str(&format!("{} {left_text} {sign}", number(&left)));
            if let Some(right_text) = right.lines.get(n) {
                out.push_str(&format!(" {} {}", number(&right), style.paint(right_role, right_text)));
            }
            out.push('\n');
        }
    }
    out
}

/// Renders the findings, one line each, with their numbers.
fn findings(picture: &ComparisonView<'_>, digits: usize, style: &TextStyle) -> String {
    let findings = &picture.comparison.findings;
    let mut out = String::new();
    let listed = findings.iter().take(summary::MOST_LISTED).enumerate();
    for (n, finding) in listed.filter(|(_, finding)| !summary::is_noise(finding)) {
        let head = format!("{:>digits$} {}[{}]: ", n + 1, finding.severity.name(), finding.class.name());
        let painted = style.paint(TextRole::Severity(finding.severity), head.trim_end());
        let message = layout::hanging(&head, &safe::line(&finding.message), style.width);
        out.push_str(&message.replacen(head.trim_end(), &painted, 1));
    }
    if let Some(beyond) = summary::beyond(findings) {
        out.push_str(&format!("{:>digits$} {beyond}\n", ""));
    }
    if let Some(noise) = summary::noise(findings) {
        let info = style.paint(TextRole::Severity(Severity::Info), "info");
        out.push_str(&format!("{:>digits$} {info}: {noise}\n", ""));
    }
    out
}

/// One side of a row: the text folded to the column's width, and the number of its first finding.
struct BodyColumn {
    lines: Vec<String>,
    number: String,
}

impl BodyColumn {
    fn new(line: Option<&AlignedLine>, marks: &Marks, cells: usize) -> Self {
        let Some(line) = line else { return Self { lines: Vec::new(), number: String::new() } };
        let number = line.nodes().find_map(|id| marks.at(id).first()).map(usize::to_string);
        Self { lines: folded(&line.text(), cells), number: number.unwrap_or_default() }
    }
}

fn roles(row: AlignedRow) -> (TextRole, TextRole) {
    if row.equal { (TextRole::Faint, TextRole::Faint) } else { (TextRole::Expected, TextRole::Sent) }
}

fn sign(row: AlignedRow) -> &'static str {
    match (row.good, row.candidate) {
        _ if row.equal => "|",
        (Some(_), None) => "<",
        (None, Some(_)) => ">",
        _ => "!",
    }
}

/// Folds a text into lines of at most `cells`, wherever that is; following lines keep the indentation.
fn folded(text: &str, cells: usize) -> Vec<String> {
    let indent = " ".repeat((text.len() - text.trim_start().len() + 2).min(cells / 2));
    let mut lines = vec![String::new()];
    let mut used = 0;
    for c in text.chars() {
        let wide = layout::char_width(c);
        if used + wide > cells {
            lines.push(indent.clone());
            used = indent.len();
        }
        if let Some(line) = lines.last_mut() {
            line.push(c);
        }
        used += wide;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_folded_under_its_indentation() {
        assert_eq!(
            folded("  \"a\": \"xxxxxxxxxxxxxx\"", 12),
            ["  \"a\": \"xxxx", "    xxxxxxxx", "    xx\""]
        );
    }
}
