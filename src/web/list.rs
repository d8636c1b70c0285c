//! The list: the newest exchange first, in windows, so that a hundred thousand scroll as smoothly as ten.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::api;
use crate::report::markup::html;
use crate::report::{layout, safe};
use crate::web::filter::{ListQuery, RowFilter, Show};
use crate::web::index::{IndexContents, sdk_method};
use crate::web::page::{NavSection, PageFailure, PageFrame};
use crate::web::recording::OpenRecording;
use crate::web::row::{ExchangeRow, RowVerdict};
use crate::web::state::PageState;

/// Rows of the first window, which is part of the page.
const FIRST: usize = 100;
/// Maximum rows of a window.
const MAX_WINDOW: usize = 400;

/// The page with the first window.
pub(super) async fn page(State(shared): State<Arc<PageState>>, Query(query): Query<ListQuery>) -> Response {
    let desk = match OpenRecording::find(&shared, query.r) {
        Ok(desk) => desk,
        Err(failure) => return failure.response(&shared),
    };
    let contents = desk.index.read();
    let count = if query.count == 0 { FIRST } else { query.count };
    let window = RowWindow::new(&contents, &ListQuery { count, ..query.clone() });
    let main = format!(
        "<h1 class=\"hidden\">Exchanges</h1>\n{}\n<p id=\"said\" role=\"status\" class=\"said\">{}</p>\n\
         <div class=\"columns\" aria-hidden=\"true\"><span class=\"id\">id</span><span class=\"status\">status</span>\
         <span class=\"method\">method</span><span class=\"operation\">operation</span>\
         <span class=\"verdict\">verdict</span><span class=\"client\">client</span>\
         <span class=\"attempts\">attempts</span><span class=\"ms\">time</span><span class=\"time\">at (UTC)</span></div>\n\
         <div id=\"scroll\" class=\"scroll\">\n<ol id=\"rows\" class=\"rows\" aria-label=\"Exchanges, the newest first\" \
         data-recording=\"{}\" data-from=\"{}\" data-matched=\"{}\" data-total=\"{}\">{}</ol>\n\
         <div id=\"nothing\" class=\"empty\"{}>{}</div>\n{}</div>\n",
        search(&query, &contents),
        html(&window.said),
        query.r,
        window.from,
        window.matched,
        contents.total(),
        window.rows,
        if window.matched == 0 { "" } else { " hidden" },
        window.nothing,
        pages(&query, &window),
    );
    let title = "Exchanges";
    PageFrame { title, place: NavSection::List, recording: query.r, script: "list.js", main }
        .render(&shared)
        .into_response()
}

/// A window of rows, for the script.
pub(super) async fn rows(State(shared): State<Arc<PageState>>, Query(query): Query<ListQuery>) -> Response {
    let desk = match OpenRecording::find(&shared, query.r) {
        Ok(desk) => desk,
        Err(failure) => return failure.response(&shared),
    };
    let contents = desk.index.read();
    let window = RowWindow::new(&contents, &query);
    let clients: Vec<&String> = contents.clients.iter().filter(|name| !name.is_empty()).collect();
    Json(json!({
        "from": window.from, "matched": window.matched, "total": contents.total(), "said": window.said,
        "rows": window.rows, "nothing": window.nothing, "clients": clients,
    }))
    .into_response()
}

#[derive(Deserialize)]
pub(super) struct VerdictQuery {
    #[serde(default)]
    r: usize,
    /// Separated by commas.
    #[serde(default)]
    ids: String,
}

