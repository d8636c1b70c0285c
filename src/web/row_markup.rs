//! One row of the list as markup.

use std::borrow::Cow;

use crate::api;
use crate::model::operation::Operation;
use crate::report::markup::html;
use crate::report::{layout, safe};
use crate::web::index::IndexContents;
use crate::web::row::{ExchangeRow, RowVerdict};

/// Returns one row. `at` is its index, `place` its place in the list, from 1.
pub(super) fn row(contents: &IndexContents, at: usize, recording: usize, place: usize) -> String {
    let row = &contents.rows[at];
    let operation = contents.operation_of(row);
    let (head, tail) = operation.short.rsplit_once('/').unwrap_or(("", &operation.short));
    let head = if head.is_empty() { Cow::Borrowed("") } else { format!("{head}/").into() };
    let class = match row {
        _ if row.failure.is_some() => "failed",
        _ if row.is_refused() => "refused",
        _ if row.is_accepted() => "accepted",
        _ => "other",
    };
    let status = row.status.map_or_else(|| "none".to_owned(), |status| status.to_string());
    let client = contents.client_of(row);
    let origin = if &*row.origin == "live" { "" } else { &*row.origin };
    let id = row.id;
    format!(
        "<li class=\"row {class}\" data-id=\"{id}\" data-place=\"{place}\"><a href=\"/x/{recording}/{id}\" title=\"{title}\">\
         <span class=\"id\">#{id}</span> <span class=\"status\">{status}</span> \
         <span class=\"method\">{method}</span> <span class=\"operation\"><span class=\"head\">{head}</span>\
         <span class=\"tail\">{tail}</span></span> {cause} <span class=\"client\">{client}{origin}</span> \
         <span class=\"size\">{size}</span> <span class=\"ms\">{ms}</span> \
         <span class=\"time\">{time}</span></a></li>\n",
        title = html(&title(row, &operation.operation, client)),
        method = html(&safe::line(&row.method)),
        head = html(&safe::line(&head)),
        tail = html(&safe::line(tail)),
        cause = cause(contents, row, at, class == "failed"),
        client = html(&safe::line(client)),
        origin = html(&safe::line(origin)),
        size = size(row.request_bytes),
        ms = layout::duration(row.microseconds),
        time = html(&safe::line(&row.time)),
    )
}

/// Returns what a pointer on the row shows: the address with its ids, the SDK's method, the correlation id.
fn title(row: &ExchangeRow, operation: &Operation, client: &str) -> String {
    let mut lines = vec![format!("{} {}", row.method, row.target)];
    lines.extend(api::assumed().client_method(operation).map(|name| format!("SDK method: {name}")));
    lines.extend(row.correlation.as_deref().map(|id| format!("correlation id: {id}")));
    if !client.is_empty() {
        lines.push(format!("client: {}", api::assumed().client_name(client)));
    }
    let response =
        row.response_bytes.map_or("no response".to_owned(), |bytes| format!("response {bytes} bytes"));
    lines.push(format!("request {} bytes, {response}", row.request_bytes));
    lines.iter().map(|line| safe::line(line)).collect::<Vec<_>>().join("\n")
}

fn cause(contents: &IndexContents, row: &ExchangeRow, at: usize, failed: bool) -> String {
    let pending = if contents.is_open(at) { " data-pending" } else { "" };
    let judged = row.judged.as_deref().filter(|judged| !failed || judged.summary.words.is_some());
    let words = match (judged, &row.failure) {
        (Some(judged), _) => verdict(judged),
        (None, Some(failure)) => html(failure),
        (None, None) => String::new(),
    };
    let attempts = attempts(contents, row);
    format!("<span class=\"verdict\"><span class=\"words\"{pending}>{words}</span> {attempts}</span>")
}

/// Returns the markup of a verdict.
pub(super) fn verdict(judged: &RowVerdict) -> String {
    let summary = &judged.summary;
    match (summary.facts.cause, summary.confidence) {
        (Some(cause), Some(confidence)) => {
            let cause = cause.name().replace('_', " ");
            let words = summary.words.as_deref().unwrap_or(&cause);
            format!("<b>{}</b> <small>{cause}, {} confidence</small>", html(words), confidence.name())
        }
        _ => String::new(),
    }
}

fn attempts(contents: &IndexContents, row: &ExchangeRow) -> String {
    let text = match (row.attempt_of, contents.repeats.get(&row.id)) {
        (Some(first), _) => format!("retry of #{first}"),
        (None, Some(repeats)) => format!("{} attempts", repeats + 1),
        (None, None) => return String::new(),
    };
    format!("<small class=\"attempts\">{text}</small>")
}

/// Returns the size of a request's body; nothing without one.
fn size(bytes: u64) -> String {
    match bytes {
        0 => String::new(),
        1..10_240 => format!("{bytes} B"),
        10_240..1_048_576 => format!("{} KiB", bytes >> 10),
        _ => format!("{}.{} MiB", bytes >> 20, ((bytes & 0xf_ffff) * 10) >> 20),
    }
}
