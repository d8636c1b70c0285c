//! One exchange as a line of a list.

use std::borrow::Cow;
use std::io::Write;

use crate::knowledge::operations::NamedOperation;
use crate::knowledge::refusals::RefusalSummary;
use crate::report::{headline, layout, safe};
use crate::store::summary::Summary;

/// How rows are laid out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowLayout {
    pub(crate) colour: bool,
    /// Cells of the terminal; `None` if rows go elsewhere and are not cut.
    pub(crate) width: Option<usize>,
}

/// An exchange about to be printed.
pub(crate) struct ListRow<'a> {
    pub(crate) summary: &'a Summary<'a>,
    pub(crate) operation: &'a NamedOperation,
    /// Why it was refused.
    pub(crate) refusal: Option<&'a RefusalSummary>,
    /// The id that the vendor's support asks for.
    pub(crate) correlation: Option<Cow<'a, str>>,
    pub(crate) recording: Option<&'a str>,
}

/// The escape sequences of a coloured row, written by hand because a million rows are.
const RESET: &str = "\x1b[0m";
const RED: &str = "\x1b[31m";
const GREEN: &str = "\x1b[32m";
const YELLOW: &str = "\x1b[33m";
const DIM: &str = "\x1b[2m";

/// What cells are filled up with.
const BLANKS: [u8; 128] = [b' '; 128];

/// The cells of the columns that are no text of any length.
#[derive(Clone, Copy, Debug)]
struct Columns {
    /// `hh:mm:ss`, with `MM-DD ` before it, or nothing.
    time: usize,
    id: usize,
    operation: usize,
    cause: usize,
    /// What is left for the target; nothing if it is left out, `None` if it is never cut.
    target: Option<usize>,
}

impl Columns {
    /// Cells of status, method, client, size, duration, and the gaps between all of these.
    const OTHERS: usize = 3 + 1 + 6 + 1 + 1 + 1 + 10 + 1 + 6 + 1 + 7;

    fn new(width: Option<usize>) -> Self {
        let Some(width) = width else {
            return Self { time: 14, id: 6, operation: 34, cause: 32, target: None };
        };
        let time = match width {
            ..100 => 0,
            100..140 => 8,
            _ => 14,
        };
        let id = if width < 100 { 4 } else { 6 };
        let before = id + 1 + if time > 0 { time + 1 } else { 0 };
        let rest = width.saturating_sub(before + Self::OTHERS).max(12);
        let operation = (rest * 9 / 20).min(40);
        let cause = (rest - operation).min(56);
        let target = (rest - operation - cause).saturating_sub(2);
        Self { time, id, operation, cause, target: Some(if target < 24 { 0 } else { target }) }
    }
}