/// The verdicts of rows that are shown, as markup by id.
pub(super) async fn verdicts(
    State(shared): State<Arc<PageState>>,
    Query(asked): Query<VerdictQuery>,
) -> Response {
    let ids: Vec<u64> = asked.ids.split(',').filter_map(|id| id.parse().ok()).take(MAX_WINDOW).collect();
    let judged = tokio::task::spawn_blocking(move || {
        let desk = OpenRecording::find(&shared, asked.r).map_err(|failure| (failure, Arc::clone(&shared)))?;
        desk.judge(&ids).map_err(|failure| (failure, Arc::clone(&shared)))?;
        let contents = desk.index.read();
        let with_verdict = |id: &u64| {
            let judged = contents.rows[contents.place(*id)?].judged?;
            Some((id.to_string(), Value::String(verdict(Some(judged)))))
        };
        Ok::<Map<String, Value>, (PageFailure, Arc<PageState>)>(ids.iter().filter_map(with_verdict).collect())
    });
    match judged.await {
        Ok(Ok(verdicts)) => Json(Value::Object(verdicts)).into_response(),
        Ok(Err((failure, shared))) => failure.response(&shared),
        // a panic has printed its reason on stderr
        Err(_) => http::StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The part of the matching rows that is shown.
struct RowWindow {
    from: usize,
    matched: usize,
    /// Markup.
    rows: String,
    /// Plain text.
    said: String,
    /// Markup: what to do when nothing is shown.
    nothing: String,
}

impl RowWindow {
    fn new(contents: &IndexContents, query: &ListQuery) -> Self {
        let filter = RowFilter::new(query, contents);
        let count = query.count.min(MAX_WINDOW);
        let mut rows = String::new();
        let (mut matched, mut from) = (0, query.from);
        let mut show = |row: &ExchangeRow, at: usize, matched: usize| {
            rows.push_str(&row_markup(contents, row, at, query.r, matched));
        };
        if filter.is_open() {
            matched = contents.rows.len();
            from = from.min(matched);
            for at in (0..matched.saturating_sub(from)).rev().take(count) {
                show(&contents.rows[at], at, matched - at);
            }
        } else {
            for (at, row) in filter.found(contents) {
                if matched >= from && matched < from + count {
                    show(row, at, matched + 1);
                }
                matched += 1;
            }
            from = from.min(matched);
        }
        Self { from, rows, said: status_line(contents, matched), nothing: nothing(contents), matched }
    }
}

/// Returns the sentence above the list.
fn status_line(contents: &IndexContents, matched: usize) -> String {
    let held = contents.rows.len();
    let mut text = match (&contents.fault, contents.loaded) {
        (Some(fault), _) => return format!("cannot be read: {fault}"),
        (None, false) => return format!("reading the recording … {} so far", grouped(held as u64)),
        (None, true) if matched == held => format!("{} exchanges", grouped(held as u64)),
        (None, true) => format!("{} of {} exchanges", grouped(matched as u64), grouped(held as u64)),
    };
    if held == 1 && matched == 1 {
        text = "1 exchange".to_owned();
    }
    if contents.gone > 0 {
        text.push_str(&format!("; {} older ones are not listed here", grouped(contents.gone)));
    }
    if contents.bad > 0 {
        text.push_str(&format!("; {} lines are not exchanges", grouped(contents.bad)));
    }
    text
}

fn nothing(contents: &IndexContents) -> String {
    match (&contents.fault, contents.loaded, contents.rows.is_empty()) {
        (Some(fault), ..) => {
            format!("<p><strong>The recording cannot be read</strong></p>\n<p>{}</p>\n", html(fault))
        }
        (None, false, _) => "<p><strong>Reading the recording …</strong></p>\n".to_owned(),
        (None, true, true) => {
            "<p><strong>Nothing is recorded yet</strong></p>\n<p>Point the SDK at wraptap: \
            <code>wraptap setup</code> prints the lines. What it sends appears here at once.</p>\n"
                .to_owned()
        }
        (None, true, false) => "<p><strong>No exchange passes the filter</strong></p>\n\
            <p>Words have to occur in method, path, client or status; <code>4xx</code> and \
            <code>-word</code> work too.</p>\n"
            .to_owned(),
    }
}

/// Returns one row. `place` is its place in the list, from 1.
fn row_markup(
    contents: &IndexContents,
    row: &ExchangeRow,
    at: usize,
    recording: usize,
    place: usize,
) -> String {
    let operation = contents.operation_of(row);
    let (head, tail) = operation.template.rsplit_once('/').unwrap_or(("", &operation.template));
    let name = sdk_method(&operation).map(|name| format!(" ({name})")).unwrap_or_default();
    let class = match row {
        _ if row.failure.is_some() => "failed",
        _ if row.is_refused() => "refused",
        _ if row.is_accepted() => "accepted",
        _ => "other",
    };
    let status = row.status.map_or_else(|| "none".to_owned(), |status| status.to_string());
    let judged = if class == "failed" && row.judged.is_none() { None } else { row.judged };
    let verdict = match (judged, contents.is_open(at), &row.failure) {
        (Some(judged), open, _) => {
            format!("<span class=\"verdict\"{}>{}</span>", pending(open), verdict(Some(judged)))
        }
        (None, true, _) => format!("<span class=\"verdict\"{}></span>", pending(true)),
        (None, false, Some(failure)) => {
            let source = failure.split(':').next().unwrap_or_default();
            format!("<span class=\"verdict\" title=\"{}\">failed: {}</span>", html(failure), html(source))
        }
        (None, false, None) => "<span class=\"verdict\"></span>".to_owned(),
    };
    let client = contents.client_of(row);
    let origin = if &*row.origin == "live" { "" } else { &*row.origin };
    let id = row.id;
    format!(
        "<li class=\"row {class}\" data-id=\"{id}\" data-place=\"{place}\"><a href=\"/x/{recording}/{id}\" title=\"{title}\">\
         <span class=\"id\">#{id}</span> <span class=\"status\">{status}</span> \
         <span class=\"method\">{method}</span> <span class=\"operation\"><span class=\"head\">{head}</span>\
         <span class=\"tail\">/{tail}</span></span> {verdict} <span class=\"client\" title=\"{spoken}\">{client}{origin}</span> \
         <span class=\"attempts\">{attempts}</span> <span class=\"ms\">{ms}</span> \
         <span class=\"time\">{time}</span></a></li>\n",
        title = html(&safe::line(&format!("{} {}{name}", row.method, row.target))),
        method = html(&safe::line(&row.method)),
        head = html(&safe::line(head)),
        tail = html(&safe::line(tail)),
        spoken = html(api::assumed().client_name(client)),
        client = html(&safe::line(client)),
        origin = html(&safe::line(origin)),
        attempts = attempts(contents, row),
        ms = layout::duration(row.microseconds),
        time = html(&safe::line(&row.time)),
    )
}

fn pending(open: bool) -> &'static str {
    if open { " data-pending" } else { "" }
}

/// Returns the markup of a verdict.
fn verdict(judged: Option<RowVerdict>) -> String {
    match judged.and_then(|judged| judged.verdict) {
        Some((cause, confidence)) => format!(
            "<b>{}</b> <small>{} confidence</small>",
            cause.name().replace('_', " "),
            confidence.name()
        ),
        None => String::new(),
    }
}

fn attempts(contents: &IndexContents, row: &ExchangeRow) -> String {
    match (row.attempt_of, contents.repeats.get(&row.id)) {
        (Some(first), _) => format!("retry of #{first}"),
        (None, Some(repeats)) => format!("{} attempts", repeats + 1),
        (None, None) => String::new(),
    }
}

/// Returns the search form above the list. It works without a script, too.
fn search(query: &ListQuery, contents: &IndexContents) -> String {
    let choices: String = Show::ALL
        .iter()
        .map(|(show, name, label)| {
            let checked = if *show == query.show { " checked" } else { "" };
            format!("<label><input type=\"radio\" name=\"show\" value=\"{name}\"{checked}><span>{label}</span></label>")
        })
        .collect();
    let clients: String = contents
        .clients
        .iter()
        .filter(|name| !name.is_empty())
        .map(|name| {
            let selected = if *name == query.sdk { " selected" } else { "" };
            format!("<option{selected}>{}</option>", html(&safe::line(name)))
        })
        .collect();
    format!(
        "<form id=\"search\" class=\"search\" role=\"search\" action=\"/\">\
         <input type=\"hidden\" name=\"r\" value=\"{}\">\
         <label class=\"words\"><span class=\"hidden\">Search</span><input type=\"search\" name=\"q\" id=\"q\" \
         value=\"{}\" placeholder=\"Search: wrapup 4xx -token\" autocomplete=\"off\" spellcheck=\"false\"></label>\n\
         <fieldset class=\"show\"><legend class=\"hidden\">Responses</legend>{choices}</fieldset>\n\
         <label class=\"sdk\"><span>Client</span> <select name=\"sdk\" id=\"sdk\"><option value=\"\">all</option>{clients}\
         </select></label>\n<button class=\"go\">Search</button></form>",
        query.r,
        html(&query.q),
    )
}

/// Returns links to the windows before and after, for browsers without a script.
fn pages(query: &ListQuery, window: &RowWindow) -> String {
    let to = |from: usize, text: &str| {
        let words = percent_encoding::utf8_percent_encode(&query.q, percent_encoding::NON_ALPHANUMERIC);
        let (r, show) = (query.r, query.show.name());
        format!("<a href=\"/?r={r}&amp;q={words}&amp;show={show}&amp;from={from}\">{text}</a> ")
    };
    let newer = if window.from > 0 { to(window.from.saturating_sub(FIRST), "Newer") } else { String::new() };
    let older =
        if window.from + FIRST < window.matched { to(window.from + FIRST, "Older") } else { String::new() };
    format!("<noscript><p class=\"pages\">{newer}{older}</p></noscript>\n")
}

/// Returns a count with commas.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
