//! The list: the newest exchange first, in windows, so that a hundred thousand scroll as smoothly as ten.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::query::{self, QueryError};
use crate::report::layout::grouped;
use crate::report::markup::html;
use crate::sync;
use crate::web::empty;
use crate::web::filter::{FIRST, IndexedRow, ListQuery};
use crate::web::index::IndexContents;
use crate::web::page::{NavSection, PageFailure, PageFrame};
use crate::web::recording::OpenRecording;
use crate::web::row_markup::{self, verdict};
use crate::web::search;
use crate::web::search_form;
use crate::web::sort::SortOrder;
use crate::web::state::PageState;

/// Maximum rows of a window.
const MAX_WINDOW: usize = 400;

/// The page with the first window.
pub(super) async fn page(State(shared): State<Arc<PageState>>, Query(query): Query<ListQuery>) -> Response {
    let count = if query.count == 0 { FIRST } else { query.count };
    let window = match RowWindow::new(&shared, &ListQuery { count, ..query.clone() }) {
        Ok(window) => window,
        Err(failure) => return failure.response(&shared),
    };
    let main = format!(
        "<h1 class=\"hidden\">Exchanges</h1>\n{}\n<p id=\"said\" role=\"status\" class=\"said{}\">{}</p>\n{}\n\
         <div id=\"scroll\" class=\"scroll\">\n<ol id=\"rows\" class=\"rows\" aria-label=\"Exchanges\" \
         data-recording=\"{}\" data-from=\"{}\" data-matched=\"{}\" data-total=\"{}\"{}>{}</ol>\n\
         <div id=\"nothing\" class=\"empty\"{}>{}</div>\n{}</div>\n",
        search_form::form(&query, &window.clients),
        if window.error { " bad" } else { "" },
        html(&window.said),
        search_form::headings(&query),
        query.r,
        window.from,
        window.matched,
        window.total,
        if window.searching { " data-searching" } else { "" },
        window.rows,
        if window.matched == 0 { "" } else { " hidden" },
        window.nothing,
        search_form::pages(&query, window.from, window.matched),
    );
    let title = "Exchanges";
    PageFrame { title, place: NavSection::List, recording: query.r, script: "list.js", main }
        .render(&shared)
        .into_response()
}

/// A window of rows, for the script.
pub(super) async fn rows(State(shared): State<Arc<PageState>>, Query(query): Query<ListQuery>) -> Response {
    let window = match RowWindow::new(&shared, &query) {
        Ok(window) => window,
        Err(failure) => return failure.response(&shared),
    };
    Json(json!({
        "from": window.from, "matched": window.matched, "total": window.total, "said": window.said,
        "rows": window.rows, "nothing": window.nothing, "clients": window.clients,
        "searching": window.searching, "error": window.error,
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
            let judged = contents.rows[contents.place(*id)?].judged.as_deref()?;
            Some((id.to_string(), Value::String(verdict(judged))))
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
    total: u64,
    /// Markup.
    rows: String,
    /// Plain text: how many there are, or what is wrong with the query.
    said: String,
    /// Markup: what to do when nothing is shown.
    nothing: String,
    /// Short names of clients.
    clients: Vec<String>,
    /// Bodies are still being searched.
    searching: bool,
    /// The query cannot be read.
    error: bool,
}

impl RowWindow {
    fn new(shared: &Arc<PageState>, query: &ListQuery) -> Result<Self, PageFailure> {
        let desk = OpenRecording::find(shared, query.r)?;
        let (matching, fault) = match query.parse() {
            Ok(parsed) => (Matching::find(&desk, query, &parsed), None),
            Err(fault) => (Matching::default(), Some(fault)),
        };
        if matching.searching {
            search::start(shared, query);
        }
        let contents = desk.index.read();
        let places = matching.places.as_deref();
        let matched = places.map_or(contents.rows.len(), <[usize]>::len);
        let from = query.from.min(matched);
        let shown = (from..matched).take(query.count.min(MAX_WINDOW));
        let mut rows = String::new();
        for at in shown {
            let place = places.map_or(contents.rows.len() - 1 - at, |places| places[at]);
            rows.push_str(&row_markup::row(&contents, place, query.r, at + 1));
        }
        let clients = contents.clients.iter().filter(|name| !name.is_empty()).cloned().collect();
        Ok(Self {
            from,
            matched,
            total: contents.total(),
            rows,
            said: status_line(&contents, matched, &matching, fault.as_ref()),
            nothing: empty::markup(shared, &contents, query, fault.as_ref()),
            clients,
            searching: matching.searching,
            error: fault.is_some(),
        })
    }
}

/// The rows that are meant, as far as is known.
#[derive(Default)]
struct Matching {
    /// In the order of the list; `None` if all rows are shown, the newest first.
    places: Option<Vec<usize>>,
    /// Some exchanges have to be read first.
    searching: bool,
    /// How many of these were read, in percent.
    percent: usize,
}

impl Matching {
    fn find(desk: &OpenRecording<'_>, query: &ListQuery, parsed: &query::Query) -> Self {
        if parsed.is_empty() && query.sort == SortOrder::default() {
            return Self::default();
        }
        let text = query.text();
        let contents = desk.index.read();
        let search = sync::lock(&desk.index.search);
        let (mut open, mut read) = (0_usize, 0_usize);
        let mut meant = |(at, row): (usize, _)| {
            let place = contents.gone + at as u64;
            let known = IndexedRow { row, contents: &contents }.evaluate(parsed);
            known.unwrap_or_else(|| {
                open += 1;
                read += usize::from(search.covers(&text, place));
                search.finds(&text, place)
            })
        };
        let mut places: Vec<usize> = Vec::new();
        for (at, row) in contents.rows.iter().enumerate().rev() {
            if meant((at, row)) {
                places.push(at);
            }
        }
        query.sort.sort(&mut places, &contents);
        Self { places: Some(places), searching: read < open, percent: read * 100 / open.max(1) }
    }
}

/// Returns the sentence above the list.
fn status_line(
    contents: &IndexContents,
    matched: usize,
    matching: &Matching,
    fault: Option<&QueryError>,
) -> String {
    if let Some(fault) = fault {
        return format!("{fault}: {}", fault.hint().replace('`', ""));
    }
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
    if matching.searching {
        text.push_str(&format!(" so far; reading headers and bodies … {} %", matching.percent));
    }
    if contents.gone > 0 {
        text.push_str(&format!("; {} older ones are not listed here", grouped(contents.gone)));
    }
    if contents.bad > 0 {
        text.push_str(&format!("; {} lines are not exchanges", grouped(contents.bad)));
    }
    text
}
