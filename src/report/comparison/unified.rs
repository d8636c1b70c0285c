//! A unified diff of the aligned, equally formatted texts: from good to candidate.
//!
//! Lines are compared without the comma at their end, so that an added or removed member does not change its
//! neighbour.

use similar::udiff::UnifiedHunkHeader;
use similar::{ChangeTag, TextDiff};

use crate::report::comparison::ComparisonView;
use crate::report::comparison::aligned::{Aligned, AlignedLine};
use crate::report::safe;
use crate::report::style::{TextRole, TextStyle};

/// Lines of context around a change.
const CONTEXT: usize = 3;

/// Renders the diff; empty if the texts do not differ.
pub fn render(picture: &ComparisonView<'_>, style: &TextStyle) -> String {
    let (good, candidate) = picture.aligned();
    let contents =
        |aligned: &Aligned| aligned.lines.iter().map(AlignedLine::content).collect::<Vec<String>>();
    let (old, new) = (contents(&good), contents(&candidate));
    let (old, new): (Vec<&str>, Vec<&str>) =
        (old.iter().map(String::as_str).collect(), new.iter().map(String::as_str).collect());
    let diff = TextDiff::from_slices(&old, &new);

    let mut out = String::new();
    for group in diff.grouped_ops(CONTEXT) {
        if out.is_empty() {
            for (sign, side) in [("---", &picture.good), ("+++", &picture.candidate)] {
                let line = format!("{sign} {}", safe::line(side.title));
                out.push_str(&(style.paint(TextRole::Strong, &line) + "\n"));
            }
        }
        out.push_str(&(style.paint(TextRole::Frame, &UnifiedHunkHeader::new(&group).to_string()) + "\n"));
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let lines = |aligned: &Aligned, at: Option<usize>| at.map(|at| aligned.lines[at].text());
            let line = match change.tag() {
                ChangeTag::Insert => lines(&candidate, change.new_index()),
                ChangeTag::Equal | ChangeTag::Delete => lines(&good, change.old_index()),
            };
            let line = format!("{}{}", change.tag(), line.unwrap_or_default());
            out.push_str(&match change.tag() {
                ChangeTag::Equal => line,
                ChangeTag::Delete => style.paint(TextRole::Expected, &line),
                ChangeTag::Insert => style.paint(TextRole::Sent, &line),
            });
            out.push('\n');
        }
    }
    out
}
