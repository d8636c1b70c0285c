//! A comparison as an HTML fragment: escaped, without script or style. The page and the report file provide
//! the style sheet (`report/resources/comparison.css`) and put fragments into their own documents.
//!
//! Findings are numbered; a finding's number marks its place on both sides, so that the two ends of a moved
//! or renamed value have the same mark. Links lead from a finding to its places and back.

use std::collections::BTreeSet;

use crate::diff::comparison::Comparison;
use crate::json::document::Document;
use crate::json::pointer::Pointer;
use crate::model::finding::{Finding, Severity};
use crate::report::comparison::aligned::AlignedLine;
use crate::report::comparison::rows::{self, AlignedRow, Marks};
use crate::report::comparison::{ComparisonView, summary};
use crate::report::html::inline;
use crate::report::layout;
use crate::report::long_text::{self, LongRest};
use crate::report::markup::html;

/// Findings that are listed; a person reads no more.
const LISTED: usize = 100;
/// Rows of the table that are shown.
const ROWS: usize = 400;
/// Equal rows that are shown before and behind a difference where there are many.
const AROUND: usize = 4;

/// The style sheet for fragments.
pub const STYLE: &str = include_str!("../resources/comparison.css");

/// Renders the fragment, one `<section>`. `prefix` keeps ids apart where a document holds several fragments;
/// it has to be letters, digits and `-`.
pub fn render(picture: &ComparisonView<'_>, prefix: &str) -> String {
    let comparison = picture.comparison;
    let mut out = format!(
        "<section class=\"comparison\" data-result=\"{result}\">\n<p class=\"result {result}\">{}</p>\n",
        html(&summary::summary(comparison)),
        result = comparison.outcome.name(),
    );
    let listed: Vec<(usize, &Finding)> = comparison
        .findings
        .iter()
        .take(summary::MOST_LISTED)
        .enumerate()
        .filter(|(_, finding)| !summary::is_noise(finding))
        .map(|(n, finding)| (n + 1, finding))
        .collect();
    if !listed.is_empty() {
        out.push_str("<ol class=\"findings\">\n");
        for (n, finding) in listed.iter().take(LISTED) {
            out.push_str(&one(picture, finding, *n, prefix));
        }
        out.push_str("</ol>\n");
        if let Some(more) = listed.len().checked_sub(LISTED).filter(|more| *more > 0) {
            let more = layout::grouped(more as u64);
            out.push_str(&format!("<p class=\"note\">{more} more findings are in the ticket as JSON.</p>\n"));
        }
    }
    if let Some(beyond) = summary::beyond(&comparison.findings) {
        out.push_str(&format!("<p class=\"noise\">{}</p>\n", html(&beyond)));
    }
    if let Some(noise) = summary::noise(&comparison.findings) {
        out.push_str(&format!("<p class=\"noise\">{}</p>\n", html(&noise)));
    }
    for note in picture.notes {
        out.push_str(&format!("<p class=\"note\">{}</p>\n", inline(note)));
    }
    out.push_str(&table(picture, prefix));
    out.push_str("</section>\n");
    out
}

fn one(picture: &ComparisonView<'_>, finding: &Finding, n: usize, prefix: &str) -> String {
    let comparison = picture.comparison;
    let severity = finding.severity.name();
    let mut out = format!(
        "<li class=\"finding {severity}\" id=\"{prefix}-{n}\" value=\"{n}\"><p><span class=\"severity\">{severity}</span> \
         <code>{}</code> {}</p>\n<dl>",
        finding.class.name(),
        inline(&long_text::shorten(&finding.message)),
    );
    let mut item = |label: &str, inner: &str| {
        out.push_str(&format!("<dt class=\"{label}\">{label}</dt><dd>{inner}</dd>"));
    };
    let place = |side: &str, is_there: bool| {
        if !is_there {
            return String::new();
        }
        format!(
            " <a class=\"place\" href=\"#{prefix}-{n}-{side}\" aria-label=\"show finding {n} in the {side} body\">show</a>"
        )
    };
    let Comparison { good, candidate, .. } = comparison;
    let there = |document: &Document, pointer: &Option<Pointer>| {
        pointer.as_ref().is_some_and(|pointer| document.at(pointer).is_some())
    };
    let (sent, expected) = (there(candidate, &finding.candidate_path), there(good, &finding.good_path));
    item("sent", &(quoted(&summary::sent(finding)) + &place("sent", sent)));
    item("expected", &(quoted(&summary::expected(finding)) + &place("good", expected)));
    if let Some(fault) = &finding.fault {
        item("at", &format!("line {}, column {} (byte {})", fault.line, fault.column, fault.offset));
    }
    if finding.severity != Severity::Info {
        item("baseline", &html(picture.expectation));
        item("help", &inline(&long_text::shorten(&finding.help)));
        item("docs", &format!("<code>wraptap rules {}</code>", finding.class.name()));
    }
    out.push_str("</dl></li>\n");
    out
}

