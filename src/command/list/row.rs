//! One exchange as a line of a list.

use std::borrow::Cow;
use std::io::Write;

use crate::report::{layout, safe};
use crate::store::summary::Summary;

/// How rows are laid out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowLayout {
    pub(crate) colour: bool,
    /// Cells of the terminal; `None` if rows go elsewhere and are not cut.
    pub(crate) width: Option<usize>,
}

/// A summary about to be printed.
pub(crate) struct ListRow<'a> {
    pub(crate) summary: &'a Summary<'a>,
    pub(crate) recording: Option<&'a str>,
}

/// The escape sequences of a coloured row, written by hand because a million rows are.
const RESET: &str = "\x1b[0m";
const RED: &str = "\x1b[31m";
const GREEN: &str = "\x1b[32m";
const YELLOW: &str = "\x1b[33m";
const DIM: &str = "\x1b[2m";

/// Cells before the target: id, time, method, status, duration, client.
const BEFORE: usize = 6 + 2 + 14 + 2 + 7 + 3 + 1 + 8 + 2 + 10 + 2;

impl ListRow<'_> {
    /// Appends `  id  MM-DD hh:mm:ss  METHOD status      ms  client  target  note`.
    pub(crate) fn text(&self, layout: RowLayout, out: &mut Vec<u8>) {
        let summary = self.summary;
        let paint = |colour: &'static str| if layout.colour { colour } else { "" };
        let started = &*summary.started_at;
        let time = match (started.get(5..10), started.get(11..19)) {
            (Some(day), Some(time)) => (day, time),
            _ => ("", started),
        };
        let tint = match summary.status {
            _ if summary.error.is_some() => RED,
            Some(400..) => RED,
            Some(200..=299) => GREEN,
            _ => YELLOW,
        };
        let mut status = [b'-'; 3];
        if let Some(code) = summary.status.filter(|code| *code < 1000) {
            let digits = [code / 100, code / 10 % 10, code % 10];
            digits.iter().zip(&mut status).for_each(|(digit, cell)| *cell = b'0' + *digit as u8);
        }
        padded_number(out, summary.id, 6);
        out.extend_from_slice(b"  ");
        out.extend_from_slice(paint(DIM).as_bytes());
        out.extend_from_slice(time.0.as_bytes());
        out.push(b' ');
        out.extend_from_slice(time.1.as_bytes());
        out.extend_from_slice(paint(RESET).as_bytes());
        out.extend_from_slice(b"  ");
        cell(out, &summary.method, 7);
        out.extend_from_slice(paint(tint).as_bytes());
        out.extend_from_slice(&status);
        out.extend_from_slice(paint(RESET).as_bytes());
        out.push(b' ');
        padded_number(out, summary.total / 1000, 5);
        out.extend_from_slice(b" ms  ");
        cell(out, summary.sdk.as_deref().unwrap_or("-"), 10);
        out.extend_from_slice(b"  ");
        let note = self.note();
        let target = safe_text(&summary.target);
        match layout.width {
            None => out.extend_from_slice(target.as_bytes()),
            Some(width) => {
                let left = width.saturating_sub(BEFORE + layout::width(&note)).max(20);
                out.extend_from_slice(layout::cut(&target, left).as_bytes());
            }
        }
        if !note.is_empty() {
            let colour = if summary.error.is_some() { RED } else { YELLOW };
            out.extend_from_slice(paint(colour).as_bytes());
            out.extend_from_slice(note.as_bytes());
            out.extend_from_slice(paint(RESET).as_bytes());
        }
        out.push(b'\n');
    }

    /// Returns the remarks after the target.
    fn note(&self) -> String {
        let mut note = String::new();
        if let Some(earlier) = self.summary.attempt_of {
            note.push_str(&format!("  retry of #{earlier}"));
        }
        if self.summary.origin != "live" {
            note.push_str(&format!("  {}", safe::line(&self.summary.origin)));
        }
        if let Some((source, message)) = &self.summary.error {
            note.push_str(&format!("  {}: {}", safe::line(source), safe::line(message)));
        }
        note
    }

    /// Appends one JSON object; its members are always the same.
    pub(crate) fn json(&self, out: &mut Vec<u8>) {
        let summary = self.summary;
        out.extend_from_slice(b"{\"schema_version\":1");
        if let Some(recording) = self.recording {
            string(out, "recording", Some(recording));
        }
        number(out, "id", Some(summary.id));
        string(out, "started_at", Some(&summary.started_at));
        number(out, "duration_us", Some(summary.total));
        string(out, "method", Some(&summary.method));
        string(out, "target", Some(&summary.target));
        number(out, "status", summary.status.map(u64::from));
        string(out, "sdk", summary.sdk.as_deref());
        string(out, "origin", Some(&summary.origin));
        number(out, "attempt_of", summary.attempt_of);
        number(out, "request_bytes", Some(summary.request_bytes));
        number(out, "response_bytes", summary.response_bytes);
        string(out, "error_source", summary.error.as_ref().map(|(source, _)| &**source));
        string(out, "error_message", summary.error.as_ref().map(|(_, message)| &**message));
        out.extend_from_slice(b"}\n");
    }
}

/// Text in at least `cells`.
fn cell(out: &mut Vec<u8>, text: &str, cells: usize) {
    let text = safe_text(text);
    out.extend_from_slice(text.as_bytes());
    let used = if text.is_ascii() { text.len() } else { layout::width(&text) };
    out.extend(std::iter::repeat_n(b' ', cells.saturating_sub(used)));
}

fn safe_text(text: &str) -> Cow<'_, str> {
    // Nearly every target is plain: look at bytes before looking at characters.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) { Cow::Borrowed(text) } else { safe::line(text) }
}

fn padded_number(out: &mut Vec<u8>, number: u64, cells: usize) {
    let start = out.len();
    let _ = write!(out, "{number:>cells$}");
    debug_assert!(out.len() >= start + cells);
}

fn string(out: &mut Vec<u8>, name: &str, value: Option<&str>) {
    let _ = write!(out, ",\"{name}\":");
    match value {
        // A string always becomes JSON, and a Vec always takes it.
        Some(value) => {
            let _ = serde_json::to_writer(out, value);
        }
        None => out.extend_from_slice(b"null"),
    }
}

fn number(out: &mut Vec<u8>, name: &str, value: Option<u64>) {
    let _ = match value {
        Some(value) => write!(out, ",\"{name}\":{value}"),
        None => write!(out, ",\"{name}\":null"),
    };
}