impl ListRow<'_> {
    /// Appends `id  time  status method  operation  cause  client  size  duration  target`.
    pub(crate) fn text(&self, layout: RowLayout, out: &mut Vec<u8>) {
        let columns = Columns::new(layout.width);
        let paint = |colour: &'static str| if layout.colour { colour } else { "" };
        let mut put = |text: &str, colour: &'static str, cells: usize, cut: bool| {
            let text = safe_text(text);
            let text = if cut && text.len() > cells { layout::cut(&text, cells).into() } else { text };
            if !text.is_empty() && !colour.is_empty() {
                out.extend_from_slice(paint(colour).as_bytes());
            }
            out.extend_from_slice(text.as_bytes());
            if !text.is_empty() && !colour.is_empty() {
                out.extend_from_slice(paint(RESET).as_bytes());
            }
            let used = if text.is_ascii() { text.len() } else { layout::width(&text) };
            out.extend_from_slice(&BLANKS[..(cells + 1).saturating_sub(used).clamp(1, BLANKS.len())]);
        };
        let (summary, cut) = (self.summary, layout.width.is_some());
        let id = columns.id;
        put(&format!("{:>id$}", summary.id), "", id, false);
        if columns.time > 0 {
            put(&time(&summary.started_at, columns.time), DIM, columns.time, false);
        }
        let status = summary.status.map_or(Cow::Borrowed("---"), |status| status.to_string().into());
        put(&status, self.tint(), 3, false);
        put(&summary.method, "", 6, false);
        let cause = self.cause();
        let wide = if cause.is_empty() { columns.operation + columns.cause + 1 } else { columns.operation };
        let fits = !cut || self.operation.short.len() <= wide;
        let short = if fits {
            Cow::Borrowed(&*self.operation.short)
        } else {
            headline::fitting_path(&self.operation.operation.template, wide).into()
        };
        if cause.is_empty() {
            put(&short, "", wide, cut);
        } else {
            put(&short, "", columns.operation, cut);
            let colour = if summary.is_refused() || summary.error.is_some() { RED } else { YELLOW };
            put(&cause, colour, columns.cause, cut);
        }
        put(summary.sdk.as_deref().unwrap_or("-"), "", 10, cut);
        put(&format!("{:>6}", size(summary.request_bytes)), "", 6, false);
        put(&format!("{:>7}", layout::duration(summary.total)), "", 7, false);
        match columns.target {
            Some(0) => {}
            Some(cells) => put(&summary.target, DIM, cells, true),
            None => put(&summary.target, "", 0, false),
        }
        while out.last() == Some(&b' ') {
            out.pop();
        }
        out.push(b'\n');
    }

    fn tint(&self) -> &'static str {
        match self.summary.status {
            _ if self.summary.error.is_some() => RED,
            Some(400..) => RED,
            Some(200..=299) => GREEN,
            _ => YELLOW,
        }
    }

    /// Returns why it was refused or is not complete, behind what is special about it.
    fn cause(&self) -> String {
        let summary = self.summary;
        let retry = summary.attempt_of.map(|earlier| format!("retry of #{earlier}"));
        let origin = (summary.origin != "live").then(|| summary.origin.to_string());
        let failure = summary.error.as_ref().map(|(source, message)| format!("{source}: {message}"));
        let words = self.refusal.and_then(|refusal| refusal.words.clone());
        let parts: Vec<String> = origin.into_iter().chain(retry).chain(failure).chain(words).collect();
        parts.join("; ")
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
        string(out, "operation", Some(&self.operation.name));
        number(out, "status", summary.status.map(u64::from));
        string(out, "sdk", summary.sdk.as_deref());
        string(out, "origin", Some(&summary.origin));
        number(out, "attempt_of", summary.attempt_of);
        number(out, "request_bytes", Some(summary.request_bytes));
        number(out, "response_bytes", summary.response_bytes);
        string(out, "error_source", summary.error.as_ref().map(|(source, _)| &**source));
        string(out, "error_message", summary.error.as_ref().map(|(_, message)| &**message));
        let refusal = self.refusal;
        let facts = refusal.map(|it| &it.facts);
        string(out, "cause", facts.and_then(|it| it.cause).map(|cause| cause.name()));
        string(out, "confidence", refusal.and_then(|it| it.confidence).map(|confidence| confidence.name()));
        string(out, "cause_text", refusal.and_then(|it| it.words.as_deref()));
        out.extend_from_slice(b",\"finding_classes\":[");
        for (at, class) in facts.iter().flat_map(|it| &it.classes).enumerate() {
            let comma = if at > 0 { "," } else { "" };
            let _ = write!(out, "{comma}\"{}\"", class.name());
        }
        out.push(b']');
        let correlation = self.correlation.as_deref().or(refusal.and_then(|it| it.correlation.as_deref()));
        string(out, "correlation_id", correlation);
        out.extend_from_slice(b"}\n");
    }
}

/// Returns the time of day, and before it the day where there is room; `---` where the text is no time.
fn time(started_at: &str, cells: usize) -> Cow<'_, str> {
    match (started_at.get(5..10), started_at.get(11..19)) {
        (Some(day), Some(time)) if cells > 8 => format!("{day} {time}").into(),
        (Some(_), Some(time)) => time.into(),
        _ => "---".into(),
    }
}

/// Returns a body's size in at most six cells; `-` without a body.
fn size(bytes: u64) -> String {
    match bytes {
        0 => "-".to_owned(),
        1..10_000 => format!("{bytes} B"),
        10_000..1_024_000 => format!("{} KB", bytes / 1024),
        1_024_000..10_485_760 => format!("{}.{} MB", bytes >> 20, ((bytes % (1 << 20)) * 10) >> 20),
        _ => format!("{} MB", bytes >> 20),
    }
}

fn safe_text(text: &str) -> Cow<'_, str> {
    // Nearly every text is plain: look at bytes before looking at characters.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) { Cow::Borrowed(text) } else { safe::line(text) }
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
