//! A unified diff of the aligned, equally formatted texts: from good to candidate.
//!
//! Lines are compared without the comma at their end, so that a member more or less does not change its neighbour.

use similar::udiff::UnifiedHunkHeader;
use similar::{ChangeTag, TextDiff};

use crate::report::comparison::Picture;
use crate::report::comparison::aligned::{Aligned, Line};
use crate::report::look::{Look, Role};
use crate::report::safe;

/// Lines of context around a change.
const CONTEXT: usize = 3;

/// Renders the diff; empty if the texts do not differ.
pub fn render(picture: &Picture<'_>, look: &Look) -> String {
    let (good, candidate) = picture.aligned();
    let contents = |aligned: &Aligned| aligned.lines.iter().map(Line::content).collect::<Vec<String>>();
    let (old, new) = (contents(&good), contents(&candidate));
    let (old, new): (Vec<&str>, Vec<&str>) =
        (old.iter().map(String::as_str).collect(), new.iter().map(String::as_str).collect());
    let diff = TextDiff::from_slices(&old, &new);

    let mut out = String::new();
    for group in diff.grouped_ops(CONTEXT) {
        if out.is_empty() {
            for (sign, side) in [("---", &picture.good), ("+++", &picture.candidate)] {
                let line = format!("{sign} {}", safe::line(side.title));
                out.push_str(&(look.paint(Role::Strong, &line) + "\n"));
            }
        }
        out.push_str(&(look.paint(Role::Frame, &UnifiedHunkHeader::new(&group).to_string()) + "\n"));
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let lines = |aligned: &Aligned, at: Option<usize>| at.map(|at| aligned.lines[at].text());
            let line = match change.tag() {
                ChangeTag::Insert => lines(&candidate, change.new_index()),
                ChangeTag::Equal | ChangeTag::Delete => lines(&good, change.old_index()),
            };
            let line = format!("{}{}", change.tag(), line.unwrap_or_default());
            out.push_str(&match change.tag() {
                ChangeTag::Equal => line,
                ChangeTag::Delete => look.paint(Role::Expected, &line),
                ChangeTag::Insert => look.paint(Role::Sent, &line),
            });
            out.push('\n');
        }
    }
    out
}