fn table(picture: &ComparisonView<'_>, prefix: &str) -> String {
    let (good, candidate) = picture.aligned();
    let (left_marks, right_marks) = picture.marks();
    if good.lines.is_empty() && candidate.lines.is_empty() {
        return String::new();
    }
    let mut out = format!(
        "<div class=\"bodies-box\" tabindex=\"0\" role=\"group\" aria-label=\"Both bodies\"><table class=\"bodies\">\n<thead><tr><th scope=\"col\">known good: {}</th><th scope=\"col\">sent: {}</th></tr></thead>\n<tbody>\n",
        inline(picture.good.title),
        inline(picture.candidate.title),
    );
    let findings = &picture.comparison.findings;
    let mut good_ink = Ink { marks: &left_marks, findings, prefix, side: "good", named: BTreeSet::new() };
    let mut sent_ink = Ink { marks: &right_marks, findings, prefix, side: "sent", named: BTreeSet::new() };
    let all = rows::rows(&good, &candidate, picture.comparison);
    for part in folded(&all) {
        match part {
            TablePart::Row(row) => {
                let class = match (row.equal, row.good, row.candidate) {
                    (true, ..) => "same",
                    (_, Some(_), None) => "only-good",
                    (_, None, Some(_)) => "only-sent",
                    _ => "changed",
                };
                let left = row.good.map_or_else(String::new, |at| good_ink.marked(&good.lines[at]));
                let right =
                    row.candidate.map_or_else(String::new, |at| sent_ink.marked(&candidate.lines[at]));
                out.push_str(&format!(
                    "<tr class=\"{class}\"><td class=\"good\">{left}</td><td class=\"sent\">{right}</td></tr>\n"
                ));
            }
            TablePart::Gap(count, what) => out.push_str(&format!(
                "<tr class=\"gap\"><td colspan=\"2\">… {} {what}</td></tr>\n",
                layout::grouped(count as u64)
            )),
        }
    }
    out.push_str("</tbody>\n</table></div>\n");
    out
}

/// A row of the table, or how many are left out in its place.
enum TablePart {
    Row(AlignedRow),
    Gap(usize, &'static str),
}

/// Leaves out equal rows far from any difference where there are many rows, and what is beyond the limit.
fn folded(rows: &[AlignedRow]) -> Vec<TablePart> {
    let few = rows.len() <= 60;
    let mut parts = Vec::new();
    let mut at = 0;
    while at < rows.len() {
        if parts.len() >= ROWS {
            parts.push(TablePart::Gap(rows.len() - at, "more lines; the whole bodies are below"));
            break;
        }
        let equal = rows[at..].iter().take_while(|row| row.equal).count();
        let before = if at == 0 { 0 } else { AROUND };
        let behind = if at + equal == rows.len() { 0 } else { AROUND };
        if !few && equal > before + behind + 4 {
            parts.extend(rows[at..at + before].iter().copied().map(TablePart::Row));
            parts.push(TablePart::Gap(equal - before - behind, "equal lines"));
            parts.extend(rows[at + equal - behind..at + equal].iter().copied().map(TablePart::Row));
            at += equal;
        } else {
            let end = at + equal.max(1);
            parts.extend(rows[at..end.min(at + ROWS)].iter().copied().map(TablePart::Row));
            at = end;
        }
    }
    parts
}

/// What marks the findings of one side.
struct Ink<'a> {
    marks: &'a Marks,
    findings: &'a [Finding],
    prefix: &'a str,
    side: &'static str,
    /// Findings whose first place on this side was marked: links lead there.
    named: BTreeSet<usize>,
}

impl Ink<'_> {
    /// Writes a line with its findings marked: each piece of a marked value in a `<mark>`, the numbers after
    /// the last of them.
    fn marked(&mut self, line: &AlignedLine) -> String {
        let mut out = String::new();
        let (prefix, side) = (self.prefix, self.side);
        let last =
            line.pieces.iter().rposition(|piece| piece.node.is_some_and(|id| !self.marks.at(id).is_empty()));
        for (at, piece) in line.pieces.iter().enumerate() {
            let numbers = piece.node.map_or(&[][..], |id| self.marks.at(id));
            let Some(first) = numbers.first() else {
                out.push_str(&long_text::cut(&piece.text, LongRest::Folded));
                continue;
            };
            let severity = self.findings.get(first - 1).map_or("info", |finding| finding.severity.name());
            let list: Vec<String> = numbers.iter().map(usize::to_string).collect();
            let named: String = numbers
                .iter()
                .filter(|n| self.named.insert(**n))
                .map(|n| format!("<span id=\"{prefix}-{n}-{side}\"></span>"))
                .collect();
            out.push_str(&format!(
                "{named}<mark class=\"{severity}\" data-finding=\"{}\">{}</mark>",
                list.join(" "),
                long_text::cut(&piece.text, LongRest::Folded)
            ));
            if Some(at) == last {
                for n in numbers {
                    out.push_str(&format!(
                        "<sup><a href=\"#{prefix}-{n}\" aria-label=\"finding {n}\">{n}</a></sup>"
                    ));
                }
            }
        }
        out
    }
}

fn quoted(part: &summary::FindingPart) -> String {
    if part.absent {
        return html(&part.text);
    }
    let kind = part.kind.map_or_else(String::new, |kind| format!(" <span class=\"type\">{kind}</span>"));
    format!("<code>{}</code>{kind}", html(&part.text))
}
